#!/bin/bash
# Runs several scenarios in this one boot of a lab host - those named, else all - and prints one TAP
# stream of them. A scenario that dies or hangs counts as failed, by its name.
# usage: all.sh [SCENARIO...]        such as: all.sh main-job pf-down
set -uo pipefail
cd "$(dirname "$0")" || exit 1

scenarios=("$@")
if [ $# = 0 ]; then
    for file in *.sh; do
        case ${file%.sh} in
        all | lib | lib-* | boot-*) ;; # the last need boots of their own
        *) scenarios+=("${file%.sh}") ;;
        esac
    done
fi

checks=0 failures=0

emit() { # "ok"|"not ok" NAME
    checks=$((checks + 1))
    [ "$1" = ok ] || failures=$((failures + 1))
    echo "$1 $checks - $2"
}

# Numbers its checks anew, and holds it to its plan and its exit status.
run_scenario() { # NAME
    local name=$1 line status='' plan='' seen=0 before=$checks bad=$failures started=$SECONDS
    echo "# $name ..."
    while IFS= read -r line; do
        if [[ $line =~ ^(ok|not\ ok)\ [0-9]+\ -\ (.*)$ ]]; then
            seen=$((seen + 1))
            emit "${BASH_REMATCH[1]}" "$name: ${BASH_REMATCH[2]}"
        elif [[ $line =~ ^1\.\.([0-9]+)$ ]]; then
            plan=${BASH_REMATCH[1]}
        elif [[ $line =~ ^exit\ status\ ([0-9]+)$ ]]; then
            status=${BASH_REMATCH[1]}
        else
            echo "$line"
        fi
    done < <(
        bash "./$name.sh"
        echo "exit status $?"
    )
    if [ "${plan:-none}" != "$seen" ]; then
        emit 'not ok' "$name: ended with status $status after $seen checks, with ${plan:-no} planned"
    elif [ "$status" != 0 ] && [ "$failures" = "$bad" ]; then
        emit 'not ok' "$name: ended with status $status though all its checks passed"
    fi
    echo "# $name: $((checks - before)) checks, $((failures - bad)) failed, in $((SECONDS - started)) s"
}

for scenario in "${scenarios[@]}"; do
    if [ -r "./$scenario.sh" ]; then
        run_scenario "$scenario"
    else
        emit 'not ok' "there is no scenario $scenario"
    fi
done
echo "1..$checks"
[ "$failures" = 0 ]
