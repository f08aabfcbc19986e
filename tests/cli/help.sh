#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# --help and the man page say the same, and --version answers without libvirt.
. "${top_srcdir:?}/tests/cli/program.bash"
manual=$top_srcdir/src/man/virt-assign.1

# The options that a help text explains, each on a line of its own.
options_of_help()
{
    sed -n 's/^  \(-[a-z], \|    \)\(--[a-z-]*\).*/\2/p' "$scratch/stdout" | sort
}

# The options that a section of the man page explains: manual_options KIND NAME.
options_of_manual()
{
    awk -v kind="$1" -v name="$2" '
        $1 == ".SH" || $1 == ".SS" { inside = $1 == "." kind && substr($0, 5) == name }
        inside { print }' "$manual" |
        sed 's/\\f.//g; s/\\-/-/g' | sed -n 's/^\(-[a-z], \)\?\(--[a-z-]*\)\( .*\)\?$/\2/p'
}

# in_order SECTION: its options can be found by their initials.
in_order()
{
    options_of_manual "${1%% *}" "${1#* }" | LC_ALL=C sort -c
}

# Every member that a golden file has, and what has none, is in the man page.
has_json_members()
{
    local section member
    section=$(sed -n '/^\.SS JSON/,/^\.SH/p' "$manual")
    {
        cat "$data"/*.json
        "$program" --json --help
        "$program" --json --version
    } | sed -n 's/^ *"\([a-z_]*\)" : .*/\1/p' | sort -u | while read -r member; do
        grep -q -w -e "$member" <<<"$section" || echo "$member is not in the man page"
    done >"$scratch/missing"
    diff /dev/null "$scratch/missing"
}

is_at_most_80_wide()
{
    ! grep -E '^.{81}' "$scratch/stdout"
}

# same_options SECTION...: what the help explains is what these sections explain.
same_options()
{
    diff <(options_of_help) <(for section; do
        options_of_manual "${section%% *}" "${section#* }"
    done | sort)
}

run --help
ok "--help ends with 0" status_is 0
ok "--help says nothing on standard error" is_empty stderr
ok "--help fits 80 columns" is_at_most_80_wide
ok "--help tells of signals" has stdout "128 and the number of the signal"
ok "the man page has the global options" same_options "SH GLOBAL OPTIONS"
mapfile -t verbs < <(sed -n '/^verbs:/,/^$/s/^  \([a-z-]*\) .*/\1/p' "$scratch/stdout")
ok "there are verbs" test "${#verbs[@]}" -gt 0
mapfile -t manual_verbs < <(sed -n '/^\.SH VERBS/,/^\.SH [^V]/s/^\.SS //p' "$manual")
ok "the man page has the same verbs" test "${verbs[*]}" = "${manual_verbs[*]}"

for verb in "${verbs[@]}"; do
    run "$verb" --help
    ok "$verb --help ends with 0" status_is 0
    ok "$verb --help says nothing on standard error" is_empty stderr
    ok "$verb --help fits 80 columns" is_at_most_80_wide
    sections=("SH GLOBAL OPTIONS" "SS $verb")
    if grep -q '^assignment options:' "$scratch/stdout"; then
        sections+=("SH ASSIGNMENT OPTIONS")
    fi
    ok "the man page has the options of $verb" same_options "${sections[@]}"
    ok "the man page has the options of $verb in order" in_order "SS $verb"
done
ok "the man page has the assignment options in order" in_order "SH ASSIGNMENT OPTIONS"
ok "the man page has all members of the JSON" has_json_members

run -h
ok "-h is --help" has stdout "usage: virt-assign"
run --help attach
ok "--help before the verb is the help of the verb" has stdout "usage: virt-assign attach"
run --json list --help
ok "--help with --json is an object" json '.help | startswith("usage: virt-assign list")' true
run --version
ok "--version ends with 0" status_is 0
ok "--version says both versions" grep -q -E '^virt-assign [0-9.]+ \(libvirt [0-9.]+\)$' \
    "$scratch/stdout"
run --version --json
ok "--version with --json is an object" json '.version, .libvirt | test("^[0-9.]+$")' $'true\ntrue'
run -c nonsense://here list --help
ok "help needs no libvirt" status_is 0
finish
