# shellcheck shell=bash
# kill-guest, restart-at-steps and destroy-at-steps share these: a guest that runs, and attach and
# detach, live and config, with VF settings. Whatever happens to them, after recover everything is as
# in one of the pictures taken here, and nothing is left on record.
. "${BASH_SOURCE%/*}/lib.sh"

pf=$(pf 1)
make_vfs "$pf" 2
device=$(vf "$pf" 0)
attach=(attach db1 "$pf/vf0" --mac 52:54:00:aa:00:01 --vlan 100 --qos 3 --trust on)
detach=(detach db1 "$pf/vf0")

# An administrator has set what the command changes.
must ip link set dev "$pf" vf 0 mac 52:54:00:bb:00:01
must ip link set dev "$pf" vf 0 vlan 42 qos 5
must ip link set dev "$pf" vf 0 trust off
start_guest db1 q35
wait_guest db1

# ---- what is looked at: virsh, ip, lspci and the kernel's links

guest_runs() {
    [ "$(ask_virsh domstate db1)" = running ]
}

picture() { # FILE
    {
        echo '== config'
        config_xml db1
        if guest_runs; then
            echo '== live'
            # After a restart of libvirtd a USB controller that is none has lost its alias, and
            # with libvirt 9.0 the root bus stands elsewhere.
            live_xml db1 | xmllint --xpath '/domain/devices/*[not(@model="none" or @model="pcie-root")] | /domain/metadata[*]' -
        fi
        echo '== PF'
        ip -j link show dev "$pf" | jq -S '.[0].vfinfo_list[]'
        echo '== driver'
        driver "$device"
        lspci -Dk -s "$device" | grep 'in use'
    } >"$1" 2>&1
}

looks_like() { # PICTURE... : one of these, of $work; sets $now to it
    picture "$work/now"
    for now in "$@"; do
        ! cmp -s "$work/now" "$work/$now" || return 0
    done
    now=
    return 1
}

on_record() {
    ask_virsh metadata db1 urn:virt-assign:domain:1 --config
    ! guest_runs || ask_virsh metadata db1 urn:virt-assign:domain:1 --live
} 2>/dev/null

nothing_on_record() { # NAME
    is "$1: no command is on record" "$(on_record | grep -cE '<([a-z-]+:)?operation')" 0
}

# ---- the ways to the next try

# A guest that a scenario ends has been saved before: it goes on from there in half the time of a boot, and releases
# a device at once.
saved=$work/db1.saved

bring_to() { # before|after
    if ! guest_runs; then
        looks_like before-off || must virt-assign "${detach[@]}"
        must virsh -q restore "$saved"
    fi
    looks_like "$1" && return
    if [ "$1" = before ]; then
        must virt-assign "${detach[@]}"
    else
        must virt-assign "${attach[@]}"
    fi
    looks_like "$1" || is_one_of "$1, again" "$1" || give_up "it can be brought to $1 again"
}

# A guest that was asked and has not released yet is waited for. A request is on record from right
# before it is sent: of a command that was killed in between nobody knows but who asks again.
recover() { # NAME
    va recover db1
    if [ "$status" = 5 ]; then
        until_true 15 lacks live db1 "$device" || must virt-assign detach db1 "$device" --ask-again
        va recover db1
    fi
    is "$1: recover: exit status" "$status" 0
}

recovers_to() { # NAME PICTURE...
    local name=$1
    shift
    recover "$name"
    is_one_of "$name" "$@"
    nothing_on_record "$name"
}

picture "$work/before"
must virt-assign "${attach[@]}"
picture "$work/after"
is 'an attach changes something' "$(cmp -s "$work/before" "$work/after" || echo so)" so
must virt-assign "${detach[@]}"
is_one_of 'detach' before || give_up 'a detach brings it to before again'
