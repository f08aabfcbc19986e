#!/bin/bash
# Each scenario says in its head what it is meant to take, and which versions it depends on.
. "${0%/*}/tap.sh"
cd "$top_srcdir/tests/lab/scenarios" || exit 1

scenarios=()
for file in *.sh; do
    case $file in
    all.sh | lib.sh | lib-*.sh) ;;
    *) scenarios+=("$file") ;;
    esac
done

# number_of NAME FILE: the value of a line "NAME=NUMBER".
number_of() {
    sed -n "s/^$1=\\([0-9]*\\)\$/\\1/p" "$2"
}

without_budget() {
    local file
    for file in "${scenarios[@]}"; do
        [[ $(number_of budget "$file") =~ ^[1-9][0-9]*$ ]] || echo "$file has not one line budget=SECONDS"
    done
}

# A scenario is ended by its time limit; lib.sh has that of all that set none.
beyond_time_limit() {
    local file budget limit general
    general=$(sed -n 's/^: "${time_limit:=\([0-9]*\)}"$/\1/p' lib.sh)
    for file in "${scenarios[@]}"; do
        limit=$(number_of time_limit "$file")
        budget=$(number_of budget "$file")
        [ "${budget:-0}" -lt "${limit:-$general}" ] || echo "$file: its budget is not below its time limit"
    done
}

without_dependence() {
    local file
    for file in "${scenarios[@]}"; do
        [ "$(sed '/^[^#]/q' "$file" | grep -cxE '# distribution-independent|# depends on:( (libvirt|kernel|QEMU))+(; alternates)?')" = 1 ] ||
            echo "$file has not one line '# depends on: libvirt kernel QEMU' (or some of these) or '# distribution-independent'"
    done
}

check 'each scenario says its budget' without_budget
check 'a budget is below the time limit' beyond_time_limit
check 'each scenario says what it depends on' without_dependence
finish
