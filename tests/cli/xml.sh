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
finish
