#!/bin/bash
# Live only, config only, and one after the other: both sides end up the same. A transient guest has
# no config.
# depends on: libvirt
# shellcheck disable=SC2016 # the single-quoted variables are jq's
budget=180
. "$(dirname "$0")/lib.sh"

pf=$(pf 1)
make_vfs "$pf" 2
device=$(vf "$pf" 0) other=$(vf "$pf" 1)
start_guest db1 q35
wait_guest db1

config_xml db1 >"$work/config"
va --json attach db1 "$device" --live
is 'live only: exit status' "$status" 0
json 'live only: the result' '.results[0] | .outcome == "done" and .live and (.config | not)'
ok 'live only: live has it' has live db1 "$device"
config_xml db1 >"$work/config-now"
same 'live only: the config is byte for byte the same' "$work/config" "$work/config-now"
address=$(of_element live db1 "$device" guest-address)
mac=$(of_element live db1 "$device" mac)
va --json show db1
json 'live only: show tells the difference' '.guest.assignments[0] | .live and (.config | not)'

va --json attach db1 "$device"
is 'then the rest: exit status' "$status" 0
json 'then the rest: the result' '.results[0] | .outcome == "done" and .live and .config'
is 'then the rest: config has the address of live' "$(of_element config db1 "$device" guest-address)" "$address"
is 'then the rest: config has the MAC of live' "$(of_element config db1 "$device" mac)" "$mac"
is 'then the rest: live is as it was' "$(of_element live db1 "$device" guest-address)" "$address"

va --json detach db1 "$device" --live
is 'detach live only: exit status' "$status" 0
json 'detach live only: the result' '.results[0] | .outcome == "done" and (.live | not) and .config'
ok 'detach live only: not in live' lacks live db1 "$device"
ok 'detach live only: config still has it' has config db1 "$device"
is 'detach live only: the driver' "$(driver "$device")" igbvf

# The other device must not come between.
refused 'its address, for another device' 4 "$address" attach db1 "$other" --guest-address "$address"
succeeds 'live again' attach db1 "$device" --live
is 'live again: the address that config kept' "$(of_element live db1 "$device" guest-address)" "$address"
is 'live again: the MAC that config kept' "$(of_element live db1 "$device" mac)" "$mac"

va --json detach db1 "$device" --config
is 'detach config only: exit status' "$status" 0
json 'detach config only: the result' '.results[0] | .outcome == "done" and .live and (.config | not)'
ok 'detach config only: live still has it' has live db1 "$device"
ok 'detach config only: not in config' lacks config db1 "$device"
is 'detach config only: the driver' "$(driver "$device")" vfio-pci
succeeds 'detach the rest' detach db1 "$device"
is 'detach the rest: the driver' "$(driver "$device")" igbvf

live_xml db1 >"$work/live"
va --json attach db1 "$device" --config --guest-address 0000:03:00.0
is 'config only: exit status' "$status" 0
json 'config only: the result' '.results[0] | .outcome == "done" and (.live | not) and .config'
is 'config only: config has it' "$(of_element config db1 "$device" guest-address)" 0000:03:00.0
live_xml db1 >"$work/live-now"
same 'config only: live is byte for byte the same' "$work/live" "$work/live-now"
is 'config only: the driver' "$(driver "$device")" igbvf
refused 'then live, elsewhere' 4 "$device.*0000:03:00\.0" attach db1 "$device" --live --guest-address 0000:04:00.0
succeeds 'detach config only' detach db1 "$device"
ok 'detach config only: config is without it' lacks config db1 "$device"

start_guest passing q35 --transient
wait_guest passing
remember passing
refused 'transient, config' 4 'passing.*transient' attach passing "$device" --config
refused 'transient, live and config' 4 'passing.*transient' attach passing "$device" --live --config
untouched 'transient, config' passing
va --json attach passing "$device"
is 'transient: exit status' "$status" 0
json 'transient: the result' '.results[0] | .outcome == "done" and .live and (.config | not)'
ok 'transient: live has it' has live passing "$device"
succeeds 'transient: detach' detach passing "$device"
ok 'transient: not in live' lacks live passing "$device"
is 'transient: the driver' "$(driver "$device")" igbvf

finish
