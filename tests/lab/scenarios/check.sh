#!/bin/bash
# check: a healthy host, one whose vfio-pci is not there, one without libvirt; devices and guests.
# depends on: libvirt kernel
# shellcheck disable=SC2016 # the single-quoted variables are jq's
budget=180
. "$(dirname "$0")/lib.sh"

# The last check's finding ID has this level, and its text matches.
found() { # NAME ID LEVEL [REGEX]
    json "$1: $2 is $3" \
        'any(.findings[]; .id == $id and .level == $level and (.summary + " " + (.evidence // "") + " " + (.advice // "") | test($text)))' \
        --arg id "$2" --arg level "$3" --arg text "${4-}"
}

checks() { # NAME STATUS [DEVICE|GUEST]
    va --json check "${@:3}"
    is "$1: exit status" "$status" "$2"
    is "$1: says nothing else" "$err" ''
}

# ---- the host as it is

checks 'host' 0
is 'host: what is looked at' "$(jq -r '[.findings[].id] | join(" ")' <<<"$out")" \
    'host.iommu host.interrupt-remapping host.vfio host.kvm host.libvirt host.assignment host.pools host.network-managers host.saved-vfs'
json 'host: all is well' 'all(.findings[]; .level == "ok")'
groups=(/sys/kernel/iommu_groups/*)
found 'host' host.iommu ok "with ${#groups[@]} groups"
va check
is 'host, as text: exit status' "$status" 0
like 'host, as text: the sum' "$out" '0 problems, 0 warnings, 9 ok$'

# ---- VFs: saved or not, and who takes them

pf=$(pf 1)
make_vfs "$pf" 2
vf=$(vf "$pf" 0)
checks 'with VFs' 0
found 'with VFs' host.saved-vfs warning "2 VFs of $pf .*virt-assign vfs $pf 2 --persist"
rule=/etc/udev/rules.d/99-check.rules
networkd=/run/systemd/network/99-check.network
clean_network() {
    rm -f "$rule" "$networkd"
    systemctl stop systemd-networkd.socket systemd-networkd
}
at_end+=(clean_network)
echo "ACTION==\"add\", SUBSYSTEM==\"net\", KERNEL==\"$pf\", ATTR{device/sriov_numvfs}=\"2\"" >"$rule"
checks 'with a udev rule' 0
found 'with a udev rule' host.saved-vfs ok "$rule"
mkdir -p "${networkd%/*}"
printf '[Match]\nName=%sv*\n' "$pf" >"$networkd"
must systemctl start systemd-networkd
checks 'with networkd' 0
found 'with networkd' host.network-managers warning "systemd-networkd .*${pf}v0.*$networkd.*Name=${pf}v\*"
clean_network

# ---- devices

checks 'VF' 0 "$vf"
json 'VF: all is well' 'all(.findings[]; .level == "ok")'
found 'VF' device.drivers ok 'igbvf'
found 'VF' device.reset ok "$(cat "/sys/bus/pci/devices/$vf/reset_method")"
found 'VF' device.group ok "IOMMU group $(basename "$(readlink "/sys/bus/pci/devices/$vf/iommu_group")")$|IOMMU group"
ip link set dev "$pf" down
checks 'VF, PF down' 1 "$vf"
found 'VF, PF down' device.pf-up problem "ip link set $pf up"
ip link set dev "$pf" up
checks 'PF' 0 "$pf"
found 'PF' device.sriov ok '2 of 7 VFs'

root=$(basename "$(findmnt -n -o SOURCE /)")
disk=$(readlink -f "/sys/class/block/$root" | grep -o '[0-9a-f:]*:[0-9a-f]*\.[0-7]' | tail -n 1)
checks 'the disk of the root file system' 1 "$disk"
found 'the disk of the root file system' device.critical problem 'mounted file system / '

# Two endpoints behind one conventional bridge.
e1000=$(basename /sys/bus/pci/drivers/e1000/0*)
ahci=${e1000%.*}
ahci=${ahci%1}2.0
checks 'shared group' 1 "$e1000"
found 'shared group' device.group problem "$ahci on ahci"
found 'shared group' device.reset ok
give_back() {
    virsh -q nodedev-reattach "pci_${ahci//[:.]/_}"
}
at_end+=(give_back)
must virsh -q nodedev-detach "pci_${ahci//[:.]/_}"
checks 'shared group, mate detached' 0 "$e1000"
found 'shared group, mate detached' device.group ok "$ahci"
checks 'device without reset' 1 "$ahci"
found 'device without reset' device.reset warning
found 'device without reset' device.group problem "$e1000 on e1000"
give_back
bridge=$(lspci -Dn -d ::0604 | sed -n '1s/ .*//p')
checks 'bridge' 1 "$bridge"
found 'bridge' device.endpoint problem

# ---- guests

start_guest db1 q35
checks 'guest' 0 db1
found 'guest' guest.machine ok
found 'guest' guest.hotplug-slots ok
found 'guest' guest.memory-lock ok "/proc/$(cat /run/libvirt/qemu/db1.pid)/limits"
found 'guest' guest.live-config ok
must virt-assign attach db1 "$vf" --config
checks 'guest, config only' 0 db1
found 'guest, config only' guest.live-config warning "$vf.*in the config, not in the running guest"
found 'guest, config only' guest.hotplug-slots ok
must virsh -q memtune db1 --hard-limit 65536 --config
must virsh -q destroy db1
echo 0 >"/sys/class/net/$pf/device/sriov_numvfs"
checks 'guest, device gone' 1 db1
found 'guest, device gone' guest.devices problem "$vf"
found 'guest, little memory to lock' guest.memory-lock problem 'hard_limit'

start_guest full q35 --ports 1
must virt-assign attach full "$(pci_of "$(pf 2)")" --config --guest-address 0000:01:00.0
must virsh -q destroy full
checks 'guest, no slot' 0 full
found 'guest, no slot' guest.hotplug-slots warning 'root port'
refused 'no such thing' 3 'no-such' check no-such

# ---- VFIO away

prohibition=/etc/modprobe.d/check.conf
allow_vfio() {
    rm -f "$prohibition"
    modprobe vfio-pci
}
at_end+=(allow_vfio)
must modprobe vfio-pci
must modprobe -r vfio-pci
echo 'blacklist vfio-pci' >"$prohibition"
checks 'vfio-pci prohibited' 1
found 'vfio-pci prohibited' host.vfio problem '/etc/modprobe.d/check.conf: blacklist vfio-pci'
rm "$prohibition"
hide_vfio
checks 'vfio-pci missing' 1
found 'vfio-pci missing' host.vfio problem "modules.dep does not list it.*apt install --reinstall"
restore_vfio
checks 'vfio-pci back' 0
found 'vfio-pci back' host.vfio ok
allow_vfio

# ---- libvirt away

start_libvirt() {
    systemctl start libvirtd.socket libvirtd
    until_true 60 libvirtd_answers
}
at_end+=(start_libvirt)
must systemctl stop libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket libvirtd
checks 'without libvirt' 1
found 'without libvirt' host.libvirt problem 'systemctl start libvirtd'
found 'without libvirt' host.iommu ok
refused 'a device without libvirt' 1 'connect to libvirt' check "$pf"
start_libvirt
checks 'in the end' 0

finish
