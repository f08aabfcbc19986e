#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# check: host, device and guest; text and JSON; a libvirt that cannot be reached; the ids that the
# man page documents.
. "${top_srcdir:?}/tests/cli/program.bash"
manual=$top_srcdir/src/man/virt-assign.1

# libvirt's test driver is no machine: what only its files tell is not looked at.
run_on_host check
ok "check ends with 0 where nothing is a problem" status_is 0
ok "check says nothing on standard error" is_empty stderr
ok "check says that the files are elsewhere" has stdout "warning  host.local: not looked at"
ok "check ends with the sum" test "$(tail -n 1 "$scratch/stdout")" = "0 problems, 2 warnings, 2 ok"
run_on_host check --json
ok "check --json has the findings" json '[.findings[].id] | join(" ")' \
    "host.local host.libvirt host.assignment host.pools"
ok "check --json has a schema" json .schema 1

run_on_host check enp1s0/vf2
ok "check DEVICE ends with 0" status_is 0
ok "check DEVICE prints text" golden check-vf.txt
run_on_host check enp1s0/vf2 --json
ok "check DEVICE --json prints an object" golden check-vf.json
run_on_host check web1
ok "check GUEST ends with 0" status_is 0
ok "check GUEST prints text" golden check-guest.txt

# Group 26 goes into group 27: each member lists both.
vf0="<address domain='0x0000' bus='0x01' slot='0x10' function='0x0'/>"
vf1="<address domain='0x0000' bus='0x01' slot='0x10' function='0x2'/>"
sed "/<iommuGroup number='2[67]'>/,/<.iommuGroup>/ {
    s/'26'/'27'/
    s,<address .*,$vf0$vf1,
}" "$data/host.xml" >"$scratch/shared.xml"
run -c "test://$scratch/shared.xml" check 01:10.2 --json
ok "a problem ends with 1" status_is 1
ok "a problem is no error" json '.error, (.findings | map(select(.level == "problem").id) | join(" "))' \
    $'null\ndevice.group'
ok "a problem says nothing on standard error" is_empty stderr

run -c nonsense://here check --json
ok "an unknown libvirt ends with 1" status_is 1
ok "an unknown libvirt is a finding" json \
    '.error, (.findings[] | select(.id == "host.libvirt") | .level)' $'null\nproblem'
run -c nonsense://here check enp1s0
ok "a device without libvirt ends with 1" status_is 1
ok "a device without libvirt prints no result" is_empty stdout

# Every id that the program can print is in the man page, and no other.
ids_of_program()
{
    grep -oh '"\(host\|device\|guest\)\.[a-z-]*"' "$top_srcdir"/src/engine/check/check-*.c | tr -d '"' |
        sort -u
}
ids_of_manual()
{
    sed 's/\\-/-/g' "$manual" | sed -n 's/^\.B \(\(host\|device\|guest\)\.[a-z-]*\)$/\1/p' | sort
}
same_ids()
{
    diff <(ids_of_program) <(ids_of_manual)
}
ok "the man page has the ids of the findings" same_ids
finish
