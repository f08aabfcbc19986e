#!/bin/bash
# A guest's QEMU stands still (SIGSTOP). libvirt waits for it without end, and from 11.0 to 11.4 lets
# nobody read the guest meanwhile, either. A command about this guest leaves in time with all that it
# did on record; other guests are not held up; and when QEMU goes on, all comes right.
# depends on: libvirt
budget=240
. "$(dirname "$0")/lib.sh"

pf=$(pf 1)
make_vfs "$pf" 3
had=$(vf "$pf" 0)
more=$(vf "$pf" 1)
other=$(vf "$pf" 2)
start_guest db1 q35
define_guest empty
wait_guest db1
succeeds 'attach' attach db1 "$had"
stopped=$(cat /run/libvirt/qemu/db1.pid)
must kill -STOP "$stopped"

# The time that a command took: libvirt waits much longer, and so would a command that is not bounded.
ends_in() { # NAME SECONDS ARGUMENTS...
    local begin=$SECONDS name=$1 seconds=$2
    shift 2
    va "$@"
    diag "$name: $((SECONDS - begin)) s, $err"
    ok "$name: it ends in $seconds s" test $((SECONDS - begin)) -le "$seconds"
}

# ---- a command about the guest

# Without bounds it takes the 30 s that libvirt waits itself, for each reading of the guest.
ends_in 'detach' 45 --json detach db1 "$had" --timeout 3
is 'detach: exit status' "$status" 5
json 'detach: it is pending' '.error.code == "timed-out" and .results[0].outcome == "pending"'
like 'detach: the message tells what, why and what to do' "$err" 'libvirt has not answered about guest db1.*QEMU stands still'
is 'detach: the driver is left alone' "$(driver "$had")" vfio-pci
ok 'detach: the config is left alone' has config db1 "$had"

ends_in 'attach' 45 --json attach db1 "$more" --timeout 3
is 'attach: exit status' "$status" 5
like 'attach: the message names the guest' "$err" 'libvirt has not answered.* about guest db1'
ok 'attach: not in config' lacks config db1 "$more"

# ---- a command about others

ends_in 'list' 45 list
is 'list: exit status' "$status" 0
ends_in 'another guest' 45 attach empty "$other"
is 'another guest: exit status' "$status" 0
ok 'another guest: in config' has config empty "$other"
ends_in 'another guest, detach' 45 detach empty "$other"
is 'another guest, detach: exit status' "$status" 0

# ---- a signal

go_on() {
    must kill -CONT "$stopped"
    until_true 60 timeout 20 virsh -q domstats db1 || give_up 'libvirt gets an answer of the guest'
}

# shellcheck disable=SC2317 # by until_true
is_asked() {
    virsh -q metadata db1 urn:virt-assign:domain:1 | grep '<release ' >/dev/null
}

# What libvirt was asked for reaches the guest now, and is taken up by the next command.
go_on
succeeds 'recover' recover
succeeds 'detach, after all' detach db1 "$had"
is 'the driver, after all' "$(driver "$had")" igbvf
is 'the other driver, after all' "$(driver "$more")" igbvf
succeeds 'attach again' attach db1 "$had"
must kill -STOP "$stopped"
in_background leaves detach db1 "$had" --timeout 150
until_true 60 is_asked || give_up 'the guest is asked'
begin=$SECONDS
# Not by timeout, which would kill it soon after.
must pkill -TERM -P "${jobs[leaves]}"
collect leaves
ok 'SIGTERM: it ends in 45 s' test $((SECONDS - begin)) -le 45
is 'SIGTERM: exit status' "$status" 143
like 'SIGTERM: the message tells it' "$err" 'interrupted by SIGTERM'

# ---- in the end

go_on
succeeds 'recover, in the end' recover
succeeds 'detach, in the end' detach db1 "$had"
ok 'not in live' lacks live db1 "$had"
ok 'not in config' lacks config db1 "$had"
is 'the driver, in the end' "$(driver "$had")" igbvf
is 'the other driver, in the end' "$(driver "$more")" igbvf
is 'nothing on record' "$(virsh -q metadata db1 urn:virt-assign:domain:1 2>/dev/null)" ''
uuid=$(virsh -q domuuid db1 | head -n 1)
is 'no file of the guest is left' "$(find /run/virt-assign -name "commands-$uuid")$(
    grep -ls " guest=\"$uuid\"" /run/virt-assign/vf-*)" ''

finish
