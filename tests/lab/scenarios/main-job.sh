#!/bin/bash
# The main job: a VF into a running guest and back out, on a q35 and on a pc guest, with and without
# a VLAN; the guest's own name for the NIC beside the predicted one, and a ping through it.
# depends on: libvirt kernel QEMU
# shellcheck disable=SC2016 # the single-quoted variables are jq's
budget=240
. "$(dirname "$0")/lib.sh"

pf=$(pf 1)
make_vfs "$pf" 4

main_job() { # MACHINE VF-INDEX GUEST-ADDRESS MAC [lab-guest's options]
    local machine=$1 index=$2 address=$3 mac=$4 guest=main-$1 device name
    shift 4
    device=$(vf "$pf" "$index")
    start_guest "$guest" "$machine" "$@"
    wait_guest "$guest"

    va --json list
    is "$machine: list: exit status" "$status" 0
    json "$machine: list: the VF is a free VF of its PF" \
        '.schema == 1 and (.devices[] | select(.address == $d) |
            .kind == "vf" and .pf == $pf and .vf_index == $n and .state == "host" and .driver == "igbvf" and .assignments == [])' \
        --arg d "$device" --arg pf "$(pci_of "$pf")" --argjson n "$index"

    va --json attach "$guest" "$pf/vf$index" --guest-address "$address" --mac "$mac"
    is "$machine: attach: exit status" "$status" 0
    json "$machine: attach: the result" \
        '.results | length == 1 and (.[0] | .device == $d and .guest == $g and .guest_address == $a and .mac == $m and
            .outcome == "done" and .live and .config and .error == null)' \
        --arg d "$device" --arg g "$guest" --arg a "$address" --arg m "$mac"
    is "$machine: attach: the driver" "$(driver "$device")" vfio-pci
    is "$machine: attach: the address in live" "$(of_element live "$guest" "$device" guest-address)" "$address"
    is "$machine: attach: the address in config" "$(of_element config "$guest" "$device" guest-address)" "$address"
    is "$machine: attach: the same alias in both" "$(of_element live "$guest" "$device" alias)" "$(of_element config "$guest" "$device" alias)"
    like "$machine: attach: the alias is a user's" "$(of_element live "$guest" "$device" alias)" '^ua-'
    is "$machine: attach: the PF has the MAC" "$(vf_mac "$pf" "$index")" "$mac"
    is "$machine: attach: the PF has no VLAN" "$(vf_vlan "$pf" "$index")" 0

    name=$(lab-guest wait-nic "$guest" "$address")
    json "$machine: the guest's name for it is the predicted one, $name" '.results[0].predicted_name == $n' --arg n "$name"
    is "$machine: the guest has it with that MAC" "$(lab-guest nics "$guest" | grep -F " $address ")" "$name $address $mac"
    ok "$machine: a ping from the PF to the guest's VF is answered" pings "$pf" "$mac"

    va --json show "$guest"
    json "$machine: show GUEST: the assignment, the same in live and config" \
        '.guest.assignments | length == 1 and (.[0] | .device == $d and .live and .config and .mac == $m and .difference == null)' \
        --arg d "$device" --arg m "$mac"
    va --json show "$device"
    json "$machine: show DEVICE: who has it" \
        '.device | .state == "assigned" and .driver == "vfio-pci" and
            (.assignments | length == 1 and (.[0] | .guest == $g and .live and .config and .guest_address == $a))' \
        --arg g "$guest" --arg a "$address"

    va --json attach "$guest" "$device" --guest-address "$address" --mac "$mac"
    is "$machine: attach again: exit status" "$status" 0
    json "$machine: attach again: already so" '.results[0].outcome == "already"'

    va --json detach "$guest" "$device"
    is "$machine: detach: exit status" "$status" 0
    json "$machine: detach: the result" \
        '.results | length == 1 and (.[0] | .device == $d and .outcome == "done" and (.live or .config | not) and .driver == "igbvf")' \
        --arg d "$device"
    ok "$machine: detach: not in live" lacks live "$guest" "$device"
    ok "$machine: detach: not in config" lacks config "$guest" "$device"
    is "$machine: detach: the driver" "$(driver "$device")" igbvf
    is "$machine: detach: the guest has no such NIC" "$(lab-guest nics "$guest" | grep -F " $address ")" ''

    va --json detach "$guest" "$device"
    json "$machine: detach again: already so" '.results[0].outcome == "already"'

    succeeds "$machine: attach with a VLAN" attach "$guest" "$device" --guest-address "$address" --mac "$mac" --vlan 100
    is "$machine: VLAN: the PF has it" "$(vf_vlan "$pf" "$index")" 100
    is "$machine: VLAN: live has it" "$(of_element live "$guest" "$device" vlan)" 100
    is "$machine: VLAN: config has it" "$(of_element config "$guest" "$device" vlan)" 100
    is "$machine: VLAN: the guest's name for the NIC is the same again" "$(lab-guest wait-nic "$guest" "$address")" "$name"
    # By its guest address this time, and the next by its alias.
    succeeds "$machine: detach by guest address" detach "$guest" "$address"
    ok "$machine: VLAN: not in live" lacks live "$guest" "$device"
    ok "$machine: VLAN: not in config" lacks config "$guest" "$device"
    is "$machine: VLAN: the PF has none any more" "$(vf_vlan "$pf" "$index")" 0
    is "$machine: VLAN: the driver" "$(driver "$device")" igbvf
}

main_job q35 0 0000:02:00.0 52:54:00:aa:00:01
virsh -q destroy main-q35
main_job pc 3 0000:01:01.0 52:54:00:aa:00:02 --ports 1

finish
