#!/bin/bash
# A plain <hostdev>: the xhci USB controller, then a VF, in and out. MAC and VLAN are for interfaces.
# depends on: libvirt kernel QEMU
# shellcheck disable=SC2016 # the single-quoted variables are jq's
budget=120
. "$(dirname "$0")/lib.sh"

xhci=$(lspci -Dn -d ::0c03 | cut -d ' ' -f 1)
pf=$(pf 1)
make_vfs "$pf" 1
vf=$(vf "$pf" 0)
start_guest plain q35
wait_guest plain
is 'the controller is on its host driver' "$(driver "$xhci")" xhci_hcd

remember plain
refused 'a MAC' 2 'plain <hostdev> has no MAC' attach plain "$xhci" --mac 52:54:00:aa:00:09
refused 'a VLAN' 2 'plain <hostdev> has no VLAN' attach plain "$xhci" --vlan 7
refused 'as an interface' 4 "$xhci is not a VF.*--as hostdev" attach plain "$xhci" --as interface
refused 'the PF as an interface' 4 "$(pci_of "$pf") is not a VF" attach plain "$pf" --as interface
untouched 'after these' plain

plain() { # DEVICE HOST-DRIVER [options]
    local device=$1 was=$2
    shift 2
    va --json attach plain "$device" --guest-address 0000:03:00.0 "$@"
    is "$device: attach: exit status" "$status" 0
    json "$device: attach: the result" \
        '.results[0] | .device == $d and .outcome == "done" and .live and .config and .mac == null and .guest_address == "0000:03:00.0"' \
        --arg d "$device"
    like "$device: live has it as a <hostdev>" "$(element live plain "$device")" '^<hostdev '
    like "$device: config has it as a <hostdev>" "$(element config plain "$device")" '^<hostdev '
    is "$device: the address in live" "$(of_element live plain "$device" guest-address)" 0000:03:00.0
    is "$device: the address in config" "$(of_element config plain "$device" guest-address)" 0000:03:00.0
    is "$device: the driver" "$(driver "$device")" vfio-pci
    va --json detach plain "$(of_element live plain "$device" alias)"
    is "$device: detach by alias: exit status" "$status" 0
    json "$device: detach: the result" '.results[0] | .device == $d and .outcome == "done" and .driver == $was' \
        --arg d "$device" --arg was "$was"
    ok "$device: not in live" lacks live plain "$device"
    ok "$device: not in config" lacks config plain "$device"
    is "$device: the driver, in the end" "$(driver "$device")" "$was"
}

plain "$xhci" xhci_hcd
plain "$vf" igbvf --as hostdev

finish
