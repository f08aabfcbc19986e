# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced by the tests of the program as its users run it: TAP on standard output, and ways to run
# the program against libvirt's test driver and to look at what came out.
set -u
: "${top_builddir:?}"
program=$top_builddir/virt-assign
data=$top_srcdir/tests/data/cli
host=test://$data/host.xml
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
number=0

# ok DESCRIPTION COMMAND...: the command must succeed.
ok()
{
    local description=$1
    shift
    number=$((number + 1))
    if "$@" >"$scratch/diagnosis" 2>&1; then
        echo "ok $number - $description"
        return
    fi
    echo "not ok $number - $description"
    printf '# failed: %s\n' "$*"
    sed 's/^/#   /' "$scratch/diagnosis"
    if [[ -n ${status:-} ]]; then
        echo "# the last run ended with $status"
        sed 's/^/# stdout: /' "$scratch/stdout"
        sed 's/^/# stderr: /' "$scratch/stderr"
    fi
}

finish()
{
    echo "1..$number"
}

# run ARGUMENTS...: leaves $status, $scratch/stdout and $scratch/stderr.
run()
{
    "$program" "$@" >"$scratch/stdout" 2>"$scratch/stderr" </dev/null
    status=$?
}

run_on_host()
{
    run -c "$host" "$@"
}

status_is()
{
    [[ $status == "$1" ]]
}

# The text is all that the stream (stdout, stderr) has, but for the last line break.
text_is()
{
    diff <(printf '%s\n' "$2") "$scratch/$1"
}

is_empty()
{
    [[ ! -s $scratch/$1 ]]
}

has()
{
    grep -q -F -e "$2" "$scratch/$1"
}

# json FILTER VALUE: what jq makes of standard output.
json()
{
    local got
    got=$(jq -r "$1" "$scratch/stdout") || return 1
    [[ $got == "$2" ]] || { echo "$1 is: $got"; return 1; }
}

# golden NAME: standard output is what tests/data/cli/NAME holds.
golden()
{
    if [[ ${VAS_TEST_REGENERATE:-} == 1 ]]; then
        cp "$scratch/stdout" "$data/$1"
        return
    fi
    diff -u "$data/$1" "$scratch/stdout" && return
    echo "if the new text is right: VAS_TEST_REGENERATE=1 make check, and review the diff"
    return 1
}
