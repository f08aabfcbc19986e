#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# A libvirt network that has VFs in its pool: shown, checked, and said before one is taken from it.
. "${top_srcdir:?}/tests/cli/program.bash"

# VF 2 of enp1s0 is free, VF 0 is db1's.
sed "s,</node>,<network><name>vf pool</name><forward mode='hostdev' managed='yes'>\
<address type='pci' domain='0x0000' bus='0x01' slot='0x10' function='0x0'/>\
<address type='pci' domain='0x0000' bus='0x01' slot='0x10' function='0x4'/>\
</forward></network></node>," "$data/host.xml" >"$scratch/pool.xml"
host=test://$scratch/pool.xml

run_on_host show enp1s0/vf2
ok "show names the network" has stdout "in pool of:    network vf pool (active)"
run_on_host show enp1s0/vf2 --json
ok "show --json has the network" json '.pools[] | "\(.network) \(.active) \(.autostarted) \(.pf_interface)"' \
    "vf pool true false null"
run_on_host show 01:10.2 --json
ok "another VF is in no pool" json '.pools | length' 0
run_on_host check enp1s0/vf2
ok "check says that a guest may get it" has stdout "it is in the pool of network vf pool (active)"
ok "check has the command" has stdout "virsh net-edit 'vf pool'"
run_on_host check 01:10.0
ok "check says that db1 has it, too" has stdout "guest db1 has it, and so has the pool of network vf pool"
run_on_host check --json
ok "check of the host says the same" json '.findings[] | select(.id == "host.pools") | "\(.level) \(.subject)"' \
    "warning 0000:01:10.0"
run_on_host attach web1 enp1s0/vf2 --dry-run
ok "attach goes on" status_is 0
ok "attach says it" has stderr "0000:01:10.4 is in the pool of network vf pool (active), which may"
run_on_host xml enp1s0/vf2
ok "xml says nothing of it" is_empty stderr
finish
