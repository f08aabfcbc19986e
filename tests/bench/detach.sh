#!/bin/bash
# detach.sh [REPETITIONS]: how much longer two devices take to leave a guest with native PCIe hot-plug
# than one. Such a guest takes five seconds for each, so it has to be asked for both at once. "make
# bench" runs it in a lab host.
set -uo pipefail
export LC_ALL=C.UTF-8 LIBVIRT_DEFAULT_URI=qemu:///system
repetitions=${1:-5}
. "${0%/*}/measure.sh"

# The ratio has to be at most this.
goal=1.3

device() { # N : the PCI address of the first PF's VF N
    basename "$(readlink -f "$pf/virtfn$1")"
}

# The guest takes its time with a device that has just come, too.
have() { # DEVICE...
    local address
    virt-assign --json attach db1 "$@" >"$work/attached" || give_up "attach of $* failed"
    for address in $(jq -r '.results[].guest_address' "$work/attached"); do
        lab-guest wait-nic db1 "$address" >/dev/null || give_up "the guest has no NIC at $address"
    done
}

pf=$(echo /sys/bus/pci/drivers/igb/*/sriov_numvfs)
pf=$(dirname "${pf%% *}")
echo 2 >"$pf/sriov_numvfs" || give_up 'no VFs'
udevadm settle
{ lab-guest start db1 pc-q35-6.0 && lab-guest wait db1; } || give_up 'no guest'
echo "$repetitions repetitions, libvirt $(virsh --version), Linux $(uname -r)"

for ((i = 0; i < repetitions; i++)); do
    have "$(device 0)"
    take virt-assign detach db1 "$(device 0)"
    one=$took
    have "$(device 0)" "$(device 1)"
    take virt-assign detach db1 "$(device 0)" "$(device 1)"
    echo "  one device: $(seconds "$one"); two: $(seconds "$took")"
    ratio "$took" "$one" >>"$work/ratios"
done

two=$(median <"$work/ratios")
judge "two devices leave in $two times the time of one; wanted: at most $goal" "$(at_most "$two" "$goal")"
end_bench
