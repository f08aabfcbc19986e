#!/bin/bash
# attach and detach, live and config, with VF settings: ended by SIGKILL at the beginning of each of
# their steps, while libvirt works for them, and at their record; the guest destroyed there, with and
# without the command; and libvirtd restarted there. Then recover: each time everything is as before
# the command, or as after it, and nothing is left on record.
# shellcheck disable=SC2016 # the single-quoted variables are another shell's
time_limit=1800
. "$(dirname "$0")/lib.sh"

pf=$(pf 1)
make_vfs "$pf" 2
device=$(vf "$pf" 0)
attach=(attach db1 "$pf/vf0" --mac 52:54:00:aa:00:01 --vlan 100 --qos 3 --trust on)
detach=(detach db1 "$pf/vf0")

# An administrator has set what the command changes.
must ip link set dev "$pf" vf 0 mac 52:54:00:bb:00:01
must ip link set dev "$pf" vf 0 vlan 42 qos 5
must ip link set dev "$pf" vf 0 trust off
start_guest db1 q35
wait_guest db1

# ---- what is looked at: virsh, ip, lspci and the kernel's links

guest_runs() {
    [ "$(virsh -q domstate db1)" = running ]
}

picture() { # FILE
    {
        echo '== config'
        config_xml db1
        if guest_runs; then
            echo '== live'
            # After a restart of libvirtd a USB controller that is none has lost its alias, and
            # with libvirt 9.0 the root bus stands elsewhere.
            live_xml db1 | xmllint --xpath '/domain/devices/*[not(@model="none" or @model="pcie-root")] | /domain/metadata[*]' -
        fi
        echo '== PF'
        ip -j link show dev "$pf" | jq -S '.[0].vfinfo_list[]'
        echo '== driver'
        driver "$device"
        lspci -Dk -s "$device" | grep 'in use'
    } >"$1" 2>&1
}

looks_like() { # PICTURE... : one of these, of $work; sets $now to it
    picture "$work/now"
    for now in "$@"; do
        ! cmp -s "$work/now" "$work/$now" || return 0
    done
    now=
    return 1
}

on_record() {
    virsh -q metadata db1 urn:virt-assign:domain:1 --config
    ! guest_runs || virsh -q metadata db1 urn:virt-assign:domain:1 --live
} 2>/dev/null

nothing_on_record() { # NAME
    is "$1: no command is on record" "$(on_record | grep -cE '<([a-z-]+:)?operation')" 0
}

# ---- the ways to the next try

bring_to() { # before|after
    if ! guest_runs; then
        [ "$1" = after ] || looks_like before-off || must virt-assign "${detach[@]}"
        must virsh -q start db1
        asleep=1
    fi
    looks_like "$1" && return
    if [ "$1" = before ]; then
        awake
        must virt-assign "${detach[@]}"
    else
        must virt-assign "${attach[@]}"
    fi
    looks_like "$1" || is_one_of "$1, again" "$1" || give_up "it can be brought to $1 again"
}

# A guest that has not booted yet releases nothing.
asleep=
awake() {
    [ -z "$asleep" ] || wait_guest db1
    asleep=
}

# A guest that was asked and has not released yet is waited for. A request is on record from right
# before it is sent: of a command that was killed in between nobody knows but who asks again.
recover() { # NAME
    va recover db1
    if [ "$status" = 5 ]; then
        awake
        until_true 15 lacks live db1 "$device" || must virt-assign detach db1 "$device" --ask-again
        va recover db1
    fi
    is "$1: recover: exit status" "$status" 0
}

recovers_to() { # NAME PICTURE...
    local name=$1
    shift
    recover "$name"
    is_one_of "$name" "$@"
    nothing_on_record "$name"
}

picture "$work/before"
must virt-assign "${attach[@]}"
picture "$work/after"
is 'an attach changes something' "$(cmp -s "$work/before" "$work/after" || echo so)" so
must virt-assign "${detach[@]}"
is_one_of 'detach' before || give_up 'a detach brings it to before again'

