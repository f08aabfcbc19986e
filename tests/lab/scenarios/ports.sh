#!/bin/bash
# Root ports for a guest that has NICs: no address moves, and every NIC keeps its name - or, where
# that cannot be, nothing is done unless it is forced.
# depends on: libvirt QEMU
budget=420
time_limit=840
. "${0%/*}/lib.sh"

pf=$(pf 1)
make_vfs "$pf" 4
vf0=$(vf "$pf" 0) vf1=$(vf "$pf" 1) vf2=$(vf "$pf" 2) vf3=$(vf "$pf" 3)

# Lists what sits where, but for the controllers: "ADDRESS ELEMENT".
devices_of() { # live|config GUEST
    "$1_xml" "$2" | xmllint --xpath '/domain/devices/*[not(self::controller)]/address[@type="pci"]/..' - 2>/dev/null |
        grep -E "<address type='pci'|^<[a-z]" | tr -d '\n' | sed 's/<address/\n&/g' | sort
}

# "INDEX MODEL ADDRESS" a line, of all PCI controllers of the config.
controllers_of() { # GUEST
    local index port
    for index in $(config_xml "$1" | xmllint --xpath '//controller[@type="pci"]/@index' - | grep -o '[0-9]*' | sort -n); do
        port="//controller[@type='pci'][@index='$index']"
        echo "$(config_xml "$1" | xmllint --xpath "concat($port/@index, ' ', $port/@model, ' ', $port/address/@slot, '.', $port/address/@function)" -)"
    done
}

restart_guest() { # NAME
    must virsh -q destroy "$1"
    must virsh -q start "$1"
    wait_guest "$1"
}

nics_of() { # NAME : "NIC ADDRESS MAC" a line, as the guest says
    lab-guest nics "$1" | sort
}

# ---- three NICs, four ports

start_guest db1 q35
wait_guest db1
must virt-assign attach db1 "$vf0"
must virt-assign attach db1 "$vf1" --guest-address 0000:03:00.0
must virt-assign attach db1 "$vf2" --config --guest-address 0000:02:00.0
restart_guest db1
until_true 60 eval '[ "$(nics_of db1 | grep -c .)" = 3 ]' || give_up 'the guest has three NICs'
nics_of db1 >"$work/nics-before"
controllers_of db1 >"$work/controllers-before"
devices_of config db1 >"$work/devices-before"
live_xml db1 >"$work/live-before"

va --json ports db1
is 'ports: exit status' "$status" 0
json 'ports: one is free, where nothing sits' '[.ports[] | select(.hotplug) | .free[]] == ["0000:04:00.0"]'
json 'ports: three are taken' '[.ports[] | select(.hotplug) | .taken[] | select(.live and .config) | .guest_address] == ["0000:01:00.0", "0000:02:00.0", "0000:03:00.0"]'
json 'ports: the root bus takes no hot-plug' '.ports[0] | .bus == 0 and (.hotplug | not)'

remember db1
va ports db1 --add 3 --dry-run
is 'add, dry run: exit status' "$status" 0
like 'add, dry run: the steps' "$out" 'add bus 05 .*add bus 06 .*add bus 07 .*prove'
untouched 'add, dry run' db1

succeeds 'add 3' ports db1 --add 3
like 'add 3: says when' "$out" 'from its next start on'
like 'add 3: says what becomes of names' "$out" 'names of its NICs stay'
controllers_of db1 >"$work/controllers-after"
same 'add 3: the controllers from before are where they were' "$work/controllers-before" <(head -n "$(wc -l <"$work/controllers-before")" "$work/controllers-after")
is 'add 3: three root ports more' "$(comm -13 <(sort "$work/controllers-before") <(sort "$work/controllers-after") | grep -c 'pcie-root-port')" 3
devices_of config db1 >"$work/devices-after"
same 'add 3: every device is where it was' "$work/devices-before" "$work/devices-after"
live_xml db1 >"$work/live-after"
same 'add 3: the running guest is as it was' "$work/live-before" "$work/live-after"
va --json ports db1
json 'add 3: none of them takes a hot-plug yet' '[.ports[] | select(.live and .hotplug) | .free[]] == ["0000:04:00.0"]'
json 'add 3: they are in the config' '[.ports[] | select((.live | not) and .config) | .bus] == [5, 6, 7]'

