#!/bin/bash
# A guest that ignores the request to let go: exit 5 with the config untouched, asked once and never
# twice unless the user wants it, and released when the guest is reset, ended or started anew.
# depends on: libvirt QEMU; alternates
# shellcheck disable=SC2016 # the single-quoted variables are jq's
budget=480
time_limit=600
. "$(dirname "$0")/lib.sh"

pf=$(pf 1)
make_vfs "$pf" 2
log_monitor

# Nothing but the request itself may have happened.
is_pending() { # NAME GUEST DEVICE
    is "$1: exit status" "$status" 5
    json "$1: the result" \
        '.results[0] | .device == $d and .outcome == "pending" and .live and .config and .error.code == "timed-out"' --arg d "$3"
    like "$1: the message tells the guest, the device and the config" "$(grep '^virt-assign: ' "$work/err")" \
        "$2.*$3.*pending.*config"
    is "$1: the message is one line" "$(grep -c '^virt-assign: ' "$work/err")" 1
    ok "$1: still in live" has live "$2" "$3"
    config_without_record "$2" >"$work/config-now"
    same "$1: the config is byte for byte the same" "$work/config" "$work/config-now"
    ok "$1: it is on record" has_operation "$2"
    is "$1: the driver" "$(driver "$3")" vfio-pci
}

is_released() { # NAME GUEST DEVICE
    ok "$1: not in live" lacks live "$2" "$3"
    ok "$1: not in config" lacks config "$2" "$3"
    is "$1: the driver" "$(driver "$3")" igbvf
    ok "$1: nothing is on record" has_no_operation "$2"
}

# Asks twice, has the guest reset, then again with the guest destroyed in the middle.
ignore_and_release() { # GUEST DEVICE
    local guest=$1 device=$2 asked
    must virt-assign attach "$guest" "$device"
    config_without_record "$guest" >"$work/config"
    asked=$(unplug_requests)
    va --json detach "$guest" "$device" --timeout 8
    is_pending "$guest: detach" "$guest" "$device"
    is "$guest: detach: one request" "$(unplug_requests)" $((asked + 1))
    va metrics
    ok "$guest: detach: metrics tell since when" grep -qE \
        "^virt_assign_release_pending_seconds\{pci_address=\"$device\",guest=\"$guest\",.*\} [1-9][0-9]*$" "$work/out"
    va --json detach "$guest" "$device" --timeout 3
    is_pending "$guest: detach again" "$guest" "$device"
    is "$guest: detach again: no second request" "$(unplug_requests)" $((asked + 1))
    va --json detach "$guest" "$device" --timeout 3 --ask-again
    is_pending "$guest: detach --ask-again" "$guest" "$device"
    is "$guest: detach --ask-again: a second request" "$(unplug_requests)" $((asked + 2))
    refused "$guest: attach meanwhile" 4 "$device.*asked to release.*detach $guest" attach "$guest" "$device"

    must virsh -q reset "$guest"
    ok "$guest: a reset releases it" until_true 30 lacks live "$guest" "$device"
    ok "$guest: a reset leaves it in config" has config "$guest" "$device"
    va --json detach "$guest" "$device"
    is "$guest: detach after the reset: exit status" "$status" 0
    is_released "$guest: detach after the reset" "$guest" "$device"
    va metrics
    is "$guest: detach after the reset: metrics have no release" "$(grep -c '^virt_assign_release' "$work/out")" 0

    must virt-assign attach "$guest" "$device"
    in_background waiting --json detach "$guest" "$device" --timeout 90
    waits_for_guest waiting
    must virsh -q destroy "$guest"
    collect waiting
    is "$guest: destroyed while a detach waits: exit status" "$status" 0
    json "$guest: destroyed while a detach waits: the result" '.results[0] | .outcome == "done" and (.live or .config | not)'
    is_released "$guest: destroyed while a detach waits" "$guest" "$device"
}

start_guest deaf-pc pc --ports 1 --append 'acpiphp.disable=1'
wait_guest deaf-pc
ignore_and_release deaf-pc "$(vf "$pf" 1)"

start_guest deaf q35 --append 'acpiphp.disable=1 pcie_ports=compat pci=noacpi'
wait_guest deaf
device=$(vf "$pf" 0)
ignore_and_release deaf "$device"

# Pending, then the guest is started anew with its config untouched: it has the device back.
must virt-assign attach deaf "$device"
must virsh -q start deaf
wait_guest deaf
config_without_record deaf >"$work/config"
va --json detach deaf "$device" --timeout 4
is_pending 'cold-plugged' deaf "$device"
must virsh -q destroy deaf
is 'ended: the driver' "$(driver "$device")" igbvf
config_xml deaf | sed 's/acpiphp\.disable=1 pcie_ports=compat pci=noacpi//' >"$work/obeys.xml"
must virsh -q define "$work/obeys.xml"
must virsh -q start deaf
wait_guest deaf
ok 'started anew: live has it back' has live deaf "$device"
is 'started anew: the driver' "$(driver "$device")" vfio-pci
asked=$(unplug_requests)
va --json detach deaf "$device"
is 'started anew: detach: exit status' "$status" 0
is 'started anew: detach: one request of its own' "$(unplug_requests)" $((asked + 1))
is_released 'started anew: detach' deaf "$device"

# Another program removes the VFs of a guest that does not let go: the kernel waits, virt-assign does not.
other_pf=$(pf 2) address=$(pci_of "$pf") device=$(vf "$pf" 1)
must virt-assign attach deaf-pc "$device"
must virsh -q start deaf-pc
echo 0 >"/sys/bus/pci/devices/$address/sriov_numvfs" &
removal=$!
ok 'VFs being removed: the kernel took it off its list' \
    until_true 20 test ! -e "/sys/bus/pci/devices/$address/virtfn1"
waits="the kernel is removing the VFs of $address.*$device.*virt-assign show $device"
refused 'VFs being removed: look at them' 4 "$waits" vfs "$pf"
refused 'VFs being removed: other ones' 4 "$waits" vfs "$pf" 1
refused "VFs being removed: another PF's" 4 "$waits" vfs "$other_pf" 2
is "VFs being removed: another PF has none" "$(cat "/sys/class/net/$other_pf/device/sriov_numvfs")" 0
succeeds 'VFs being removed: list' list
va --json check
json 'VFs being removed: check tells' \
    'any(.findings[]; .id == "host.vf-removal" and .level == "problem" and (.summary | contains($d)))' --arg d "$device"
ok 'VFs being removed: the kernel still waits' kill -0 "$removal"
must virsh -q destroy deaf-pc
ok 'the guest has ended: the kernel goes on' until_true 30 sh -c '! kill -0 "$1"' - "$removal"
succeeds 'the guest has ended: VFs again' vfs "$pf" 2

finish
