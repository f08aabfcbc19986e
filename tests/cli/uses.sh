#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Devices that guests use through the host driver, without an assignment.
. "${top_srcdir:?}/tests/cli/program.bash"
host=test://$data/uses-host.xml
mdev=c5e4b2a0-1111-4222-8333-444455556666

run_on_host list
ok "list names who has a VF by macvtap" has stdout "mv1, by macvtap"
ok "list names who has a disk" has stdout "blk1, its disk vda"
ok "list names who has a mediated device" has stdout "vgpu1, by mdev $mdev"
run_on_host list --free --json
ok "none of these is free" json '[.devices[].address] | join(" ")' "0000:01:00.0 0000:01:10.2"
run_on_host list --assigned --json
ok "each of these is assigned" json '[.devices[].address] | join(" ")' \
    "0000:01:10.0 0000:05:00.0 0000:3b:00.0"
run_on_host list --guest mv1 --json
ok "a guest's devices are found" json '[.devices[].address] | join(" ")' "0000:01:10.0"
run_on_host list --tree
ok "list --tree has the element" has stdout "<interface type='direct'> with MAC 52:54:00:aa:00:01"
run_on_host show 05:00.0 --json
ok "show --json has the use" json '.device.uses[0] | "\(.guest) \(.live) \(.shared) \(.source)"' \
    "blk1 true false /dev/nvme0n1"
run_on_host show 05:00.0
ok "show has the use" has stdout "blk1, its disk vda: <disk type='block'> on /dev/nvme0n1"

# refused DEVICE WORDS: who has it, said by check and by attach.
refused()
{
    run_on_host check "$1"
    ok "check $1 names the guest" has stdout "guest $2 uses it, $3"
    run_on_host attach tgt "$1" --dry-run
    ok "attach $1 is refused" status_is 4
    ok "attach $1 names the element" has stderr "is in use by guest $2, $3: $4"
}
refused enp1s0f0v0 mv1 "by macvtap" "<interface type='direct'> with MAC 52:54:00:aa:00:01"
refused 05:00.0 blk1 "its disk vda" "<disk type='block'> on /dev/nvme0n1"
refused 3b:00.0 vgpu1 "by mdev $mdev" "<hostdev type='mdev'>"
run_on_host attach tgt 01:00.0 --dry-run
ok "the PF of a used VF is critical" has stderr \
    "its VF 0000:01:10.0 is used by guest mv1, by macvtap"
finish
