#!/bin/bash
# vfs: 0, 4 and 7 VFs, refused while a guest has one, running or only in its config, then 0 again.
# depends on: libvirt kernel
# shellcheck disable=SC2016 # the single-quoted variables are jq's
budget=240
. "$(dirname "$0")/lib.sh"

pf=$(pf 1) other_pf=$(pf 2)
address=$(pci_of "$pf")
rule=/etc/udev/rules.d/80-virt-assign-vfs.rules
hosted_pfs+=("$pf" "$other_pf")

# shellcheck disable=SC2317 # at the end
put_back() {
    rm -f "$rule" /etc/virt-assign/host.xml
    echo 1 | tee /sys/class/net/{"$pf","$other_pf"}/device/sriov_drivers_autoprobe
}
at_end+=(put_back)

numvfs() { # PF
    cat "/sys/class/net/$1/device/sriov_numvfs"
}

# The PF's VFs as the kernel has them, and those of libvirt's node devices that are the PF's.
kernels_vfs() { # PF
    local link
    for link in "/sys/class/net/$1/device"/virtfn*; do
        [ ! -e "$link" ] || basename "$(readlink "$link")"
    done | sort
}

libvirts_vfs() { # PF
    local bus
    bus=$(pci_of "$1") && bus=${bus%:*}
    virsh -q nodedev-list --cap pci | sed -n "s/^pci_\(.*\)_\(.*\)_\(1.\)_\(.\)$/\1:\2:\3.\4/p" | grep "^$bus" | sort
}

# The last metrics have so many lines that match.
measures() { # NAME COUNT REGEX
    is "$1" "$(grep -cE "$3" "$work/vfs.prom")" "$2"
}

has_vfs() { # NAME PF COUNT DRIVER : right after the command, with no wait
    is "$1: the kernel's number" "$(numvfs "$2")" "$3"
    is "$1: the kernel has so many" "$(kernels_vfs "$2" | wc -l)" "$3"
    is "$1: libvirt has the same ones" "$(libvirts_vfs "$2")" "$(kernels_vfs "$2")"
    is "$1: their drivers" "$(for vf in $(kernels_vfs "$2"); do driver "$vf"; done | sort -u)" "$4"
    ok "$1: udev is through" test ! -e /run/udev/queue
}

va --json vfs "$pf"
is 'none: exit status' "$status" 0
json 'none: the result' '.pf | .address == $a and .vfs_now == 0 and .max_vfs == 7 and .autoprobe and .persistent_vfs == null and .vfs == []' \
    --arg a "$address"

succeeds 'dry run' vfs "$pf" 4 --dry-run
like 'dry run: the steps' "$out" "make 4 VFs of $address"
is 'dry run: nothing is done' "$(numvfs "$pf")" 0

va --json vfs "$pf" 4
is '0 to 4: exit status' "$status" 0
json '0 to 4: the result' '.pf | .vfs_now == 4 and .outcome == "done" and (.vfs | length) == 4 and all(.vfs[]; .driver == "igbvf")'
has_vfs '0 to 4' "$pf" 4 igbvf

# The card's own MAC tells which card it is, whatever the MAC in use.
mac=$(cat "/sys/class/net/$pf/address")
must ip link set dev "$pf" address 52:54:00:aa:00:77
for device in "$pf" "$(vf "$pf" 2)"; do
    va --json show "$device"
    json "show $device: the permanent MAC" \
        '.identity.card_keys | any(.kind == "permanent-mac" and .value == $mac)' --arg mac "$mac"
done
json 'show: the number of the VF' '.identity.vf_index == 2'
must ip link set dev "$pf" address "$mac"
is '0 to 4: each has an interface' "$(for vf in $(kernels_vfs "$pf"); do basename "/sys/bus/pci/devices/$vf/net"/*; done | grep -c "^${pf}v")" 4

succeeds '4 to 7' vfs "$address" 7
has_vfs '4 to 7' "$pf" 7 igbvf
va --json vfs "$pf" 7
is 'again: exit status' "$status" 0
json 'again: the result' '.pf.outcome == "already"'

refused 'too many' 2 "8 VFs are too many: $address can have 7" vfs "$pf" 8
refused 'no number' 2 'COUNT: "many"' vfs "$pf" many
refused 'a VF' 4 "is a VF, not a PF.*$address" vfs "$(vf "$pf" 0)" 1
refused 'a controller' 4 'is not a PF' vfs "$(lspci -Dn -d ::0c03 | cut -d ' ' -f 1)" 1
refused 'an unknown device' 3 '0000:aa:00' vfs 0000:aa:00.0 1
refused 'another machine' 1 'vfs works on the machine it runs on' -c test:///default vfs "$pf" 1
run setpriv --reuid nobody --regid nogroup --clear-groups virt-assign vfs "$pf"
is 'without rights: looking needs none' "$status" 0
run setpriv --reuid nobody --regid nogroup --clear-groups virt-assign -q vfs "$pf" 2
refused_so 'without rights' 1 'Permission denied; run as root'
has_vfs 'after these' "$pf" 7 igbvf

