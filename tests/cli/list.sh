#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# list: text and JSON, and the filters.
. "${top_srcdir:?}/tests/cli/program.bash"

# lists EXPECTED ARGUMENTS...: the addresses that list has with these arguments.
lists()
{
    local expected=$1
    shift
    run_on_host list --json "$@"
    ok "list $* has ${expected:-nothing}" json '[.devices[].address] | join(" ")' "$expected"
}

run_on_host list
ok "list ends with 0" status_is 0
ok "list prints a table" golden list.txt
ok "list has nothing else to say" is_empty stderr
run_on_host list --json
ok "list --json ends with 0" status_is 0
ok "list --json prints an object" golden list.json
run_on_host --json list
ok "--json may stand before the verb" golden list.json
run list --json --connect="$host"
ok "--connect may stand behind the verb" golden list.json
LIBVIRT_DEFAULT_URI=$host run list --json
ok "LIBVIRT_DEFAULT_URI is honoured" golden list.json
run_on_host list --tree
ok "list --tree has the guests below the devices" golden list-tree.txt
run_on_host list --class all
ok "list --class all has the bridges too" golden list-all.txt

pf=0000:01:00.0
vfs=(0000:01:10.0 0000:01:10.2 0000:01:10.4)
lists "$pf ${vfs[*]} 0000:02:00.0 0000:04:00.0" --class net
lists 0000:00:1f.2 --class storage
lists 0000:03:00.0 --class usb
lists "" --class display
lists "${vfs[*]}" --pf enp1s0
lists "${vfs[*]}" --pf $pf
lists "" --pf 02:00.0
lists "${vfs[0]}" --guest db1
lists "${vfs[1]} 0000:03:00.0" --guest web1
lists "${vfs[0]} ${vfs[1]} 0000:03:00.0" --assigned
lists "${vfs[2]}" --pf enp1s0 --free
lists "$pf 0000:02:00.0" --id 8086:10c9
lists "0000:03:00.0" --id 1b36
lists "0000:00:02.0 0000:03:00.0" --id 1b36 --class all
finish
