#!/bin/bash
# attach and detach ended by SIGKILL: at the beginning of each of their steps, while libvirt works for
# them, and at their record. Then recover: each time everything is as before the command, or as after
# it.
# depends on: libvirt; alternates
# shellcheck disable=SC2016,SC2154 # the single-quoted variables are another shell's; lib-at-steps.sh sets the others
budget=600
time_limit=900
. "$(dirname "$0")/lib-at-steps.sh"

# ---- at each step

kill_at_steps() { # VERB FROM TO ARGUMENTS...
    local verb=$1 from=$2 to=$3 n=0 name bad count
    shift 3
    bring_to "$from"
    count=$(count_steps "$@")
    while bring_to "$from"; n=$((n + 1)); at_line "$n" 'kill -KILL $pid' "$@"; do
        bad=$failures
        name="$verb, killed $(after_line "$n")"
        is "$name: exit status" "$status" 137
        check_tells "$name" guest.unfinished db1 has_operation db1
        recovers_to "$name" "$from" "$to"
        count_try "$verb: killed" "$bad"
    done
    ok "$verb: at each of its steps" test $((n - 1)) -ge "$count"
    is_one_of "$verb, not killed" "$to"
}

kill_at_steps attach before after "${attach[@]}"
kill_at_steps detach after before "${detach[@]}"

# ---- while libvirt works for it

qemu=$(cat /run/libvirt/qemu/db1.pid)
kill_now() { # NAME : of in_background; virt-assign itself, not the timeout round it
    must pkill -KILL -P "${jobs[$1]}"
    collect "$1"
    is "$1: exit status" "$status" 137
}

# shellcheck disable=SC2317 # by until_true
on_vfio() {
    [ "$(driver "$device")" = vfio-pci ]
}

bad=$failures
name='attach killed in the middle of libvirt'"'"'s'
bring_to before
must kill -STOP "$qemu"
in_background "$name" "${attach[@]}"
until_true 60 on_vfio || give_up "$name: libvirt takes the device"
kill_now "$name"
in_background recover recover db1
must kill -CONT "$qemu"
collect recover
is "$name: recover at the same time: exit status" "$status" 0
recovers_to "$name" before after
count_try 'attach: killed in libvirt' "$bad"

bad=$failures
name='detach killed in the middle of libvirt'"'"'s'
bring_to after
must kill -STOP "$qemu"
in_background "$name" -v "${detach[@]}"
until_true 60 grep -q '^ask' "$work/$name.err" || give_up "$name: it asks"
kill_now "$name"
must kill -CONT "$qemu"
recovers_to "$name" before after
count_try 'detach: killed in libvirt' "$bad"

# ---- at the records: each change of the guest's metadata is an event

watch_records() {
    mkfifo "$work/events"
    exec 8<>"$work/events"
    stdbuf -oL virsh -q event db1 metadata-change --loop >"$work/events" 2>&1 8>&- &
    jobs[events]=$!
    # It listens when it tells of this.
    until read -r -t 0.2 -u 8; do
        virsh -q metadata db1 urn:lab:watch --set '<seen/>' --key lab --live || give_up 'metadata is set'
    done
    must virsh -q metadata db1 urn:lab:watch --remove --live
}

kill_at_records() { # VERB FROM TO ARGUMENTS...
    local verb=$1 from=$2 to=$3 n=0 name bad i line
    shift 3
    while bring_to "$from"; do
        n=$((n + 1)) bad=$failures
        name="$verb killed after change $n of the metadata"
        while read -r -t 0.3 -u 8; do :; done
        in_background "$name" "${@}"
        for ((i = 0; i < n; i++)); do
            until read -r -t 0.2 -u 8 line || ! is_running "$name"; do :; done
        done
        pkill -KILL -P "${jobs[$name]}"
        collect "$name"
        [ "$status" = 137 ] || break
        recovers_to "$name" "$from" "$to"
        count_try "$verb: killed at its record" "$bad"
    done
    is "$verb, $((n - 1)) changes: exit status" "$status" 0
    ok "$verb has put itself on record, and taken it away" test "$n" -gt 2
    is_one_of "$verb, not killed" "$to"
}

watch_records
kill_at_records attach before after "${attach[@]}"
kill_at_records detach after before "${detach[@]}"

tell_tries
finish
