#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Critical devices, as far as libvirt's test driver goes: a PF whose VFs are held.
. "${top_srcdir:?}/tests/cli/program.bash"
pf=0000:01:00.0
first="its VF 0000:01:10.0 is held by guest db1 (live and config)"
second="its VF 0000:01:10.2 is held by guest web1 (config)"

run_on_host list --json
ok "list --json has the reasons" json ".devices[] | select(.address == \"$pf\") | .critical | join(\"; \")" \
    "$first; $second"
ok "and none for the others" json ".devices[] | select(.address != \"$pf\") | .critical[]" ""
run_on_host show $pf
ok "show has the reasons" has stdout "$first"
ok "and all of them" has stdout "$second"

run_on_host attach db1 $pf
ok "attach ends with 4" status_is 4
ok "attach prints no result" is_empty stdout
ok "attach says why, and the way out" text_is stderr "virt-assign: attach $pf to db1: $pf is critical: \
$first, $second; free it first: virt-assign detach db1 0000:01:10.0"
run_on_host attach db1 $pf --json
ok "attach --json has the code" json .error.code critical

run_on_host attach db1 $pf --force --dry-run
ok "a PF with VFs is refused for a running guest, by force too" status_is 4
ok "and says what to do" text_is stderr "virt-assign: attach $pf to db1: $pf is a PF with 3 VFs, which \
would go with its driver; remove them first: virt-assign vfs $pf 0"
run_on_host attach db1 $pf --config --force --dry-run
ok "attach --force --dry-run ends with 0" status_is 0
ok "attach --force says what it overrides" text_is stderr "note: --force overrides for $pf: $first
note: --force overrides for $pf: $second"
run_on_host attach db1 $pf --config --force --dry-run --quiet --json
ok "attach --force --quiet keeps quiet" is_empty stderr
ok "attach --force --json has it" json '.results[0].overridden | join("; ")' "$first; $second"
run_on_host attach db1 0000:02:00.0 --force --dry-run --json
ok "of what is not critical nothing is overridden" json '.results[0].overridden | length' 0
run_on_host attach db1 0000:00:02.0 --force --dry-run --json
ok "a bridge is refused, by force too" json .error.code unsuitable
finish
