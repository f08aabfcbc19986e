#!/bin/bash
# Everything a user can get wrong: one line that names the subject, the cause and the way out, the
# exit status that stands for it, and nothing touched.
# depends on: libvirt; alternates
# shellcheck disable=SC2016 # the single-quoted variables are jq's
budget=300
time_limit=600
. "$(dirname "$0")/lib.sh"

pf=$(pf 1) other_pf=$(pf 2)
make_vfs "$pf" 3
device=$(vf "$pf" 0) second=$(vf "$pf" 1) third=$(vf "$pf" 2)
start_guest bad q35 --ports 2
wait_guest bad
remember bad

# Nothing may come of a bad command: the state is compared after each.
bad() { # NAME STATUS REGEX ARGUMENTS...
    refused "$@"
    untouched "$1" bad
}

# ---- the command line
bad 'no verb' 2 'VERB is missing.*--help'
bad 'an unknown verb' 2 'atach' atach bad "$device"
bad 'an unknown option' 2 'fast.*virt-assign attach --help' attach bad "$device" --fast
bad 'no device' 2 'DEVICE is missing.*virt-assign attach --help' attach bad
bad 'a time that is no number' 2 'timeout.*soon' detach bad "$device" --timeout soon

# ---- devices and guests
bad 'an unknown device' 3 'no PCI device 0000:aa:00\.0' attach bad 0000:aa:00.0
bad 'an unknown interface' 3 'enp9s9' attach bad enp9s9
bad 'a malformed address' 2 '0000:01:10\.8' attach bad 0000:01:10.8
bad 'a slot that no bus has' 2 '01:20\.0' attach bad 01:20.0
bad 'a VF that the PF has not' 3 "VF 9 .*$pf.*0 to 2" attach bad "$pf/vf9"
bad 'a VF of another PF' 4 "$device is not a VF of $other_pf.*$pf" attach bad "$other_pf/$device"
bad 'a VF of a PF without VFs' 3 "$other_pf.*virt-assign vfs $other_pf N" attach bad "$other_pf/vf0"
bad 'a bridge' 4 'is a bridge' attach bad "$(lspci -Dn -d ::0604 | head -n 1 | cut -d ' ' -f 1)"
bad 'an unknown guest' 3 'no guest "nobody".*bad' attach nobody "$device"
bad 'one bad device beside a good one' 3 'no PCI device 0000:aa:00\.0' attach bad "$device" 0000:aa:00.0
bad 'show of what is neither' 3 'nothing' show nothing
bad 'detach of an unknown alias' 3 'ua-nothing' detach bad ua-nothing
bad 'detach of what is no assignment' 4 'pci\.1' detach bad pci.1

# A guest that is called like a network interface.
config_xml bad | sed "s|<name>bad</name>|<name>$pf</name>|; /<uuid>/d" >"$work/namesake.xml"
guests+=("$pf")
must virsh -q define "$work/namesake.xml"
bad 'an ambiguous name' 3 "$pf" show "$pf"
must virsh -q undefine "$pf"

# ---- the guest's side
bad 'a malformed guest address' 2 '02:00' attach bad "$device" --guest-address 02:00
bad 'a bus without hot-plug' 4 '0000:00:09\.0.*hot-plug' attach bad "$device" --guest-address 0000:00:09.0
bad 'a bus that the guest has not' 4 '0000:09:00\.0' attach bad "$device" --guest-address 0000:09:00.0
bad 'a slot that a root port has not' 4 '0000:02:01\.0.*slot' attach bad "$device" --guest-address 0000:02:01.0
bad 'a function that cannot be hot-plugged' 4 '0000:02:00\.1.*function' attach bad "$device" --guest-address 0000:02:00.1
bad 'an alias that libvirt would drop' 2 'ua-up.link.*ua-' attach bad "$device" --name up.link

# ---- MAC and VLAN
bad 'a malformed MAC' 2 '52:54:00:aa:bb' attach bad "$device" --mac 52:54:00:aa:bb
bad 'a multicast MAC' 2 '01:00:5e:00:00:01.*unicast' attach bad "$device" --mac 01:00:5e:00:00:01
bad 'a VLAN that is reserved' 2 '4095' attach bad "$device" --vlan 4095

# ---- what is taken, what only reads, and no place left
read_only='qemu:///system?socket=/run/libvirt/libvirt-sock-ro'
must virt-assign attach bad "$second" --mac 52:54:00:aa:00:07 --name ua-uplink
remember bad
bad 'a MAC in use' 4 '52:54:00:aa:00:07.*bad' attach bad "$device" --mac 52:54:00:aa:00:07
bad 'an alias that is taken' 4 "ua-uplink.*$second" attach bad "$device" --name ua-uplink
bad 'a read-only connection' 1 'read.only' -c "$read_only" attach bad "$third"
bad 'a read-only connection, detach' 1 'read.only' -c "$read_only" detach bad "$second"
must virt-assign attach bad "$third"
remember bad
bad 'no place left' 4 'no free.*0000:01:00\.0.*0000:02:00\.0.*ports bad --add' attach bad "$device"

# ---- the way to libvirt
run setpriv --reuid nobody --regid nogroup --clear-groups virt-assign attach bad "$device"
refused_so 'no permission' 1 'run as root'
untouched 'no permission' bad
run setpriv --reuid nobody --regid nogroup --clear-groups virt-assign list
is 'no permission: list needs none' "$status" 0

va --json attach bad 0000:aa:00.0
is 'with --json: exit status' "$status" 3
json 'with --json: the error is an object' '.schema == 1 and .error.code == "not-found" and (.error.message | contains("0000:aa:00.0"))'
is 'with --json: one line for people too' "$(grep -c '^virt-assign: ' "$work/err")" 1

# shellcheck disable=SC2317 # at the end, and by ok
start_libvirtd() {
    systemctl start libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket libvirtd.service
    until_true 60 libvirtd_answers
}
at_end+=(start_libvirtd)
# A restart alone already changes the order of what libvirt tells of a guest.
restart_libvirtd
remember bad
must systemctl stop libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket libvirtd.service
va attach bad "$device"
refused_so 'libvirtd is not running' 1 '/libvirt-sock.*(systemctl|running)'
ok 'libvirtd comes back' start_libvirtd
untouched 'libvirtd is not running' bad

finish
