# shellcheck shell=bash
# The scenarios of a test run, on two lab hosts side by side.
: "${top:?is the source tree}" "${logs:?is the folder of the logs}" "${lab_hosts:?are in scenarios.bash}"

# One boot of a lab host: its TAP kept; what it is at and what fails shown as it comes. Options of lab run
# stand in the script's head.
boot() { # HOST NAME SCRIPT [ARGUMENTS...]
    local options
    read -ra options < <(sed -n 's/^# lab run: //p' "$top/tests/lab/scenarios/$3.sh")
    "$top/tests/lab/lab" run --host "$1" "${options[@]}" --time-limit 5000 --out "$logs/$2" \
        "$top/tests/lab/scenarios/$3.sh" "${@:4}" 2> >(sed -u "s/^/$1: /" >&2) |
        tee "$logs/$2.tap" | grep --line-buffered -E '^not ok|^#' | sed -u "s/^/$1: /"
    return "${PIPESTATUS[0]}"
}

# Only what failed stays in the TAP of a lab host that was lost in the middle of a scenario: the
# scenario begins anew.
forget_passed() { # TAP FROM(an address of sed)
    sed -i "$2,\$ { /^ok /d }" "$1"
    echo "1..$(grep -cE '^(not )?ok\b' "$1")" >>"$1"
}

# An emulated host can be lost: the emulation of its processor is not without faults, and more so on a
# busy machine. It is said, the scenario it was at begins anew on a fresh host, and one in which
# three hosts are lost has failed.
shared_scenarios() { # HOST SCENARIO...
    local host=$1 name=lab-$1 status=0 last=none lost times=0
    shift
    boot "$host" "$name" all "$@" || status=$?
    while [ "$status" = 125 ]; do
        lost=$(sed -n 's/^# \([a-z-]*\) \.\.\.$/\1/p' "$logs/$name.tap" | tail -n 1)
        tally lost 1 "$host, in the middle of ${lost:-its start}"
        [ "$lost" = "$last" ] || times=0
        times=$((times + 1))
        [ "$times" -lt 3 ] || break
        say "$host: the lab host was LOST in the middle of ${lost:-its start}; a fresh one goes on from there"
        forget_passed "$logs/$name.tap" "/^# $lost \.\.\.\$/"
        while [ -n "$lost" ] && [ "$1" != "$lost" ]; do
            shift
        done
        name=lab-$host-from-${lost:-start}-$times last=$lost status=0
        boot "$host" "$name" all "$@" || status=$?
    done
    echo "$status" >"$logs/lab-$host.status"
}

# One that needs boots of its own - a reboot, two hosts, other options of lab run -, on a host of its own;
# lost, it gets a second one.
boot_scenario() { # HOST SCENARIO
    local name=lab-$1-$2 status=0 started=$SECONDS
    boot "$1" "$name" "$2" || status=$?
    if [ "$status" = 125 ]; then
        tally lost 1 "$1, in the middle of $2"
        say "$1: the lab host was LOST in the middle of $2, which begins anew"
        cp "$logs/$name.tap" "$logs/$name-lost.tap"
        forget_passed "$logs/$name-lost.tap" 1
        started=$SECONDS
        boot "$1" "$name" "$2" || [ $? != 125 ] || tally lost 1 "$1, in the middle of $2, once more"
    fi
    tally took "$((SECONDS - started))" "scenario $2 on $1"
}

scenarios() { # HOST COMMITS
    local all shared scenario
    mapfile -t all < <(scenarios_of "$top/tests/lab/scenarios" "$1" "$2")
    mapfile -t shared < <(printf '%s\n' "${all[@]}" | grep -v '^boot-')
    shared_scenarios "$1" "${shared[@]}"
    for scenario in "${all[@]}"; do
        [[ $scenario != boot-* ]] || boot_scenario "$1" "$scenario"
    done
}

# The two hosts' programs are compiled side by side, and both before a lab host runs.
programs() {
    local host jobs=() status=0
    for host in "${lab_hosts[@]}"; do
        "$top/tests/lab/build-program" "$host" >/dev/null &
        jobs+=($!)
    done
    for job in "${jobs[@]}"; do
        wait "$job" || status=1
    done
    return "$status"
}

lab() { # COMMITS, empty: nothing alternates
    local host tap scenario status started=$SECONDS
    say 'lab: programs and images ...'
    programs && "$top/tests/lab/lab" build || { tally_failed "the lab's images" && return; }
    tally took "$((SECONDS - started))" "the lab's programs and images"
    say 'lab: scenarios on two lab hosts side by side ...'
    for host in "${lab_hosts[@]}"; do
        rm -rf "$logs/lab-$host" "$logs/lab-$host-"{from,boot}* "$logs/lab-$host".{tap,status}
        scenarios "$host" "$1" &
    done
    wait
    for host in "${lab_hosts[@]}"; do
        for tap in "$logs/lab-$host"*.tap; do
            tally_tap "$tap"
            tally_scenarios "$host" "$tap"
        done
        status=$(cat "$logs/lab-$host.status")
        [ "$status" = 0 ] || say "$host: ended with status $status (its TAP in $logs/lab-$host*.tap)"
        [ "$status" = 0 ] || grep -qs '^not ok' "$logs/lab-$host"*.tap ||
            tally_failed "$host: ended with status $status"
    done
    while IFS= read -r scenario; do
        tally meant "$(budget_of "$top/tests/lab/scenarios/$scenario.sh")" "scenario $scenario on budget"
    done < <(scenarios_of "$top/tests/lab/scenarios" "${lab_hosts[0]}" '')
    say "lab: done ($((SECONDS - started)) s); the seconds of each scenario:"
    tally_scenario_seconds "${lab_hosts[@]}"
}
