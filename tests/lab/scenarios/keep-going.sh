#!/bin/bash
# --keep-going: what is refused before, and what fails on the way, does not keep the others.
# distribution-independent
# shellcheck disable=SC2016 # the single-quoted variables are jq's
budget=180
. "$(dirname "$0")/lib.sh"

first_pf=$(pf 1) second_pf=$(pf 2)
make_vfs "$first_pf" 3
make_vfs "$second_pf" 1
first=$(vf "$first_pf" 0) held=$(vf "$first_pf" 1) broken=$(vf "$first_pf" 2) second=$(vf "$second_pf" 0)
start_guest db2 q35
start_guest db1 q35
wait_guest db2 db1
must virt-assign attach db2 "$held"

is_in() { # NAME DEVICE : live and config have it
    ok "$1: live has it" has live db1 "$2"
    ok "$1: config has it" has config db1 "$2"
    is "$1: the driver" "$(driver "$2")" vfio-pci
}
is_out() { # NAME DEVICE
    ok "$1: live does not have it" lacks live db1 "$2"
    ok "$1: config does not have it" lacks config db1 "$2"
    is "$1: the driver" "$(driver "$2")" igbvf
}

remember db1 db2
refused 'without it: one is held' 4 "$held.*db2" attach db1 "$first" "$held" "$second"
va attach db1 "$first" "$held" "$second" --keep-going --dry-run
is 'a dry run: exit status' "$status" 6
like 'a dry run: the steps of the first' "$err" "attach $first to running db1"
refused 'with --group' 2 'exclude each other' attach db1 "$first" "$held" --keep-going --group
refused 'all are refused' 4 "$held.*db2" attach db1 "$held" --keep-going
untouched 'without it, a dry run, with --group, all refused' db1 db2

va --json attach db1 "$first" "$held" 0000:aa:00.0 "$second" --keep-going
is 'one is held, one not there: exit status' "$status" 6
json 'one is held, one not there: the results' '[.results[] | (.device, .outcome)] == [$a, "done", $h, "failed", null, "failed", $b, "done"]' \
    --arg a "$first" --arg h "$held" --arg b "$second"
is_in 'the first' "$first"
is_in 'the second' "$second"
ok 'the held one: it is still in the other guest' has live db2 "$held"
for device in "$first" "$second"; do
    address=$(of_element live db1 "$device" guest-address)
    ok "$device: the guest has a NIC of it" lab-guest wait-nic db1 "$address"
done
must virt-assign detach db1 "$first" "$second"

# One that fails on the way: libvirt cannot write its driver_override.
override=/sys/bus/pci/devices/$broken/driver_override
# shellcheck disable=SC2317 # at the end
writable_again() {
    ! mountpoint -q "$override" || umount "$override"
}
: >"$work/override"
must mount --bind "$work/override" "$override"
at_end+=(writable_again)
must mount -o remount,bind,ro "$override"
va --json attach db1 "$second" "$broken"
is 'one fails, without --keep-going: exit status' "$status" 1
is_out 'one fails, without --keep-going: itself' "$broken"
is_out 'one fails, without --keep-going: the other' "$second"
va --json attach db1 "$first" "$broken" "$second" --keep-going
is 'one fails: exit status' "$status" 6
json 'one fails: the results' '[.results[].outcome] == ["done", "failed", "done"]'
is_in 'one fails: the one before it' "$first"
is_out 'one fails: itself' "$broken"
is_in 'one fails: the one behind it' "$second"
must virt-assign detach db1 "$first" "$second"
writable_again

must virt-assign host-detach "$first" "$second"
exec {hold}<>"/dev/vfio/$(basename "$(readlink "/sys/bus/pci/devices/$first/iommu_group")")"
va --json host-reattach "$first" "$second" --keep-going
is 'host-reattach, one is held by a process: exit status' "$status" 6
json 'host-reattach, one is held by a process: the results' '[.results[].outcome] == ["failed", "done"]'
is 'host-reattach, one is held by a process: its driver' "$(driver "$first")" vfio-pci
is 'host-reattach, one is held by a process: the other one' "$(driver "$second")" igbvf
exec {hold}>&-
va host-detach "$held" "$second" "$broken" --keep-going
is 'host-detach, one is in a guest: exit status' "$status" 6
is 'host-detach, one is in a guest: the second' "$(driver "$second")" vfio-pci
is 'host-detach, one is in a guest: the third' "$(driver "$broken")" vfio-pci
ok 'host-detach, one is in a guest: it still is' has live db2 "$held"
succeeds 'host-reattach of all' host-reattach "$first" "$second" "$broken" --keep-going
for device in "$first" "$second" "$broken"; do
    is "$device: back on the host" "$(driver "$device")" igbvf
done

finish
