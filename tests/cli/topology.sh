#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# topology: the picture as SVG and as DOT, and the names that choose a part of it.
. "${top_srcdir:?}/tests/cli/program.bash"

# shows PART...: each stands in the picture; a PART that begins with "not " does not.
shows()
{
    local part
    for part; do
        if [[ $part == "not "* ]]; then
            ! has stdout ">${part#not }<" || { echo "there is: ${part#not }"; return 1; }
        else
            has stdout ">$part<" || { echo "there is no: $part"; return 1; }
        fi
    done
}

run_on_host topology
ok "topology ends with 0" status_is 0
ok "topology has nothing else to say" is_empty stderr
ok "topology prints an SVG" golden topology.svg
run_on_host topology --format svg
ok "--format svg is the same" golden topology.svg
run_on_host topology --format dot
ok "--format dot ends with 0" status_is 0
ok "--format dot prints a graph" golden topology.dot

# refused STATUS MESSAGE ARGUMENTS...
refused()
{
    local wanted=$1 message=$2
    shift 2
    run_on_host topology "$@"
    ok "topology $* ends with $wanted" status_is "$wanted"
    ok "topology $* prints no picture" is_empty stdout
    ok "topology $* says why" text_is stderr "virt-assign: $message"
}
refused 2 '--format: "png" is not a format of a picture: it is svg or dot' --format png
refused 3 'no device and no guest "nothing"; virt-assign list shows the devices, virsh -c '"$host"' list --all the guests' \
    db1 nothing
refused 4 "0000:01:10.0 is not an SR-IOV PF; name PFs and guests; without a name all are drawn" 01:10.0
refused 4 "0000:03:00.0 is not an SR-IOV PF; name PFs and guests; without a name all are drawn" \
    enp1s0 03:00.0

run_on_host topology db1
ok "a guest: its devices with their PF, and no other guest" shows db1 enp1s0 "VF 0" "not VF 1" \
    "not web1" "not USB controller"
run_on_host topology web1
ok "a guest that has a device of another kind, too" shows web1 "VF 1" "USB controller" "not VF 0"
run_on_host topology enp1s0
ok "a PF: all its VFs, and the guests that have any" shows enp1s0 "VF 0" "VF 1" "VF 2" db1 web1 \
    "not USB controller"
run_on_host topology 02:00.0
ok "a PF without VFs stands alone" shows "0 of 7 VFs, NUMA node 1" "not db1" "not enp1s0"
run_on_host topology 02:00.0 db1
ok "a PF and a guest" shows "0 of 7 VFs, NUMA node 1" db1 "VF 0" "not VF 1"
sed '/<hostdev mode=.subsystem/,/<\/hostdev>/d; /<interface type=.hostdev/,/<\/interface>/d' \
    "${host#test://}" >"$scratch/empty.xml"
run -c "test://$scratch/empty.xml" topology db1
ok "a guest that is named is there without devices" shows db1 "not web1" "not enp1s0"
run -c "test://$scratch/empty.xml" topology
ok "others without devices are left out" shows "2 PFs, 3 VFs, 0 guests" "not db1"
finish
