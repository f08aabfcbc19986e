#!/bin/bash
# A device that the host itself needs is refused, with the reason, and nothing is touched: the disk of its
# root file system, the NICs of its default routes - through a bond with a VLAN, a bridge, several
# next hops - and of the caller's session, a PF whose VFs are held. --force takes it all the same.
# depends on: kernel
# shellcheck disable=SC2016 # the single-quoted variables are jq's
budget=180
. "$(dirname "$0")/lib.sh"

pf=$(pf 1) second=$(pf 2)
card=$(pci_of "$second")
e1000=$(basename "$(readlink -f /sys/bus/pci/drivers/e1000/0*)")
third=$(basename "/sys/bus/pci/devices/$e1000/net/"*)
loop=
xhci=$(lspci -Dn -d ::0c03 | cut -d ' ' -f 1)
root=$(basename "$(findmnt -n -o SOURCE /)")
disk=$(readlink -f "/sys/class/block/$root" | grep -o '[0-9a-f:]*:[0-9a-f]*\.[0-7]' | tail -n 1)

undo_network() {
    ip link del va-vlan
    ip link del va-bond
    ip link del va-bridge
    ip addr flush dev "$second"
    ip link set dev "$second" up
}
undo_swap() {
    swapoff "$loop"
    losetup -d "$loop"
    rm -f /var/tmp/va-swap
}
at_end+=(undo_network undo_swap)

make_vfs "$pf" 1
device=$(vf "$pf" 0)
start_guest db1 q35
wait_guest db1

reasons_of() { # ADDRESS : what list says
    virt-assign list --class all --json | jq -r --arg d "$1" '.devices[] | select(.address == $d) | .critical[]'
}

critical() { # NAME DEVICE REASON(regex) HINT : refused, told as JSON too, and marked in the list
    remember db1
    refused "$1" 4 "$2 is critical: .*$3.*; .*$4" attach db1 "$2"
    va --json attach db1 "$2"
    is "$1: with --json: exit status" "$status" 4
    json "$1: with --json: the code" '.error.code == "critical"'
    untouched "$1" db1
    like "$1: list has the reason" "$(reasons_of "$2")" "$3"
}

# ---- what is free

is 'nothing is said of the USB controller' "$(reasons_of "$xhci")" ''
is 'nothing is said of a VF' "$(reasons_of "$device")" ''
is 'nothing is said of a NIC without address' "$(reasons_of "$card")" ''

# ---- storage

critical 'the root disk' "$disk" "mounted file system / \\(/proc/1/mountinfo: $root\\)" --force
must dd if=/dev/zero of=/var/tmp/va-swap bs=1M count=8
must losetup --find --show /var/tmp/va-swap
loop=$out
must mkswap "$loop"
must swapon "$loop"
like 'swap on a loop device on it' "$(reasons_of "$disk")" "swap \\(/proc/swaps: $(basename "$loop") on /var/tmp/va-swap on $root\\)"
undo_swap 2>/dev/null

# A volume, as LVM makes them, on an encrypted device, on a RAID, on a loop device.
stack=/var/tmp/va-stack
undo_stack() {
    swapoff "/dev/$volume"
    dmsetup remove --noudevsync va-volume
    dmsetup remove --noudevsync va-crypt
    echo clear >/sys/block/md_va/md/array_state
    losetup -d "$loop"
    rm -f "$stack"
}
at_end+=(undo_stack)
must modprobe -a md_mod raid1 dm_mod dm_crypt
must dd if=/dev/zero of="$stack" bs=1M count=32
must losetup --find --show "$stack"
loop=$out
echo md_va >/sys/module/md_mod/parameters/new_array
cd /sys/block/md_va/md || give_up 'the kernel makes a RAID'
echo raid1 >level
echo 1 >raid_disks
cat "/sys/class/block/${loop#/dev/}/dev" >new_dev
echo 30000 >"dev-${loop#/dev/}/size"
echo 30000 >component_size
echo 0 >"dev-${loop#/dev/}/slot"
echo active >array_state
cd "$OLDPWD" || exit
md=/dev/$(sed -n 's/^DEVNAME=//p' /sys/block/md_va/uevent)
must dmsetup create --noudevsync va-crypt --table "0 50000 crypt aes-xts-plain64 $(printf '%064d' 7) 0 $md 0"
crypt=$(dmsetup info -c --noheadings -o blkdevname va-crypt)
must dmsetup create --noudevsync va-volume --table "0 40000 linear /dev/$crypt 0"
volume=$(dmsetup info -c --noheadings -o blkdevname va-volume)
is 'LVM on dm-crypt on md: the RAID runs' "$(cat /sys/block/md_va/size)" 60000
must mkswap "/dev/$volume"
must swapon "/dev/$volume"
like 'LVM on dm-crypt on md' "$(reasons_of "$disk")" "swap \\(/proc/swaps: $volume \\(va-volume\\) on $crypt \\(va-crypt\\) on md_va on ${loop#/dev/} on $stack on $root\\)"
undo_stack 2>/dev/null

# ---- network

