#!/bin/bash
# check on a host that was booted with its IOMMU off, and with vfio-pci missing as well: what is wrong,
# and the exact way out.
# lab run: --append intel_iommu=off
# depends on: libvirt kernel
# shellcheck disable=SC2016 # the single-quoted variables are jq's
budget=120
. "$(dirname "$0")/lib.sh"

like 'the host was booted so' "$(cat /proc/cmdline)" 'intel_iommu=off'
groups=(/sys/kernel/iommu_groups/*)
is 'the kernel has no IOMMU groups' "${groups[*]}" '/sys/kernel/iommu_groups/*'

va --json check
is 'host: exit status' "$status" 1
json 'host: the IOMMU is a problem, with the way out' \
    'any(.findings[]; .id == "host.iommu" and .level == "problem" and (.evidence | contains("intel_iommu=off")) and
         (.advice | test("replace intel_iommu=off with intel_iommu=on in GRUB_CMDLINE_LINUX in /etc/default/grub, run update-grub")))'
json 'host: libvirt cannot assign' 'any(.findings[]; .id == "host.assignment" and .level == "problem")'
json 'host: libvirt answers' 'any(.findings[]; .id == "host.libvirt" and .level == "ok")'
run virsh nodedev-detach "pci_$(pci_of "$(pf 1)" | tr :. __)"
like 'libvirt itself agrees' "$err" 'VFIO device assignment is currently not supported'

va --json check "$(pf 1)"
is 'device: exit status' "$status" 1
json 'device: it is in no group' 'any(.findings[]; .id == "device.group" and .level == "problem")'

hide_vfio
va --json check
is 'without vfio-pci as well: exit status' "$status" 1
json 'without vfio-pci as well: both are problems, with their ways out' \
    '[.findings[] | select(.level == "problem" and (.id == "host.iommu" or .id == "host.vfio")) | .advice | test("intel_iommu=on|apt install --reinstall")] == [true, true]'
restore_vfio

finish
