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
start_guest db1 q35
start_guest db2 q35
wait_guest db1

is_unassigned() { # live|config
    [ "$(element "$1" db1 "$mate" | xmllint --xpath 'string(/*/address/@type)' -)" = unassigned ]
}

are_hosts() { # NAME
    is "$1: the NIC" "$(driver "$nic")" e1000
    is "$1: its mate" "$(driver "$mate")" ahci
}

remember db1
refused 'the NIC alone' 4 "IOMMU group $group.*$mate \(ahci\).*--group" attach db1 "$nic"
untouched 'the NIC alone' db1
va attach db1 "$nic" --group --dry-run
is 'a dry run: exit status' "$status" 0
untouched 'a dry run' db1

va --json attach db1 "$nic" --group
is 'the group: exit status' "$status" 0
json 'the group: the results' '[.results[] | .device, .outcome] == [$a, "done", $b, "done"]' --arg a "$nic" --arg b "$mate"
is 'the group: the NIC' "$(driver "$nic")" vfio-pci
is 'the group: its mate' "$(driver "$mate")" vfio-pci
ok 'the group: live has the NIC' has live db1 "$nic"
ok 'the group: config has the NIC' has config db1 "$nic"
ok 'the group: live holds the mate, unassigned' is_unassigned live
ok 'the group: config holds the mate, unassigned' is_unassigned config
like 'the group: the alias of the mate' "$(of_element live db1 "$mate" alias)" '^ua-mate-'
is 'the group: QEMU has one of them' \
    "$(virsh -q qemu-monitor-command db1 --hmp 'info qtree' | grep -c 'dev: vfio-pci,')" 1
va --json attach db1 "$nic" --group
json 'the group, once more' '.results[0].outcome == "already"'
refused 'the mate, for another guest' 4 "$mate.*db1" attach db2 "$mate"
refused 'the mate, back to the host' 4 "$mate is in use by guest db1" host-reattach "$mate"
snapshot "$work/held" db1
refused 'the mate alone, out of the guest' 4 "$mate from db1.*has $nic.*detach db1 $nic" detach db1 "$mate"
refused 'the mate alone, by its alias' 4 "$mate from db1.*has $nic" detach db1 "$(of_element live db1 "$mate" alias)"
snapshot "$work/now" db1
same 'the mate alone, out of the guest: nothing was touched' "$work/held" "$work/now"
va show db1
like 'show tells the mate' "$out" "$mate .*held mate"

va --json detach db1 "$nic"
is 'detach: exit status' "$status" 0
json 'detach: the results' '[.results[] | .device, .outcome] == [$a, "done", $b, "done"]' --arg a "$nic" --arg b "$mate"
are_hosts 'detach'
ok 'detach: live has neither' lacks live db1 "$mate"
ok 'detach: config has neither' lacks config db1 "$mate"
untouched 'in and out' db1

succeeds 'config only' attach db1 "$nic" --group --config
ok 'config only: config holds the mate' is_unassigned config
are_hosts 'config only'
succeeds 'config only: detach' detach db1 "$nic"
ok 'config only: detach: config has neither' lacks config db1 "$mate"

finish
