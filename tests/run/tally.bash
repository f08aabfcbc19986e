# shellcheck shell=bash
# The tally of a test run: what passed, what failed, what took how long, which lab hosts were lost.
# It is a file of lines "KIND<tab>VALUE<tab>TEXT", since parts of a run that go side by side add to it.
: "${tally:?is the file}"

tally() { # KIND VALUE [TEXT]
    printf '%s\t%s\t%s\n' "$1" "$2" "${3-}" >>"$tally"
}

# One failed check, or several that are known by this name only.
tally_failed() { # NAME [N]
    tally failed "${2-1}" "$1"
}

# A TAP stream's results. One that ends before its plan counts as failed.
tally_tap() { # FILE
    local name p f s planned failed
    name=$(basename "$1" .tap)
    p=$(grep -cE '^ok\b' "$1")
    f=$(grep -cE '^not ok\b' "$1")
    s=$(grep -cE '^ok\b.*# SKIP' "$1")
    planned=$(sed -n 's/^1\.\.\([0-9]*\).*/\1/p' "$1" | tail -n 1)
    tally passed "$((p - s))"
    tally skipped "$s"
    while IFS= read -r failed; do
        tally_failed "$name: $failed"
    done < <(sed -nE 's/^not ok [0-9]+ (- )?//p' "$1")
    [ "${planned:-none}" = "$((p + f))" ] || tally_failed "$1: planned ${planned:-nothing}, ran $((p + f))"
}

# The results of a make check, from what make said.
tally_suite() { # NAME LOG
    local kind n failed named=0
    while read -r kind n; do
        case $kind in
        PASS) tally passed "$n" ;;
        SKIP) tally skipped "$n" ;;
        esac
    done < <(sed -nE 's/^# (PASS|SKIP): *([0-9]+)$/\1 \2/p' "$2")
    while IFS= read -r failed; do
        tally_failed "$1: $failed"
        named=$((named + 1))
    done < <(sed -nE 's/^(FAIL|ERROR|XPASS): (.*)$/\2/p' "$2")
    n=$(sed -nE 's/^# (FAIL|ERROR|XPASS): *([0-9]+)$/\2/p' "$2" | awk '{ n += $1 } END { print n + 0 }')
    [ "$n" -le "$named" ] || tally_failed "$1: failed without a name" "$((n - named))"
}

# Tallies the seconds of each test, which tests/unit/tap-test left as "MILLISECONDS TEST" lines.
tally_test_times() { # NAME FILE
    local milliseconds test
    [ ! -e "$2" ] || while read -r milliseconds test; do
        tally took "$(printf '%d.%03d' "$((milliseconds / 1000))" "$((milliseconds % 1000))")" "$1: tests/${test##*tests/}"
    done <"$2"
}

# Tallies what all.sh says of each scenario's seconds, and of those that need most of their budget.
tally_scenarios() { # HOST TAP
    local name seconds
    while read -r name seconds; do
        tally took "$seconds" "scenario $name on $1"
    done < <(sed -nE 's/^# ([a-z0-9-]+): [0-9]+ checks, [0-9]+ failed, in ([0-9]+) s$/\1 \2/p' "$2")
    while IFS= read -r name; do
        tally budget 1 "$1: $name"
    done < <(sed -n 's/^# BUDGET: //p' "$2")
}

tally_sum() { # KIND
    awk -F '\t' -v kind="$1" '$1 == kind { n += $2 } END { print n + 0 }' "$tally"
}

tally_texts() { # KIND
    awk -F '\t' -v kind="$1" '$1 == kind { print $3 }' "$tally"
}

# The seconds of each scenario, as tests/README has them: a column a host, one for what was meant,
# and their sums.
tally_scenario_seconds() { # HOST...
    awk -F '\t' -v hosts="$* budget" '
        function row(name,   i, line) {
            line = sprintf("    %-20s", name)
            for (i = 1; i <= count; i++)
                line = line sprintf("%10s", (name, host[i]) in seconds ? int(seconds[name, host[i]]) : "-")
            print line
        }
        BEGIN {
            count = split(hosts, host, " ")
            line = sprintf("    %-20s", "scenario")
            for (i = 1; i <= count; i++)
                line = line sprintf("%10s", host[i])
            print line
        }
        $1 ~ /^(took|meant)$/ && split($3, word, " ") == 4 && word[1] == "scenario" {
            seconds[word[2], word[4]] += $2
            seconds["sum", word[4]] += $2
            if (!seen[word[2]]++)
                names[++n] = word[2]
        }
        END {
            for (j = 1; j <= n; j++)
                row(names[j])
            row("sum")
        }' "$tally"
}

# Its last lines. The status is 0 if nothing failed.
tally_end() {
    local failed
    failed=$(tally_sum failed)
    echo
    echo 'the ten slowest:'
    awk -F '\t' '$1 == "took" { printf "%8.1f s  %s\n", $2, $3 }' "$tally" | sort -k 1,1 -rn | head -n 10
    tally_texts budget | sed 's/^/near its budget: /'
    echo "scenarios near their budgets: $(tally_sum budget)"
    tally_texts lost | sed 's/^/LOST: /'
    echo "lost lab hosts: $(tally_sum lost)"
    tally_texts failed | sed 's/^/failed: /'
    echo "$(tally_sum passed) passed, $failed failed, $(tally_sum skipped) skipped"
    [ "$failed" = 0 ]
}
