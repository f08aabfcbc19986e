#!/bin/bash
# A second guest asks for a VF that another one holds: refused by the holder's name, whether the
# holder runs or is shut off. Let go of, the second guest gets it.
# distribution-independent
budget=120
. "$(dirname "$0")/lib.sh"

pf=$(pf 1)
make_vfs "$pf" 1
device=$(vf "$pf" 0)
start_guest holder q35
start_guest other q35
wait_guest holder other

must virt-assign attach holder "$device"
remember holder other
refused 'held live and in config' 4 "$device.*other.*holder" attach other "$device"
untouched 'held live and in config' holder other
refused 'held, asked for as a plain hostdev' 4 "holder" attach other "$device" --as hostdev
untouched 'held, asked for as a plain hostdev' holder other
refused 'detach from the guest that has it not' 4 "holder" detach other "$device"
untouched 'detach from the guest that has it not' holder other
va --json attach other "$device"
is 'with --json: exit status' "$status" 4
json 'with --json: the error, and no result of something done' \
    '.error.code == "in-use" and (.error.message | contains("holder")) and (.results // [] | all(.outcome != "done"))'

must virsh -q destroy holder
remember holder other
refused 'held by the config of a shut-off guest' 4 "holder" attach other "$device"
untouched 'held by the config of a shut-off guest' holder other

succeeds 'detach from the shut-off guest' detach holder "$device"
ok 'the config of the first guest is without it' lacks config holder "$device"
succeeds 'attach to the second guest' attach other "$device"
ok 'the second guest has it live' has live other "$device"
is 'the driver' "$(driver "$device")" vfio-pci
succeeds 'detach from the second guest' detach other "$device"
is 'the driver, in the end' "$(driver "$device")" igbvf

finish
