#!/bin/bash
# vfs, host-detach and host-reattach ended by SIGKILL at the beginning of each of their steps. Then
# recover: each time everything is as before the command, or as after it, and no record is left.
# depends on: kernel; alternates
# shellcheck disable=SC2016 # the single-quoted variables are another shell's
budget=780
time_limit=900
. "$(dirname "$0")/lib.sh"

sys=/sys/bus/pci/devices
pf=$(pf 1)
address=$(pci_of "$pf")
hosted_pfs+=("$pf")
rule=/etc/udev/rules.d/80-virt-assign-vfs.rules wish=/etc/virt-assign/host.xml

# shellcheck disable=SC2317 # at the end
put_back() {
    rm -f "$rule" "$wish"
    echo 1 >"/sys/class/net/$pf/device/sriov_drivers_autoprobe"
}
at_end+=(put_back)

# ---- what is looked at: the kernel's files, ip, lspci and virsh

nodedev_drivers() {
    local name
    while read -r name; do
        echo "$name $(virsh -q nodedev-dumpxml "$name" | xmllint --xpath 'string(/device/driver/name)' -)"
    done < <(virsh -q nodedev-list --cap pci | grep "^pci_$(tr :. __ <<<"${address%:*}")")
}

picture() { # FILE
    {
        echo '== the PF'
        cat "/sys/class/net/$pf/device"/sriov_{numvfs,drivers_autoprobe}
        # A VF with no MAC of its own has another one after each probe.
        ip -j link show dev "$pf" | jq -S '.[0].vfinfo_list[]? | del(.address, .mac)'
        echo '== the udev rule and the wish'
        cat "$rule" "$wish" 2>/dev/null
        echo '== by lspci'
        lspci -Dk -s "${address%:*}:" | grep -E '^[0-9a-f]|in use'
        echo '== by virsh'
        nodedev_drivers
        echo '== overrides'
        grep -v '(null)' "$sys/${address%:*}":*/driver_override
        echo '== our files'
        find /run/virt-assign -name 'operation-*' 2>/dev/null
    } >"$1" 2>&1
}

# Until udev and libvirt are through with what was done.
looks_like() { # PICTURE... : one of these, of $work; sets $now to it
    local end=$((SECONDS + 15))
    while udevadm settle; do
        picture "$work/now"
        for now in "$@"; do
            ! cmp -s "$work/now" "$work/$now" || return 0
        done
        [ $SECONDS -lt $end ] || break
        sleep 0.3
    done
    now=
    return 1
}

# ---- the sweep

# BACK is what undoes the command, when it is as after it.
kill_at_steps() { # KIND BACK ARGUMENTS...
    local kind=$1 n=0 name bad back count record
    read -ra back <<<"$2"
    shift 2
    udevadm settle
    picture "$work/before"
    count=$(count_steps "$@")
    must virt-assign "$@"
    udevadm settle
    picture "$work/after"
    ok "$kind: it changes something" test -n "$(cmp "$work/before" "$work/after")"
    must virt-assign "${back[@]}"
    is_one_of "$kind, and back" before || give_up "$kind: can be tried again"
    while n=$((n + 1)); at_line "$n" 'kill -KILL $pid' "$@"; do
        bad=$failures
        name="$kind, killed $(after_line "$n")"
        is "$name: exit status" "$status" 137
        record=/run/virt-assign/operation-$(record_of "$kind")
        check_tells "$name" host.unfinished '' test -e "$record"
        [ -e "$record" ] || is_one_of "$name: on record no more" after
        va recover
        is "$name: recover: exit status" "$status" 0
        is_one_of "$name" before after
        count_try "$kind: killed" "$bad"
        [ "$now" = before ] || must virt-assign "${back[@]}"
        looks_like before || is_one_of "$kind, and back" before || give_up "$kind: can be tried again"
    done
    ok "$kind: at each of its steps" test $((n - 1)) -ge "$count"
    is_one_of "$kind, not killed" after
}

# Where the command's record is: of its first device.
record_of() { # KIND
    case $1 in
    vfs*) echo "$address" ;;
    *) echo "$first" ;;
    esac
}

kill_at_steps 'vfs 0 to 4' "vfs $pf 0 --persist" vfs "$pf" 4 --persist
kill_at_steps 'vfs 4 to 2' "vfs $pf 4 --autoprobe on" vfs "$pf" 2 --autoprobe off
must virt-assign vfs "$pf" 4 --autoprobe on
kill_at_steps 'vfs 4 to 0' "vfs $pf 4 --persist" vfs "$pf" 0 --persist
must virt-assign vfs "$pf" 2
first=$(vf "$pf" 0) second=$(vf "$pf" 1)
kill_at_steps 'host-detach' "host-reattach $first $second" host-detach "$first" "$second"
kill_at_steps 'host-reattach' "host-detach $first $second" host-reattach "$first" "$second"

tell_tries
finish
