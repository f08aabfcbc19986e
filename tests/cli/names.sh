#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# names: text and JSON, a naming scheme, a guest that cannot be asked.
. "${top_srcdir:?}/tests/cli/program.bash"

run_on_host names db1
ok "names ends with 0" status_is 0
ok "names prints text" golden names-running-guest.txt
ok "names says nothing on standard error" is_empty stderr
run_on_host names db1 --json
ok "names --json prints an object" golden names-running-guest.json
run_on_host names web1
ok "names of a guest that is shut off prints text" golden names-shut-off-guest.txt
run_on_host names web1 --scheme v252 --json
ok "names --scheme ends with 0" status_is 0
ok "names --scheme gives the names of the scheme" json '[.guest.nics[].predicted_name] | join(" ")' enp2s0

run_on_host names db1 --verify
ok "without a channel: ends with 1" status_is 1
ok "without a channel: prints no result" is_empty stdout
ok "without a channel: says so, and what to do" has stderr \
    "virt-assign: guest db1 has no channel for a guest agent: it cannot be asked what its NICs are called; virt-xml db1"
run_on_host names db1 --verify --json
ok "without a channel: has a code" json .error.code unsupported

ids_of_program()
{
    grep -ho '"names\.[a-z-]*"' "$top_srcdir"/src/core/nic-name-findings.c "$top_srcdir"/src/engine/names.c |
        tr -d '"' | sort -u
}

ids_of_manual()
{
    sed -n 's/^\.B \(names\..*\)$/\1/p' "$top_srcdir/src/man/virt-assign.1" | sed 's/\\-/-/g' | sort -u
}

same_ids()
{
    diff <(ids_of_program) <(ids_of_manual)
}

ok "the man page has the ids of the findings" same_ids
finish
