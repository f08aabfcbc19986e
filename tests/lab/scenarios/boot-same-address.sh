#!/bin/bash
# Over a reboot of the host: a guest that is started anew has its VF at the same host and guest
# address, with the same MAC and the same name.
# depends on: libvirt kernel
budget=300
time_limit=600
. "${0%/*}/lib.sh"

pf=$(pf 1)
hosted_pfs+=("$pf")

state_of_guest() {
    element live keeps "$1" | grep -E '<(mac|address)' | sed "s/^ *//"
    lab-guest wait-nic keeps 0000:02:00.0
    lab-guest nics keeps
}

if [ "$LAB_BOOT" = 1 ]; then
    ip link set dev "$pf" up
    must virt-assign vfs "$pf" 2 --persist
    start_guest keeps q35
    wait_guest keeps
    must virt-assign attach keeps "$(vf "$pf" 1)" --guest-address 0000:02:00.0
    state_of_guest "$(vf "$pf" 1)" >/var/tmp/keeps-before
    vf "$pf" 1 >/var/tmp/keeps-vf
    reboot_host
fi

guests+=(keeps)
is 'the VF has its host address' "$(vf "$pf" 1)" "$(cat /var/tmp/keeps-vf)"
ip link set dev "$pf" up
must virsh -q start keeps
wait_guest keeps
state_of_guest "$(vf "$pf" 1)" >"$work/after"
same 'the guest has it as before' /var/tmp/keeps-before "$work/after"
is 'it is one NIC' "$(lab-guest nics keeps | wc -l)" 1
must virt-assign detach keeps "$(vf "$pf" 1)"
must virt-assign vfs "$pf" 0 --persist

finish
