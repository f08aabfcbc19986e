#!/bin/bash
# A libvirtd that speaks German: virt-assign goes by what it sees and by libvirt's numbers, not by words.
# Its exit statuses are those of a libvirtd that speaks English.
# lab run: --locale de_DE.UTF-8
# depends on: libvirt
# shellcheck disable=SC2016 # the single-quoted variables are jq's
budget=150
. "$(dirname "$0")/lib.sh"

pf=$(pf 1)
make_vfs "$pf" 2
device=$(vf "$pf" 0) other=$(vf "$pf" 1)
xhci=$(lspci -Dn -d ::0c03 | cut -d ' ' -f 1)
for guest in deaf rival; do
    define_guest $guest
    must virsh -q start $guest
done

# For virsh, which takes a place behind virt-assign's back.
hostdev() { # HOST-ADDRESS [GUEST-ADDRESS]
    echo "<hostdev mode='subsystem' type='pci' managed='yes'><source>$(pci_address "${1#0000:}" | sed "s/type='pci'//")</source>${2:+$(pci_address "$2")}</hostdev>"
}

# ---- the language

run virsh resume rival
like 'libvirtd answers in German' "$err" 'Domain läuft bereits'
refused 'a guest that is not there' 3 nosuch attach nosuch "$device"
refused 'a device that is not there' 3 '0000:aa:00\.0' attach deaf 0000:aa:00.0

# ---- somebody else is first, after virt-assign has looked and before it asks libvirt

hostdev "$device" >"$work/device.xml"
at_line 1 "virsh -q attach-device rival $work/device.xml --live" attach deaf "$device" ||
    give_up 'another guest takes the VF in the middle of an attach'
is 'one VF for two: exit status' "$status" 4
ok 'one VF for two: the first has it' has live rival "$device"
ok 'one VF for two: the second has it not, live' lacks live deaf "$device"
ok 'one VF for two: the second has it not, config' lacks config deaf "$device"
refused 'one VF for two, later' 4 "$device.*rival" attach deaf "$device"
must virsh -q destroy rival

hostdev "$other" 03:00.0 >"$work/other.xml"
at_line 1 "virsh -q attach-device deaf $work/other.xml --live" attach deaf "$device" --guest-address 0000:03:00.0 ||
    give_up 'another device takes the guest address in the middle of an attach'
is 'one guest address for two: exit status' "$status" 4
is 'one guest address for two: the first has it' "$(of_element live deaf "$other" guest-address)" 0000:03:00.0
ok 'one guest address for two: the second is not there' lacks live deaf "$device"
is 'one guest address for two: the driver' "$(driver "$device")" igbvf
refused 'one guest address for two, later' 4 '0000:03:00\.0' attach deaf "$device" --guest-address 0000:03:00.0

# ---- the host's drivers

refused 'a driver that is not there' 3 'no PCI driver nosuch_vfio_pci' host-detach "$xhci" --driver nosuch_vfio_pci
succeeds 'a driver by name' host-detach "$xhci" --driver vfio-pci
is 'a driver by name: it has it' "$(driver "$xhci")" vfio-pci
succeeds 'a driver by name, back' host-reattach "$xhci"
refused 'held by a guest' 4 "$other is in use by guest deaf" host-detach "$other"

# ---- a guest that does not let go

must virt-assign attach deaf "$device"
va --json detach deaf "$device" --timeout 3
is 'it is deaf: exit status' "$status" 5
json 'it is deaf: pending' '.results[0] | .outcome == "pending" and .live and .config'
va --json detach deaf "$device" --timeout 3 --ask-again
is 'it is deaf, asked again: exit status' "$status" 5
json 'it is deaf, asked again: pending' '.results[0] | .outcome == "pending" and .live and .config'
refused 'it is deaf: attach meanwhile' 4 "$device.*asked to release" attach deaf "$device"

in_background waiting --json detach deaf "$device" --timeout 60
waits_for_guest waiting
must kill -KILL "$(cat /run/libvirt/qemu/deaf.pid)"
collect waiting
is 'its QEMU is killed: exit status' "$status" 0
json 'its QEMU is killed: released' '.results[0] | .outcome == "done" and (.live or .config | not)'
is 'its QEMU is killed: the driver' "$(driver "$device")" igbvf
ok 'its QEMU is killed: nothing is on record' has_no_operation deaf

finish
