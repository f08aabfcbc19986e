#!/bin/bash
# A device comes back at the guest address, with the MAC and the name, that it had: after a detach and
# an attach, live and from the config, after a restart of the guest and of libvirtd. What the config
# promises it is given to no other meanwhile.
# depends on: libvirt; alternates
# shellcheck disable=SC2016 # the single-quoted variables are jq's
budget=300
time_limit=600
. "${0%/*}/lib.sh"

pf=$(pf 1) other_pf=$(pf 2)
make_vfs "$pf" 3
make_vfs "$other_pf" 1
first=$(vf "$pf" 0) second=$(vf "$pf" 1) third=$(vf "$pf" 2) other=$(vf "$other_pf" 0)
start_guest db1 q35
wait_guest db1

# "GUEST-ADDRESS MAC" of the device, by libvirt's word.
place() { # live|config DEVICE
    echo "$(of_element "$1" db1 "$2" guest-address) $(of_element "$1" db1 "$2" mac)"
}

nic_at() { # GUEST-ADDRESS : "NAME MAC" as the guest says
    lab-guest wait-nic db1 "$1" >/dev/null && lab-guest nics db1 | awk -v address="$1" '$2 == address { print $1, $3 }'
}

must virt-assign attach db1 "$first"
was=$(place live "$first")
address=${was% *}
is 'at first: live and config agree' "$(place config "$first")" "$was"
nic=$(nic_at "$address")
is 'at first: the guest has the MAC' "${nic#* }" "${was#* }"

# ---- out of the running guest, and back

succeeds 'live detach' detach db1 "$first" --live
is 'live detach: the config keeps its place' "$(place config "$first")" "$was"
va --json ports db1
json 'live detach: ports: it is promised' '[.ports[].taken[] | select(.live == null and .config != null) | .guest_address] | index($address)' --arg address "$address"
json 'live detach: ports: it is not free' '[.ports[].free[]] | index($address) | not' --arg address "$address"
succeeds 'another one meanwhile' attach db1 "$second" --live
ok 'another one meanwhile: it is elsewhere' test "$(of_element live db1 "$second" guest-address)" != "$address"
succeeds 'back' attach db1 "$first"
is 'back: live' "$(place live "$first")" "$was"
is 'back: config' "$(place config "$first")" "$was"
is 'back: the guest says so' "$(nic_at "$address")" "$nic"

# ---- the config's place is what a hot-plug takes

succeeds 'config first' attach db1 "$third" --config --guest-address 0000:04:00.0
succeeds 'config first, then live' attach db1 "$third"
is 'config first, then live: it is there' "$(place live "$third")" "$(place config "$third")"
is 'config first, then live: at its address' "$(of_element live db1 "$third" guest-address)" 0000:04:00.0
third_nic=$(nic_at 0000:04:00.0)

# ---- restarts

must virsh -q destroy db1
must virsh -q start db1
wait_guest db1
is 'restart of the guest: live' "$(place live "$first")" "$was"
is 'restart of the guest: the guest says so' "$(nic_at "$address")" "$nic"
is 'restart of the guest: the third, too' "$(nic_at 0000:04:00.0)" "$third_nic"
ok 'restart of the guest: what was live only is gone' lacks live db1 "$second"

restart_libvirtd
succeeds 'after a restart of libvirtd: out' detach db1 "$first" --live
succeeds 'after a restart of libvirtd: and in' attach db1 "$first"
is 'after a restart of libvirtd: live' "$(place live "$first")" "$was"
is 'after a restart of libvirtd: the guest says so' "$(nic_at "$address")" "$nic"

# ---- all the way out, and back: nothing remembers it, and yet

succeeds 'all the way out' detach db1 "$first"
ok 'all the way out: not in the config' lacks config db1 "$first"
succeeds 'and back' attach db1 "$first"
is 'and back: live' "$(place live "$first")" "$was"
is 'and back: config' "$(place config "$first")" "$was"
is 'and back: the guest says so' "$(nic_at "$address")" "$nic"

# ---- the two halves of a pair

remember db1
refused 'a second VF of the PF' 4 "$second is of the same PF .* as ($first|$third), which running db1 has" attach db1 "$second" --distinct-pf
refused 'a second VF of the PF, for the config' 4 "$second is of the same PF" attach db1 "$second" --distinct-pf --config
untouched 'a second VF of the PF' db1
succeeds 'a VF of another PF' attach db1 "$other" --distinct-card
ok 'a VF of another PF: it is in' has live db1 "$other"
must virt-assign detach db1 "$first" "$third" "$other"
refused 'two VFs of a PF in one command' 4 "which this command attaches" attach db1 "$first" "$second" --distinct-pf
ok 'two VFs of a PF in one command: neither is in' lacks live db1 "$first"
succeeds 'two VFs of two PFs in one command' attach db1 "$first" "$other" --distinct-pf

finish
