/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/guest.h"

G_BEGIN_DECLS

/* The name that systemd-udevd in the guest will give to a NIC. */
typedef struct {
    char *name; /* NULL: cannot be told; @why says on what it depends */
    char *why;  /* never NULL: "root port on guest bus 2, slot 0 (path)" */
} VasNicName;

void vas_nic_name_free(VasNicName *name);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasNicName, vas_nic_name_free)

/* For a NIC at @address with @acpi_index (0: none), given the guest's definition. Default policy
 * (onboard, slot, path) of systemd 252 to 257; where these differ the newer one's name is given and
 * @why says what the older gives. Returns full, never NULL. */
VasNicName *vas_nic_name_predict(const VasGuestDefinition *definition, VasGuestAddress address,
                                 int acpi_index);

/* Whether the guest's firmware shows an acpi index to the kernel at @address: QEMU does so for ACPI
 * hot-plug buses only - not with native pciehp (q35 machines up to 6.0) and not on bus 0 of q35. */
gboolean vas_nic_name_exposes_acpi_index(const VasGuestDefinition *definition,
                                         VasGuestAddress address);

G_END_DECLS