# By a process that is no guest, as a DPDK program is none: the kernel would wait for it.
device=$(vf "$pf" 2)
must virt-assign host-detach "$device"
exec {hold}<>"/dev/vfio/$(basename "$(readlink "/sys/bus/pci/devices/$device/iommu_group")")"
refused 'held by a process' 4 "process holds $device" vfs "$pf" 0
is 'held by a process: the kernel still has all' "$(numvfs "$pf")" 7
exec {hold}>&-
must virt-assign host-reattach "$device"

device=$(vf "$pf" 5)
start_guest db1 q35
succeeds 'attach' attach db1 "$device"
remember db1
refused 'held by a running guest, to 0' 4 "$device by db1 .running.*detach db1 $device" vfs "$pf" 0
refused 'held by a running guest, to 3' 4 "$device by db1 .running" vfs "$pf" 3
refused 'held by a running guest, dry run' 4 "$device by db1 .running" vfs "$pf" 3 --dry-run
untouched 'held by a running guest' db1
is 'held by a running guest: the kernel still has all' "$(numvfs "$pf")" 7
va --json vfs "$pf"
json 'held by a running guest: shown' '.pf.vfs[5].assignments[0] | .guest == "db1" and .live and .config'
succeeds 'metrics' metrics --output "$work/vfs.prom"
is 'metrics: nothing else to say' "$err" ''
group=$(basename "$(readlink "/sys/bus/pci/devices/$device/iommu_group")")
guest="pci_address=\"$device\",guest=\"db1\",uuid=\"$(virsh -q domuuid db1)\""
measures 'metrics: the VF' 1 \
    "^virt_assign_device_info\{pci_address=\"$device\",pf=\"$pf\",vf=\"5\",driver=\"vfio-pci\",iommu_group=\"$group\"\} 1$"
measures 'metrics: who has it' 1 "^virt_assign_assignment_info\{$guest,.*,scope=\"live\"\} 1$"
measures 'metrics: and at its next start' 1 "^virt_assign_assignment_info\{$guest,.*,scope=\"config\"\} 1$"
measures 'metrics: the VFs' 1 "^virt_assign_vfs\{pf=\"$pf\",pci_address=\"$address\"\} 7$"
measures 'metrics: those that are free' 1 "^virt_assign_vfs_free\{pf=\"$pf\",pci_address=\"$address\"\} 6$"
measures 'metrics: a reboot loses them' 0 '^virt_assign_vfs_saved'
measures 'metrics: guest and config are the same' 1 '^virt_assign_drift\{guest="db1",.*\} 0$'
measures 'metrics: all could be read' 4 '^virt_assign_unreadable\{what="[a-z]*"\} 0$'
must virsh -q destroy db1
is 'held by a config: back on its driver' "$(driver "$device")" igbvf
succeeds 'metrics of a config' metrics --output "$work/vfs.prom"
measures 'metrics of a config: the guest does not run' 0 "^virt_assign_assignment_info\{$guest,.*,scope=\"live\"\}"
measures 'metrics of a config: it is to have the VF' 1 "^virt_assign_assignment_info\{$guest,.*,scope=\"config\"\} 1$"
refused 'held by a config' 4 "$device by db1 .in its config" vfs "$pf" 0
has_vfs 'held by a config' "$pf" 7 igbvf
succeeds 'detach' detach db1 "$device"
succeeds '7 to 0' vfs "$pf" 0
has_vfs '7 to 0' "$pf" 0 ''

succeeds 'autoprobe off' vfs "$other_pf" 3 --autoprobe off
has_vfs 'autoprobe off' "$other_pf" 3 none
is 'autoprobe off: the attribute' "$(cat "/sys/class/net/$other_pf/device/sriov_drivers_autoprobe")" 0
succeeds 'autoprobe on' vfs "$other_pf" 2 --autoprobe on
has_vfs 'autoprobe on' "$other_pf" 2 igbvf
succeeds 'the other PF: to 0' vfs "$other_pf" 0

