#!/bin/bash
# The PF is down: refused with the command that puts it up, and nothing is touched. Up, it works.
# distribution-independent
budget=90
. "$(dirname "$0")/lib.sh"

pf=$(pf 2)
make_vfs "$pf" 1
device=$(vf "$pf" 0)
start_guest db1 q35
wait_guest db1

ip link set dev "$pf" down
remember db1
refused 'attach' 4 "PF $pf .*down.*ip link set $pf up" attach db1 "$device"
untouched 'attach' db1
refused 'attach to the config only' 4 "$pf .*down" attach db1 "$device" --config
untouched 'attach to the config only' db1
refused 'dry run' 4 "$pf .*down" attach db1 "$device" --dry-run
untouched 'dry run' db1

# A plain <hostdev> does not need the PF's network interface.
succeeds 'dry run as a plain hostdev' attach db1 "$device" --as hostdev --dry-run
untouched 'dry run as a plain hostdev' db1

ip link set dev "$pf" up
succeeds 'attach, with the PF up' attach db1 "$device"
ok 'live has it' has live db1 "$device"
succeeds 'detach' detach db1 "$device"
is 'the driver, in the end' "$(driver "$device")" igbvf

finish
