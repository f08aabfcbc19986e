/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "healthy-host.h"

FakeHypervisor *
healthy_host_new(void)
{
    static const struct {
        const char *path, *text;
    } files[] = {
        {"/etc/os-release", "ID=debian\n"},
        {"/proc/cmdline", "quiet intel_iommu=on\n"},
        {"/proc/cpuinfo", "vendor_id : GenuineIntel\nflags : vmx\n"},
        {"/proc/interrupts", " 39:  1  IR-PCI-MSIX-0000:01:00.0  enp1s0\n"},
        {"/proc/sys/kernel/osrelease", "6.12.1\n"},
        {"/sys/firmware/acpi/tables/DMAR", "x"},
        {"/sys/kernel/iommu_groups/1/type", "DMA\n"},
        {"/sys/kernel/iommu_groups/11/type", "DMA\n"},
        {MODULES "/modules.dep", "kernel/drivers/vfio/pci/vfio-pci.ko:\n"},
        {MODULES "/modules.alias", "alias pci:v00008086d000010CA* igbvf\n"},
        {"/dev/vfio/vfio", ""},
        {"/dev/kvm", ""},
        {PF "/class", "0x020000\n"},
        {PF "/sriov_totalvfs", "7\n"},
        {VF "/modalias", "pci:v00008086d000010CAsv0\n"},
    };
    FakeHypervisor *fake = fake_hypervisor_new();

    for (gsize i = 0; i < G_N_ELEMENTS(files); i++)
        testing_scratch_write(fake->root, files[i].path, files[i].text);
    testing_scratch_link(fake->root, "/sys/class/iommu/dmar0", "../../devices/virtual/iommu/dmar0");
    return fake;
}

void
healthy_host_make_vf(FakeHypervisor *fake)
{
    testing_scratch_link(fake->root, PF "/virtfn0", "../0000:01:10.0");
}
