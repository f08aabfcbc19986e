#!/bin/bash
# Two hosts with a network between them: host2 is another machine, reached by ssh and by libvirt; what
# virt-assign tells of it is of it alone; a guest moves there and back.
# lab run: --hosts 2
# depends on: libvirt kernel QEMU; alternates
budget=300
. "$(dirname "$0")/lib.sh"

there=qemu+ssh://host2/system back=qemu+ssh://host1/system

host_uuid() { # URI
    virsh -c "$1" capabilities | xmllint --xpath 'string(/capabilities/host/uuid)' -
}

guests_of() { # URI
    virsh -c "$1" -q list --all --name | xargs
}

listed_vfs() { # of the last list
    jq -r '.devices[] | select(.kind == "vf").address' "$work/out" | sort
}

pf=$(pf 1) other_pf=$(pf 2)
start_guest mover q35

# ---- another machine

is 'their names' "$(hostname) $(ssh host2 hostname)" 'host1 host2'
ok 'host2 has another machine id' test "$(cat /etc/machine-id)" != "$(ssh host2 cat /etc/machine-id)"
here_uuid=$(host_uuid qemu:///system) there_uuid=$(host_uuid $there)
ok "host2 has another host UUID ($here_uuid, $there_uuid)" test -n "$there_uuid" -a "$here_uuid" != "$there_uuid"
ok 'host2 answers pings' busybox ping -c 1 -W 5 host2
ok 'host1 answers pings' ssh host2 busybox ping -c 1 -W 5 host1
is 'ssh to host2 and back' "$(ssh host2 ssh host1 hostname)" host1
ssh host2 exit 7
is 'the exit status of a command on host2' $? 7
ok 'host2 has the scripts, too' ssh host2 test -r "/lab/script/${0##*/}"
is 'host2 has no guest' "$(guests_of $there)" ''

# ---- list: the two have the same cards, so their VFs the same addresses

make_vfs "$pf" 2
must virt-assign attach mover "$(vf "$pf" 0)" --config
must ssh host2 "echo 1 >/sys/class/net/$pf/device/sriov_numvfs && echo 2 >/sys/class/net/$other_pf/device/sriov_numvfs && udevadm settle"
must virt-assign -c $there list --json
is 'list of host2: its VFs' "$(listed_vfs)" \
    "$(ssh host2 "readlink /sys/class/net/$pf/device/virtfn* /sys/class/net/$other_pf/device/virtfn*" | sed 's,.*/,,' | sort)"
json 'list of host2: all free' 'all(.devices[]; .assignments == [])'
must virt-assign list --json
is 'list of host1: its VFs' "$(listed_vfs)" "$(printf '%s\n' "$(vf "$pf" 0)" "$(vf "$pf" 1)")"
json 'list of host1: one is not free' '[.devices[].assignments[].guest] == ["mover"]'
must virt-assign detach mover "$(vf "$pf" 0)" --config

# ---- a guest that moves: it runs on, where its console would tell of another boot

wait_guest mover
# Its kernel and initramfs are to be in the same places on host2.
must ssh host2 'lab-guest start mover q35 && virsh -q destroy mover && virsh -q undefine mover'

must virsh -q migrate --live --persistent --undefinesource mover $there
is 'it has moved' "$(guests_of qemu:///system), $(guests_of $there)" ', mover'
ok 'it has moved: it answers' ssh host2 lab-guest wait mover 60
ok 'it has moved: it has not booted there' ssh host2 '! grep GUEST-UP /var/lib/lab/guests/mover/console.log'

must ssh host2 virsh -q migrate --live --persistent --undefinesource mover $back
is 'it is back' "$(guests_of qemu:///system), $(guests_of $there)" 'mover, '
ok 'it is back: it answers' lab-guest wait mover 60

finish
