#!/bin/bash
# libvirtd goes away while a detach is pending: restarted or killed, with a detach waiting or between
# two of them. The command finds it again, and the guest is never asked a second time.
# depends on: libvirt
# shellcheck disable=SC2016 # the single-quoted variables are jq's
budget=180
. "$(dirname "$0")/lib.sh"

pf=$(pf 1)
make_vfs "$pf" 1
device=$(vf "$pf" 0)
log_monitor
start_guest deaf q35 --append 'acpiphp.disable=1 pcie_ports=compat pci=noacpi'
wait_guest deaf

must virt-assign attach deaf "$device"
config_without_record deaf >"$work/config"

config_is_the_same() { # NAME
    config_without_record deaf >"$work/config-now"
    same "$1: the config is byte for byte the same" "$work/config" "$work/config-now"
}

in_background waiting --json detach deaf "$device" --timeout 25
waits_for_guest waiting
restart_libvirtd
ok 'restarted: the detach still waits' is_running waiting
collect waiting
is 'restarted: exit status' "$status" 5
json 'restarted: the result' '.results[0] | .outcome == "pending" and .live and .config'
ok 'restarted: still in live' has live deaf "$device"
config_is_the_same 'restarted'
is 'restarted: one request' "$(unplug_requests)" 1

restart_libvirtd
va --json detach deaf "$device" --timeout 3
is 'the next detach, after another restart: exit status' "$status" 5
json 'the next detach: the result' '.results[0] | .outcome == "pending" and .live and .config'
is 'the next detach: no second request' "$(unplug_requests)" 1
config_is_the_same 'the next detach'

# Killed while a detach waits, and the guest lets go while nobody listens.
in_background waiting --json detach deaf "$device" --timeout 90
waits_for_guest waiting
kill_libvirtd
must virsh -q reset deaf
collect waiting
is 'killed, then released: exit status' "$status" 0
json 'killed, then released: the result' '.results[0] | .outcome == "done" and (.live or .config | not) and .driver == "igbvf"'
ok 'killed, then released: not in live' lacks live deaf "$device"
ok 'killed, then released: not in config' lacks config deaf "$device"
is 'killed, then released: the driver' "$(driver "$device")" igbvf
is 'killed, then released: no second request' "$(unplug_requests)" 1

finish
