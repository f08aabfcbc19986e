#!/bin/bash
# libvirtd dies in the middle of an attach. Before it took the device: nothing is touched. After it
# has given the device to QEMU and before it has noted that: from then on libvirt knows nothing of a
# device that the guest has. Nobody can take it back live; what counts is that virt-assign does not
# call it undone, and tells the way out.
# depends on: libvirt; alternates
# shellcheck disable=SC2016 # the single-quoted variables are jq's
budget=240
. "$(dirname "$0")/lib.sh"

pf=$(pf 1)
make_vfs "$pf" 1
device=$(vf "$pf" 0)
start_guest db1 q35
wait_guest db1

qemu() {
    cat /run/libvirt/qemu/db1.pid
}

# ---- before

is_alive() { # PROCESS
    kill -0 "$1" 2>/dev/null
}

# QEMU stands still with another command waiting for it, which has the guest's lock: the attach has
# to wait when it reads the guest.
interrupt_attach() {
    process=$(qemu)
    must kill -STOP "$process"
    timeout 60 virsh -q qemu-monitor-command db1 --hmp 'info version' >/dev/null 2>&1 &
    sleep 1
    in_background attach attach db1 "$device"
    sleep 5
    at_work=yes
    is_running attach || at_work=no
    kill_libvirtd
    must kill -CONT "$process"
    collect attach
    until_true 60 libvirtd_answers || give_up 'libvirtd comes back'
}

interrupt_attach
# QEMU 10.0 was seen to die once in some hundred times when libvirtd dies in the middle of a request.
if ! is_alive "$process"; then
    diag "before: QEMU has died with libvirtd, so once more: $(tail -n 5 /var/log/libvirt/qemu/db1.log)"
    must virsh -q start db1
    wait_guest db1
    interrupt_attach
fi
ok 'before: the guest runs on' is_alive "$process"
is 'before: the attach is at work' "$at_work" yes
is 'before: exit status' "$status" 1
is 'before: nothing on stdout' "$out" ''
# Beside it there may be the note that the connection is opened again.
like 'before: one line tells it' "$(grep '^virt-assign: ' "$work/err")" $'^virt-assign: [^\n]*libvirt[^\n]*$'
ok 'before: not in live' lacks live db1 "$device"
ok 'before: not in config' lacks config db1 "$device"
is 'before: the driver, in the end' "$(driver "$device")" igbvf

# ---- after

# shellcheck disable=SC2317 # by until_true
on_vfio() {
    [ "$(driver "$device")" = vfio-pci ]
}

# shellcheck disable=SC2317 # by until_true
qemu_has_it() {
    virsh -q qemu-monitor-command db1 --hmp 'info pci' | grep 8086:10ca >/dev/null
}

# QEMU stands still, so libvirtd waits for its answer to the device_add.
must kill -STOP "$(qemu)"
in_background attach --json attach db1 "$device"
until_true 60 on_vfio || give_up 'the attach gets to taking the device'
sleep 2
kill_libvirtd
must kill -CONT "$(qemu)"
collect attach
is 'after: exit status' "$status" 7
json 'after: the error, and what became of it' '.error.code == "undo-failed" and (.results[0] | .outcome == "failed" and .driver == "vfio-pci")'
like 'after: the message names guest, device and way out' "$(grep '^virt-assign: ' "$work/err")" "$device.*db1.*-reattach"
until_true 60 libvirtd_answers || give_up 'libvirtd comes back'
ok 'after: not in live, as libvirt has it' lacks live db1 "$device"
ok 'after: not in config' lacks config db1 "$device"
# libvirt 11 has given it to QEMU by then, libvirt 9 still asks QEMU something else.
if until_true 20 qemu_has_it; then
    va detach db1 "$device"
    ok 'after: a detach does not call it out' test "$status" != 0
fi

# The way out.
must virsh -q destroy db1
must virsh -q nodedev-reattach "pci_${device//[:.]/_}"
is 'ended and reattached: the driver' "$(driver "$device")" igbvf
must virsh -q start db1
wait_guest db1
succeeds 'attach, after all' attach db1 "$device"
ok 'live has it' has live db1 "$device"
succeeds 'detach' detach db1 "$device"
is 'the driver, in the end' "$(driver "$device")" igbvf

finish
