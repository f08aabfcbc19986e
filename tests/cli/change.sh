#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# attach and detach as far as libvirt's test driver goes: --dry-run, and what is so already.
. "${top_srcdir:?}/tests/cli/program.bash"
vf=0000:01:10.4
held=0000:01:10.2

run_on_host attach db1 $vf --dry-run
ok "attach --dry-run ends with 0" status_is 0
ok "attach --dry-run prints the steps" golden attach-dry-run.txt
run_on_host attach db1 $vf --dry-run --json
ok "attach --dry-run --json prints an object" golden attach-dry-run.json
sent=$(jq -r '.steps[0].xml | rtrimstr("\n")' "$scratch/stdout")
run_on_host xml $vf --guest db1
ok "the step sends what xml prints" text_is stdout "$sent"
run_on_host detach db1 0000:01:10.0 --dry-run
ok "detach --dry-run ends with 0" status_is 0
ok "detach --dry-run prints the steps" golden detach-dry-run.txt
run_on_host detach db1 ua-pci_0000_01_10_0 --dry-run --json
ok "detach --dry-run --json prints an object" golden detach-dry-run.json
run_on_host attach 5b8c8d0e-5f2b-4f0e-9a39-0d1d5a3f6c11 $vf --dry-run --json
ok "a guest named by its UUID is told by its name" golden attach-dry-run.json
run_on_host attach db1 0000:01:10.0
ok "attach of what is attached ends with 0" status_is 0
ok "attach of what is attached says so" golden attach-already.txt
run_on_host attach db1 0000:01:10.0 --json
ok "and with --json too" json '.results[0].outcome' already
run_on_host detach db1 $vf
ok "detach of what is not attached ends with 0" status_is 0
ok "detach of what is not attached says so" golden detach-already.txt
run_on_host attach db1 $vf --dry-run --distinct-pf
ok "attach --distinct-pf refuses a VF of a PF that the guest has one of" status_is 4
ok "and says which" has stderr "$vf is of the same PF (0000:01:00.0) as 0000:01:10.0, which running db1"
run_on_host attach db1 $vf --dry-run --distinct-card --json
ok "attach --distinct-card refuses it, too" json .error.code conflict
run_on_host attach db1 0000:02:00.0 --dry-run --distinct-pf
ok "attach --distinct-pf takes another PF" status_is 0

run_on_host attach db1 $vf --config --dry-run --json
ok "attach --config --json has what is kept for each start" json '.results[0].wish.identity.vf_index' 2
run_on_host attach db1 $vf --live --dry-run --json
ok "attach --live keeps nothing" json '.results[0].wish' null
ok "and has no step for it" json '[.steps[] | select(.kind == "keep-wish")] | length' 0
run_on_host detach web1 $held --dry-run
ok "detach --dry-run says that the wish goes" has stdout "drop what is kept of $held for each start of web1"

run_on_host attach db1 $held 0000:aa:00.0 $vf --dry-run --keep-going
ok "attach --keep-going ends with 6 if some are refused" status_is 6
ok "it says which and why" has stderr "$held failed: attach $held to db1: $held is"
ok "and of one that is not there" has stderr "0000:aa:00.0 failed: no PCI device 0000:aa:00.0 on the host"
ok "it prints the steps of the others" has stderr "1. attach $vf to running db1"
ok "and stands for all with the first" has stderr "virt-assign: 2 of 3 devices: attach $held"
run_on_host attach db1 $held $vf --dry-run --keep-going --json
ok "attach --keep-going --json has the results" json '[.results[].outcome] | join(" ")' "failed planned"
ok "with the error of each" json '.results[0].error.code' in-use
ok "and that of all" json '.error.code' partial
run_on_host attach db1 $held --dry-run --keep-going
ok "attach --keep-going ends with the error's own status if all are refused" status_is 4
run_on_host attach db1 $held $vf --dry-run
ok "attach without it refuses all" status_is 4
ok "and prints no steps" is_empty stdout
finish
