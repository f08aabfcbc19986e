#!/bin/bash
# list reads devices from the kernel on the machine itself, and from libvirt's XML on any other:
# both ways give the same, whatever is bound where.
# depends on: libvirt kernel
budget=90
. "$(dirname "$0")/lib.sh"

# libvirtd's socket at the end of a command: to virt-assign this is another machine.
elsewhere="qemu+ext://elsewhere/system?command=$work/connect"
printf '#!/bin/sh\nexec socat - UNIX-CONNECT:/run/libvirt/libvirt-sock\n' >"$work/connect"
chmod +x "$work/connect"

# But for what the host itself needs, which is not to be seen from elsewhere.
same_list() { # NAME
    must virt-assign list --class all --json
    jq 'del(.devices[].critical)' "$work/out" >"$work/here"
    must virt-assign -c "$elsewhere" list --class all --json
    jq 'del(.devices[].critical)' "$work/out" >"$work/there"
    same "$1" "$work/here" "$work/there"
}

must virt-assign list --class all --json
is 'all PCI functions are there' "$(jq -r '.devices[].address' "$work/out" | sort)" \
    "$(basename -a /sys/bus/pci/devices/* | sort)"
is 'and all interfaces on PCI' "$(jq -r '.devices[].interface // empty' "$work/out" | sort)" \
    "$(ls -d /sys/bus/pci/devices/*/net/* /sys/bus/pci/devices/*/virtio*/net/* 2>/dev/null | sed 's,.*/,,' | sort)"
same_list 'a host without VFs'

pf=$(pf 1)
make_vfs "$pf" 3
make_vfs "$(pf 2)" 7
same_list 'with VFs'

detached=$(vf "$pf" 0) unbound=$(vf "$pf" 1)
must virsh -q nodedev-detach "pci_${detached//[:.]/_}"
echo "$unbound" >"/sys/bus/pci/devices/$unbound/driver/unbind"
udevadm settle
is 'a VF is on vfio-pci' "$(driver "$detached")" vfio-pci
is 'another on no driver' "$(driver "$unbound")" none
same_list 'with a VF on vfio-pci and one on no driver'

start_guest db1 q35
wait_guest db1
must virt-assign attach db1 "$(vf "$pf" 2)"
same_list 'with a VF in a guest'
must virt-assign detach db1 "$(vf "$pf" 2)"
must virsh -q nodedev-reattach "pci_${detached//[:.]/_}"

finish
