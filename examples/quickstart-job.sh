#!/bin/bash
# quickstart.sh shows this, in the lab host: the main job, step by step. It ends at the first thing
# that is not as it should be.
set -uo pipefail

mac=52:54:00:12:34:56
address=0000:02:00.0
guest=demo

step() {
    printf '\n== %s\n\n' "$*"
}

show() { # COMMAND... : as at a prompt
    echo "# $*"
    "$@" || die "$* ended with exit status $?"
    echo
}

die() {
    echo "quickstart: $*" >&2
    exit 1
}

interfaces=(/sys/bus/pci/drivers/igb/*/net/*)
pf=${interfaces[0]##*/}
[ -e "${interfaces[0]}" ] || die 'the emulated host has no SR-IOV network card'

step "$LAB_HOST has an Intel 82576 with SR-IOV, $pf: two VFs of it"
show virt-assign vfs "$pf" 2
vf=$(basename "$(readlink -f "/sys/class/net/$pf/device/virtfn0")")
show virt-assign list --class net

step "A guest with four free PCIe root ports starts (some twenty seconds)"
show lab-guest start "$guest" q35
show lab-guest wait "$guest"
show virsh list

step 'attach: a VF into the running guest, at a guest address and with a MAC of our choice'
show virt-assign attach "$guest" "$pf/vf0" --guest-address "$address" --mac "$mac"
show virt-assign show "$guest"
show ip link show dev "$pf"

step 'The name of the NIC: predicted, and as the guest says'
predicted=$(virt-assign --json show "$guest" | jq -r '.guest.assignments[0].predicted_name')
actual=$(lab-guest wait-nic "$guest" "$address") || die 'the guest does not show the NIC'
printf 'predicted  %s\nguest      %s\n\n' "$predicted" "$actual"
[ "$predicted" = "$actual" ] || die "the guest calls its NIC $actual, not $predicted"

step "Packets go through: a ping from $pf to the guest's VF, at the NIC's own IPv6 address"
IFS=: read -r a b c d e f <<<"$mac"
target=$(printf 'fe80::%02x%s:%sff:fe%s:%s%s' $((0x$a ^ 2)) "$b" "$c" "$d" "$e" "$f")
# The guest first makes sure that no one else has its address.
tries=15
until busybox ping -6 -I "$pf" -c 1 -W 2 "$target" >/dev/null 2>&1; do
    [ $((tries -= 1)) -gt 0 ] || die "the guest does not answer at $target"
done
show busybox ping -6 -I "$pf" -c 3 "$target"

step 'detach: the guest lets go of the VF'
show virt-assign detach "$guest" "$vf"

step 'The VF is back on its host driver'
show virt-assign list --pf "$pf"
driver=$(basename "$(readlink "/sys/bus/pci/devices/$vf/driver")")
[ "$driver" = igbvf ] || die "the driver of $vf is $driver, not igbvf"
show lspci -nnk -s "$vf"

virsh -q destroy "$guest" >/dev/null && virsh -q undefine "$guest" >/dev/null