# ---- SIGKILL

kill_at_steps() { # VERB FROM TO ARGUMENTS...
    local verb=$1 from=$2 to=$3 n=0 name bad count
    shift 3
    bring_to "$from"
    count=$(count_steps "$@")
    while bring_to "$from"; n=$((n + 1)); at_line "$n" 'kill -KILL $pid' "$@"; do
        bad=$failures
        name="$verb, killed $(after_line "$n")"
        is "$name: exit status" "$status" 137
        recovers_to "$name" "$from" "$to"
        count_try "$verb: killed" "$bad"
    done
    ok "$verb: at each of its steps" test $((n - 1)) -ge "$count"
    is_one_of "$verb, not killed" "$to"
}

kill_at_steps attach before after "${attach[@]}"
kill_at_steps detach after before "${detach[@]}"

# ---- SIGKILL while libvirt works for it

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

# ---- SIGKILL at the records: each change of the guest's metadata is an event

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
    ok "$verb has put itself on record, and taken it away" test "$n" -gt 4
    is_one_of "$verb, not killed" "$to"
}

watch_records
kill_at_records attach before after "${attach[@]}"
kill_at_records detach after before "${detach[@]}"

# ---- libvirtd restarted, and the command goes on

restart_at_steps() { # VERB FROM TO ARGUMENTS...
    local verb=$1 from=$2 to=$3 n=0 name bad wanted
    shift 3
    # systemd counts restarts, and stops at five in ten seconds.
    while bring_to "$from"; n=$((n + 1)); at_line "$n" 'systemctl reset-failed libvirtd; systemctl restart libvirtd' "$@"; do
        bad=$failures
        name="$verb, libvirtd restarted $(after_line "$n")"
        until_true 60 libvirtd_answers || give_up 'libvirtd answers after its restart'
        case $status in
        0) wanted=$to ;;
        *) wanted=$from ;;
        esac
        # Pending and partly done are neither.
        [[ $status == [56] ]] || is_one_of "$name: exit status $status" "$wanted"
        recovers_to "$name" "$from" "$to"
        count_try "$verb: libvirtd restarted" "$bad"
    done
    is_one_of "$verb, libvirtd not restarted" "$to"
}

restart_at_steps attach before after "${attach[@]}"
restart_at_steps detach after before "${detach[@]}"

# ---- the guest destroyed, and the command goes on, or is killed

destroy_at_steps() { # KIND ACTION VERB FROM TO ARGUMENTS...
    local kind=$1 action=$2 verb=$3 from=$4 to=$5 n=0 name bad wanted
    shift 5
    # Of a detach what comes after the wait needs a guest that has booted.
    while bring_to "$from" && n=$((n + 1)) && { [[ $verb$n != detach[4-9]* ]] || awake; }; at_line "$n" "$action" "$@"; do
        bad=$failures
        name="$verb, $kind $(after_line "$n")"
        case $status in
        0) wanted=$to-off ;;
        *) wanted=$from-off ;;
        esac
        [ "$status" = 137 ] || is_one_of "$name: exit status $status" "$wanted"
        recovers_to "$name" "$from-off" "$to-off"
        count_try "$verb: $kind" "$bad"
    done
}

bring_to before
must virsh -q destroy db1
picture "$work/before-off"
must virsh -q start db1
bring_to after
must virsh -q destroy db1
picture "$work/after-off"
destroy='virsh -q destroy db1 >/dev/null'
destroy_at_steps 'the guest destroyed' "$destroy" attach before after "${attach[@]}"
destroy_at_steps 'killed, and the guest destroyed' "kill -KILL \$pid; $destroy" attach before after "${attach[@]}"
destroy_at_steps 'the guest destroyed' "$destroy" detach after before "${detach[@]}"
destroy_at_steps 'killed, and the guest destroyed' "kill -KILL \$pid; $destroy" detach after before "${detach[@]}"
tell_tries
finish
