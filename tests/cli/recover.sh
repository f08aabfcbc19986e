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
TZ=EST5 run_recorded recover
ok "an attach that came to nothing ends with 0" status_is 0
ok "it is undone" has stdout "attach of $vf for guest db1, begun 2026-01-01 22:04:05"
ok "and says so" has stdout "did not end: undone"
run_recorded recover db1 --json
ok "and in JSON" json '.recoveries[] | .command, .guest, .started, .devices[0], .outcome, .error' \
    $'attach\ndb1\n2026-01-02T03:04:05Z\n'"$vf"$'\nundone\nnull'
run_recorded recover web1
ok "another guest has nothing on record" has stdout "nothing to recover"
run_recorded check db1
ok "check says that there is something" has stdout "guest.unfinished: an earlier attach of $vf did"
ok "and what to do" has stdout "virt-assign recover db1"
run_recorded attach db1 "$vf" --config --dry-run
ok "a dry run says that there is something" has stderr "an earlier attach for guest db1 did not end"

record_for db1 "<operation id='a' command='attach' origin='uid 7 on elsewhere' started='1'>\
<device device='$vf' alias='ua-x' config='yes'/></operation>"
run_recorded recover
ok "what was begun elsewhere ends with 4" status_is 4
ok "it is said what was" has stderr "virt-assign: attach of $vf for guest db1, begun "
ok "it is left alone" has stderr "did not end, or still runs: started by uid 7 on elsewhere"
ok "and the way out is named" has stderr "with --force"
run_recorded recover --force
ok "--force ends with 0" status_is 0
ok "--force undoes it" has stdout "did not end: undone"

# Two that fail, each for a reason of its own, and one that does not.
elsewhere="<operation id='b' command='detach' origin='uid 8 on elsewhere' started='1'>\
<device device='0000:01:10.0' alias='ua-y' live='yes'/></operation>"
record_for db1 "$attach$elsewhere"
sed -i "s|<name>web1</name>|&<metadata><v:assignments xmlns:v='urn:virt-assign:domain:1' \
version='9'/></metadata>|" "$scratch/recorded.xml"
run_recorded recover
ok "of several that differ ends with 6" status_is 6
ok "the one that could be is undone" has stderr "attach of $vf for guest db1"
ok "of another it is said what to do" has stderr "or here with --force"
ok "of the last one, too" has stderr "or a newer one"
ok "each is said once" test "$(grep -c 'did not end' "$scratch/stderr")" = 3
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