must ip link set dev "$second" up
must ip addr add 192.0.2.2/24 dev "$second"
is 'an address alone is not critical' "$(reasons_of "$card")" ''
must ip route add default via 192.0.2.1 dev "$second"
critical 'the default route' "$card" "IPv4 default route \\(ip route: $second\\)" --force
must ip route del default
must ip link add va-bridge type bridge
must ip link set dev "$third" master va-bridge
must ip link set dev va-bridge up
must ip addr add 198.51.100.2/24 dev va-bridge
must ip route add default nexthop via 192.0.2.1 dev "$second" nexthop via 198.51.100.1 dev va-bridge
like 'several next hops: the first' "$(reasons_of "$card")" "IPv4 default route \\(ip route: $second\\)"
like 'several next hops: the other, a bridge' "$(reasons_of "$e1000")" "IPv4 default route \\(ip route: va-bridge on $third\\)"
must ip route del default
like 'an address on a bridge' "$(reasons_of "$e1000")" "the host's address 198.51.100.2 on a bridge \\(ip address: va-bridge on $third\\)"
must ip addr flush dev "$second"

modprobe -a bonding 8021q
must ip link add va-bond type bond mode active-backup
must ip link set dev "$second" down
must ip link set dev "$second" master va-bond
must ip link set dev va-bond up
must ip link add link va-bond name va-vlan type vlan id 7
must ip link set dev va-vlan up
must ip -6 addr add 2001:db8::2/64 dev va-vlan nodad
must ip -6 route add default via 2001:db8::1 dev va-vlan
critical 'a VLAN over a bond' "$card" "IPv6 default route \\(ip route: va-vlan on va-bond on $second\\)" --force
must ip -6 route del default via 2001:db8::1
is 'without the route' "$(reasons_of "$card")" ''

# A session like that of sshd: an ancestor holds a connection; the environment has no word of it.
socat -u 'TCP6-LISTEN:7022,bind=[2001:db8::2]' /dev/null 2>/dev/null &
listener=$!
until_true 20 grep -q ':1B6E ' /proc/net/tcp6 || give_up 'nobody listens'
session_reasons() {
    exec 9<>/dev/tcp/2001:db8::2/7022 || return
    env -i PATH="$PATH" virt-assign -c qemu:///system list --json 9>&- | jq -r --arg d "$card" '.devices[] | select(.address == $d) | .critical[]'
}
like 'the session of the caller' "$(session_reasons)" "current session from 2001:db8::2 \\(.*/proc/net/tcp6: 2001:db8::2: va-vlan on va-bond on $second\\)"
kill "$listener" 2>/dev/null
undo_network 2>/dev/null

# ---- a PF whose VFs are held

pf_address=$(pci_of "$pf")
must virt-assign attach db1 "$device"
critical 'a PF with a VF in a running guest' "$pf_address" "its VF $device is held by guest db1 \\(live and config\\)" "detach db1 $device"
# libvirt would not come back from it.
refused 'a PF with a VF in a running guest, by force' 4 "$pf_address is a PF with 1 VF,.*vfs $pf_address 0" attach db1 "$pf_address" --force
is 'a PF with a VF in a running guest, by force: the driver' "$(driver "$pf_address")" igb
must virt-assign detach db1 "$device" --live
critical 'a PF with a VF in a config' "$pf_address" "its VF $device is held by guest db1 \\(config\\)" "detach db1 $device"
must virt-assign detach db1 "$device"
refused 'a PF with a free VF' 4 "$pf_address is a PF with 1 VF,.*vfs $pf_address 0" attach db1 "$pf_address"
ok 'a PF with a free VF: the VF is still there' test -e "/sys/bus/pci/devices/$device"
is 'then it is free' "$(reasons_of "$pf_address")" ''

# ---- --force

must ip addr add 192.0.2.2/24 dev "$second"
must ip route add default via 192.0.2.1 dev "$second"
port=$(basename "$(dirname "$(readlink -f "/sys/bus/pci/devices/$card")")")
refused 'a bridge, by force' 4 "$port is a bridge" attach db1 "$port" --force
remember db1
va --json attach db1 "$card" --force --dry-run
is 'by force, --dry-run: exit status' "$status" 0
json 'by force, --dry-run: says what it would override' '.results[0].overridden == ["IPv4 default route (ip route: \($i))"]' --arg i "$second"
untouched 'by force, --dry-run' db1
va --json attach db1 "$card" --force
is 'by force: exit status' "$status" 0
json 'by force: says what it overrode' '.results[0] | .outcome == "done" and .overridden == ["IPv4 default route (ip route: \($i))"]' --arg i "$second"
like 'by force: a note says so' "$err" "note: --force overrides for $card: IPv4 default route"
ok 'by force: the guest has it' has live db1 "$card"
is 'by force: the driver' "$(driver "$card")" vfio-pci
is 'by force: the route is gone' "$(ip route show default)" ''
succeeds 'given back' detach db1 "$card"
until_true 20 test -e "/sys/class/net/$second"
is 'given back: the driver' "$(driver "$card")" igb

finish
