#!/bin/bash
# Installs what is missing, builds, runs every test. See --help.
set -uo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)

usage() {
    cat <<'U'
usage: tests/run.sh [--quick | --full]

Installs what is missing (root; Debian 12 or 13), builds below build/ and runs all tests: make
distcheck with gcc, where unit, cli and lint run from the unpacked tarball, which is then built in one
more folder and has to make the same program and the same tarball; the same tests in a build with
clang under the address, undefined and leak sanitizers, and some thousand executions of each fuzz
target; then the lab scenarios on a Debian 13 and a Debian 12 lab host side by side.
--quick  leaves the lab out.
--full   runs every scenario on both hosts. Without it a scenario that does not depend on the
         distribution runs on one of the two only, on the other one after the next commit.
Can be run again without harm; a built lab image is kept, and so is what ccache has compiled.

Ends with the ten slowest of all, the scenarios that need more than 80 % of their budgets, the lab
hosts that were lost, what failed, by name, and "N passed, N failed, N skipped"; exit status 0 only
if nothing failed.
The logs are in build/log/.
U
}

quick='' alternate=1
for argument; do
    case $argument in
    --quick) quick=1 ;;
    --full) alternate='' ;;
    -h | --help) usage && exit 0 ;;
    *) echo "run.sh: unknown argument '$argument'; tests/run.sh --help tells more" >&2 && exit 2 ;;
    esac
done

say() {
    echo "run.sh: $*"
}

die() {
    echo "run.sh: $*" >&2
    exit 1
}

logs=$top/build/log
mkdir -p "$logs" || die "cannot write to $top/build"
[ ! -e "$top/config.status" ] ||
    die "$top has been configured in place, which keeps it from being built elsewhere: run 'make distclean' in it first"
tally=$logs/tally
: >"$tally"
. "$top/tests/run/tally.bash"
. "$top/tests/run/builds.bash"
. "$top/tests/run/scenarios.bash"
. "$top/tests/run/lab.bash"

commits=
if [ -n "$alternate" ]; then
    commits=$(commits_of "$top") ||
        say "the number of commits is not known here (no git checkout, or a shallow clone): nothing alternates"
fi

purposes=(build test)
[ -n "$quick" ] || purposes+=(lab)
"$top/tests/install-deps" "${purposes[@]}" || exit 1

if [ ! -e "$top/configure" ] || [ "$top/configure.ac" -nt "$top/configure" ]; then
    step 'autogen' "$top/autogen.sh" || exit 1
fi
builds
[ -n "$quick" ] || lab "$commits"
tally_end
