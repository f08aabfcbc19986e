#!/bin/bash
# How a test run goes on when a lab host is lost. The lab hosts here are a list of what each boot is to do.
. "${top_srcdir:?}/tests/lint/tap.sh"
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
top=$top_srcdir logs=$scratch/log tally=$scratch/tally
. "$top/tests/run/tally.bash"
. "$top/tests/run/scenarios.bash"
. "$top/tests/run/lab.bash"

say() {
    :
}

# The next boot comes to its end, or is lost in the middle of a scenario, after its first check.
boot() { # HOST NAME SCRIPT [SCENARIO...]
    local name=$2 script=$3 fate=${fates[0]:-ends} scenario n=0
    fates=("${fates[@]:1}")
    shift 3
    echo "$script $*" >>"$scratch/boots"
    [ "$script" = all ] || set -- "$script"
    {
        [ "$fate" != start ] || return 125
        for scenario in "$@"; do
            echo "# $scenario ..."
            echo "ok $((n += 1)) - $scenario: one"
            [ "$scenario" != "$fate" ] || return 125
            echo "ok $((n += 1)) - $scenario: two"
        done
        echo "1..$n"
    } >"$logs/$name.tap"
}

anew() { # FATE...
    rm -rf "$logs" "$scratch/boots"
    mkdir "$logs"
    : >"$tally"
    fates=("$@")
}

boots() { # LINE...
    diff <(printf '%s\n' "$@") "$scratch/boots"
}

lost() { # LINE...
    diff <(printf '%s\n' "$@") <(tally_texts lost)
}

# All the TAP that is left: each check once, and every stream with a plan that is kept.
passed() { # NUMBER
    local tap
    for tap in "$logs"/*.tap; do
        tally_tap "$tap"
    done
    [ "$(tally_sum passed) $(tally_sum failed)" = "$1 0" ] || cat "$tally" "$logs"/*.tap
}

ended_with() { # STATUS
    [ "$(cat "$logs/lab-debian13.status")" = "$1" ] || cat "$logs/lab-debian13.status"
}

anew
shared_scenarios debian13 first second third
check 'none is lost: one boot' boots 'all first second third'
check 'none is lost: each check is there once' passed 6
check 'none is lost: the status' ended_with 0

anew second
shared_scenarios debian13 first second third
check 'lost: a fresh host goes on with the scenario' boots 'all first second third' 'all second third'
check 'lost: it is told' lost 'debian13, in the middle of second'
check 'lost: each check is there once' passed 6
check 'lost: the status' ended_with 0

anew start
shared_scenarios debian13 first second
check 'lost at its start: all of it anew' boots 'all first second' 'all first second'
check 'lost at its start: it is told' lost 'debian13, in the middle of its start'
check 'lost at its start: the status' ended_with 0

anew second second third third third
shared_scenarios debian13 first second third
check 'three are lost in one scenario: no fourth' boots 'all first second third' 'all second third' 'all second third' \
    'all third' 'all third'
check 'three are lost in one scenario: all are told' lost 'debian13, in the middle of second' \
    'debian13, in the middle of second' 'debian13, in the middle of third' 'debian13, in the middle of third' \
    'debian13, in the middle of third'
check 'three are lost in one scenario: the status' ended_with 125

anew boot-vfs
boot_scenario debian13 boot-vfs
check 'lost in a scenario with boots of its own: a second one' boots 'boot-vfs ' 'boot-vfs '
check 'lost in a scenario with boots of its own: it is told' lost 'debian13, in the middle of boot-vfs'
check 'lost in a scenario with boots of its own: each check is there once' passed 2
finish
