#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Where the output goes, and what becomes of it on a terminal, a full disk and a closed stream.
. "${top_srcdir:?}/tests/cli/program.bash"

# on_terminal ENVIRONMENT ARGUMENTS: the program on a terminal of 60 columns, in $scratch/stdout.
on_terminal()
{
    script -qec "stty cols 60; env $1 '$program' -c '$host' $2" /dev/null \
        >"$scratch/stdout" 2>"$scratch/stderr" </dev/null
    status=$?
}

is_at_most_60_wide()
{
    ! sed 's/\x1b\[[0-9;]*m//g; s/\r$//' "$scratch/stdout" | grep -E '^.{61}'
}

has_colour()
{
    grep -q $'\033\[1m' "$scratch/stdout"
}

has_no_colour()
{
    ! grep -q $'\033' "$scratch/stdout"
}

run_on_host list
ok "no colours in a file" has_no_colour
ok "nothing is cut in a file" test "$(grep -c '…' "$scratch/stdout")" = 0

on_terminal TERM=xterm "list"
ok "a terminal gets colours" has_colour
on_terminal "TERM=xterm NO_COLOR=1" "list"
ok "not with NO_COLOR" has_no_colour
on_terminal "TERM=xterm NO_COLOR=" "list"
ok "an empty NO_COLOR counts for nothing" has_colour
on_terminal TERM=dumb "list"
ok "not on a dumb terminal" has_no_colour

on_terminal "TERM=dumb COLUMNS=1000" "list --class net"
ok "COLUMNS goes before the width of the terminal" test \
    "$(tr -d '\r' <"$scratch/stdout")" = "$("$program" -c "$host" list --class net)"
on_terminal TERM=dumb "list --tree --class net"
ok "a table fits the terminal" is_at_most_60_wide
ok "what was cut has an ellipsis" has stdout "…"

LC_ALL=C run_on_host list
ok "without UTF-8 the tree is plain ASCII" test \
    "$(LC_ALL=C grep -c '[^ -~]' "$scratch/stdout")" = 0
ok "and still a tree" has stdout '`- '

"$program" -c "$host" list 2>"$scratch/stderr" >/dev/full
status=$?
ok "a full disk is a failure" status_is 1
ok "which is said" text_is stderr "virt-assign: standard output: No space left on device"
"$program" -c "$host" recover 2>"$scratch/stderr" >/dev/full
status=$?
ok "what is done and cannot be printed has a status of its own" status_is 8
ok "and is said to be done" text_is stderr \
    "virt-assign: done, but could not be printed: standard output: No space left on device"
"$program" -c "$host" recover --json 2>"$scratch/stderr" >/dev/full
status=$?
ok "in JSON, too" status_is 8
"$program" -c "$host" attach db1 0000:01:10.4 --dry-run 2>"$scratch/stderr" >/dev/full
status=$?
ok "with --dry-run nothing is done" status_is 1
"$program" -c "$host" ports db1 2>"$scratch/stderr" >/dev/full
status=$?
ok "nor without --add" status_is 1
"$program" -c "$host" list 2>"$scratch/stderr" >&-
status=$?
ok "a closed standard output is a failure" status_is 1
ok "which is said, too" has stderr "virt-assign: standard output: "
"$program" -c "$host" list --json 2>"$scratch/stderr" | :
status=${PIPESTATUS[0]}
ok "nobody reading is none" status_is 0
ok "and nothing to say" is_empty stderr

run_on_host list --id ffff
ok "an empty list is not a failure" status_is 0
ok "an empty list prints nothing" is_empty stdout
ok "but a note" text_is stderr "note: no such device"
run_on_host list --id ffff -q
ok "--quiet has no note" is_empty stderr
run_on_host list --id ffff --json
ok "an empty list is an empty array" json '.devices | length' 0

remote=qemu+tcp://127.0.0.1:1/system
run -c "$remote" list
ok "a remote libvirt that cannot be reached ends with 1" status_is 1
ok "and it is said what to see to" has stderr "see that libvirt runs there"
LIBVIRT_DEFAULT_URI=$remote run list
ok "also of the default URI" has stderr "virsh -c $remote uri"
ok "no connection was lost" test -z "$(grep 'was lost' "$scratch/stderr")"
finish
