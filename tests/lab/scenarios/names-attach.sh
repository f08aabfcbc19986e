#!/bin/bash
# The names of VFs that are hot-plugged: by address, by acpi index, by name (--guest-name), on q35 with
# ACPI hot-plug and with native pciehp and on pc, in guests with udev 257 and 252; what has to be
# refused, since a name or an index is taken, or since another NIC would be renamed.
# depends on: libvirt kernel QEMU
# shellcheck disable=SC2016 # the single-quoted variables are jq's
budget=600
time_limit=900
. "$(dirname "$0")/lib.sh"

pf=$(pf 1)
make_vfs "$pf" 7

# Attached live, and called in the guest as attach has said, and as is expected.
attached_as() { # GUEST VF ADDRESS NAME [OPTIONS...]
    local guest=$1 device address=$3 name=$4
    device=$(vf "$pf" "$2")
    shift 4
    va --json attach "$guest" "$device" "$@"
    is "$guest: attach $*: exit status" "$status" 0
    json "$guest: attach $*: $name at $address is predicted" \
        '.results[0] | .guest_address == $a and .predicted_name == $n' --arg a "$address" --arg n "$name"
    is "$guest: attach $*: the live XML has it there" "$(of_element live "$guest" "$device" guest-address)" "$address"
    is "$guest: attach $*: the guest calls it $name" "$(guest_name "$guest" "$(of_element live "$guest" "$device" mac)")" "$name"
}

# By MAC: the guest's address has the guest's own bus number.
guest_name() { # GUEST MAC
    local end=$((SECONDS + 60)) name
    while [ $SECONDS -lt $end ]; do
        name=$(lab-guest nics "$1" | awk -v mac="$2" '$3 == mac { print $1 }')
        [ -z "$name" ] || break
        sleep 0.5
    done
    echo "$name"
}

# ---- q35 with ACPI hot-plug, ports out of order, a conventional bridge; udev 257

{
    controller 1 pcie-root-port 00:04.0
    controller 2 pcie-root-port 00:02.0
    controller 3 pcie-root-port 00:03.0
    controller 4 pcie-to-pci-bridge 03:00.0
    controller 5 pcie-root-port 00:05.0
    controller 6 pcie-root-port 00:06.0
    controller 7 pcie-to-pci-bridge 06:00.0
} >"$work/controllers"
virtual_nic 04:05.0 >"$work/devices"
start_guest q q35 --controllers "$work/controllers" --devices "$work/devices" --udev 257
wait_guest q

refused 'an index of 0' 2 'is not a number from 1 to 16383' attach q "$pf/vf0" --acpi-index 0
refused 'an index over 16383' 2 'is not a number from 1 to 16383' attach q "$pf/vf0" --acpi-index 16384
refused 'a name that is no such name' 2 'no attached device can get the name "eth0"' attach q "$pf/vf0" --guest-name eth0
refused 'a name that a NIC has' 4 'the name ens5 is taken by NIC 52:54:00:04:05:00' attach q "$pf/vf0" --guest-name ens5
refused 'a bus that is not there' 4 'no bus has the number 9 in the guest' attach q "$pf/vf0" --guest-name enp9s0
refused 'a name and another address' 4 'do not go together: at 0000:05:00.0 it is enp5s0' \
    attach q "$pf/vf0" --guest-name enp1s0 --guest-address 0000:05:00.0
remember q
refused 'a slot number that another NIC is named by' 4 'renames NIC 52:54:00:04:05:00 from ens5' \
    attach q "$pf/vf0" --guest-address 0000:07:05.0
untouched 'a rename without --force' q

