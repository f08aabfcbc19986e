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
start_guest db1 q35
wait_guest db1
is 'the controller is on its host driver' "$(driver "$xhci")" xhci_hcd

remember db1
refused 'a MAC' 2 'plain <hostdev> has no MAC' attach db1 "$xhci" --mac 52:54:00:aa:00:09
refused 'a VLAN' 2 'plain <hostdev> has no VLAN' attach db1 "$xhci" --vlan 7
refused 'as an interface' 4 "$xhci is not a VF.*--as hostdev" attach db1 "$xhci" --as interface
refused 'the PF as an interface' 4 "$(pci_of "$pf") is not a VF" attach db1 "$pf" --as interface
untouched 'after these' db1

plain() { # DEVICE HOST-DRIVER [options]
    local device=$1 was=$2
    shift 2
    va --json attach db1 "$device" --guest-address 0000:03:00.0 "$@"
    is "$device: attach: exit status" "$status" 0
    json "$device: attach: the result" \
        '.results[0] | .device == $d and .outcome == "done" and .live and .config and .mac == null and .guest_address == "0000:03:00.0"' \
        --arg d "$device"
    like "$device: live has it as a <hostdev>" "$(element live db1 "$device")" '^<hostdev '
    like "$device: config has it as a <hostdev>" "$(element config db1 "$device")" '^<hostdev '
    is "$device: the address in live" "$(of_element live db1 "$device" guest-address)" 0000:03:00.0
    is "$device: the address in config" "$(of_element config db1 "$device" guest-address)" 0000:03:00.0
    is "$device: the driver" "$(driver "$device")" vfio-pci
    va --json detach db1 "$(of_element live db1 "$device" alias)"
    is "$device: detach by alias: exit status" "$status" 0
    json "$device: detach: the result" '.results[0] | .device == $d and .outcome == "done" and .driver == $was' \
        --arg d "$device" --arg was "$was"
    ok "$device: not in live" lacks live db1 "$device"
    ok "$device: not in config" lacks config db1 "$device"
    is "$device: the driver, in the end" "$(driver "$device")" "$was"
}

plain "$xhci" xhci_hcd
plain "$vf" igbvf --as hostdev

finish
