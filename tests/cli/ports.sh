#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# ports as far as libvirt's test driver goes: what there is, and --add --dry-run.
. "${top_srcdir:?}/tests/cli/program.bash"

run_on_host ports db1
ok "ports ends with 0" status_is 0
ok "ports lists the buses" golden ports.txt
run_on_host ports web1 --json
ok "ports --json prints an object" golden ports.json
run_on_host ports db1 --add 3 --dry-run
ok "ports --add --dry-run ends with 0" status_is 0
ok "ports --add --dry-run prints the steps" golden ports-add.txt
run_on_host ports db1 --add 3 --dry-run --json
ok "ports --add --dry-run --json has what is added" json '[.added[].guest_address] | join(" ")' \
    "0000:00:02.5 0000:00:02.6 0000:00:02.7"
ok "and where the guest will have it" json '[.added[].guest_bus] | join(" ")' "6 7 8"
ok "and the steps" json '[.steps[].kind] | join(" ")' "add-port add-port add-port prove-ports"
ok "and no NIC with another name" json '.renames | length' 0
ok "and that it is a plan" json .outcome planned
run_on_host ports web1 --free 1 --dry-run --json
ok "ports --free with enough free adds none" json '"\(.added | length) \(.outcome)"' "0 already"
run_on_host ports web1 --free 1 --dry-run
ok "and says so" text_is stdout "web1 has enough free places from its next start on"
run_on_host ports db1 --add 1 --free 2
ok "--add and --free exclude each other" status_is 2
run_on_host ports db1 --free 200 --dry-run --json
ok "what is missing is added" json '.added | length > 100' true
finish
