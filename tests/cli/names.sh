#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# names: text and JSON, a naming scheme, a guest that cannot be asked, and attach by name.
. "${top_srcdir:?}/tests/cli/program.bash"
vf=0000:01:10.4

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

run_on_host names web1 --scheme v261 --json
ok "a known scheme needs no note" json '[.findings[].id] | index("names.scheme")' null
run_on_host names web1 --scheme v270
ok "a newer scheme ends with 0" status_is 0
ok "a newer scheme is said to count as the newest" has stdout \
    "naming scheme v270 is not known here: names are as under v261, the newest that is"

run_on_host names db1 --verify
ok "without a channel: ends with 1" status_is 1
ok "without a channel: prints no result" is_empty stdout
ok "without a channel: says so, and what to do" has stderr \
    "virt-assign: guest db1 has no channel for a guest agent: it cannot be asked what its NICs are called; virt-xml db1"
run_on_host names db1 --verify --json
ok "without a channel: has a code" json .error.code unsupported

run_on_host attach db1 $vf --guest-name enp4s0 --dry-run --json
ok "attach --guest-name ends with 0" status_is 0
ok "attach --guest-name finds the address" json '.results[0] | "\(.guest_address) \(.predicted_name)"' "0000:04:00.0 enp4s0"
run_on_host attach db1 $vf --guest-name eno9 --dry-run --json
ok "attach --guest-name finds the acpi index" json '.steps[0].xml | test("<acpi index=.9./>")' true
ok "attach --guest-name by index: the name" json '.results[0].predicted_name' eno9
run_on_host xml $vf --guest db1 --guest-name enp4s0
ok "xml --guest-name has the address" has stdout "bus=\"0x04\""
run_on_host attach db1 $vf --guest-name enp9s0
ok "a name that nothing gives: ends with 4" status_is 4
ok "a name that nothing gives: says why" has stderr "no free guest address gives the name enp9s0: no bus has the number 9 in the guest"
run_on_host attach db1 $vf --guest-name enp4s0 --guest-address 03:00.0
ok "a name and another's address: ends with 4" status_is 4
ok "a name and another's address: says so" has stderr \
    "the name enp4s0 and guest address 0000:03:00.0 do not go together: at 0000:03:00.0 it is enp3s0"
run_on_host attach db1 $vf --guest-name eno9 --acpi-index 8
ok "a name and another's index: ends with 4" status_is 4
run_on_host attach db1 0000:01:10.0 --guest-name ens7
ok "what is attached under another name: ends with 4" status_is 4
ok "what is attached under another name: says so" has stderr "is already in db1 (live), where it is enp2s0 instead of ens7"

ids_of_program()
{
    grep -rho '"names\.[a-z-]*"' "$top_srcdir"/src/{core/nic,engine/check} | tr -d '"' | sort -u
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
