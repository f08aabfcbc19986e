#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# xml prints what attach would send, by options and guest.
. "${top_srcdir:?}/tests/cli/program.bash"
vf=0000:01:10.4

run_on_host xml $vf
ok "xml of a VF ends with 0" status_is 0
ok "xml of a VF is an interface" golden xml-vf.xml
run_on_host xml 0000:00:1f.2
ok "xml of a SATA controller is a hostdev" golden xml-sata.xml
run_on_host xml $vf --as hostdev --name ua-nic --acpi-index 7 --guest-address 05:00.0
ok "xml of a VF as hostdev" golden xml-vf-hostdev.xml
run_on_host xml $vf --name up --json
ok "a name gets the prefix that libvirt wants" json .alias ua-up
run_on_host xml $vf --mac 52:54:00:12:34:56 --vlan 100 --guest-address 0000:05:00.0
ok "xml has what was given" golden xml-vf-given.xml
run_on_host xml $vf --guest db1
ok "xml for a guest has address and MAC" golden xml-vf-db1.xml
first=$(cat "$scratch/stdout")
run_on_host xml $vf --guest db1 --json
ok "xml --json has the same element" json '.xml | rtrimstr("\n")' "$first"
ok "xml --json has what it says" json '.schema, .device, .type, .alias, .guest_address, .vlan' \
    "1
$vf
interface
ua-pci_0000_01_10_4
0000:03:00.0
null"
ok "xml --json has nothing of QEMU's" json .qemu null
run_on_host xml $vf --guest db1 --format libvirt
ok "--format libvirt is the same" text_is stdout "$first"

# The same for a QEMU without libvirt.
mac=52:54:00:12:34:56
run_on_host xml $vf --guest db1 --mac $mac --vlan 5 --acpi-index 7 --format qemu
ok "--format qemu ends with 0" status_is 0
ok "--format qemu has arguments, and comments around them" golden xml-vf.qemu
run_on_host xml $vf --guest db1 --mac $mac --format qmp
ok "--format qmp has commands, and comments around them" golden xml-vf.qmp
device='{"driver": "vfio-pci", "host": "0000:01:10.4", "id": "ua-pci_0000_01_10_4", "bus": "pci.3", "addr": "0x0"}'
ok "the command to plug in is JSON" test \
    "$(grep device_add "$scratch/stdout" | jq -c .arguments)" = "$(jq -c . <<<"$device")"
run_on_host xml $vf --guest db1 --mac $mac --format hmp
ok "--format hmp has commands, and comments around them" golden xml-vf.hmp
run_on_host xml $vf --guest db1 --format qmp --json
ok "--json has the same in parts" json '.qemu | "\(.before | length) \(.plug | length) \(.unplug | length) \(.after | length)"' \
    "5 1 1 3"
ok "a line for each monitor" json '.qemu.plug[0] | fromjson | .execute' device_add
run_on_host xml 0000:00:1f.2 --format qemu --boot-order 2
ok "without a guest: no bus" has stdout "-device vfio-pci,host=0000:00:1f.2,id=ua-pci_0000_00_1f_2,bootindex=2"
run_on_host xml 0000:00:1f.2 --format qemu --guest-address 00:04.0
ok "the root bus of a machine that nobody named" has stdout "id=ua-pci_0000_00_1f_2,addr=0x4"
run_on_host xml 0000:00:1f.2 --format qemu --guest-address 02:03.0
ok "a bus that nobody named" has stdout "id=ua-pci_0000_00_1f_2,bus=pci.2,addr=0x3"
finish
