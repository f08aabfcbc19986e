#!/bin/bash
# What other programs' files have for a VF that a guest has is foretold by check and attach, and comes
# to pass: real udevd and networkd write it over. The witness is ip -j link.
# depends on: kernel
# shellcheck disable=SC2016 # the single-quoted variables are jq's
budget=180
. "$(dirname "$0")/lib.sh"

pf=$(pf 1)
make_vfs "$pf" 2
address=$(pci_of "$pf")
link=/etc/systemd/network/05-lab-settings.link
network=/run/systemd/network/05-lab-settings.network
# shellcheck disable=SC2317 # at the end
remove_files() {
    rm -rf "$link" "$link.d" "$network"
    systemctl stop systemd-networkd.socket systemd-networkd
    udevadm control --reload
}
at_end+=(remove_files)

spoof_check() { # N
    vf_info "$pf" "$1" '.spoofchk'
}

trust() { # N
    vf_info "$pf" "$1" '.trust'
}

foretold() { # NAME PROGRAM FILE:LINE
    va --json check
    is "$1: check: exit status" "$status" 1
    json "$1: check names the file, the guest and what differs" \
        'any(.findings[]; .id == "host.vf-presets" and .level == "problem" and (.summary | startswith($p) and contains("guest db1")) and .evidence == $f)' \
        --arg p "$2 writes spoof check off, trust off, VLAN 7 over VF 0 of $pf" --arg f "$3"
}

start_guest db1 q35
wait_guest db1
must virt-assign -q attach db1 "$pf/vf0" --vlan 100 --trust on --spoof-check on
va --json check
json 'nothing foreign: check has no word of it' 'any(.findings[]; .id == "host.vf-presets") | not'

mkdir -p "$link.d" "${network%/*}"
printf '[Match]\nPath=pci-%s\n[Link]\nNamePolicy=keep\nSR-IOVVirtualFunctions=2\n' "$address" >"$link"
printf '\n[SR-IOV]\nVirtualFunction=0\nVLANId=7\nTrust=no\nMACSpoofCheck=no\n' >"$link.d/vf.conf"
foretold 'a .link file' systemd-udevd "$link.d/vf.conf:2"
va vfs "$pf" 2 --persist
like 'a .link file: its number is kept already' "$err" "kept by $link:5 already"
is 'a .link file, only looked at: VLAN' "$(vf_vlan "$pf" 0)" 100
udevadm control --reload
udevadm trigger --settle --action=add "/sys/class/net/$pf"
is 'a .link file: udevd writes the VLAN' "$(vf_vlan "$pf" 0)" 7
is 'a .link file: udevd writes the trust' "$(trust 0)" false
is 'a .link file: udevd writes the spoof check' "$(spoof_check 0)" false
is 'a .link file: the number stays' "$(cat "/sys/class/net/$pf/device/sriov_numvfs")" 2

printf '[SR-IOV]\nVirtualFunction=1\nTrust=yes\n' >"$link.d/vf.conf"
va attach db1 "$pf/vf1" --trust off --dry-run
like 'attach tells of it' "$err" "systemd-udevd writes trust on over trust off: $link.d/vf.conf:1"
rm -r "$link.d" "$link"

must ip link set dev "$pf" vf 0 vlan 100
must ip link set dev "$pf" vf 0 trust on
must ip link set dev "$pf" vf 0 spoofchk on
printf '[Match]\nName=%s\n[SR-IOV]\nVirtualFunction=0\nVLANId=7\nTrust=no\nMACSpoofCheck=no\n' "$pf" >"$network"
va --json check
json 'a .network file without networkd: a warning' \
    'any(.findings[]; .id == "host.vf-presets" and .level == "warning" and (.evidence | contains("systemd-networkd does not run")))'
must systemctl start systemd-networkd
# networkd writes over it right now: the finding is gone when it has.
ok 'a .network file: networkd writes the VLAN' until_true 30 eval '[ "$(vf_vlan "$pf" 0)" = 7 ]'
is 'a .network file: networkd writes the trust' "$(trust 0)" false
must ip link set dev "$pf" vf 0 vlan 100
must ip link set dev "$pf" vf 0 trust on
must ip link set dev "$pf" vf 0 spoofchk on
foretold 'a .network file' systemd-networkd "$network:3"
must networkctl reconfigure "$pf"
ok 'a .network file, configured again: networkd writes the VLAN' until_true 30 eval '[ "$(vf_vlan "$pf" 0)" = 7 ]'
remove_files

succeeds 'detach' detach db1 "$pf/vf0"
finish
