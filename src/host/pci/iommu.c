/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/pci/iommu.h"

#include "host/system/sysfs.h"

#include <string.h>

#define ACPI_TABLES "/sys/firmware/acpi/tables"

static const VasIommuFirmware firmwares[] = {
    VAS_IOMMU_FIRMWARE_DMAR,
    VAS_IOMMU_FIRMWARE_IVRS,
    VAS_IOMMU_FIRMWARE_IORT,
};

const char *
vas_iommu_firmware_table(VasIommuFirmware firmware)
{
    switch (firmware) {
    case VAS_IOMMU_FIRMWARE_DMAR:
        return "DMAR";
    case VAS_IOMMU_FIRMWARE_IVRS:
        return "IVRS";
    case VAS_IOMMU_FIRMWARE_IORT:
        return "IORT";
    case VAS_IOMMU_FIRMWARE_NONE:
        break;
    }
    return NULL;
}

/* Only root may read the tables, but everybody may see that they are there. */
static VasIommuFirmware
read_firmware(const VasHost *host)
{
    g_auto(GStrv) tables = vas_sysfs_list(host, ACPI_TABLES);

    for (guint i = 0; i < G_N_ELEMENTS(firmwares); i++) {
        if (g_strv_contains((const char *const *) tables, vas_iommu_firmware_table(firmwares[i])))
            return firmwares[i];
    }
    return VAS_IOMMU_FIRMWARE_NONE;
}

static void
read_cpu(const VasHost *host, VasIommu *iommu)
{
    g_autofree char *text = vas_sysfs_read(host, "/proc/cpuinfo", NULL);
    g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", -1);

    /* All CPUs are alike: the first one's lines come first. */
    for (guint i = 0; lines[i] != NULL && lines[i][0] != '\0'; i++) {
        g_auto(GStrv) words = NULL;

        if (g_str_has_prefix(lines[i], "vendor_id")) {
            if (strstr(lines[i], "GenuineIntel") != NULL)
                iommu->cpu = VAS_CPU_INTEL;
            else if (strstr(lines[i], "AuthenticAMD") != NULL ||
                     strstr(lines[i], "HygonGenuine") != NULL)
                iommu->cpu = VAS_CPU_AMD;
        }
        if (!g_str_has_prefix(lines[i], "flags"))
            continue;
        words = g_strsplit(lines[i], " ", -1);
        iommu->has_virtualization = g_strv_contains((const char *const *) words, "vmx") ||
                                    g_strv_contains((const char *const *) words, "svm");
    }
}

/* The chips that go through an IOMMU's remapping are named for it: "IR-PCI-MSIX-0000:01:00.0",
 * "IR-IO-APIC" (intel_ir_chip in drivers/iommu/intel/irq_remapping.c, amd_ir_chip likewise, and
 * before Linux 6.2 the IR-PCI-MSI of the same drivers). */
static gboolean
read_interrupt_remapping(const VasHost *host)
{
    g_autofree char *text = vas_sysfs_read(host, "/proc/interrupts", NULL);

    return text != NULL && strstr(text, " IR-") != NULL;
}

VasIommu *
vas_iommu_read(const VasHost *host)
{
    VasIommu *iommu = g_new0(VasIommu, 1);
    g_auto(GStrv) groups = vas_sysfs_list(host, "/sys/kernel/iommu_groups");
    g_auto(GStrv) units = vas_sysfs_list(host, "/sys/class/iommu");

    iommu->n_groups = g_strv_length(groups);
    if (units[0] != NULL)
        iommu->units = g_strjoinv(", ", units);
    iommu->firmware = read_firmware(host);
    iommu->remaps_interrupts = read_interrupt_remapping(host);
    read_cpu(host, iommu);
    return iommu;
}

void
vas_iommu_free(VasIommu *iommu)
{
    if (iommu == NULL)
        return;
    g_free(iommu->units);
    g_free(iommu);
}
