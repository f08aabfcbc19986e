#!/bin/bash
# SIGINT, SIGTERM and SIGHUP in the middle of an attach and of a detach that is pending; a second one
# during the undo; one while it waits for a lock; and an undo that nobody reads about.
# distribution-independent
# shellcheck disable=SC2016 # the single-quoted variables are jq's
budget=300
time_limit=900
. "$(dirname "$0")/lib.sh"

pf=$(pf 1)
make_vfs "$pf" 2
device=$(vf "$pf" 0)
start_guest db1 q35
start_guest deaf q35 --append 'acpiphp.disable=1 pcie_ports=compat pci=noacpi'
wait_guest db1 deaf
qemu=$(cat /run/libvirt/qemu/db1.pid)
declare -A number=([INT]=130 [TERM]=143 [HUP]=129)

# A command gets the signals of a terminal, since a shell's background jobs ignore SIGINT; or those of
# a background job, since timeout(1) would give it the default back.
signals=--default-signal=INT,TERM,HUP
start() { # NAME ARGUMENTS...
    local name=$1
    shift
    doing="virt-assign $*"
    : >"$work/$name.err"
    timeout --foreground -k 5 200 env "$signals" virt-assign "$@" >"$work/$name.out" 2>"$work/$name.err" &
    jobs[$name]=$!
    job_commands[$name]="virt-assign $* (in the background)"
}

signal() { # SIGNAL NAME : to virt-assign itself, not to the timeout round it
    must pkill "-$1" -P "${jobs[$2]}"
}

# shellcheck disable=SC2317 # by until_true
on_vfio() {
    [ "$(driver "$device")" = vfio-pci ]
}

is_as_before() { # NAME
    ok "$1: not in live" lacks live db1 "$device"
    ok "$1: not in config" lacks config db1 "$device"
    is "$1: the driver" "$(driver "$device")" igbvf
}

# QEMU stands still, so that libvirt is in the middle of the attach when the signal comes.
begin_attach() { # NAME START...
    local name=$1
    shift
    must kill -STOP "$qemu"
    "$@" "$name" --json attach db1 "$device"
    until_true 60 on_vfio || give_up "$name: the attach gets to taking the device"
}

# ---- in the middle of an attach

for signal in INT TERM HUP; do
    begin_attach "$signal" start
    signal $signal $signal
    # A second one, of another kind, kills nothing and changes nothing.
    signal TERM $signal
    must kill -CONT "$qemu"
    collect $signal
    is "SIG$signal in an attach: exit status" "$status" "${number[$signal]}"
    json "SIG$signal in an attach: what became of it" \
        '.error.code == "interrupted" and (.results[0] | .outcome == "undone" and (.live or .config | not) and .driver == "igbvf")'
    like "SIG$signal in an attach: it says so" "$(grep '^virt-assign: ' "$work/err")" "interrupted by SIG$signal.*undone"
    is_as_before "SIG$signal in an attach"
done

# ---- nobody reads

# shellcheck disable=SC2317 # by begin_attach
start_unread() { # NAME ARGUMENTS...
    local name=$1
    shift
    touch "$work/$name.out" "$work/$name.err"
    timeout --foreground -k 5 200 env "$signals" virt-assign "$@" > >(exit 0) 2> >(exit 0) &
    jobs[$name]=$!
    job_commands[$name]="virt-assign $* (with nobody to read it)"
}

begin_attach unread start_unread
signal TERM unread
must kill -CONT "$qemu"
collect unread
is 'stdout and stderr closed: exit status' "$status" 143
is_as_before 'stdout and stderr closed'

# ---- a detach that is pending

must virt-assign attach deaf "$device"
config_without_record deaf >"$work/config"
for signal in INT TERM HUP; do
    start $signal --json detach deaf "$device" --timeout 180
    waits_for_guest $signal
    signal $signal $signal
    collect $signal
    is "SIG$signal in a detach: exit status" "$status" "${number[$signal]}"
    json "SIG$signal in a detach: what became of it" \
        '.error.code == "interrupted" and (.results[0] | .outcome == "pending" and .live and .config)'
    like "SIG$signal in a detach: it says so" "$(grep '^virt-assign: ' "$work/err")" \
        "deaf.*$device.*interrupted by SIG$signal.*pending.*config"
    ok "SIG$signal in a detach: still in live" has live deaf "$device"
    config_without_record deaf >"$work/config-now"
    same "SIG$signal in a detach: the config is byte for byte the same" "$work/config" "$work/config-now"
done

# An ignored signal stays ignored: a background job of a shell, nohup.
signals=--ignore-signal=INT
start ignoring --json detach deaf "$device" --timeout 12
signals=--default-signal=INT,TERM,HUP
waits_for_guest ignoring
signal INT ignoring
collect ignoring
is 'SIGINT, ignored: exit status' "$status" 5

must virsh -q reset deaf
until_true 30 lacks live deaf "$device" || give_up 'a reset releases it'
succeeds 'detach after the reset' detach deaf "$device"
ok 'after the reset: not in config' lacks config deaf "$device"
is 'after the reset: the driver' "$(driver "$device")" igbvf

# ---- waiting for a lock

exec 9>>"/run/virt-assign/device-$device"
must flock -n 9
config_xml db1 >"$work/config"
start locked --json attach db1 "$device" --timeout 180 9>&-
until_true 60 grep -q 'waiting for another command' "$work/locked.err" || give_up 'the attach waits for the lock'
signal TERM locked
collect locked
is 'waiting for a lock: exit status' "$status" 143
json 'waiting for a lock: the error' '.error.code == "interrupted" and (.error.message | test("nothing was changed"))'
exec 9>&-
is_as_before 'waiting for a lock'
config_xml db1 >"$work/config-now"
same 'waiting for a lock: the config is byte for byte the same' "$work/config" "$work/config-now"
succeeds 'attach, after all' attach db1 "$device"
ok 'live has it' has live db1 "$device"
succeeds 'detach' detach db1 "$device"
is_as_before 'in the end'

finish
