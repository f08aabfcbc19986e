#!/bin/bash
# A libvirt network that gives its VFs to guests: what libvirt does with a VF that is given by hand, and
# a NIC of the network, which is an address in the running guest and none in its config.
# depends on: libvirt
# shellcheck disable=SC2016 # the single-quoted variables are jq's
budget=240
. "$(dirname "$0")/lib.sh"

pf=$(pf 1) network=lab-pool mac=52:54:00:aa:00:0b
make_vfs "$pf" 2
vf=$(vf "$pf" 0) other=$(vf "$pf" 1)

# shellcheck disable=SC2317 # at the end
put_back() {
    virsh -q net-destroy "$network"
    virsh -q net-undefine "$network"
}
at_end+=(put_back)

addresses() { # OPTIONS : how many VFs the network's XML lists
    virsh -q net-dumpxml "$network" "$@" | grep -c "<address type='pci'"
}

give() { # OPTIONS : libvirt gives db1 a VF of the network
    run virsh -q attach-interface db1 network "$network" --mac "$mac" "$@"
}

cat >"$work/network.xml" <<X
<network><name>$network</name><forward mode='hostdev' managed='yes'><pf dev='$pf'/></forward></network>
X
must virsh -q net-define "$work/network.xml"
va --json show "$other"
json 'before its start: it is to have all VFs' \
    '.pools[0] | .network == "lab-pool" and (.active | not) and (.autostarted | not) and .pf_interface == $p' --arg p "$pf"
must virsh -q net-start "$network"
is 'libvirt lists the VFs' "$(addresses)" 2
is 'libvirt lists none in the config' "$(addresses --inactive)" 0
va show "$vf"
like 'show names the network' "$out" "in pool of: +network $network .active."

start_guest db1 q35
wait_guest db1
succeeds 'by hand' attach db1 "$vf"
like 'by hand: it says what comes of it' "$err" "$vf is in the pool of network $network .active., which may give it"
va --json check
json 'by hand: check finds it' 'any(.findings[]; .id == "host.pools" and .level == "warning" and .subject == $d)' --arg d "$vf"
for try in first second; do
    give --live
    is "by hand: libvirt gives the same VF, the $try time" "$status" 1
    like "by hand: libvirt says whose it is, the $try time" "$err" "$vf is in use by driver QEMU, domain db1"
done
succeeds 'by hand: out' detach db1 "$vf"

give --live --config
is 'given: libvirt gives it' "$status" 0
ok 'given: live has the address' has live db1 "$vf"
like 'given: the config has the network' "$(virsh -q dumpxml --inactive db1)" "source network='$network'"
is 'given: the XML of the network does not say which' "$(virsh -q net-dumpxml "$network" | grep -c "address.*connections")" 0
va --json show db1
json 'given: show has one device, from the network' \
    '.guest.assignments | length == 1 and (.[0] | .device == $d and .network == "lab-pool" and .live and .config and .difference == null)' \
    --arg d "$vf"
va --json check "$vf"
json 'given: check finds nothing wrong' 'any(.findings[]; .id == "device.pool" and .level == "ok")'
va --json check db1
json 'given: the two definitions are the same' 'any(.findings[]; .id == "guest.live-config" and .level == "ok")'
va --json attach db1 "$vf"
json 'given: to attach it is nothing to do' '.results[0].outcome == "already"'
va --json detach db1 "$vf"
is 'given: detach: exit status' "$status" 0
ok 'given: detach: not in live' lacks live db1 "$vf"
is 'given: detach: the NIC is not in the config' "$(virsh -q dumpxml --inactive db1 | grep -c "$network")" 0
is 'given: detach: the driver' "$(driver "$vf")" igbvf

give --live --config
count=$(count_steps detach db1 "$vf")
n=0
while n=$((n + 1)); at_line "$n" 'kill -KILL $pid' detach db1 "$vf"; do
    name="given, detach killed $(after_line "$n")"
    is "$name: exit status" "$status" 137
    va recover db1
    [ "$status" = 0 ] || va detach db1 "$vf" --ask-again
    is "$name: recovered: exit status" "$status" 0
    is "$name: recovered: live and config are the same" \
        "$(virsh -q dumpxml --inactive db1 | grep -c "$network")" "$(has live db1 "$vf" && echo 1 || echo 0)"
    va --json check db1
    json "$name: recovered: nothing is on record" 'all(.findings[]; .id != "guest.unfinished")'
    has live db1 "$vf" || give --live --config
done
ok 'given, detach killed: at each of its steps' test $((n - 1)) -ge "$count"
is 'given, detach not killed: exit status' "$status" 0
is 'given, detach not killed: the NIC is not in the config' "$(virsh -q dumpxml --inactive db1 | grep -c "$network")" 0

va vfs "$pf" 1
is 'fewer VFs: exit status' "$status" 0
like 'fewer VFs: it says what comes of it' "$err" "1 in the pool of network $network .active. are gone"
is 'fewer VFs: libvirt keeps it' "$(addresses)" 2
va --json check "$pf"
json 'fewer VFs: check finds it' 'any(.findings[]; .id == "device.pool" and .level == "warning" and (.advice | contains("net-start lab-pool")))'
must virsh -q net-destroy "$network"
must virsh -q net-start "$network"
is 'started anew: libvirt lists what is there' "$(addresses)" 1

finish
