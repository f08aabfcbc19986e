#!/bin/bash
# What is wished for each boot, over a reboot of the lab host: VFs and the driver of one are there before
# libvirt's daemon starts, and the unit makes what is missing by itself.
# depends on: kernel
# shellcheck disable=SC2016 # the single-quoted variables are jq's
budget=240
. "$(dirname "$0")/lib.sh"

pf=$(pf 1) other_pf=$(pf 2)
rules=/etc/udev/rules.d/80-virt-assign-vfs.rules wishes=/etc/virt-assign/host.xml
hosted_pfs+=("$pf" "$other_pf")

numvfs() { # PF
    cat "/sys/class/net/$1/device/sriov_numvfs"
}

unit() { # UNIT PROPERTY
    systemctl show --value -p "$2" "$1"
}

fails() { # COMMAND...
    ! "$@"
}

drivers() { # PF
    local link
    for link in "/sys/class/net/$1/device"/virtfn*; do
        driver "$(basename "$(readlink "$link")")"
    done | sort | uniq -c | tr -s ' '
}

if [ "$LAB_BOOT" = 1 ]; then
    succeeds 'with drivers' vfs "$pf" 4 --persist
    succeeds 'without drivers' vfs "$other_pf" 3 --persist --autoprobe off
    is 'before the reboot' "$(numvfs "$pf") $(numvfs "$other_pf")" '4 3'
    succeeds 'a VF on another driver' host-detach "$(vf "$other_pf" 1)" --persist
    must systemctl -q enable virt-assign-boot
    reboot_host
fi

is 'after the reboot: with drivers' "$(numvfs "$pf")" 4
is 'after the reboot: their drivers' "$(drivers "$pf")" ' 4 igbvf'
is 'after the reboot: without drivers' "$(numvfs "$other_pf")" 3
is 'after the reboot: the wished driver took one, no other any' "$(drivers "$other_pf")" $' 2 none\n 1 vfio-pci'
is 'after the reboot: it is the right one' "$(driver "$(vf "$other_pf" 1)")" vfio-pci
is 'after the reboot: the unit is done' "$(unit virt-assign-boot ActiveState) $(unit virt-assign-boot Result)" 'active success' ||
    diag "$(journalctl -b -u virt-assign-boot -o short-monotonic)"
ok 'after the reboot: it was done before libvirtd began' \
    test "$(unit virt-assign-boot ExecMainExitTimestampMonotonic)" -gt 0 -a \
    "$(unit virt-assign-boot ExecMainExitTimestampMonotonic)" -le "$(unit libvirtd ExecMainStartTimestampMonotonic)"
is 'after the reboot: libvirt has them all' "$(virsh -q nodedev-list --cap pci | grep -cE '^pci_0000_0[12]_1[0-9]_')" 7
va --json vfs "$other_pf"
json 'after the reboot: shown' '.pf | .vfs_now == 3 and .persistent_vfs == 3 and (.autoprobe or .persistent_autoprobe | not)'

# Without udev's part.
echo 0 >"/sys/class/net/$pf/device/sriov_numvfs"
ok 'the unit by itself' systemctl restart virt-assign-boot
is 'the unit by itself: VFs' "$(numvfs "$pf")" 4
echo 0 >"/sys/class/net/$pf/device/sriov_numvfs"
echo 2 >"/sys/class/net/$pf/device/sriov_numvfs"
ok 'another number: the unit fails' fails systemctl restart virt-assign-boot
is 'another number: it stays' "$(numvfs "$pf")" 2
like 'another number: the journal tells' "$(journalctl -b -u virt-assign-boot -o cat)" 'has 2 VFs, and 4 are wished'
va boot
is 'another number: partly' "$status" 6
like 'another number: it is said' "$err" 'virt-assign: .*has 2 VFs, and 4 are wished'
systemctl -q disable virt-assign-boot
succeeds 'the VF back' host-reattach "$(vf "$other_pf" 1)" --persist

succeeds 'none at the next boot' vfs "$pf" 0 --persist
succeeds 'none at the next boot, the other PF' vfs "$other_pf" 0 --persist --autoprobe on
ok 'none at the next boot: no files are left' test ! -e "$rules" -a ! -e "$wishes"
is 'none at the next boot: none now' "$(numvfs "$pf") $(numvfs "$other_pf")" '0 0'

finish
