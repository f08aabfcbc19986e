#!/bin/bash
# A VF for a guest that is shut off, which then starts with it; and out again.
# depends on: libvirt kernel
# shellcheck disable=SC2016 # the single-quoted variables are jq's
budget=120
. "$(dirname "$0")/lib.sh"

pf=$(pf 1)
make_vfs "$pf" 3
device=$(vf "$pf" 2)
mac=52:54:00:aa:00:05
start_guest db1 q35
lab-guest stop db1

remember db1
refused 'live' 4 'db1.*(shut off|not run)' attach db1 "$device" --live
untouched 'live' db1

va --json attach db1 "$device" --mac "$mac" --guest-address 0000:04:00.0
is 'attach: exit status' "$status" 0
json 'attach: config only' '.results[0] | .outcome == "done" and (.live | not) and .config and .mac == $m' --arg m "$mac"
predicted=$(jq -r '.results[0].predicted_name' "$work/out")
is 'config has it' "$(of_element config db1 "$device" guest-address)" 0000:04:00.0
is 'the host driver still has it' "$(driver "$device")" igbvf

must virsh -q start db1
wait_guest db1
is 'started: live has it' "$(of_element live db1 "$device" guest-address)" 0000:04:00.0
is 'started: the driver' "$(driver "$device")" vfio-pci
is 'started: the PF has the MAC' "$(vf_mac "$pf" 2)" "$mac"
is "started: the guest's name for it is the predicted one" "$(lab-guest wait-nic db1 0000:04:00.0)" "$predicted"
ok 'started: a ping is answered' pings "$pf" "$mac"
va --json attach db1 "$device"
json 'attach again: already so, live and in config' '.results[0] | .outcome == "already" and .live and .config'

lab-guest stop db1
is 'ended: the driver' "$(driver "$device")" igbvf
va --json detach db1 "$device"
is 'detach, shut off: exit status' "$status" 0
json 'detach, shut off: the result' '.results[0] | .outcome == "done" and (.live or .config | not)'
ok 'detach, shut off: config is without it' lacks config db1 "$device"
must virsh -q start db1
ok 'started again: live is without it' lacks live db1 "$device"

finish
