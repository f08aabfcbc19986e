#!/bin/bash
# Installs what is missing, builds, runs every test. See --help.
set -uo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)

usage() {
    cat <<'U'
usage: tests/run.sh [--quick]

Installs what is missing (root; Debian 12 or 13), builds below build/ and runs all tests: unit, cli
and lint with gcc, the same under the address, undefined and leak sanitizers, a build with clang and
some thousand executions of each fuzz target, make distcheck, and the lab scenarios on a Debian 13
and a Debian 12 lab host side by side.
--quick leaves the lab out. Can be run again without harm; a built lab image is kept.

Ends with what failed, by name, and "N passed, N failed, N skipped"; exit status 0 only if nothing
failed.
The logs are in build/log/.
U
}

quick=
case ${1-} in
'') ;;
--quick) quick=1 ;;
-h | --help) usage && exit 0 ;;
*) echo "run.sh: unknown argument '$1'; tests/run.sh --help tells more" >&2 && exit 2 ;;
esac

say() {
    echo "run.sh: $*"
}

die() {
    echo "run.sh: $*" >&2
    exit 1
}

passed=0 failed=0 skipped=0 what_failed=()
logs=$top/build/log
mkdir -p "$logs" || die "cannot write to $top/build"
[ ! -e "$top/config.status" ] ||
    die "$top has been configured in place, which keeps it from being built elsewhere: run 'make distclean' in it first"

# count_failed N WHAT...: N more, which the last lines tell of by name.
count_failed() {
    failed=$((failed + $1))
    what_failed+=("${@:2}")
}

# not_ok NAME FILE: sets names to the failed checks in a TAP stream, or in automake's log of several.
not_ok() {
    mapfile -t names < <(sed -nE "s/^(not ok [0-9]+ (- )?|ERROR: (.* - ))/$1: \\3/p" "$2")
}

# count_tap FILE: adds a TAP stream's results. A stream that ends before its plan counts as failed.
count_tap() {
    local p f s planned names
    p=$(grep -cE '^ok\b' "$1")
    f=$(grep -cE '^not ok\b' "$1")
    s=$(grep -cE '^ok\b.*# SKIP' "$1")
    planned=$(sed -n 's/^1\.\.\([0-9]*\).*/\1/p' "$1" | tail -n 1)
    not_ok "$(basename "$1" .tap)" "$1"
    if [ "${planned:-none}" != "$((p + f))" ]; then
        names+=("$1: planned ${planned:-nothing}, ran $((p + f))")
        say "${names[-1]}"
        f=$((f + 1))
    fi
    passed=$((passed + p - s)) skipped=$((skipped + s))
    count_failed "$f" "${names[@]}"
}

# count_suite FOLDER: adds the results of a make check, from the logs of its tests.
count_suite() {
    local total names
    total=$(sed -n 's/^# \(PASS\|SKIP\|FAIL\|ERROR\|XPASS\): *\([0-9]*\)$/\1 \2/p' "$1/test-suite.log" 2>/dev/null |
        awk '{ n[$1] += $2 } END { print n["PASS"] + 0, n["SKIP"] + 0, n["FAIL"] + n["ERROR"] + n["XPASS"] }')
    read -r p s f <<<"${total:-0 0 0}"
    passed=$((passed + p)) skipped=$((skipped + s))
    not_ok "$(basename "$1")" "$1/test-suite.log"
    count_failed "$f" "${names[@]}"
}

# step NAME COMMAND...: one thing that passes or fails as a whole, with its log.
step() {
    local name=$1 log started=$SECONDS
    log=$logs/$(tr -c 'a-z0-9\n' - <<<"$name").log
    shift
    say "$name ..."
    if "$@" >"$log" 2>&1; then
        passed=$((passed + 1))
        say "$name: ok ($((SECONDS - started)) s)"
        return 0
    fi
    count_failed 1 "$name"
    tail -n 40 "$log"
    say "$name: FAILED ($((SECONDS - started)) s; all of it in $log)"
    return 1
}

# build NAME CONFIGURE-ARGS...: configures (again only when configure is newer) and compiles.
build() (
    folder=$top/build/$1
    shift
    mkdir -p "$folder" && cd "$folder" || exit 1
    if [ ! -e config.status ] || [ "$top/configure" -nt config.status ]; then
        "$top/configure" --enable-werror "$@" || exit 1
    fi
    make -j"$(nproc)" all && make -j"$(nproc)" check TESTS=
)

# check NAME: make check in a build, its tests counted one by one.
check() {
    local folder=$top/build/$1 started=$SECONDS
    say "make check in build/$1 ..."
    rm -f "$folder/test-suite.log"
    make -C "$folder" -j"$(nproc)" check >"$logs/check-$1.log" 2>&1 ||
        { sed -n '/^FAIL:\|^ERROR:\|^not ok/p' "$logs/check-$1.log" "$folder/test-suite.log" 2>/dev/null | sort -u | head -n 40; }
    grep -q '^# TOTAL:' "$folder/test-suite.log" 2>/dev/null || {
        count_failed 1 "make check in build/$1"
        tail -n 40 "$logs/check-$1.log"
        say "make check in build/$1 did not get to its tests (all of it in $logs/check-$1.log)"
        return
    }
    count_suite "$folder"
    say "make check in build/$1: done ($((SECONDS - started)) s)"
}

