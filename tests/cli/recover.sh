#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# recover: what stands on record of guests, put there with the host's description, since libvirt's
# test driver forgets all with its process.
. "${top_srcdir:?}/tests/cli/program.bash"

vf=0000:01:10.4
# record_for GUEST ENTRY...: the host with these on record of the guest.
record_for()
{
    local guest=$1
    shift
    sed "s|<name>$guest</name>|&<metadata><v:assignments xmlns:v='urn:virt-assign:domain:1' \
version='1'>$*</v:assignments></metadata>|" "$data/host.xml" >"$scratch/recorded.xml"
}

# Of guests that are not of this machine, no record is known to be ours.
run_recorded()
{
    run -c "test://$scratch/recorded.xml" "$@"
}

run_on_host recover
ok "nothing on record ends with 0" status_is 0
ok "nothing on record is said" test "$(cat "$scratch/stdout")" = \
    "nothing to recover: every command has ended"
run_on_host recover db1 --json
ok "nothing on record, in JSON" json '.schema, (.recoveries | length)' $'1\n0'

attach="<operation id='a' command='attach' started='1767323045'>\
<device device='$vf' alias='ua-x' config='yes'/></operation>"
record_for db1 "$attach"
run_recorded recover
ok "what nothing vouches for ends with 4" status_is 4
ok "it is said why" has stderr "its seal can be checked on the guest's own host only; see what it would"
ok "and the way out is named" has stderr "virt-assign recover --adopt db1 --dry-run"
run_recorded recover --json
ok "it has a code" json '.error.code, .recoveries[0].outcome' $'unproven\nfailed'
run_recorded show db1
ok "show ends with 0" status_is 0
ok "show tells of it" has stderr "note: an earlier attach of $vf is on record, but nothing vouches"
run_recorded show db1 --json
ok "and in JSON" json '.findings[] | .id, .subject' $'guest.unsealed\ndb1'
run_recorded check db1
ok "check tells of it" has stdout "guest.unsealed: an earlier attach of $vf is on record"
run_recorded attach db1 "$vf" --config --dry-run
ok "a dry run tells of it" has stderr "until virt-assign recover --adopt db1"
run_recorded recover --adopt db1 --dry-run
ok "a dry run of its adoption ends with 0" status_is 0
ok "it says what would be done" has stdout "did not end: it would be undone"
run_recorded recover --adopt db1 --dry-run --json
ok "and in JSON, that it is planned" json '.recoveries[] | .outcome, .planned' $'undone\ntrue'
run_recorded recover --adopt
ok "--adopt without a guest ends with 2" status_is 2
ok "it is said that it needs one" has stderr "--adopt is for one guest"
run_recorded recover --adopt nobody
ok "--adopt of a guest that is not there ends with 3" status_is 3
run_recorded recover --dry-run
ok "--dry-run without --adopt ends with 2" status_is 2
run_recorded recover --adopt web1
ok "nothing to adopt ends with 0" status_is 0
ok "and is said" has stdout "nothing to recover"

TZ=EST5 run_recorded recover --adopt db1
ok "an attach that came to nothing ends with 0" status_is 0
ok "it is undone" has stdout "attach of $vf for guest db1, begun 2026-01-01 22:04:05"
ok "and says so" has stdout "did not end: undone"
run_recorded recover db1 --adopt --json
ok "and in JSON" json '.recoveries[] | .command, .guest, .started, .devices[0], .outcome, .error' \
    $'attach\ndb1\n2026-01-02T03:04:05Z\n'"$vf"$'\nundone\nnull'
run_recorded recover web1
ok "another guest has nothing on record" has stdout "nothing to recover"

record_for db1 "<operation id='a' command='attach' origin='uid 7 on elsewhere' started='1'>\
<device device='$vf' alias='ua-x' config='yes'/></operation>"
run_recorded recover --adopt db1
ok "what was begun elsewhere ends with 4" status_is 4
ok "it is said what was" has stderr "virt-assign: attach of $vf for guest db1, begun "
ok "it is left alone" has stderr "did not end, or still runs: started by uid 7 on elsewhere"
ok "and the way out is named" has stderr "with --force"
run_recorded recover --adopt db1 --force
ok "--force ends with 0" status_is 0
ok "--force undoes it" has stdout "did not end: undone"

# Two that fail, each for a reason of its own, and one that does not.
elsewhere="<operation id='b' command='detach' origin='uid 8 on elsewhere' started='1'>\
<device device='0000:01:10.0' alias='ua-y' live='yes'/></operation>"
record_for db1 "$attach$elsewhere"
sed -i "s|<name>web1</name>|&<metadata><v:assignments xmlns:v='urn:virt-assign:domain:1' \
version='9'/></metadata>|" "$scratch/recorded.xml"
run_recorded recover --adopt db1
ok "of several that differ ends with 6" status_is 6
ok "the one that could be is undone" has stderr "attach of $vf for guest db1"
ok "of the other it is said what to do" has stderr "or here with --force"
ok "each is said once" test "$(grep -c 'did not end' "$scratch/stderr")" = 2
run_recorded recover
ok "of another guest it is said what to do, too" has stderr "or a newer one"
run_recorded recover --json
ok "what is not known is null in JSON" json \
    '.recoveries[] | select(.guest == "web1") | .command, .started' $'null\nnull'
ok "several in JSON" golden recover.json

record_for db1 "<operation id='a'/>"
run_recorded recover
ok "a malformed record ends with 1" status_is 1
run_recorded check db1
ok "to check it is a problem" status_is 1
run_recorded recover
ok "it is said whose it is" has stderr "virt-assign: a command for guest db1 did not end"
ok "it is said what is wrong with it" has stderr "an <operation> without id"
run_recorded attach db1 "$vf" --config
ok "a command on that guest ends with 1" status_is 1
ok "it says what is wrong" has stderr "an <operation> without id"
ok "it says what to do" has stderr "virsh metadata db1 urn:virt-assign:domain:1 --live --remove"
run_recorded ports db1 --add 1
ok "another one, too" has stderr "--live --remove"
ok "what was not written is not said to be left" test "$(wc -l <"$scratch/stderr")" = 1
finish
