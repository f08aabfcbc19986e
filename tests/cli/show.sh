#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# show: a VF in a guest, a PF, a function that nobody knows, a running guest and one that is shut
# off; each as text and as JSON.
. "${top_srcdir:?}/tests/cli/program.bash"

# shows GOLDEN NAME: text and JSON twin.
shows()
{
    run_on_host show "$2"
    ok "show $2 ends with 0" status_is 0
    ok "show $2 prints text" golden "show-$1.txt"
    run_on_host show "$2" --json
    ok "show $2 --json ends with 0" status_is 0
    ok "show $2 --json prints an object" golden "show-$1.json"
}

shows vf 0000:01:10.0
shows pf 0000:01:00.0
shows unknown 0000:04:00.0
shows running-guest db1
shows shut-off-guest web1

for name in 01:10.4 pci_0000_01_10_4 enp1s0v2 enp1s0/vf2 01:00.0/vf2; do
    run_on_host show --json "$name"
    ok "$name is a name of the VF" json .device.address 0000:01:10.4
done
run_on_host show --json 5b8c8d0e-5f2b-4f0e-9a39-0d1d5a3f6c11
ok "a UUID is a name of the guest" json .guest.name db1
finish
