#!/bin/bash
# The names of NICs that are there from the start, over machines, buses, slots, functions and acpi
# indices, as udev 252 and 257 give them in the guests and under naming schemes from v238 to v257:
# each beside what names predicts from the guest's XML.
# depends on: libvirt kernel QEMU
# shellcheck disable=SC2016 # the single-quoted variables are jq's
budget=400
time_limit=900
. "$(dirname "$0")/lib.sh"

# Names that two NICs claim: udev gives them to one of the two, and names says so.
claimed() { # GUEST SCHEME
    virt-assign --json names "$1" --scheme "$2" |
        jq -r '[.guest.nics[].predicted_name | select(.)] | group_by(.)[] | select(length > 1) | .[0]'
}

# Every NIC as the guest's udev calls it now is a check of its own.
named_as_predicted() { # GUEST SCHEME
    local guest=$1 scheme=$2 name address mac predicted
    claimed "$guest" "$scheme" >"$work/claimed"
    while read -r name address mac; do
        predicted=$(jq -r '.guest.nics[] | select(.mac == $m) | .predicted_name // "none"' --arg m "$mac" "$work/out")
        if grep -qxF "$predicted" "$work/claimed"; then
            like "$guest: $mac at $address is $predicted or, as another claims that, eth*" "$name" "^($predicted|eth[0-9]+)$"
        elif [ "$predicted" != none ]; then
            is "$guest: $mac at $address is $predicted" "$name" "$predicted"
        else
            json "$guest: $mac at $address: it is said why its name cannot be told" \
                '.guest.nics[] | select(.mac == $m) | .why | test("depends on")' --arg m "$mac"
        fi
    done < <(lab-guest nics "$guest")
}

# The same under other naming schemes, as udev's own builtin says it in the guest: one list a scheme.
# tests/data/names is made of what is left in $LAB_OUT here.
same_under() { # GUEST SCHEME
    va --json names "$1" --scheme "$2"
    jq -r '.guest.nics[] | select(.predicted_name) | "\(.mac) \(.predicted_name)"' "$work/out" | sort >"$work/predicted"
    lab-guest nics "$1" "$2" | while read -r name _ mac; do
        ! grep -qF "$mac " "$work/predicted" || echo "$mac $name"
    done | sort >"$work/told"
    cp "$work/told" "${LAB_OUT:-$work}/$1.$2"
    same "$1: under $2 udev's names are the predicted ones" "$work/predicted" "$work/told"
}

look_at() { # GUEST SCHEME-OF-ITS-UDEV OTHER-SCHEMES-IT-KNOWS...
    local guest=$1 scheme
    wait_guest "$guest"
    config_xml "$guest" >"${LAB_OUT:-$work}/$guest.xml"
    va --json names "$guest" --scheme "$2"
    is "$guest: names: exit status" "$status" 0
    named_as_predicted "$guest" "$2"
    shift
    for scheme; do
        same_under "$guest" "$scheme"
    done
    virsh -q destroy "$guest"
}

# Root ports out of order and with several functions, two conventional bridges, one that is no PCI
# Express at all, a switch, an expander bus, the root bus, a port that takes no hot-plug.
{
    controller 1 pcie-root-port 00:06.0
    controller 2 pcie-root-port 00:02.0
    controller 3 pcie-root-port 00:03.0
    controller 4 pcie-to-pci-bridge 03:00.0
    controller 5 pcie-root-port 00:04.0
    controller 6 pcie-to-pci-bridge 05:00.0
    controller 7 pcie-root-port 00:05.0 "<target hotplug='off'/>"
    controller 8 dmi-to-pci-bridge 00:1e.0
    controller 9 pci-bridge 08:01.0
    controller 10 pcie-expander-bus 00:07.0 "<target busNr='64'/>"
    controller 11 pcie-root-port 0a:00.0
    controller 12 pcie-switch-upstream-port 02:00.0
    controller 13 pcie-switch-downstream-port 0c:00.0
    controller 14 pcie-switch-downstream-port 0c:01.0
} >"$work/controllers"
{
    virtual_nic 01:00.0 '' "multifunction='on'"
    virtual_nic 01:00.1
    virtual_nic 00:10.0
    virtual_nic 04:01.0
    virtual_nic 04:02.0 '' "multifunction='on'"
    virtual_nic 04:02.1
    virtual_nic 04:0b.0 31
    virtual_nic 06:01.0
    virtual_nic 06:03.0
    virtual_nic 07:00.0
    virtual_nic 08:04.0
    virtual_nic 08:05.0 32
    virtual_nic 09:0a.0
    virtual_nic 0b:00.0
    virtual_nic 0d:00.0
    virtual_nic 0e:00.0 33
} >"$work/devices"
start_guest buses q35 --controllers "$work/controllers" --devices "$work/devices" --udev 257
look_at buses v257 v238 v247 v252 v255

# Conventional PCI: the root bus, bridges beside and below one another, slots that the bridges
# themselves are in, an expander bus.
{
    controller 1 pci-bridge 00:05.0
    controller 2 pci-bridge 00:06.0
    controller 3 pci-bridge 01:04.0
    controller 4 pci-expander-bus 00:07.0 "<target busNr='64'/>"
} >"$work/controllers"
{
    virtual_nic 00:03.0
    virtual_nic 00:08.0 9
    virtual_nic 00:09.0 '' "multifunction='on'"
    virtual_nic 00:09.1
    virtual_nic 01:01.0
    virtual_nic 01:05.0
    virtual_nic 01:0b.0 12
    virtual_nic 02:0c.0
    virtual_nic 03:06.0
    virtual_nic 03:0d.0
    virtual_nic 04:02.0
} >"$work/devices"
start_guest bridges pc --controllers "$work/controllers" --devices "$work/devices" --udev 252
look_at bridges v252 v238 v249

# Native hot-plug, as machines up to pc-q35-6.0 have it: no acpi index on ports, slots by shpchp, a
# bridge in such a slot - where the naming schemes differ.
{
    controller 1 pcie-root-port 00:02.0
    controller 2 pcie-to-pci-bridge 01:00.0
    controller 3 pci-bridge 02:03.0
    controller 4 pcie-root-port 00:03.0
} >"$work/controllers"
{
    virtual_nic 02:04.0
    virtual_nic 02:06.0 31
    virtual_nic 03:01.0
    virtual_nic 03:05.0 '' "multifunction='on'"
    virtual_nic 03:05.1
    virtual_nic 04:00.0 32
} >"$work/devices"
start_guest native pc-q35-6.0 --controllers "$work/controllers" --devices "$work/devices" --udev 252
look_at native v252 v238 v249

finish
