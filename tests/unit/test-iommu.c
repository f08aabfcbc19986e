/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/pci/iommu.h"

#include "testing.h"

static void
test_on(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autoptr(VasIommu) iommu = NULL;

    testing_scratch_write(scratch, "/sys/kernel/iommu_groups/0/type", "DMA\n");
    testing_scratch_write(scratch, "/sys/kernel/iommu_groups/1/type", "DMA\n");
    testing_scratch_link(scratch, "/sys/class/iommu/dmar1", "../../devices/virtual/iommu/dmar1");
    testing_scratch_link(scratch, "/sys/class/iommu/dmar0", "../../devices/virtual/iommu/dmar0");
    testing_scratch_write(scratch, "/sys/firmware/acpi/tables/APIC", "x");
    testing_scratch_write(scratch, "/sys/firmware/acpi/tables/DMAR", "x");
    testing_scratch_write(scratch, "/proc/interrupts",
                          "           CPU0\n 39:          1  IR-PCI-MSIX-0000:01:00.0   0-edge\n");
    testing_scratch_write(scratch, "/proc/cpuinfo",
                          "processor\t: 0\nvendor_id\t: GenuineIntel\nflags\t\t: fpu vmx sse\n\n");
    iommu = vas_iommu_read(host);
    g_assert_cmpuint(iommu->n_groups, ==, 2);
    g_assert_cmpstr(iommu->units, ==, "dmar0, dmar1");
    g_assert_cmpint(iommu->firmware, ==, VAS_IOMMU_FIRMWARE_DMAR);
    g_assert_cmpint(iommu->cpu, ==, VAS_CPU_INTEL);
    g_assert_true(iommu->has_virtualization);
    g_assert_true(iommu->remaps_interrupts);
}

static void
test_nothing_there(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autoptr(VasIommu) iommu = vas_iommu_read(host);

    g_assert_cmpuint(iommu->n_groups, ==, 0);
    g_assert_null(iommu->units);
    g_assert_cmpint(iommu->firmware, ==, VAS_IOMMU_FIRMWARE_NONE);
    g_assert_cmpint(iommu->cpu, ==, VAS_CPU_OTHER);
    g_assert_false(iommu->has_virtualization);
    g_assert_false(iommu->remaps_interrupts);
    g_assert_null(vas_iommu_firmware_table(iommu->firmware));
}

static void
test_firmware_and_cpu(void)
{
    static const struct {
        const char *table, *cpuinfo;
        VasIommuFirmware firmware;
        VasCpuVendor cpu;
        gboolean has_virtualization;
    } rows[] = {
        {"IVRS", "vendor_id : AuthenticAMD\nflags : svm\n", VAS_IOMMU_FIRMWARE_IVRS, VAS_CPU_AMD,
         TRUE},
        {"IVRS", "vendor_id : HygonGenuine\nflags : svm_lock\n", VAS_IOMMU_FIRMWARE_IVRS,
         VAS_CPU_AMD, FALSE},
        {"IORT", "CPU implementer : 0x41\n", VAS_IOMMU_FIRMWARE_IORT, VAS_CPU_OTHER, FALSE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(TestingScratch) scratch = testing_scratch_new();
        g_autoptr(VasHost) host = vas_host_new(scratch->path);
        g_autofree char *table = g_build_filename("/sys/firmware/acpi/tables", rows[i].table, NULL);
        g_autoptr(VasIommu) iommu = NULL;

        testing_scratch_write(scratch, table, "x");
        testing_scratch_write(scratch, "/proc/cpuinfo", rows[i].cpuinfo);
        testing_scratch_write(scratch, "/proc/interrupts", " 4:  4  IO-APIC   4-edge  MIR-1\n");
        iommu = vas_iommu_read(host);
        g_assert_cmpint(iommu->firmware, ==, rows[i].firmware);
        g_assert_cmpstr(vas_iommu_firmware_table(iommu->firmware), ==, rows[i].table);
        g_assert_cmpint(iommu->cpu, ==, rows[i].cpu);
        g_assert_cmpint(iommu->has_virtualization, ==, rows[i].has_virtualization);
        g_assert_false(iommu->remaps_interrupts);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/iommu/on", test_on);
    g_test_add_func("/iommu/nothing-there", test_nothing_there);
    g_test_add_func("/iommu/firmware-and-cpu", test_firmware_and_cpu);
    return g_test_run();
}
