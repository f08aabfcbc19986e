# shellcheck shell=bash disable=SC2034 # its readers use what take sets
# How the benches measure and judge. Only ratios of times taken one after the other in one run count: the
# host's processor is emulated, and the machine under it may have other things to do. Each repetition takes
# all the times once; the result is the median of the repetitions' ratios.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=''

give_up() {
    echo "bench: $*" >&2
    exit 1
}

now() { # in microseconds
    echo "${EPOCHREALTIME/[.,]/}"
}

judge() { # TEXT GOAL-MET(1|0)
    if [ "$2" = 1 ]; then
        echo "reached: $1"
    else
        echo "missed:  $1"
        failed=1
    fi
}

# Sets took to the microseconds, and leaves what it printed in $work/out.
take() { # COMMAND...
    local started
    started=$(now)
    "$@" >"$work/out" 2>"$work/err" || give_up "$* failed: $(cat "$work/err")"
    took=$(($(now) - started))
}

median() { # of the numbers on stdin; and, in brackets, the least and the most
    sort -g | awk '{ value[NR] = $1 }
        END { m = NR % 2 ? value[(NR + 1) / 2] : (value[NR / 2] + value[NR / 2 + 1]) / 2
              printf "%.2f (%.2f to %.2f)\n", m, value[1], value[NR] }'
}

at_least() { # "MEDIAN (...)" GOAL
    awk -v got="${1%% *}" -v goal="$2" 'BEGIN { print (got >= goal) }'
}

at_most() { # "MEDIAN (...)" GOAL
    awk -v got="${1%% *}" -v goal="$2" 'BEGIN { print (got <= goal) }'
}

ratio() { # A B
    awk -v a="$1" -v b="$2" 'BEGIN { print a / b }'
}

seconds() { # MICROSECONDS
    awk -v us="$1" 'BEGIN { printf "%.2f s", us / 1000000 }'
}

end_bench() {
    [ -z "$failed" ]
    exit
}
