#!/bin/bash
# libvirt calls virt-assign whenever a guest starts, once the hook is installed: it refuses a guest
# whose device is another than the wished one, and sets the VF settings that are wished. The witnesses
# are virsh, ip -j link and what libvirt's folder of hooks has.
# depends on: libvirt kernel
# shellcheck disable=SC2016 # the single-quoted variables are jq's
budget=240
. "$(dirname "$0")/lib.sh"

link=/etc/libvirt/hooks/qemu.d/50-virt-assign
program=$(readlink -f "$(command -v virt-assign)")
remove_hook() {
    virt-assign hook remove
}
at_end+=(remove_hook)

va --json hook status
is 'at first: status: exit status' "$status" 1
json 'at first: it is not installed' '.hook.state == "not-installed"'

va --json hook install
is 'install: exit status' "$status" 0
json 'install: it is heard' '.hook.state == "heard" and .changed'
is 'install: the link' "$(readlink "$link")" "$program"
is 'install: no guest is left of the question' "$(virsh -q list --all --name | grep -c virt-assign-hook)" 0
va --json hook install
json 'install again: nothing changed' '.hook.state == "heard" and (.changed | not)'
succeeds 'status' hook status

restart_libvirtd
succeeds 'libvirtd restarted: status' hook status

mv "$link" "$link.away"
ln -s /nonexistent/virt-assign "$link"
va --json hook status
is 'a broken link: status: exit status' "$status" 1
json 'a broken link: status' '.hook.state == "broken"'
va --json check
json 'a broken link: check' 'any(.findings[]; .id == "host.hook" and .level == "problem")'
rm "$link"
cp "$link.away" "$link"
refused 'a foreign file: install' 4 'not virt-assign.s.*left alone' hook install
ok 'a foreign file: it is still there' test -f "$link" -a ! -L "$link"
rm "$link" "$link.away"

va --json hook install
json 'install anew: it is heard' '.hook.state == "heard" and .changed'

# An administrator has set all that the driver takes for the VF.
pf=$(pf 1)
make_vfs "$pf" 2
device=$(vf "$pf" 1)
set_as_administrator() {
    must ip link set dev "$pf" vf 1 mac 52:54:00:bb:00:01
    must ip link set dev "$pf" vf 1 vlan 42 qos 3
    must ip link set dev "$pf" vf 1 trust on
    must ip link set dev "$pf" vf 1 max_tx_rate 50
    # The VF's driver takes its MAC when it is bound.
    echo "$device" >/sys/bus/pci/drivers/igbvf/unbind
    echo "$device" >/sys/bus/pci/drivers/igbvf/bind
}
set_as_administrator
define_guest hooked
must virt-assign attach hooked "$device" --vlan 100 --mac 52:54:00:aa:00:07

settings() {
    vf_info "$pf" 1 .
}

wished() {
    vf_info "$pf" 1 '[.trust, .rate.max_tx // .tx_rate, (.vlan_list // [{}])[0].vlan, .vlan_list[0].qos, .address // .mac] | map(tostring) | join(" ")'
}

set_so='false 30 100 5 52:54:00:aa:00:07'

va --json show "$device"
place=$(jq -r .identity.place "$work/out")
card_function=$(jq -r .identity.function "$work/out")

# wish MAC : the guest wishes settings, and the VF of the card with this permanent MAC.
wish() {
    local identity="vendor='0x8086' product='0x10ca' permanent-mac='$1' place='$place' function='$card_function' vf='1'"
    local wish="<wish device='$device' required='yes' trust='0' max-rate='30' qos='5'><identity $identity/></wish>"
    must virsh -q metadata hooked urn:virt-assign:domain:1 --key virt-assign --config --set "<assignments version='1'>$wish</assignments>"
}

notes() { # : those of its VFs
    grep -ls " guest=\"$(ask_virsh domuuid hooked | head -n 1)\"" /run/virt-assign/vf-* | wc -l
}

permanent=$(ip -j link show dev "$pf" | jq -r '.[0] | .permaddr // .address')
settings >"$work/before"

wish "$permanent"
must virsh -q start hooked
is 'a wish that nobody sealed: it is not acted on' "$(vf_info "$pf" 1 .trust)" true
must virsh -q destroy hooked
set_as_administrator

succeeds 'the wish is adopted' recover hooked --adopt
must virsh -q start hooked
is 'start: the settings are there' "$(wished)" "$set_so"
is 'start: what was before is noted' "$(notes)" 1
restart_libvirtd
is 'libvirtd restarted: the guest runs' "$(ask_virsh domstate hooked | head -n 1)" running
is 'libvirtd restarted: the settings are there' "$(wished)" "$set_so"
must virsh -q destroy hooked
settings >"$work/now"
same 'destroyed: all is as before' "$work/before" "$work/now"
is 'destroyed: nothing is noted' "$(notes)" 0

must virsh -q start hooked
is 'started again: the settings are there' "$(wished)" "$set_so"
must kill -KILL "$(cat /run/libvirt/qemu/hooked.pid)"
is_shut_off() {
    [ "$(ask_virsh domstate hooked | head -n 1)" = 'shut off' ]
}
ok 'QEMU killed: the guest is shut off' until_true 30 is_shut_off
settings >"$work/now"
same 'QEMU killed: all is as before' "$work/before" "$work/now"

wish 52:54:00:00:00:99
succeeds 'another card is wished: adopted' recover hooked --adopt
run virsh -q start hooked
is 'another card is wished: the guest does not start' "$status" 1
like 'another card is wished: virsh says why' "$err" "hooked is not to start: $device is not the device that is meant.*52:54:00:00:00:99"
is 'another card is wished: the device stays on its driver' "$(driver "$device")" igbvf
settings >"$work/now"
same 'another card is wished: nothing is set' "$work/before" "$work/now"
is 'another card is wished: nothing is noted' "$(notes)" 0
wish "$permanent"
succeeds 'the right card again: adopted' recover hooked --adopt
must virsh -q start hooked
is 'the right card again: the settings are there' "$(wished)" "$set_so"
must virsh -q destroy hooked

# Somebody else's hook stands still.
mkfifo "$work/never"
other=/etc/libvirt/hooks/qemu.d/10-hangs
remove_other() {
    rm -f "$other"
}
at_end+=(remove_other)
printf '#!/bin/sh\n[ "$1 $2" != "hooked prepare" ] || read -r nothing <%s\n' "$work/never" >"$other"
chmod 755 "$other"
other_is_told() {
    { virt-assign --json check || true; } |
        jq -e 'any(.findings[]; .id == "host.hook" and .level == "problem" and (.summary | contains("10-hangs")))'
}
virsh -q start hooked >/dev/null 2>&1 &
starter=$!
ok 'a hook that stands still: check tells it' until_true 60 other_is_told
must pkill -f "^/bin/sh $other"
wait "$starter"
remove_other

succeeds 'remove' hook remove
ok 'remove: the link is gone' test ! -e "$link" -a ! -L "$link"
va --json hook status
json 'remove: status' '.hook.state == "not-installed"'

finish