restart_guest db1
until_true 60 eval '[ "$(nics_of db1 | grep -c .)" = 3 ]'
nics_of db1 >"$work/nics-after"
same 'after the restart the NICs have their names, at their addresses' "$work/nics-before" "$work/nics-after"
diag "$(cat "$work/nics-after")"

va --json attach db1 "$vf3" --guest-address 0000:07:00.0
is 'a new port takes a hot-plug: exit status' "$status" 0
predicted=$(jq -r '.results[0].predicted_name' "$work/out")
until_true 60 eval '[ "$(nics_of db1 | grep -c .)" = 4 ]'
is 'a new port takes a hot-plug: the name in the guest' "$(nics_of db1 | grep -v -F -f "$work/nics-before" | cut -d ' ' -f 1)" "$predicted"
must virt-assign detach db1 "$vf3"
must virt-assign detach db1 "$vf0"
must virt-assign detach db1 "$vf1"
must virt-assign detach db1 "$vf2"
must virsh -q destroy db1

# libvirt's own way to take one out again is the undo.
config_xml db1 | xmllint --xpath '//controller[@type="pci"][@index="7"]' - >"$work/port.xml"
must virsh -q detach-device db1 "$work/port.xml" --config
is 'a port is taken out again by its element' "$(controllers_of db1 | wc -l)" "$(($(wc -l <"$work/controllers-after") - 1))"

# ---- the last place is taken: every new port comes before it

cat >"$work/controllers.xml" <<'X'
<controller type='pci' index='0' model='pcie-root'/>
<controller type='pci' index='1' model='pcie-root-port'><address type='pci' domain='0' bus='0' slot='0x02' function='0'/></controller>
<controller type='pci' index='2' model='pcie-root-port'><address type='pci' domain='0' bus='0' slot='0x1e' function='0'/></controller>
X
start_guest edge q35 --controllers "$work/controllers.xml"
wait_guest edge
must virt-assign attach edge "$vf0" --guest-address 0000:01:00.0
must virt-assign attach edge "$vf1" --guest-address 0000:02:00.0
first=$(lab-guest wait-nic edge 0000:01:00.0)
second=$(lab-guest wait-nic edge 0000:02:00.0)
remember edge
refused 'a rename' 4 "from $second to enp3s0" ports edge --add 1
untouched 'a rename' edge
va ports edge --add 1 --force
is 'a rename, forced: exit status' "$status" 0
like 'a rename, forced: it is said' "$err" "--force overrides: NIC .* from $second to enp3s0"
restart_guest edge
is 'a rename, forced: the first NIC' "$(lab-guest wait-nic edge 0000:01:00.0)" "$first"
is 'a rename, forced: the guest says it, too' "$(lab-guest wait-nic edge 0000:03:00.0)" enp3s0
must virt-assign detach edge "$vf0"
must virt-assign detach edge "$vf1"
must virsh -q destroy edge

# ---- a pc gets a bridge

start_guest old pc
wait_guest old
must virt-assign attach old "$vf0"
before=$(nics_of old)
until_true 60 eval '[ -n "$(nics_of old)" ]'
before=$(nics_of old)
succeeds 'pc: add 1' ports old --add 1
is 'pc: it is a bridge' "$(controllers_of old | grep -c pci-bridge)" 1
restart_guest old
until_true 60 eval '[ -n "$(nics_of old)" ]'
is 'pc: the NIC has its name' "$(nics_of old)" "$before"
va --json attach old "$vf1" --guest-address 0000:01:01.0
is 'pc: the bridge takes a hot-plug: exit status' "$status" 0
ok 'pc: the guest has it' lab-guest wait-nic old 0000:01:01.0
must virt-assign detach old "$vf0" "$vf1"
must virsh -q destroy old

# ---- no config

start_guest passing q35 --transient
refused 'transient' 4 'passing is transient' ports passing --add 1

finish
