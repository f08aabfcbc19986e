#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Hosts and guests that are not as most are.
. "${top_srcdir:?}/tests/cli/program.bash"
host=test://$data/rare-host.xml

# One function has two ports, and each is a name of it.
run_on_host show ens4d1 --json
ok "the second port is a name of the function" json .device.address 0000:04:00.0
ok "the first port is its interface" json .device.interface ens4
ok "the second port is its other name" json '.device.other_names | join(" ")' ens4d1
run_on_host show ens4d1
ok "show lists the first port" has stdout "interface:     ens4"
ok "show lists the second port" has stdout "also called:   ens4d1"
run_on_host show ens4d1/vf0 --json
ok "the second port names its VFs" json .device.address 0000:04:00.1
finish
