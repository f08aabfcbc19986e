#!/bin/bash
# The PF's settings of a VF are made before the guest sees it, and put back as they were - over a
# restart of libvirtd and of the guest, after a command that was killed, and never for a VF that has
# gone to somebody else. The witness is ip -j link.
# depends on: libvirt kernel
# shellcheck disable=SC2016 # the single-quoted variables are jq's
budget=450
time_limit=900
. "$(dirname "$0")/lib.sh"

pf=$(pf 1)
make_vfs "$pf" 2
own=$(vf "$pf" 0) set=$(vf "$pf" 1)

settings() { # N : all that the PF shows of the VF
    vf_info "$pf" "$1" .
}

# igb shows the MAC that a VF has chosen itself on some kernels, and on some none.
settings_but_mac() { # N
    vf_info "$pf" "$1" 'del(.address, .mac)'
}

interface_of() { # VF
    basename "$(echo /sys/bus/pci/devices/"$1"/net/*)"
}

records() { # GUEST : the settings on record for it, which stand in files of root's
    grep -ls " guest=\"$(ask_virsh domuuid "$1" | head -n 1)\"" /run/virt-assign/vf-* | wc -l
}

rate() { # N
    vf_info "$pf" "$1" '.rate.max_tx // .tx_rate // 0'
}

kept() { # live|config : what the definition of db1 keeps of VF 1 for each start, with its identity
    "$1_xml" db1 | grep -A 1 "<virt-assign:wish device=['\"]${set}['\"]" | tr "\"\n" "' "
}

# An administrator has set all that the driver takes for VF 1.
must ip link set dev "$pf" vf 1 mac 52:54:00:bb:00:01
must ip link set dev "$pf" vf 1 vlan 42 qos 3
must ip link set dev "$pf" vf 1 trust on
must ip link set dev "$pf" vf 1 spoofchk off
must ip link set dev "$pf" vf 1 max_tx_rate 50
settings 1 >"$work/before-1"
settings_but_mac 0 >"$work/before-0"

start_guest db1 q35
wait_guest db1

va attach db1 "$pf/vf1" --vlan 100 --qos 5 --trust off --spoof-check on --max-rate 70 --dry-run
is 'dry run: exit status' "$status" 0
like 'dry run: notes what is there first' "$out" '1\. note the settings of VF 1 of '"$pf"' as they are'
like 'dry run: then sets what is asked for' "$out" '2\. set VF 1 of '"$pf"': spoof check on, trust off, max rate 70 Mbit/s'
like 'dry run: the priority behind the attach' "$out" '4\. set VF 1 of '"$pf"': VLAN 100 with priority 5'
settings 1 >"$work/now"
same 'dry run: nothing is set' "$work/before-1" "$work/now"

va --json attach db1 "$pf/vf1" --vlan 100 --qos 5 --trust off --spoof-check on --max-rate 70
is 'attach: exit status' "$status" 0
json 'attach: the result has the settings' '.results[0] | .outcome == "done" and (.vf_settings |
    .vlan == 100 and .qos == 5 and .trust == false and .spoof_check and .max_rate == 70)'
is 'attach: VLAN' "$(vf_vlan "$pf" 1)" 100
is 'attach: priority' "$(vf_info "$pf" 1 '.vlan_list[0].qos')" 5
is 'attach: trust' "$(vf_info "$pf" 1 .trust)" false
is 'attach: spoof check' "$(vf_info "$pf" 1 .spoofchk)" true
is 'attach: max rate' "$(rate 1)" 70
is 'attach: what was before is on record' "$(records db1)" 1
is 'attach: root alone may read and write that' "$(stat -c '%U %a' "/run/virt-assign/vf-$set")" 'root 600'
identity=$(sed -n 's/.* identity="\([^"]*\)".*/\1/p' "/run/virt-assign/vf-$set")
va --json show "$set"
json 'show: what the PF holds' '.vf_settings | .vlan == 100 and .qos == 5 and .max_rate == 70 and .trust == false'

va --json attach db1 "$pf/vf1" --max-rate 20
is 'attach again, another rate: exit status' "$status" 0
json 'attach again: it is done, not already so' '.results[0].outcome == "done"'
is 'attach again: max rate' "$(rate 1)" 20
is 'attach again: priority' "$(vf_info "$pf" 1 '.vlan_list[0].qos')" 5
va --json attach db1 "$pf/vf1" --max-rate 20
json 'and again: already so' '.results[0].outcome == "already"'
like 'kept for each start: what was asked for, sealed' "$(kept config)" \
    "qos='5' max-rate='20' spoof-check='1' trust='0' seal='[0-9a-f]{64}'"
like 'kept for each start: which device it is' "$(kept config)" \
    "<virt-assign:identity .*permanent-mac='$(ip -j link show dev "$pf" | jq -r '.[0] | .permaddr // .address')'.* vf='1'"
va check db1
is 'kept for each start: check finds no difference' "$(grep -c guest.wish <<<"$out")" 0
must ip link set dev "$pf" vf 1 trust on
va check db1
like 'kept for each start: check tells what differs' "$out" 'guest.wish: .*trust on, .*and is to have .*trust off'
repair=$(sed -n 's/^ *do: *\(virt-assign attach db1 .*--trust off.*\)/\1/p' <<<"$out")
ok 'kept for each start: and the command that makes it right' eval "$repair"
is 'kept for each start: trust' "$(vf_info "$pf" 1 .trust)" false
va --json show db1
json 'show: what is kept, beside what is' '.wishes[0] | .sealed and .is_same_device and .wish.max_rate == 20 and
    .wish.trust == false and .vf_settings.max_rate == 20 and .vf_settings.trust == false'

