#!/bin/bash
# What is wished for each boot, over a reboot of the lab host: VFs and the driver of one are there before
# libvirt's daemon starts a guest that has one, also when somebody comes to the daemon's socket early, and
# the unit makes what is missing by itself.
# depends on: libvirt kernel
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

# Comes to libvirt's socket as early in the boot as it is there, and waits for the answer.
install_poke() {
    cat >/etc/systemd/system/lab-poke.service <<'X'
[Unit]
DefaultDependencies=no
After=libvirtd.socket
[Service]
Type=exec
ExecStart=/usr/bin/virsh -q -c qemu:///system version
RemainAfterExit=yes
[Install]
WantedBy=sockets.target
X
    must systemctl -q enable lab-poke
}

# Brings the PF up before libvirt's daemon, as a host's network does: libvirt sets up no VF of a PF that is down.
install_network() {
    cat >/etc/systemd/system/lab-network.service <<X
[Unit]
Wants=sys-subsystem-net-devices-$pf.device
After=sys-subsystem-net-devices-$pf.device
Before=libvirtd.service
[Service]
Type=oneshot
ExecStart=/usr/bin/ip link set dev $pf up
[Install]
WantedBy=multi-user.target
X
    must systemctl -q enable lab-network
}

# When the guest's QEMU was started, in the journal's microseconds; the kernel counts in hundredths of a second.
started() { # GUEST
    local line
    read -ra line <"/proc/$(cat "/run/libvirt/qemu/$1.pid")/stat"
    echo $((line[21] * 10000))
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
    define_guest early
    succeeds 'a VF in the config of a guest' attach early "$(vf "$pf" 0)" --config
    must virsh -q autostart early
    must systemctl -q enable virt-assign-boot
    install_poke
    install_network
    reboot_host
fi

is 'after the reboot: with drivers' "$(numvfs "$pf")" 4
is 'after the reboot: their drivers' "$(drivers "$pf")" $' 3 igbvf\n 1 vfio-pci'
is 'after the reboot: without drivers' "$(numvfs "$other_pf")" 3
is 'after the reboot: the wished driver took one, no other any' "$(drivers "$other_pf")" $' 2 none\n 1 vfio-pci'
is 'after the reboot: it is the right one' "$(driver "$(vf "$other_pf" 1)")" vfio-pci
is 'after the reboot: the unit is done' "$(unit virt-assign-boot ActiveState) $(unit virt-assign-boot Result)" 'active success' ||
    diag "$(journalctl -b -u virt-assign-boot -o short-monotonic)"
ok 'after the reboot: it was done before libvirtd began' \
    test "$(unit virt-assign-boot ExecMainExitTimestampMonotonic)" -gt 0 -a \
    "$(unit virt-assign-boot ExecMainExitTimestampMonotonic)" -le "$(unit libvirtd ExecMainStartTimestampMonotonic)"
guests+=(early)
is 'after the reboot: somebody came to libvirt and got an answer' "$(unit lab-poke ActiveState)" active
ok 'after the reboot: it came before the unit was done' \
    test "$(unit lab-poke ExecMainStartTimestampMonotonic)" -lt "$(unit virt-assign-boot ExecMainExitTimestampMonotonic)"
ok 'after the reboot: the guest has its VF' has live early "$(vf "$pf" 0)"
ok 'after the reboot: the guest was started behind the unit' \
    test "$(started early)" -ge $(($(unit virt-assign-boot ExecMainExitTimestampMonotonic) - 10000))
diag "came to the socket at $(unit lab-poke ExecMainStartTimestampMonotonic), unit done at $(unit virt-assign-boot ExecMainExitTimestampMonotonic), libvirtd at $(unit libvirtd ExecMainStartTimestampMonotonic), guest at $(started early)"
must virsh -q destroy early
must virsh -q undefine early
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