echo '# of the admin' >"$rule"
refused "somebody else's rule" 4 "$rule is not generated by virt-assign" vfs "$pf" 2 --persist
is "somebody else's rule: left alone" "$(cat "$rule")" '# of the admin'
is "somebody else's rule: no VFs" "$(numvfs "$pf")" 0
rm "$rule"
succeeds 'persist' vfs "$pf" 2 --persist
is 'persist: the mode of the rule' "$(stat -c '%a %U' "$rule")" '644 root'
metrics=/var/lib/prometheus/node-exporter
at_end+=(remove_metrics)
# shellcheck disable=SC2317 # at the end
remove_metrics() {
    rm -rf "${metrics%/*}"
}
mkdir -p "$metrics"
ok 'the unit of metrics' systemctl start virt-assign-metrics
ok 'the unit of metrics: the file' cp "$metrics/virt-assign.prom" "$work/vfs.prom"
is 'the unit of metrics: its mode' "$(stat -c '%a %U' "$metrics/virt-assign.prom")" '644 root'
measures 'the unit of metrics: the VFs of the next boot' 1 "^virt_assign_vfs_saved\{pf=\"$pf\",pci_address=\"$address\"\} 2$"
measures 'the unit of metrics: all could be read' 4 '^virt_assign_unreadable\{what="[a-z]*"\} 0$'
is 'the timer is not enabled by itself' "$(systemctl is-enabled virt-assign-metrics.timer)" disabled
ok 'persist: udev can read the rule' sh -c '! command -v udevadm >/dev/null || ! udevadm verify --help >/dev/null 2>&1 || udevadm verify "$1"' - "$rule"
# A driver that comes back makes them, as at a boot.
echo "$address" >/sys/bus/pci/drivers/igb/unbind
is 'persist, driver gone: no VFs' "$(cat "/sys/bus/pci/devices/$address/sriov_numvfs")" 0
echo "$address" >/sys/bus/pci/drivers/igb/bind
ok 'persist, driver back: 2 VFs' until_true 20 grep -qx 2 "/sys/bus/pci/devices/$address/sriov_numvfs"
udevadm settle
must virt-assign -q vfs "$pf" 0
va --json check
json 'persist, none now: check tells both numbers' \
    'any(.findings[]; .id == "host.saved-vfs" and .level == "warning" and (.summary | contains("has 0 VFs now, and gets 2 at the next boot")))'
# A boot does this for a PF that had its driver before udevd ran.
udevadm trigger --action=add "/sys/bus/pci/devices/$address"
ok 'persist, driver there before udevd: 2 VFs' until_true 20 grep -qx 2 "/sys/bus/pci/devices/$address/sriov_numvfs"
udevadm settle
va vfs "$pf" 0
like 'not persist: it says that they come back' "$err" "$address gets 2 VFs again at the next boot"
succeeds 'persist 0' vfs "$pf" 0 --persist
ok 'persist 0: rule and wish are gone' test ! -e "$rule" -a ! -e /etc/virt-assign/host.xml

# Somebody else keeps a number. udevd has to do with the file what virt-assign says of it.
link=/etc/systemd/network/05-lab-vfs.link
at_end+=(remove_link)
# shellcheck disable=SC2317 # at the end
remove_link() {
    rm -rf "$link" "$link.d"
}
udevd_makes() { # NAME COUNT : from 0
    must virt-assign -q vfs "$pf" 0
    udevadm control --reload
    udevadm trigger --settle --action=add "/sys/class/net/$pf"
    is "$1: udevd makes $2" "$(numvfs "$pf")" "$2"
}
mkdir -p "${link%/*}" "$link.d"
printf '[Match]\nPath=pci-%s\n[Link]\nNamePolicy=keep\nSR-IOVVirtualFunctions=2\n' "$address" >"$link"
udevd_makes 'a .link file' 2
va --json vfs "$pf"
json 'a .link file: shown' '.pf.kept_by | length == 1 and (.[0] | .file == $f and .line == 5 and .vfs == 2 and .doubt == null)' --arg f "$link"
refused 'a .link file with another number' 4 "$link:5: SR-IOVVirtualFunctions=2" vfs "$pf" 3 --persist
is 'a .link file with another number: nothing is done' "$(numvfs "$pf")" 2
va vfs "$pf" 2 --persist
is 'a .link file with this number: exit status' "$status" 0
like 'a .link file with this number' "$err" "kept by $link:5 already"
ok 'a .link file with this number: no rule is written' test ! -e "$rule"
va vfs "$pf" 1
like 'a .link file, not persist: a note' "$err" "$address gets 2 VFs again at the next boot, by $link:5"
printf '[Link]\nSR-IOVVirtualFunctions=3\n' >"$link.d/5.conf"
udevd_makes 'a drop-in' 3
refused 'a drop-in' 4 "$link.d/5.conf:2" vfs "$pf" 2 --persist
printf '[Match]\nPath=!pci-%s\n' "$address" >"$link.d/6.conf"
udevd_makes 'a match that does not fit' 0
va --json vfs "$pf"
json 'a match that does not fit: shown' '.pf.kept_by == []'
remove_link
must virt-assign -q vfs "$pf" 0

finish
