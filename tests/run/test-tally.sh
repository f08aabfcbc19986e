#!/bin/bash
# The tally of a test run: what it counts, and the lines that a run ends with.
. "${top_srcdir:?}/tests/lint/tap.sh"
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
tally=$scratch/tally
. "$top_srcdir/tests/run/tally.bash"

anew() {
    : >"$tally"
}

# ends_with STATUS LINE...: the last lines of the run, and its exit status.
ends_with() {
    local status=$1 ended=0
    shift
    tally_end >"$scratch/end" || ended=$?
    [ "$ended" = "$status" ] || echo "the exit status is $ended"
    tail -n $# "$scratch/end" | diff <(printf '%s\n' "$@") -
    return 0
}

has_line() { # LINE
    grep -qxF -e "$1" "$scratch/end" || cat "$scratch/end"
}

anew
check 'nothing happened' ends_with 0 'lost lab hosts: 0' '0 passed, 0 failed, 0 skipped'

printf '%s\n' 'ok 1 - a' 'not ok 2 - b is c' '# not ok, said somebody' 'ok 3 # SKIP no d' '1..3' >"$scratch/lab-one.tap"
tally_tap "$scratch/lab-one.tap"
check 'a TAP stream' ends_with 1 'failed: lab-one: b is c' '1 passed, 1 failed, 1 skipped'

anew
printf '%s\n' 'ok 1 - a' '1..2' >"$scratch/short.tap"
printf '%s\n' 'ok 1 - a' >"$scratch/none.tap"
tally_tap "$scratch/short.tap"
tally_tap "$scratch/none.tap"
check 'a TAP stream that ends before its plan, and one without' ends_with 1 \
    "failed: $scratch/short.tap: planned 2, ran 1" "failed: $scratch/none.tap: planned nothing, ran 1" \
    '2 passed, 2 failed, 0 skipped'

anew
printf '%s\n' 'PASS: a.sh 1 - x' 'FAIL: a.sh 2 - y' 'ERROR: b.sh - exited with status 1' '# TOTAL: 9' '# PASS:  5' \
    '# SKIP:  1' '# XFAIL: 0' '# FAIL:  2' '# XPASS: 0' '# ERROR: 1' >"$scratch/log"
tally_suite gcc "$scratch/log"
check 'a make check, with one failure that it does not name' ends_with 1 'failed: gcc: a.sh 2 - y' \
    'failed: gcc: b.sh - exited with status 1' 'failed: gcc: failed without a name' '5 passed, 3 failed, 1 skipped'

anew
tally lost 1 'debian12, in the middle of race'
check 'a lab host that was lost is no failure' ends_with 0 'LOST: debian12, in the middle of race' \
    'lost lab hosts: 1' '0 passed, 0 failed, 0 skipped'

anew
printf '%s\n' '# race: 28 checks, 0 failed, in 310 s' '# BUDGET: race took 310 s, more than 80 % of its 330 s' \
    '# vfs: 53 checks, 0 failed, in 90 s' >"$scratch/lab-debian13.tap"
printf '%s\n' '# vfs: 53 checks, 0 failed, in 101 s' >"$scratch/lab-debian12.tap"
tally_scenarios debian13 "$scratch/lab-debian13.tap"
tally_scenarios debian12 "$scratch/lab-debian12.tap"
printf '%s\n' '12345 tests/unit/test-swept-attach' '7 ../../tests/cli/help.sh' >"$scratch/times"
tally_test_times gcc "$scratch/times"
for n in 1 2 3 4 5 6; do
    tally took "$n" "build $n"
done
tally meant 330 'scenario race on budget'
tally meant 200 'scenario vfs on budget'
check 'a scenario near its budget is told, and is no failure' ends_with 0 \
    'near its budget: debian13: race took 310 s, more than 80 % of its 330 s' 'scenarios near their budgets: 1' \
    'lost lab hosts: 0' '0 passed, 0 failed, 0 skipped'
check 'the slowest: a scenario, by its host' has_line '   310.0 s  scenario race on debian13'
check 'the slowest: a test' has_line '    12.3 s  gcc: tests/unit/test-swept-attach'

ten_of_eleven() {
    [ "$(grep -c ' s  ' "$scratch/end")" = 10 ] || cat "$scratch/end"
    ! grep -F 'help.sh' "$scratch/end"
}
check 'the slowest: ten of eleven' ten_of_eleven

seconds() {
    diff - <(tally_scenario_seconds debian13 debian12) <<'T'
    scenario              debian13  debian12    budget
    race                       310         -       330
    vfs                         90       101       200
    sum                        400       101       530
T
}
check 'the seconds of each scenario' seconds
finish
