#!/bin/bash
# The PF is down: refused with the command that puts it up, and nothing is touched. Up, it works.
# distribution-independent
budget=90
. "$(dirname "$0")/lib.sh"

pf=$(pf 2)
make_vfs "$pf" 1
device=$(vf "$pf" 0)
start_guest down q35
wait_guest down

ip link set dev "$pf" down
remember down
refused 'attach' 4 "PF $pf .*down.*ip link set $pf up" attach down "$device"
untouched 'attach' down
refused 'attach to the config only' 4 "$pf .*down" attach down "$device" --config
untouched 'attach to the config only' down
refused 'dry run' 4 "$pf .*down" attach down "$device" --dry-run
untouched 'dry run' down

# A plain <hostdev> does not need the PF's network interface.
succeeds 'dry run as a plain hostdev' attach down "$device" --as hostdev --dry-run
untouched 'dry run as a plain hostdev' down

ip link set dev "$pf" up
succeeds 'attach, with the PF up' attach down "$device"
ok 'live has it' has live down "$device"
succeeds 'detach' detach down "$device"
is 'the driver, in the end' "$(driver "$device")" igbvf

finish
