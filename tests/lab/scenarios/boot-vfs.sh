#!/bin/bash
# vfs --persist, over a reboot of the lab host: the VFs are there before anybody asks for them.
# depends on: kernel
# shellcheck disable=SC2016 # the single-quoted variables are jq's
budget=180
. "$(dirname "$0")/lib.sh"

pf=$(pf 1) other_pf=$(pf 2)
rules=/etc/udev/rules.d/80-virt-assign-vfs.rules
hosted_pfs+=("$pf" "$other_pf")

numvfs() { # PF
    cat "/sys/class/net/$1/device/sriov_numvfs"
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
    reboot_host
fi

is 'after the reboot: with drivers' "$(numvfs "$pf")" 4
is 'after the reboot: their drivers' "$(drivers "$pf")" ' 4 igbvf'
is 'after the reboot: without drivers' "$(numvfs "$other_pf")" 3
is 'after the reboot: no driver took them' "$(drivers "$other_pf")" ' 3 none'
is 'after the reboot: libvirt has them all' "$(virsh -q nodedev-list --cap pci | grep -cE '^pci_0000_0[12]_1[0-9]_')" 7
va --json vfs "$other_pf"
json 'after the reboot: shown' '.pf | .vfs_now == 3 and .persistent_vfs == 3 and (.autoprobe or .persistent_autoprobe | not)'

succeeds 'none at the next boot' vfs "$pf" 0 --persist
succeeds 'none at the next boot, the other PF' vfs "$other_pf" 0 --persist --autoprobe on
ok 'none at the next boot: no files are left' test ! -e "$rules" -a ! -e /etc/virt-assign/host.xml
is 'none at the next boot: none now' "$(numvfs "$pf") $(numvfs "$other_pf")" '0 0'

finish
