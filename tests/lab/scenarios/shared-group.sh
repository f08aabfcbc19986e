#!/bin/bash
# A NIC and a SATA controller in one IOMMU group: the NIC alone is refused; with --group the
# controller is held for the guest, unseen by it; both come back with the detach.
# depends on: libvirt kernel; alternates
# shellcheck disable=SC2016,SC2154 # the single-quoted variables are jq's; lib.sh sets the others
budget=180
. "$(dirname "$0")/lib.sh"

nic=$(lspci -Dn -d 8086:100e | head -n 1 | cut -d ' ' -f 1)
group=$(basename "$(readlink "/sys/bus/pci/devices/$nic/iommu_group")")
mate=$(lspci -Dn -d ::0106 | cut -d ' ' -f 1 | while read -r address; do
    [ ! -e "/sys/kernel/iommu_groups/$group/devices/$address" ] || echo "$address"
done)
start_guest grouped q35
start_guest second q35
wait_guest grouped

is_unassigned() { # live|config
    [ "$(element "$1" grouped "$mate" | xmllint --xpath 'string(/*/address/@type)' -)" = unassigned ]
}

are_hosts() { # NAME
    is "$1: the NIC" "$(driver "$nic")" e1000
    is "$1: its mate" "$(driver "$mate")" ahci
}

remember grouped
refused 'the NIC alone' 4 "IOMMU group $group.*$mate \(ahci\).*--group" attach grouped "$nic"
untouched 'the NIC alone' grouped
va attach grouped "$nic" --group --dry-run
is 'a dry run: exit status' "$status" 0
untouched 'a dry run' grouped

va --json attach grouped "$nic" --group
is 'the group: exit status' "$status" 0
json 'the group: the results' '[.results[] | .device, .outcome] == [$a, "done", $b, "done"]' --arg a "$nic" --arg b "$mate"
is 'the group: the NIC' "$(driver "$nic")" vfio-pci
is 'the group: its mate' "$(driver "$mate")" vfio-pci
ok 'the group: live has the NIC' has live grouped "$nic"
ok 'the group: config has the NIC' has config grouped "$nic"
ok 'the group: live holds the mate, unassigned' is_unassigned live
ok 'the group: config holds the mate, unassigned' is_unassigned config
like 'the group: the alias of the mate' "$(of_element live grouped "$mate" alias)" '^ua-mate-'
is 'the group: QEMU has one of them' \
    "$(virsh -q qemu-monitor-command grouped --hmp 'info qtree' | grep -c 'dev: vfio-pci,')" 1
va --json attach grouped "$nic" --group
json 'the group, once more' '.results[0].outcome == "already"'
refused 'the mate, for another guest' 4 "$mate.*grouped" attach second "$mate"
refused 'the mate, back to the host' 4 "$mate is in use by guest grouped" host-reattach "$mate"
snapshot "$work/held" grouped
refused 'the mate alone, out of the guest' 4 "$mate from grouped.*has $nic.*detach grouped $nic" detach grouped "$mate"
refused 'the mate alone, by its alias' 4 "$mate from grouped.*has $nic" detach grouped "$(of_element live grouped "$mate" alias)"
snapshot "$work/now" grouped
same 'the mate alone, out of the guest: nothing was touched' "$work/held" "$work/now"
va show grouped
like 'show tells the mate' "$out" "$mate .*held mate"

va --json detach grouped "$nic"
is 'detach: exit status' "$status" 0
json 'detach: the results' '[.results[] | .device, .outcome] == [$a, "done", $b, "done"]' --arg a "$nic" --arg b "$mate"
are_hosts 'detach'
ok 'detach: live has neither' lacks live grouped "$mate"
ok 'detach: config has neither' lacks config grouped "$mate"
untouched 'in and out' grouped

succeeds 'config only' attach grouped "$nic" --group --config
ok 'config only: config holds the mate' is_unassigned config
are_hosts 'config only'
succeeds 'config only: detach' detach grouped "$nic"
ok 'config only: detach: config has neither' lacks config grouped "$mate"

finish
