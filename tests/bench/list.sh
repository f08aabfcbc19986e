#!/bin/bash
# list.sh [REPETITIONS]: how much faster "virt-assign list --json" tells what stands on a host with
# hundreds of VFs than virsh does. "make bench" runs it where it belongs: in a lab host with four NVMe
# controllers of 100 VFs each.
set -uo pipefail
export LC_ALL=C.UTF-8 LIBVIRT_DEFAULT_URI=qemu:///system
repetitions=${1:-5}

# The ratios have to be at least this, the memory at most.
fed_goal=3 loop_goal=50 memory_goal=32768 functions_goal=416

. "${0%/*}/measure.sh"

# ---- the three ways

list() {
    virt-assign list --json
}

fed() { # one virsh, told each device
    virsh -q <"$work/commands"
}

# A virsh for each device. Every process does the same, whatever the others do: so a repetition
# takes its share of the devices, and all of them together the whole loop once.
share() { # REPETITION
    local name
    sed -n "$(($1 % repetitions + 1))~${repetitions}p" "$work/names" >"$work/share"
    while IFS= read -r name; do
        virsh -q nodedev-dumpxml "$name" </dev/null
    done <"$work/share"
}

described() { # how many devices the XML in $work/out describes
    grep -c '^<device>' "$work/out"
}

# ---- what is compared

# The most memory that the command had at any time, in KiB: ru_maxrss of getrusage(RUSAGE_CHILDREN),
# behind the two times of 16 bytes each.
peak_memory() { # COMMAND...
    perl -e 'system(@ARGV) == 0 or exit 1; my $usage = "\0" x 256;
        syscall(98, -1, $usage) == 0 or exit 1; print unpack("x32 q", $usage), "\n"' "$@"
}

# ---- the run

virsh -q nodedev-list --cap pci >"$work/names" || give_up 'libvirt does not list the devices'
sed 's/^/nodedev-dumpxml /' "$work/names" >"$work/commands"
functions=$(wc -l <"$work/names")
echo "$functions PCI functions, $repetitions repetitions, libvirt $(virsh --version), Linux $(uname -r)"
judge "at least $functions_goal PCI functions" "$((functions >= functions_goal))"

# All files are in the page cache before the first time is taken.
take list
take fed

for ((i = 0; i < repetitions; i++)); do
    # virt-assign's time is the mean of one before, one between and one after the others': so it
    # gets its part of what else the machine does meanwhile.
    take list
    list_took=$took
    listed=$(jq '.devices | length' "$work/out")
    take fed
    fed_took=$took
    [ "$(described)" = "$functions" ] || give_up "virsh described $(described) devices, not $functions"
    take list
    list_took=$((list_took + took))
    take share "$i"
    shared=$(wc -l <"$work/share")
    [ "$(described)" = "$shared" ] || give_up "virsh described $(described) devices, not $shared"
    loop_took=$((took * functions / shared))
    take list
    list_took=$(((list_took + took) / 3))
    echo "  virt-assign list --json ($listed of them): $(seconds "$list_took");" \
        "one virsh fed: $(seconds "$fed_took"); a virsh for each: $(seconds "$loop_took")"
    ratio "$fed_took" "$list_took" >>"$work/fed"
    ratio "$loop_took" "$list_took" >>"$work/loop"
done

fed_ratio=$(median <"$work/fed")
loop_ratio=$(median <"$work/loop")
memory=$(peak_memory sh -c 'exec virt-assign list --json >/dev/null') || give_up 'the memory cannot be measured'
judge "$fed_ratio times as fast as one virsh fed all; wanted: $fed_goal" "$(at_least "$fed_ratio" "$fed_goal")"
judge "$loop_ratio times as fast as a virsh for each; wanted: $loop_goal" "$(at_least "$loop_ratio" "$loop_goal")"
judge "$memory KiB of memory at most; wanted: under $memory_goal" "$((memory < memory_goal))"
end_bench