restart_libvirtd
succeeds 'detach' detach db1 "$set"
settings 1 >"$work/now"
same 'detach: all settings as before' "$work/before-1" "$work/now"
is 'detach: nothing is on record' "$(records db1)" 0
is 'detach: nothing is kept for the next start' "$(kept live)$(kept config)" ''
is 'detach: the driver' "$(driver "$set")" igbvf
made_up="<assignments version='1'><vf device='$set' identity='$identity' mac='52:54:00:ee:00:01' vlan='66' trust='1' spoof-check='0'/></assignments>"
must virsh -q metadata db1 urn:virt-assign:domain:1 --set "$made_up" --key virt-assign --live --config
succeeds 'settings that somebody wrote into the metadata: recover' recover
settings 1 >"$work/now"
same 'settings that somebody wrote into the metadata: the PF has its own' "$work/before-1" "$work/now"
must virsh -q metadata db1 urn:virt-assign:domain:1 --remove --live --config
is 'detach: the VF on the host has its MAC' "$(cat "/sys/bus/pci/devices/$set/net/$(interface_of "$set")/address")" 52:54:00:bb:00:01

# libvirt alone leaves the guest's end of a VF with an administrator's MAC, which the VF cannot change.
succeeds 'without wishes: attach' attach db1 "$own"
succeeds 'without wishes: detach' detach db1 "$own"
settings_but_mac 0 >"$work/now"
same 'without wishes: all settings as before' "$work/before-0" "$work/now"
is 'without wishes: the driver' "$(driver "$own")" igbvf
until_true 20 test -e "/sys/bus/pci/devices/$own/net/$(interface_of "$own")"
udevadm settle
ok 'without wishes: the VF may choose its MAC, as before' ip link set dev "$(interface_of "$own")" address 52:54:00:cc:00:01

settings 1 >"$work/before-1"
remember db1
refused 'a setting that the driver has not' 1 "link state.*$pf.*not supported.*leave it out" attach db1 "$set" --trust off --link-state enable
untouched 'a setting that the driver has not' db1
refused 'a priority without VLAN' 2 'needs --vlan.*add --vlan ID' attach db1 "$own" --qos 3
refused 'settings of what is no VF' 4 'not a VF of a network card' attach db1 "$(pci_of "$pf")" --trust on
untouched 'bad wishes' db1

# Over the end of the guest, and its next start.
succeeds 'restart: attach' attach db1 "$set" --trust off --max-rate 30
must virsh -q destroy db1
is 'restart: still set' "$(vf_info "$pf" 1 .trust) $(rate 1)" 'false 30'
must virsh -q start db1
wait_guest db1
is 'restart: and set for the next run' "$(vf_info "$pf" 1 .trust) $(rate 1)" 'false 30'
ok 'restart: the guest has it' has live db1 "$set"
like 'restart: the running guest has the wish from its config' "$(kept live)" "trust='0' seal='[0-9a-f]{64}'"
succeeds 'restart: detach' detach db1 "$set"
settings 1 >"$work/now"
same 'restart: all settings as before' "$work/before-1" "$work/now"

# A guest that is shut off has its VF set at once.
must virsh -q destroy db1
refused 'shut off: a priority' 4 'libvirt sets the VLAN when db1 starts' attach db1 "$set" --vlan 7 --qos 3
succeeds 'shut off: attach' attach db1 "$set" --trust off
is 'shut off: set at once' "$(vf_info "$pf" 1 .trust)" false
succeeds 'shut off: detach' detach db1 "$set"
settings 1 >"$work/now"
same 'shut off: all settings as before' "$work/before-1" "$work/now"
is 'shut off: nothing is on record' "$(records db1)" 0

# Released with nobody looking, it goes to another guest: that gets it as it was.
succeeds 'next owner: attach to the first' attach db1 "$set" --trust off
element config db1 "$set" >"$work/element"
must virsh -q detach-device db1 "$work/element" --config
is 'next owner: its settings are still those of the first' "$(vf_info "$pf" 1 .trust)" false
start_guest deaf q35 --append 'acpiphp.disable=1 pcie_ports=compat pci=noacpi'
wait_guest deaf
succeeds 'next owner: attach' attach deaf "$set" --max-rate 40
is 'next owner: not those of the first' "$(vf_info "$pf" 1 .trust)" true
is 'next owner: the first has no record of it any more' "$(records db1)" 0
is 'next owner: its own' "$(rate 1)" 40
refused 'next owner: a detach from the first' 4 'guest deaf has it' detach db1 "$set"
is 'next owner: it is not touched' "$(vf_info "$pf" 1 .trust) $(rate 1)" 'true 40'

# This guest ignores requests; the command is killed in the middle, and the guest ends.
in_background killed detach deaf "$set" --timeout 100
waits_for_guest killed
kill -KILL "$(pgrep -f '^virt-assign detach deaf')"
collect killed
must virsh -q destroy deaf
is 'killed: what was set is still there' "$(rate 1)" 40
succeeds 'killed: detach again' detach deaf "$set"
settings 1 >"$work/now"
same 'killed: all settings as before' "$work/before-1" "$work/now"
is 'killed: nothing is on record' "$(records deaf)" 0

finish