# One boot of a lab host: its TAP kept; what it is at and what fails shown as it comes.
boot() { # HOST NAME SCRIPT [ARGUMENTS...]
    "$top/tests/lab/lab" run --host "$1" "${options[@]}" --time-limit 5000 --out "$logs/$2" \
        "$top/tests/lab/scenarios/$3.sh" "${@:4}" 2> >(sed -u "s/^/$1: /" >&2) |
        tee "$logs/$2.tap" | grep --line-buffered -E '^not ok|^#' | sed -u "s/^/$1: /"
    return "${PIPESTATUS[0]}"
}

# The scenarios of one lab host. An emulated host can be lost: the emulation of its processor is not
# without faults, and more so on a busy machine. It is said, the scenario it was at begins anew on a
# fresh host, and one in which three hosts are lost has failed.
scenarios() { # HOST
    local name=lab-$1 status=0 last=none lost times=0
    boot "$1" "$name" all || status=$?
    while [ "$status" = 125 ]; do
        lost=$(sed -n 's/^# \([a-z-]*\) \.\.\.$/\1/p' "$logs/$name.tap" | tail -n 1)
        [ "$lost" = "$last" ] || times=0
        times=$((times + 1))
        [ "$times" -lt 3 ] || break
        say "$1: the lab host was lost in the middle of ${lost:-its start}; a fresh one goes on from there"
        sed -i "/^# $lost \.\.\.\$/,\$ { /^ok /d }" "$logs/$name.tap" # what failed stays
        echo "1..$(grep -cE '^(not )?ok\b' "$logs/$name.tap")" >>"$logs/$name.tap"
        name=lab-$1-from-${lost:-start}-$times last=$lost status=0
        boot "$1" "$name" all --from "$lost" || status=$?
    done
    echo "$status" >"$logs/lab-$1.status"
}

# Those that need boots of their own - a reboot, two hosts, other options of lab run, which stand in their
# heads -, each on a host of its own; lost, it gets a second one.
boot_scenarios() { # HOST
    local script scenario name options status
    for script in "$top"/tests/lab/scenarios/boot-*.sh; do
        scenario=$(basename "$script" .sh) status=0
        name=lab-$1-$scenario
        read -ra options < <(sed -n 's/^# lab run: //p' "$script")
        boot "$1" "$name" "$scenario" || status=$?
        if [ "$status" = 125 ]; then
            say "$1: the lab host was lost in the middle of $scenario, which begins anew"
            sed '/^ok /d' "$logs/$name.tap" >"$logs/$name-lost.tap" # what failed stays
            echo "1..$(grep -c '^not ok' "$logs/$name-lost.tap")" >>"$logs/$name-lost.tap"
            boot "$1" "$name" "$scenario" || :
        fi
    done
}

lab() {
    local host tap status started=$SECONDS
    say 'lab: images ...'
    "$top/tests/lab/lab" build || { count_failed 1 "the lab's images" && return; }
    say 'lab: scenarios on two lab hosts side by side ...'
    for host in debian13 debian12; do
        rm -rf "$logs/lab-$host" "$logs/lab-$host-"{from,boot}* "$logs/lab-$host".{tap,status}
        { scenarios "$host" && boot_scenarios "$host"; } &
    done
    wait
    for tap in "$logs"/lab-*.tap; do
        count_tap "$tap"
    done
    for host in debian13 debian12; do
        status=$(cat "$logs/lab-$host.status")
        [ "$status" = 0 ] || say "$host: ended with status $status (its TAP in $logs/lab-$host*.tap)"
        [ "$status" = 0 ] || grep -qs '^not ok' "$logs/lab-$host"*.tap ||
            count_failed 1 "$host: ended with status $status"
    done
    say "lab: done ($((SECONDS - started)) s)"
}

purposes=(build test)
[ -n "$quick" ] || purposes+=(lab)
"$top/tests/install-deps" "${purposes[@]}" || exit 1

if [ ! -e "$top/configure" ] || [ "$top/configure.ac" -nt "$top/configure" ]; then
    step 'autogen' "$top/autogen.sh" || exit 1
fi
if step 'build with gcc' build gcc CC=gcc; then
    check gcc
    step 'make distcheck' make -C "$top/build/gcc" distcheck
fi
if step 'build with clang' build clang CC=clang --enable-fuzzing; then
    step 'fuzz targets' "$top/tests/fuzz/run" --build "$top/build/clang" --runs 10000
fi
if step 'build with sanitizers' build sanitizers CC=gcc --enable-sanitizers 'CFLAGS=-g -O1'; then
    check sanitizers
fi
[ -n "$quick" ] || lab

echo
[ "${#what_failed[@]}" = 0 ] || printf 'failed: %s\n' "${what_failed[@]}"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
