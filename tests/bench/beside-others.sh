#!/bin/bash
# beside-others.sh [REPETITIONS]: what virt-assign's commands take beside the same work done with virsh and
# lspci. "make bench" runs it on a lab host of two dozen PCI functions and on one of more than four hundred.
set -uo pipefail
export LC_ALL=C.UTF-8 LIBVIRT_DEFAULT_URI=qemu:///system
repetitions=${1:-5}
. "${0%/*}/measure.sh"

# The goals: how many times as long as the others, at most.
attach_goal=1.3 detach_goal=1.1 list_goal=2 guest_goal=2

# ---- the host and the guest

interfaces=(/sys/bus/pci/drivers/igb/*/net/*)
interface=${interfaces[0]##*/}
mac=52:54:00:00:0a:01
ip link set dev "$interface" up
echo 1 >"/sys/class/net/$interface/device/sriov_numvfs" || give_up "$interface makes no VF"
udevadm settle
vf=$(basename "$(readlink -f "/sys/class/net/$interface/device/virtfn0")")
lab-guest start db1 q35 && lab-guest wait db1 || give_up 'the guest db1 does not start'
virt-assign xml "$vf" --guest db1 --mac "$mac" >"$work/element.xml" || give_up "there is no XML for $vf"

is_back() {
    ! virsh -q dumpxml db1 | grep -q "$mac" && [ "$(readlink "/sys/bus/pci/devices/$vf/driver")" ] &&
        [ "$(basename "$(readlink "/sys/bus/pci/devices/$vf/driver")")" = igbvf ]
}

# ---- the same work

we_attach() {
    virt-assign attach db1 "$vf" --mac "$mac"
}

we_detach() {
    virt-assign detach db1 "$vf"
}

# libvirt takes the running guest and its config one by one.
virsh_attaches() {
    virsh -q attach-device db1 "$work/element.xml" --live && virsh -q attach-device db1 "$work/element.xml" --config
}

virsh_detaches() {
    virsh -q detach-device db1 "$work/element.xml" --live && virsh -q detach-device db1 "$work/element.xml" --config &&
        until is_back; do sleep 0.1; done
}

virsh_reads() {
    virsh -q dumpxml db1 && virsh -q version
}

we_list() {
    virt-assign list
}

lspci_lists() {
    lspci -Dnnk
}

we_name() {
    virt-assign names db1
}

we_show() {
    virt-assign show db1
}

we_check() {
    virt-assign check db1
}

# ---- the run

# beside VERB OURS THEIRS: both once; the ratio goes to the others of VERB.
beside() {
    local ours
    take "$2"
    ours=$took
    take "$3"
    echo "  $1: $(seconds "$ours") beside $(seconds "$took")"
    ratio "$ours" "$took" >>"$work/$1"
}

# A detach needs an attach before it, so their times are taken crosswise.
repetition() {
    local attached detached
    take we_attach
    attached=$took
    take we_detach
    detached=$took
    take virsh_attaches
    echo "  attach: $(seconds "$attached") beside $(seconds "$took")"
    ratio "$attached" "$took" >>"$work/attach"
    take virsh_detaches
    echo "  detach: $(seconds "$detached") beside $(seconds "$took")"
    ratio "$detached" "$took" >>"$work/detach"
    beside list we_list lspci_lists
    beside names we_name virsh_reads
    beside show we_show virsh_reads
    beside check we_check virsh_reads
}

result() { # VERB GOAL OTHERS
    local got
    got=$(median <"$work/$1")
    judge "$1 takes $got times as long as $3; wanted: $2 at most" "$(at_most "$got" "$2")"
}

echo "$(lspci -D | wc -l) PCI functions, $repetitions repetitions, libvirt $(virsh --version), Linux $(uname -r)"
# The first one does not count: files come from the disk then.
repetition
rm "$work"/{attach,detach,list,names,show,check}
for ((i = 0; i < repetitions; i++)); do
    repetition
done

result attach "$attach_goal" 'virsh with a call for the guest and one for its config'
result detach "$detach_goal" 'virsh with two calls, until the device is back with its driver'
result list "$list_goal" 'lspci -Dnnk'
for verb in names show check; do
    result "$verb" "$guest_goal" 'virsh dumpxml and virsh version'
done
end_bench
