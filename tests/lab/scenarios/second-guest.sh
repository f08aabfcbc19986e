#!/bin/bash
# A second guest asks for a VF that another one holds: refused by the holder's name, whether the
# holder runs or is shut off. Let go of, the second guest gets it.
# distribution-independent
budget=120
. "$(dirname "$0")/lib.sh"

pf=$(pf 1)
make_vfs "$pf" 1
device=$(vf "$pf" 0)
start_guest db1 q35
start_guest db2 q35
wait_guest db1 db2

must virt-assign attach db1 "$device"
remember db1 db2
refused 'held live and in config' 4 "$device.*db2.*db1" attach db2 "$device"
untouched 'held live and in config' db1 db2
refused 'held, asked for as a plain hostdev' 4 "db1" attach db2 "$device" --as hostdev
untouched 'held, asked for as a plain hostdev' db1 db2
refused 'detach from the guest that has it not' 4 "db1" detach db2 "$device"
untouched 'detach from the guest that has it not' db1 db2
va --json attach db2 "$device"
is 'with --json: exit status' "$status" 4
json 'with --json: the error, and no result of something done' \
    '.error.code == "in-use" and (.error.message | contains("db1")) and (.results // [] | all(.outcome != "done"))'

must virsh -q destroy db1
remember db1 db2
refused 'held by the config of a shut-off guest' 4 "db1" attach db2 "$device"
untouched 'held by the config of a shut-off guest' db1 db2

succeeds 'detach from the shut-off guest' detach db1 "$device"
ok 'the config of the first guest is without it' lacks config db1 "$device"
succeeds 'attach to the second guest' attach db2 "$device"
ok 'the second guest has it live' has live db2 "$device"
is 'the driver' "$(driver "$device")" vfio-pci
succeeds 'detach from the second guest' detach db2 "$device"
is 'the driver, in the end' "$(driver "$device")" igbvf

finish
