/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* An ACPI table describes the IOMMU to the kernel; it has this name in
 * /sys/firmware/acpi/tables. */
typedef enum {
    VAS_IOMMU_FIRMWARE_NONE,
    VAS_IOMMU_FIRMWARE_DMAR, /* Intel VT-d, specification 8.1 */
    VAS_IOMMU_FIRMWARE_IVRS, /* AMD-Vi, specification 5.2 */
    VAS_IOMMU_FIRMWARE_IORT, /* Arm SMMU */
} VasIommuFirmware;

typedef enum {
    VAS_CPU_OTHER,
    VAS_CPU_INTEL,
    VAS_CPU_AMD, /* Hygon as well, which has AMD's IOMMU */
} VasCpuVendor;

typedef struct {
    guint n_groups; /* in /sys/kernel/iommu_groups: none without an IOMMU that is in use */
    char *units;    /* names in /sys/class/iommu, "dmar0, dmar1"; NULL: none */
    VasIommuFirmware firmware;
    VasCpuVendor cpu;
    gboolean has_virtualization; /* vmx or svm among the CPU's flags */
    gboolean remaps_interrupts;  /* /proc/interrupts has controllers named IR-... */
} VasIommu;

VasIommu *vas_iommu_read(const VasHost *host);
void vas_iommu_free(VasIommu *iommu);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasIommu, vas_iommu_free)

/* "DMAR", "IVRS", "IORT"; NULL for NONE. Static. */
const char *vas_iommu_firmware_table(VasIommuFirmware firmware);

G_END_DECLS
