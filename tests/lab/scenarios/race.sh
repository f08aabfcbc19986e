#!/bin/bash
# Several commands at once. Of eight that want one VF for eight guests one gets it; two that want a
# VF each for one guest get them at different addresses; a waiting one says for whom, and goes on when
# that one is killed; and commands that do not see each other's locks never both keep a device.
# distribution-independent
budget=450
time_limit=900
. "$(dirname "$0")/lib.sh"

pf=$(pf 1)
make_vfs "$pf" 4
device=$(vf "$pf" 0)
other=$(vf "$pf" 1)
third=$(vf "$pf" 2)
locks=/run/virt-assign

# Collects all these commands, and sets $winners and $losers by their exit statuses.
collect_all() { # NAME...
    local name
    winners=() losers=()
    for name in "$@"; do
        collect "$name"
        case $status in
        0) winners+=("$name") ;;
        4) losers+=("$name") ;;
        *) diag_command ;;
        esac
        cp "$work/err" "$work/$name.said"
    done
}

# The guests that have it, by virsh.
holders() { # live|config GUEST...
    local scope=$1 guest
    shift
    for guest in "$@"; do
        ! has "$scope" "$guest" "$device" || printf '%s ' "$guest"
    done
}

# ---- eight, shut off

eight=(g1 g2 g3 g4 g5 g6 g7 g8)
for guest in "${eight[@]}"; do
    define_guest "$guest"
done
for guest in "${eight[@]}"; do
    in_background "$guest" attach "$guest" "$device" --timeout 180
done
collect_all "${eight[@]}"
is 'eight: one is told that it has it' "${#winners[@]}" 1
is 'eight: seven are told that they have it not' "${#losers[@]}" 7
is 'eight: who has it by virsh is who was told so' "$(holders config "${eight[@]}")" "${winners[*]} "
for loser in "${losers[@]}"; do
    like "eight: $loser is told who has it" "$(grep '^virt-assign: ' "$work/$loser.said")" "$device.*${winners[0]}"
done
must virt-assign detach "${winners[0]}" "$device"
is 'eight: nobody has it in the end' "$(holders config "${eight[@]}")" ''
is 'the folder of the locks is for root only' "$(stat -c '%a %U' $locks)" '700 root'
is 'a lock file is for root only' "$(stat -c '%a %U %s' "$locks/device-$device")" '600 root 0'

# ---- two that run

start_guest db1 q35
start_guest db2 q35
wait_guest db1 db2
in_background db1 attach db1 "$device"
in_background db2 attach db2 "$device"
collect_all db1 db2
is 'two that run: one is told that it has it' "${#winners[@]} ${#losers[@]}" '1 1'
is 'two that run: live' "$(holders live db1 db2)" "${winners[*]} "
is 'two that run: config' "$(holders config db1 db2)" "${winners[*]} "
is 'two that run: the driver' "$(driver "$device")" vfio-pci
must virt-assign detach "${winners[0]}" "$device"
is 'two that run: the driver, in the end' "$(driver "$device")" igbvf

# ---- two VFs for one guest

in_background first attach db1 "$device"
in_background second attach db1 "$other"
collect_all first second
is 'two VFs for one guest: both are there' "${#winners[@]}" 2
for scope in live config; do
    one=$(of_element $scope db1 "$device" guest-address)
    two=$(of_element $scope db1 "$other" guest-address)
    ok "two VFs for one guest: $scope: at different addresses ($one, $two)" test -n "$one" -a -n "$two" -a "$one" != "$two"
done
must virt-assign detach db1 "$device" "$other"

# ---- a killed holder

# Stopped as soon as it has its locks, of which the guest's is the last.
last=$locks/guest-$(virsh -q domuuid db1)
in_background holder attach db1 "$device"
holder=
until [ -n "$holder" ]; do
    is_running holder || give_up 'the first command is stopped while it has its locks'
    holder=$(awk '{ print $1 }' "$last")
done
must kill -STOP "$holder"
ok 'it is the one that has the locks' grep -q "^$holder .*virt-assign attach db1 $device" "$last"
in_background waiter attach db1 "$other" --timeout 150
ok 'waiting: it says for whom' until_true 60 grep -q "waiting for pid $holder (virt-assign attach db1 $device)" "$work/waiter.err"
refused 'out of patience' 4 "guest db1 is in use by pid $holder .virt-assign attach db1 $device. since 20.*waited [0-9]+ s" \
    -q attach db1 "$third" --timeout 1
must kill -KILL "$holder"
collect holder
collect waiter
is 'the holder was killed: the next one gets on' "$status" 0
ok 'the holder was killed: live' has live db1 "$other"
ok 'the holder was killed: config' has config db1 "$other"
ok 'out of patience: nothing was touched' lacks live db1 "$third"
# libvirtd may have finished what it was asked by the one that was killed.
va detach db1 "$device"
must virt-assign detach db1 "$other"
is 'the killed one: the driver, in the end' "$(driver "$device")" igbvf

# ---- a lock that is not ours

must mv "$locks/device-$device" "$work/lock"
ln -s /etc/passwd "$locks/device-$device"
cp /etc/passwd "$work/passwd"
refused 'a link in the place of a lock' 1 "$locks/device-$device cannot be trusted" attach g1 "$device"
same 'a link in the place of a lock: what it points to' "$work/passwd" /etc/passwd
rm "$locks/device-$device"
ok 'a link in the place of a lock: nothing was touched' lacks config g1 "$device"

# ---- without common locks, as on two machines with one libvirtd

apart() { # NAME ARGUMENTS...
    local name=$1
    shift
    # shellcheck disable=SC2016 # of the inner shell
    timeout --foreground -k 5 200 unshare -m sh -c \
        'mount -t tmpfs -o mode=0700 none /run/virt-assign && exec virt-assign "$@"' sh "$@" \
        >"$work/$name.out" 2>"$work/$name.err" &
    jobs[$name]=$!
    job_commands[$name]="virt-assign $* (apart from others)"
}

for round in 1 2 3 4 5 6; do
    # Both orders: who comes first has an advantage that is not his UUID's.
    pair=(g1 g2)
    [ $((round % 2)) = 0 ] || pair=(g2 g1)
    for guest in "${pair[@]}"; do
        apart "$guest" attach "$guest" "$device"
    done
    collect_all "${pair[@]}"
    is "apart, $round: one has it, one has it not" "${#winners[@]} ${#losers[@]}" '1 1'
    is "apart, $round: who has it by virsh is who was told so" "$(holders config g1 g2)" "${winners[*]} "
    virt-assign detach "${winners[0]:-g1}" "$device" >"$work/detached" 2>&1
    is "apart, $round: nobody has it in the end" "$(holders config g1 g2)" ''
done

finish