# libvirt's bus 2 is the first in the guest.
attached_as q 0 0000:02:00.0 enp1s0 --guest-name enp1s0
attached_as q 1 0000:04:03.0 ens3 --guest-name ens3
attached_as q 2 0000:05:00.0 eno7 --guest-address 0000:05:00.0 --acpi-index 7
attached_as q 3 0000:01:00.0 eno12 --guest-name eno12
refused 'an index that is taken' 4 'acpi index 7 is taken by ua-' attach q "$pf/vf4" --acpi-index 7
refused 'a name that a VF has' 4 'the name eno7 is taken by NIC' attach q "$pf/vf4" --guest-name eno7
refused 'what is there under another name' 4 'where it is eno7 instead of ens9' attach q "$pf/vf2" --guest-name ens9

va attach q "$pf/vf4" --guest-address 0000:07:05.0 --force --json
is 'a rename with --force: exit status' "$status" 0
json 'a rename with --force: the result says which' '.results[0].overridden | any(test("renames NIC 52:54:00:04:05:00 from ens5"))'
like 'a rename with --force: it is said' "$err" 'renames NIC 52:54:00:04:05:00 from ens5'
is 'a rename with --force: the NIC that has the name keeps it while it runs' "$(guest_name q 52:54:00:04:05:00)" ens5
ok 'a rename with --force: the new one gets another' \
    test "$(guest_name q "$(of_element live q "$(vf "$pf" 4)" mac)")" != ens5
va --json names q
json 'names: the collision is found' '.findings | any(.id == "names.collision" and (.summary | test("are both ens5")))'

# A new bus in the config: libvirt puts its port before the others, whose numbers move.
virsh -q destroy q
remember q
refused 'a port that moves the others' 4 'renames NIC .* from enp1s0 to enp2s0' attach q "$pf/vf5" --guest-address 0000:08:00.0
untouched 'a port that moves the others' q
succeeds 'a port that moves the others, with --force' attach q "$pf/vf5" --guest-address 0000:08:00.0 --force
succeeds 'one of two with one name, out again' detach q "$pf/vf4"
va --json names q
cp "$work/out" "$work/predicted"
must virsh -q start q
wait_guest q
while read -r name _ mac; do
    is "q: after its next start $mac is as predicted" "$name" \
        "$(jq -r '.guest.nics[] | select(.mac == $m) | .predicted_name' --arg m "$mac" "$work/predicted")"
done < <(lab-guest nics q)
virsh -q destroy q
virsh -q undefine q

# ---- pc, udev 252

{
    controller 1 pci-bridge 00:05.0
    controller 2 pci-bridge 00:06.0
} >"$work/controllers"
start_guest p pc --controllers "$work/controllers" --udev 252
wait_guest p
attached_as p 0 0000:00:09.0 ens9 --guest-name ens9
attached_as p 1 0000:01:01.0 ens1 --guest-address 0000:01:01.0
attached_as p 2 0000:02:04.0 eno5 --guest-address 0000:02:04.0 --guest-name eno5
refused 'a name of systemd 257 only' 4 'no free guest address gives the name|do not go together' \
    attach p "$pf/vf3" --guest-name ens4 --guest-address 0000:01:04.0
va --json attach p "$pf/vf3" --guest-address 0000:02:08.0
json 'p: what systemd before 257 gives is said in names' '.results[0].predicted_name == "ens8"'
va --json names p --scheme v252
json 'p: under v252 it is a path' '.guest.nics | any(.guest_address == "0000:02:08.0" and .predicted_name == "enp2s8")'
is 'p: the guest calls it so' "$(guest_name p "$(of_element live p "$(vf "$pf" 3)" mac)")" enp2s8
virsh -q destroy p
virsh -q undefine p

# ---- native pciehp, udev 252

start_guest n pc-q35-6.0 --ports 4 --udev 252
wait_guest n
refused 'native hot-plug shows no index' 4 'acpi index 7 does not show in n' attach n "$pf/vf4" --acpi-index 7
refused 'nor by name' 4 'the guest is not shown the acpi index' attach n "$pf/vf4" --guest-name eno7
attached_as n 4 0000:03:00.0 enp3s0 --guest-name enp3s0

finish
