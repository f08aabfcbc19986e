#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The corpus tool agrees with libvirt about files of ours, and says what differs where something does.
. "${top_srcdir:?}/tests/cli/program.bash"
corpus=$scratch/corpus
mkdir "$corpus"
cp "$top_srcdir"/tests/data/xml/domain-q35-config.xml "$top_srcdir"/tests/data/xml/domain-pc-config.xml \
    "$top_srcdir"/tests/data/xml/nodedev-pf-with-vfs.xml "$corpus"

run_tool()
{
    bash "$top_srcdir/tests/corpus/run" --build "$top_builddir" "$@" >"$scratch/stdout" 2>"$scratch/stderr"
    status=$?
}

# Writes a program that answers as ours does, but for what sed changes.
plant()
{
    printf '#!/bin/bash\nset -o pipefail\n"%s" "$@" | sed "%s"\n' "$(realpath "$program")" "$1" >"$scratch/planted"
    chmod +x "$scratch/planted"
}

run_tool "$corpus"
ok "the tool ends with 0 for files that are read right" status_is 0
ok "it has compared all three" has stdout "3 guests and node devices compared, 0 disagree"
has_driver=$(grep -c 'its QEMU driver' "$scratch/stdout")

plant 's/0000:01:10.0/0000:01:11.0/'
run_tool --reading-only --program "$scratch/planted" "$corpus"
ok "it ends with 1 when another host address is read" status_is 1
ok "and says what libvirt has" has stdout "< assignment interface 0000:01:10.0"
ok "and what the program reads" has stdout "> assignment interface 0000:01:11.0"
ok "and which VF of the PF differs" has stdout "vfs 0000:01:11.0"

plant 's/0000:02:00.0/0000:07:00.0/'
if [[ $has_driver -gt 0 ]]; then
    run_tool --program "$scratch/planted" "$corpus"
    ok "it says which slot is in use and not called taken" has stdout "not taken here: 0000:02:00.0"
fi

if command -v virsh >/dev/null; then
    mkdir "$scratch/refused"
    sed "s|</devices>|<disk type='file'><source file='/x' fdgroup='g'/><target dev='vdz' bus='virtio'/></disk>&|" \
        "$top_srcdir/tests/data/xml/domain-q35-config.xml" >"$scratch/refused/guest.xml"
    run_tool --reading-only "$corpus" "$scratch/refused"
    ok "a guest that the test driver refuses is no disagreement" status_is 0
    ok "but counted" has stdout "its test driver: unsupported configuration: driver does not support FD passing"
fi

mkdir "$scratch/nothing"
run_tool "$scratch/nothing"
ok "it ends with 2 when there is nothing to compare" status_is 2
ok "and says so" has stderr "nothing was compared"
finish
