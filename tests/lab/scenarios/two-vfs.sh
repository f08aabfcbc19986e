#!/bin/bash
# Two VFs in one guest, of two PFs: in by one command and out by one, all or none. The guest is asked
# for both before it lets go of one.
# depends on: libvirt QEMU
# shellcheck disable=SC2016 # the single-quoted variables are jq's
budget=180
. "$(dirname "$0")/lib.sh"

first_pf=$(pf 1) second_pf=$(pf 2)
make_vfs "$first_pf" 2
make_vfs "$second_pf" 1
first=$(vf "$first_pf" 1) second=$(vf "$second_pf" 0)
start_guest db1 q35
wait_guest db1

va --json attach db1 "$first" "$second" --name ua-both
is 'one alias for two devices: exit status' "$status" 4
ok 'one alias for two devices: neither is in live' lacks live db1 "$first"
is 'one alias for two devices: the driver' "$(driver "$first")" igbvf

va --json attach db1 "$first" "$second"
is 'attach: exit status' "$status" 0
json 'attach: two results, in order' '[.results[] | .device] == [$a, $b] and all(.results[]; .outcome == "done" and .live and .config)' \
    --arg a "$first" --arg b "$second"
json 'attach: two addresses and two MACs' '(.results[0].guest_address != .results[1].guest_address) and (.results[0].mac != .results[1].mac)'
cp "$work/out" "$work/attached"
for i in 0 1; do
    device=$(jq -r ".results[$i].device" "$work/attached")
    address=$(jq -r ".results[$i].guest_address" "$work/attached")
    mac=$(jq -r ".results[$i].mac" "$work/attached")
    is "$device: live has it where the result says" "$(of_element live db1 "$device" guest-address)" "$address"
    is "$device: config has it there too" "$(of_element config db1 "$device" guest-address)" "$address"
    is "$device: live has the MAC the result says" "$(of_element live db1 "$device" mac)" "$mac"
    is "$device: config has it too" "$(of_element config db1 "$device" mac)" "$mac"
    is "$device: the driver" "$(driver "$device")" vfio-pci
    is "$device: the guest's name is the predicted one" "$(lab-guest wait-nic db1 "$address")" \
        "$(jq -r ".results[$i].predicted_name" "$work/attached")"
done
is 'the first PF has the MAC' "$(vf_mac "$first_pf" 1)" "$(jq -r '.results[0].mac' "$work/attached")"
is 'the second PF has the MAC' "$(vf_mac "$second_pf" 0)" "$(jq -r '.results[1].mac' "$work/attached")"
ok 'a ping through the first is answered' pings "$first_pf" "$(jq -r '.results[0].mac' "$work/attached")"
ok 'a ping through the second is answered' pings "$second_pf" "$(jq -r '.results[1].mac' "$work/attached")"

# One of the two only: the other stays as it is.
succeeds 'detach of the first' detach db1 "$first"
ok 'the first is out of live' lacks live db1 "$first"
ok 'the first is out of config' lacks config db1 "$first"
ok 'the second is still in live' has live db1 "$second"
ok 'the second is still in config' has config db1 "$second"
ok 'a ping through the second is still answered' pings "$second_pf" "$(jq -r '.results[1].mac' "$work/attached")"
succeeds 'attach of the first again' attach db1 "$first"

va --json detach db1 "$second" "$first"
is 'detach of both: exit status' "$status" 0
json 'detach of both: two results, in order' '[.results[] | .device] == [$b, $a] and all(.results[]; .outcome == "done")' \
    --arg a "$first" --arg b "$second"
for device in "$first" "$second"; do
    ok "$device: out of live" lacks live db1 "$device"
    ok "$device: out of config" lacks config db1 "$device"
    is "$device: the driver" "$(driver "$device")" igbvf
done

# With native hot-plug a guest lets go of a device after 5 s at the earliest.
log_monitor
start_guest native pc-q35-6.0
wait_guest native
must virt-assign attach native "$first" "$second"
va --json detach native "$first" "$second"
is 'native hot-plug: detach of both: exit status' "$status" 0
json 'native hot-plug: detach of both: both are out' 'all(.results[]; .outcome == "done" and (.live or .config | not))'
is 'native hot-plug: asked for both before the first is out, once each' "$(unplug_talk)" 'asked asked out out '

finish
