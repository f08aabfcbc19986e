#!/bin/bash
# Attaches to two guests were killed behind their live part, and the guests ignore the request to let
# go: recover waits for both at once, one signal ends both waits, and each guest is put right when it
# has let go.
# depends on: libvirt; alternates
budget=360
time_limit=600
. "$(dirname "$0")/lib.sh"

pf=$(pf 1)
make_vfs "$pf" 2
guests=(deaf deaf-pc)
start_guest deaf q35 --append 'acpiphp.disable=1 pcie_ports=compat pci=noacpi'
start_guest deaf-pc pc --ports 1 --append 'acpiphp.disable=1'
wait_guest "${guests[@]}"

kill_before_config() { # GUEST DEVICE
    local steps
    steps=$(virt-assign attach "$1" "$2" --dry-run | grep '^ *[0-9]*\. ' | grep -n 'to the config' | cut -d: -f1)
    # shellcheck disable=SC2016 # another shell's
    at_line "$steps" 'kill -KILL $pid' attach "$1" "$2" || give_up "$1: no step $steps"
    is "$1: attach is killed: exit status" "$status" 137
    ok "$1: it is in live" has live "$1" "$2"
    ok "$1: it is not in config" lacks config "$1" "$2"
}

# Each guest is waited for while the other one is.
waits_for_both() { # NAME
    local guest
    for guest in "${guests[@]}"; do
        ok "$1: $guest is waited for" until_true 90 grep -q "waiting for guest $guest to" "$work/$1.err"
    done
    ok "$1: it still waits" is_running "$1"
}

for i in 0 1; do
    kill_before_config "${guests[i]}" "$(vf "$pf" "$i")"
done

in_background interrupted --json recover --timeout 190
waits_for_both interrupted
must pkill -TERM -P "${jobs[interrupted]}"
collect interrupted
is 'interrupted: exit status' "$status" 143
json 'interrupted: each guest is told' \
    '[.recoveries[] | .guest] | unique == ["deaf", "deaf-pc"]'
for guest in "${guests[@]}"; do
    ok "interrupted: $guest: it is on record" has_operation "$guest"
done

in_background recover --json recover --timeout 190
waits_for_both recover
for guest in deaf-pc deaf; do
    must virsh -q reset "$guest"
done
collect recover
is 'recover: exit status' "$status" 0
json 'recover: both are undone' \
    '[.recoveries[] | [.guest, .outcome]] | sort == [["deaf", "undone"], ["deaf-pc", "undone"]]'
for i in 0 1; do
    guest=${guests[i]} device=$(vf "$pf" "$i")
    ok "$guest: not in live" lacks live "$guest" "$device"
    ok "$guest: not in config" lacks config "$guest" "$device"
    is "$guest: the driver" "$(driver "$device")" igbvf
    ok "$guest: nothing is on record" has_no_operation "$guest"
done

finish
