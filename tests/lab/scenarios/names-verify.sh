#!/bin/bash
# names --verify: the predicted names beside what a real guest agent says, right and wrong - another
# naming scheme, net.ifnames=0, two NICs with one name - and guests that cannot be asked.
# depends on: libvirt
# shellcheck disable=SC2016 # the single-quoted variables are jq's
budget=400
time_limit=900
. "$(dirname "$0")/lib.sh"

pf=$(pf 1)
make_vfs "$pf" 1
device=$(vf "$pf" 0)

# The agent says it is there some seconds after the guest is up.
agent_answers() { # GUEST
    until_true 60 virsh -q domifaddr "$1" --source agent || give_up "$1: its agent answers"
}

nic_is_there() { # GUEST MAC
    lab-guest nics "$1" | grep " $2\$" >/dev/null
}

# The agent says what the guest's init says.
verified_as_told() { # GUEST
    lab-guest nics "$1" | awk '{ print $3, $1 }' | sort >"$work/told"
    jq -r '.guest.nics[] | "\(.mac) \(.actual_name)"' "$work/out" | sort >"$work/verified"
    same "$1: the actual names are those that the guest tells elsewhere, too" "$work/told" "$work/verified"
}

# libvirt puts the channel's virtio-serial controller into the first port that is free.
{
    controller 1 pcie-root-port 00:02.0
    controller 2 pcie-root-port 00:03.0
    controller 3 pcie-root-port 00:04.0
    controller 4 pcie-to-pci-bridge 02:00.0
    controller 5 pcie-to-pci-bridge 03:00.0
    controller 6 pcie-root-port 00:05.0
} >"$work/controllers"
{
    virtual_nic 04:02.0
    virtual_nic 05:03.0
} >"$work/devices"

start_guest right q35 --controllers "$work/controllers" --devices "$work/devices" --udev 257 --agent
wait_guest right
agent_answers right
must virt-assign attach right "$device" --guest-address 0000:06:00.0
mac=$(of_element live right "$device" mac)
until_true 60 nic_is_there right "$mac" || give_up 'the guest has the VF'
va --json names right --verify
is 'right: exit status' "$status" 0
json 'right: the finding is ok' '.findings | any(.id == "names.actual" and .level == "ok")'
json 'right: every NIC has its actual name, the predicted one' \
    '.guest.nics | length == 3 and all(.[]; .actual_name != null and .actual_name == .predicted_name)'
verified_as_told right
va names right --verify
like 'right: the text has both beside one another' "$out" 'ens3 +ens3 '

# systemd 252's names, asked of a guest with 257.
va --json names right --verify --scheme v252
is 'right, another scheme: exit status' "$status" 1
json 'right, another scheme: it is told' \
    '.findings | any(.id == "names.actual" and .level == "problem" and (.summary | test("is ens3 in the guest, and not enp")) and (.advice | test("--scheme v257")))'

virsh -q suspend right
refused 'a paused guest' 4 'guest right is paused: there is no agent in it to ask; virsh resume right' names right --verify
virsh -q resume right
virsh -q destroy right
refused 'a guest that is shut off' 4 'guest right is shut off: there is no agent in it to ask; virsh start right' names right --verify

start_guest older q35 --controllers "$work/controllers" --devices "$work/devices" --udev 257 --agent \
    --append net.naming_scheme=v238
start_guest plain q35 --controllers "$work/controllers" --devices "$work/devices" --udev 252 --agent \
    --append net.ifnames=0
wait_guest older plain
agent_answers older
va --json names older --verify
is 'net.naming_scheme=v238: exit status' "$status" 1
json 'net.naming_scheme=v238: the difference, and what it comes from' \
    '.findings | any(.id == "names.actual" and .level == "problem" and (.summary | test("NIC 52:54:00:05:03:00 is enp[0-9]+s3 in the guest, and not ens3")) and (.advice | test("--scheme v238")))'
json 'net.naming_scheme=v238: the other NIC is as predicted' '.guest.nics | any(.mac == "52:54:00:04:02:00" and .actual_name == "ens2")'
verified_as_told older
va --json names older --verify --scheme v238
is 'net.naming_scheme=v238, with --scheme v238: exit status' "$status" 0
virsh -q destroy older

agent_answers plain
va --json names plain --verify
is 'net.ifnames=0: exit status' "$status" 1
json 'net.ifnames=0: both differ' '[.findings[] | select(.id == "names.actual" and .level == "problem" and (.summary | test("is eth[01] in the guest")))] | length == 2'
json 'net.ifnames=0: it is told where to look' '.findings | any(.advice != null and (.advice | test("net.ifnames=0")))'
verified_as_told plain
# A guest without an agent in it, and one without a channel.
virsh -q destroy plain

start_guest mute q35 --ports 1 --udev 257
refused 'no channel' 1 'guest mute has no channel for a guest agent' names mute --verify
virsh -q destroy mute
start_guest deaf q35 --ports 1 --udev 257 --agent --append rdinit=/bin/sh
refused 'no agent behind the channel' 4 'guest deaf: .*[Gg]uest agent is not' names deaf --verify

finish
