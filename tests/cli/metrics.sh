#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# metrics: Prometheus' text, and the file that is replaced whole or not at all.
. "${top_srcdir:?}/tests/cli/program.bash"
folder=$scratch/metrics
file=$folder/virt-assign.prom
unit=${top_builddir:?}/packaging/virt-assign-metrics.service
mkdir "$folder"

# The time of the run is another each time.
without_time()
{
    sed -i 's/^\(virt_assign_last_run_timestamp_seconds\) [0-9]*$/\1 TIME/' "$1"
}

# same_as NAME: the file is what tests/data/cli/NAME holds, behind the line that says whose it is.
same_as()
{
    head -n 1 "$file" | grep -q '^# Written by virt-assign metrics' &&
        diff -u "$data/$1" <(tail -n +2 "$file")
}

# is_untouched COPY: the file is whole and as it was, and for everybody to read.
is_untouched()
{
    cmp "$file" "$scratch/before" && [[ $(stat -c %a "$file") == 644 ]]
}

# names_in FILE: the metrics that a text names.
names_in()
{
    grep -oE 'virt_assign_[a-z_]+' "$1" | sort -u
}

names_of_source()
{
    grep -rhoE '"virt_assign_[a-z_]+"' "$top_srcdir/src" | tr -d '"' | sort -u
}

names_of_manual()
{
    sed 's/\\-/-/g; s/\\f.//g' "$top_srcdir/src/man/virt-assign.1" >"$scratch/manual"
    names_in "$scratch/manual"
}

same_names()
{
    diff <(names_of_source) <(names_of_manual)
}

# by_promtool DESCRIPTION COMMAND...: ok, where there is a promtool.
by_promtool()
{
    if command -v promtool >/dev/null; then
        ok "$@"
    else
        number=$((number + 1))
        echo "ok $number - $1 # SKIP there is no promtool"
    fi
}

accepts_metrics()
{
    [[ -z $(promtool check metrics <"$scratch/metrics.prom" 2>&1) ]]
}

# The rules stand beside their test.
accepts_rules()
{
    cp "$top_srcdir/examples/metrics/virt-assign.rules.yml" "$data/metrics-rules.yml" "$scratch" &&
        promtool check rules "$scratch/virt-assign.rules.yml" &&
        promtool test rules "$scratch/metrics-rules.yml"
}

names_of_rules()
{
    names_in "$top_srcdir/examples/metrics/virt-assign.rules.yml"
}

# systemd-analyze misses the program, which need not be installed.
is_valid_unit()
{
    cp "$top_srcdir/packaging/virt-assign-metrics.timer" "$scratch" &&
        sed 's|^ExecStart=.*|ExecStart=/bin/true|' "$unit" >"$scratch/virt-assign-metrics.service"
    systemd-analyze verify --man=no "$scratch/virt-assign-metrics.timer" 2>"$scratch/stderr"
    ! grep -q virt-assign-metrics "$scratch/stderr"
}

run_on_host metrics
ok "metrics ends with 0" status_is 0
ok "metrics has nothing else to say" is_empty stderr
cp "$scratch/stdout" "$scratch/metrics.prom"
by_promtool "promtool has nothing to say" accepts_metrics
without_time "$scratch/stdout"
ok "metrics prints Prometheus' text" golden metrics.txt

run_on_host metrics --output "$file"
ok "--output ends with 0" status_is 0
ok "--output prints nothing" is_empty stdout
ok "--output leaves nothing else in the folder" test "$(ls -A "$folder")" = virt-assign.prom
ok "everybody can read the file" test "$(stat -c %a "$file")" = 644
without_time "$file"
ok "the file has the same text" same_as metrics.txt
(cd "$folder" && "$program" -c "$host" metrics --output virt-assign.prom)
ok "a file of ours is replaced, by a relative name, too" grep -qE '_timestamp_seconds [0-9]+$' "$file"

cp "$file" "$scratch/before"
run -c "test://$scratch/nothing.xml" metrics --output "$file"
ok "when libvirt fails: ends with 1" status_is 1
ok "when libvirt fails: the file stays" is_untouched
run -c "test://$scratch/nothing.xml" metrics
ok "when libvirt fails: prints nothing" is_empty stdout
(ulimit -f 1 && "$program" -c "$host" metrics --output "$file") 2>"$scratch/stderr"
status=$?
ok "no room for the file: ends with 1" status_is 1
ok "no room for the file: says so" has stderr "virt-assign: write $file: No space left on device"
ok "no room for the file: it stays" is_untouched
# The kernel ends it at its first write into the new file.
{ (ulimit -f 0 && exec "$program" -c "$host" metrics --output "$file"); } 2>/dev/null
status=$?
ok "killed while it writes: by a signal" status_is $((128 + $(kill -l XFSZ)))
ok "killed while it writes: the file stays" is_untouched
ok "killed while it writes: what it leaves is not for the collector" test "$(ls "$folder"/*.prom)" = "$file"
run_on_host metrics --output "$file"
ok "killed while it writes: the next run clears up" test "$(ls -A "$folder")" = virt-assign.prom

run_on_host metrics --json --output "$file"
ok "--json: ends with 2" status_is 2
ok "--json: has a code" json .error.code usage
ok "--json: says why" has stderr "metrics has a format of its own: --json does not go with it"

echo 'apt_upgrades_pending 3' >"$folder/apt.prom"
run_on_host metrics --output "$folder/apt.prom"
ok "a file of another program: ends with 4" status_is 4
ok "a file of another program: says so" has stderr "is not a file that virt-assign metrics has written"
ok "a file of another program: it stays" grep -qx 'apt_upgrades_pending 3' "$folder/apt.prom"
run_on_host metrics --output "$folder/missing/a.prom"
ok "no folder: ends with 1" status_is 1
ok "no folder: says what to do" has stderr "; make the folder $folder/missing first"

# What a guest is called can end neither its quotes nor its line, and a terminal does not obey it.
sed 's|<name>web1</name>|<name>web"1\\\&#x9b;31m</name>|' "$data/host.xml" >"$scratch/hostile.xml"
run -c "test://$scratch/hostile.xml" metrics
ok "a name is as it is, but for the format's escapes" has stdout $'guest="web\\"1\\\\\u009b31m"'
script -qec "'$program' -c 'test://$scratch/hostile.xml' metrics" /dev/null >"$scratch/stdout" </dev/null
ok "on a terminal it is spelled out" has stdout 'guest="web\"1\\\u009b31m"'

ok "the man page has all metrics" same_names
ok "the alerts name no other metrics" test -z "$(comm -13 <(names_of_source) <(names_of_rules))"
by_promtool "promtool sees each alert come when it has to" accepts_rules
ok "the unit names the program" grep -qE '^ExecStart=/.*/virt-assign -q metrics --output /.*\.prom$' "$unit"
if command -v systemd-analyze >/dev/null; then
    ok "unit and timer are valid" is_valid_unit
fi
finish
