#!/bin/bash
# What is wished for each boot is for one card: a card that was plugged into another slot between two boots,
# and one that took its place, are told and left alone; so are two cards with each other's MAC.
# depends on: kernel; alternates
# shellcheck disable=SC2016 # the single-quoted variables are jq's
budget=420
time_limit=600
. "$(dirname "$0")/lib.sh"

wishes=/etc/virt-assign/host.xml
at_rp1=0000:01:00.0 at_rp2=0000:02:00.0 at_rp3=0000:03:00.0
mac=52:54:00:00:01:00 other_mac=52:54:00:00:02:00

numvfs() { # ADDRESS
    cat "/sys/bus/pci/devices/$1/sriov_numvfs"
}

keys() { # ADDRESS
    virt-assign --json show "$1" | jq -c '.identity.card_keys'
}

pfs_wished() {
    grep -o '<pf address="[^"]*"' $wishes
}

# The unit of this boot, and check behind it.
unit_failed() { # NAME REGEX
    is "$1: the unit has failed" "$(systemctl show --value -p Result virt-assign-boot)" exit-code
    like "$1: the journal tells" "$(journalctl -b -u virt-assign-boot -o cat)" "$2"
    va --json check
    json "$1: check tells" 'any(.findings[]; .id == "host.boot" and .level == "warning" and (.summary | test($r)))' --arg r "$2"
}

case ${LAB_BOOT-1} in
1)
    succeeds 'wished' vfs $at_rp1 2 --persist
    is 'wished: made' "$(numvfs $at_rp1)" 2
    like 'wished: for one card' "$(cat $wishes)" "<identity [^>]*permanent-mac=\"$mac\""
    must systemctl -q enable virt-assign-boot
    keys $at_rp1 >/var/tmp/keys
    echo 0 >/sys/bus/pci/devices/$at_rp1/sriov_numvfs
    doing='plugging the card into another slot'
    must lab-machine unplug nic1 rp1
    must lab-machine unplug usb rp3
    must lab-machine plug nic1 igb rp3 netdev=n1 mac=$mac
    must lab-machine plug e1000e e1000e rp1 mac=52:54:00:00:05:00
    reboot_host
    ;;
2)
    unit_failed moved "not at $at_rp1 but at $at_rp3 now"
    is 'moved: nothing was touched' "$(numvfs $at_rp3)" 0
    is 'moved: the keys are the same' "$(keys $at_rp3)" "$(cat /var/tmp/keys)"
    va --json show $at_rp1
    json 'the card in its place has a serial number' \
        'any(.identity.card_keys[]; .kind == "pcie-serial" and .value == "52-54-00-ff-ff-00-05-00")'
    va boot
    is 'moved: exit status' "$status" 4
    like 'moved: the way out' "$err" "virt-assign vfs $at_rp3 2 --persist"
    succeeds 'wished anew' vfs $at_rp3 2 --persist
    is 'wished anew: the wish for the old address is gone' "$(pfs_wished)" "<pf address=\"$at_rp3\""
    echo 0 >/sys/bus/pci/devices/$at_rp3/sriov_numvfs
    doing='giving the cards the MAC of each other'
    must lab-machine unplug nic1 rp3
    must lab-machine unplug nic2 rp2
    must lab-machine plug nic1 igb rp3 netdev=n1 mac=$other_mac
    must lab-machine plug nic2 igb rp2 netdev=n2 mac=$mac
    reboot_host
    ;;
esac

unit_failed swapped "not at $at_rp3 but at $at_rp2 now"
is 'swapped: nothing was touched' "$(numvfs $at_rp2) $(numvfs $at_rp3)" '0 0'

# The card that is meant is nowhere.
must lab-machine unplug nic2 rp2
va boot
is 'replaced: exit status' "$status" 4
like 'replaced: it is said' "$err" "$at_rp3 is not the device that is meant .*permanent MAC $mac.*another card .*permanent MAC $other_mac"
must udevadm trigger -c add
must udevadm settle
is 'replaced: nobody touched it' "$(numvfs $at_rp3)" 0
must lab-machine plug nic2 igb rp2 netdev=n2 mac=$other_mac
must lab-machine unplug nic1 rp3
must lab-machine plug nic1 igb rp3 netdev=n1 mac=$mac
succeeds 'it is back' boot
is 'it is back: its VFs' "$(numvfs $at_rp3)" 2

finish
