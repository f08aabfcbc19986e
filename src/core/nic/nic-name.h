/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/guest.h"
#include "core/nic/naming-scheme.h"

G_BEGIN_DECLS

/* The name that systemd-udevd in the guest will give to a NIC, by its default policy (onboard,
 * slot, path) and as long as the NIC's driver tells no port of its own (phys_port_name, dev_port),
 * as the drivers of VFs and virtio do not. */
typedef struct {
    char *name; /* NULL: cannot be told; @why says on what it depends */
    char *why;  /* never NULL: "root port on guest bus 2, slot 0 (path)" */
} VasNicName;

void vas_nic_name_free(VasNicName *name);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasNicName, vas_nic_name_free)

/* Predicts the name of a NIC at @address with @acpi_index (0: none) in @definition under @scheme.
 * @scheme NULL: the newest scheme; where systemd 252's gives another name, @why says which. The
 * names of other NICs are not looked at (core/nic/nic-name-findings.h). Returns full, never
 * NULL. */
VasNicName *vas_nic_name_predict(const VasGuestDefinition *definition, VasGuestAddress address,
                                 int acpi_index, const VasNamingScheme *scheme);

/* Does the same for @nic of @definition, which may be on another bus than PCI. Where the NIC's
 * driver is known to tell its port, the name ends with it, and @why has the name without. NULL: it
 * has no address yet. Returns full. */
VasNicName *vas_nic_name_of(const VasGuestDefinition *definition, const VasNic *nic,
                            const VasNamingScheme *scheme);

/* Whether the guest's firmware is known to show an acpi index at @address to the kernel:
 * vas_slot_number_shows_index. */
gboolean vas_nic_name_exposes_acpi_index(const VasGuestDefinition *definition,
                                         VasGuestAddress address);

G_END_DECLS
