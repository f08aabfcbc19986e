#!/bin/bash
# host-detach and host-reattach: a VF, a PF, a USB controller and a NIC, each taken from the host in
# each of the four ways there are; whole IOMMU groups; what is refused.
# depends on: libvirt kernel; alternates
# shellcheck disable=SC2016 # the single-quoted variables are jq's
budget=240
. "$(dirname "$0")/lib.sh"

sys=/sys/bus/pci/devices
pf=$(pf 1)
make_vfs "$pf" 2
vf=$(vf "$pf" 0) held=$(vf "$pf" 1)
bare_pf=$(pci_of "$(pf 2)")
xhci=$(lspci -Dn -d ::0c03 | cut -d ' ' -f 1)
nic=$(lspci -Dn -d 8086:100e | head -n 1 | cut -d ' ' -f 1)
group=$(basename "$(readlink "$sys/$nic/iommu_group")")
mate=$(for member in "$sys/$nic/iommu_group/devices"/*; do basename "$member"; done |
    while read -r member; do
        [ "$member" = "$nic" ] || [[ $(cat "$sys/$member/class") == 0x06* ]] || echo "$member"
    done)
start_guest db1 q35
declare -A own=()
for device in "$vf" "$bare_pf" "$xhci" "$nic" "$mate"; do own[$device]=$(driver "$device"); done
modprobe -a vfio-pci pci-stub

override() { # ADDRESS : its driver_override, nothing without one
    sed '/^(null)$/d' "$sys/$1/driver_override"
}

nodedev_driver() { # ADDRESS : as libvirt sees it
    virsh -q nodedev-dumpxml "pci_$(tr :. __ <<<"$1")" |
        xmllint --xpath 'string(/device/driver/name)' -
}

id_of() { # ADDRESS : "8086 10ca"
    echo "$(sed s/^0x// "$sys/$1/vendor") $(sed s/^0x// "$sys/$1/device")"
}

unbind() { # ADDRESS
    [ ! -e "$sys/$1/driver" ] || echo "$1" >"$sys/$1/driver/unbind"
}

# The four ways to take a device from the host.
by_virsh() {
    timeout 60 virsh -q nodedev-detach "pci_$(tr :. __ <<<"$1")"
}
by_override() {
    echo "${2-vfio-pci}" >"$sys/$1/driver_override"
    unbind "$1"
    echo "$1" >/sys/bus/pci/drivers_probe
}
by_new_id() {
    unbind "$1"
    # The ID alone binds it.
    id_of "$1" >/sys/bus/pci/drivers/vfio-pci/new_id
    [ "$(driver "$1")" = vfio-pci ]
}
by_stub() {
    by_override "$1" pci-stub
}

# shellcheck disable=SC2317 # at the end
put_back() {
    local device
    for device in "${!own[@]}"; do
        id_of "$device" >/sys/bus/pci/drivers/vfio-pci/remove_id
        rm -f "/etc/driverctl.d/pci-$device"
        [ "$(driver "$device")" != "${own[$device]}" ] || continue
        echo >"$sys/$device/driver_override"
        unbind "$device"
        echo "$device" >/sys/bus/pci/drivers_probe
    done
}
at_end+=(put_back)

is_hosts() { # NAME ADDRESS
    is "$1: the driver" "$(driver "$2")" "${own[$2]}"
    is "$1: the driver, for libvirt" "$(nodedev_driver "$2")" "${own[$2]}"
    is "$1: no driver_override is left" "$(override "$2")" ''
}

back_and_forth() { # DEVICE WAY
    local device=$1 way=$2 name="$1 $2" taken
    ok "$name: is off the host" "$way" "$device"
    taken=$(driver "$device")
    va --json host-detach "$device"
    is "$name: host-detach: exit status" "$status" 0
    is "$name: host-detach: the driver" "$(driver "$device")" vfio-pci
    json "$name: host-detach: the result" \
        '.results[0] | .device == $d and .driver == "vfio-pci" and .driver_before == $t and .outcome == (if $t == "vfio-pci" then "already" else "done" end)' \
        --arg d "$device" --arg t "$taken"
    va --json host-reattach "$device"
    is "$name: host-reattach: exit status" "$status" 0
    json "$name: host-reattach: the result" \
        '.results[0] | .device == $d and .driver == $own and .driver_before == "vfio-pci" and .outcome == "done"' \
        --arg d "$device" --arg own "${own[$device]}"
    is_hosts "$name: host-reattach" "$device"
    id_of "$device" >/sys/bus/pci/drivers/vfio-pci/remove_id 2>/dev/null
}

for device in "$vf" "$bare_pf" "$xhci" "$nic"; do
    for way in by_virsh by_override by_new_id by_stub; do back_and_forth "$device" "$way"; done
    va --json host-detach "$device"
    is "$device: from the host: exit status" "$status" 0
    json "$device: from the host: the result" '.results[0] | .outcome == "done" and .driver_before == $own' \
        --arg own "${own[$device]}"
    is "$device: from the host: the driver" "$(driver "$device")" vfio-pci
    is "$device: from the host: the driver, for libvirt" "$(nodedev_driver "$device")" vfio-pci
    succeeds "$device: back" host-reattach "$device"
    is_hosts "$device: back" "$device"
done
va --json host-reattach "$xhci"
json 'what is on its host driver is done already' '.results[0] | .outcome == "already" and .driver == "xhci_hcd"'

# pci-stub is no driver for guests, but one that host-reattach knows.
by_stub "$xhci"
succeeds 'from pci-stub back to the host' host-reattach "$xhci"
is_hosts 'from pci-stub back to the host' "$xhci"

# Its driver is not loaded, and the kernel's own probe would give it to vfio-pci again.
by_new_id "$vf"
must modprobe -r igbvf
succeeds 'driver not loaded, ID still with vfio-pci' host-reattach "$vf"
is_hosts 'driver not loaded, ID still with vfio-pci' "$vf"
id_of "$vf" >/sys/bus/pci/drivers/vfio-pci/remove_id

# ---- the driver by name, on libvirt before 9.7 as well
succeeds 'driver by name' host-detach "$xhci" --driver vfio_pci
is 'driver by name: the driver' "$(driver "$xhci")" vfio-pci
succeeds 'driver by name: back' host-reattach "$xhci"
is_hosts 'driver by name: back' "$xhci"
# modprobe would take options from there, and load nothing.
must modprobe -r vfio-pci
MODPROBE_OPTIONS=--version succeeds 'driver not loaded, by name' host-detach "$xhci" --driver vfio-pci
is 'driver not loaded, by name: the driver' "$(driver "$xhci")" vfio-pci
must virt-assign host-reattach "$xhci"
remember
refused 'a driver that is none for VFIO' 2 'igb is not a VFIO driver' host-detach "$xhci" --driver igb
refused 'a driver that is not there' 3 'no PCI driver nosuch_vfio_pci' host-detach "$xhci" --driver nosuch_vfio_pci
va host-detach "$xhci" --dry-run
like 'a dry run prints the steps' "$out" "1. take $xhci from its host driver"
untouched 'bad drivers, and a dry run'

# ---- a driver_override of somebody else's
echo xhci_hcd >"$sys/$xhci/driver_override"
remember
refused 'an override by somebody else' 4 "$xhci on xhci_hcd.*--clear-override" host-detach "$xhci"
untouched 'an override by somebody else'
succeeds 'an override, cleared' host-detach "$xhci" --clear-override
is 'an override, cleared: the driver' "$(driver "$xhci")" vfio-pci
echo xhci_hcd >"$sys/$xhci/driver_override"
va host-reattach "$xhci"
is 'an override is kept: exit status' "$status" 0
like 'an override is kept: that is said' "$err" "driver_override of $xhci, xhci_hcd, stays"
is 'an override is kept: the driver' "$(driver "$xhci")" xhci_hcd
is 'an override is kept: it is there' "$(override "$xhci")" xhci_hcd
echo >"$sys/$xhci/driver_override"
must virt-assign host-detach "$xhci"
mkdir -p /etc/driverctl.d
echo vfio-pci >"/etc/driverctl.d/pci-$xhci"
remember
refused 'kept off the host by driverctl' 4 "driverctl keeps $xhci on vfio-pci" host-reattach "$xhci"
untouched 'kept off the host by driverctl'
succeeds 'kept off the host by driverctl, cleared' host-reattach "$xhci" --clear-override
is_hosts 'kept off the host by driverctl, cleared' "$xhci"
rm "/etc/driverctl.d/pci-$xhci"
# driverctl has a host driver for it that the kernel would not choose: that is where it was.
must modprobe uio_pci_generic
echo uio_pci_generic >"/etc/driverctl.d/pci-$nic"
by_override "$nic" uio_pci_generic
is 'on the driver of driverctl' "$(driver "$nic")" uio_pci_generic
refused 'on the driver of driverctl' 4 "$nic on uio_pci_generic.*--clear-override" host-detach "$nic"
va --json host-detach "$nic" --clear-override
json 'on the driver of driverctl, taken: says which it was' '.results[0] | .driver_before == "uio_pci_generic" and .driver == "vfio-pci"'
succeeds 'on the driver of driverctl, back' host-reattach "$nic"
is 'on the driver of driverctl, back: the driver' "$(driver "$nic")" uio_pci_generic
is 'on the driver of driverctl, back: the override' "$(override "$nic")" uio_pci_generic
rm "/etc/driverctl.d/pci-$nic"
must virt-assign host-detach "$nic" --clear-override
succeeds 'no longer kept by driverctl' host-reattach "$nic"
is 'no longer kept by driverctl: the driver that it had' "$(driver "$nic")" uio_pci_generic
is 'no longer kept by driverctl: the override' "$(override "$nic")" ''
must virt-assign host-detach "$nic"
succeeds 'the choice of the kernel' host-reattach "$nic" --clear-override
is_hosts 'the choice of the kernel' "$nic"

# ---- the IOMMU group
va host-detach "$nic"
is 'one of a group: exit status' "$status" 0
like 'one of a group: the other one is named' "$err" "$mate, in the same IOMMU group $group, is on ${own[$mate]}"
is 'one of a group: the other one stays' "$(driver "$mate")" "${own[$mate]}"
must virt-assign host-reattach "$nic"
va --json host-detach "$nic" --group
is 'a group: exit status' "$status" 0
json 'a group: the results' '[.results[] | .device, .outcome] == [$a, "done", $b, "done"]' --arg a "$nic" --arg b "$mate"
is 'a group: the NIC' "$(driver "$nic")" vfio-pci
is 'a group: its mate' "$(driver "$mate")" vfio-pci
succeeds 'a group: back' host-reattach "$nic" "$mate"
is_hosts 'a group: back: the NIC' "$nic"
is_hosts 'a group: back: its mate' "$mate"

# ---- a host driver that the kernel would not choose
must modprobe uio_pci_generic
by_override "$xhci" uio_pci_generic
echo >"$sys/$xhci/driver_override"
is 'bound by hand: the driver' "$(driver "$xhci")" uio_pci_generic
succeeds 'bound by hand: detach' host-detach "$xhci"
is 'bound by hand: detach: the driver' "$(driver "$xhci")" vfio-pci
succeeds 'bound by hand: back' host-reattach "$xhci"
is 'bound by hand: back: the driver' "$(driver "$xhci")" uio_pci_generic
is 'bound by hand: back: any driver may take it' "$(override "$xhci")" ''
unbind "$xhci"
echo "$xhci" >/sys/bus/pci/drivers_probe
is 'bound by hand: the kernel takes another' "$(driver "$xhci")" "${own[$xhci]}"

# ---- what is refused
remember
bridge=$(lspci -Dn -d ::0604 | head -n 1 | cut -d ' ' -f 1)
refused 'a bridge' 4 "$bridge is a bridge" host-detach "$bridge"
refused 'a PF with VFs' 4 "2 VFs" host-detach "$pf"
refused 'one of several' 4 "2 VFs" host-detach "$xhci" "$pf"
refused 'an unknown device' 3 '0000:aa:00\.0' host-reattach 0000:aa:00.0
refused 'the same device twice' 2 'named twice' host-detach "$xhci" "pci_$(tr :. __ <<<"$xhci")"
untouched 'a bridge, a PF with VFs, and others'

must virt-assign host-detach "$xhci"
number=$(basename "$(readlink "$sys/$xhci/iommu_group")")
exec {hold}<>"/dev/vfio/$number"
refused 'held by a process, back' 4 "process holds $xhci" host-reattach "$xhci"
refused 'held by a process, onto another driver' 4 "process holds $xhci" host-detach "$xhci" --driver vfio-pci
is 'held by a process: the driver' "$(driver "$xhci")" vfio-pci
exec {hold}>&-
must virt-assign host-reattach "$xhci"

wait_guest db1
must virt-assign attach db1 "$held"
remember db1
refused 'held by a guest' 4 "$held is in use by guest db1" host-detach "$held"
refused 'held by a guest, back' 4 "$held is in use by guest db1" host-reattach "$held"
refused 'a PF with a VF in a guest' 4 "$held.*db1" host-detach "$pf"
refused 'a PF with a VF in a guest, forced' 4 '2 VFs' host-detach "$pf" --force
untouched 'held by a guest' db1
must virt-assign detach db1 "$held"

finish
