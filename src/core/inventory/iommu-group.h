/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"

G_BEGIN_DECLS

/* The devices of an IOMMU group cannot be kept from one another's memory: the kernel gives a group
 * to user space as a whole, or not at all (Documentation/driver-api/vfio.rst). */

/* The other members of @device's group that count, by address: GPtrArray of VasDevice, borrowed;
 * empty without an IOMMU. Endpoints count. PCI bridges do not: they may stay on the host. An ISA or
 * host bridge has the header of an endpoint, and counts as long as a host driver has it
 * (vfio_dev_viable in drivers/vfio/vfio.c, iommu_device_use_default_domain in drivers/iommu/iommu.c
 * since Linux 5.19). Returns full. */
GPtrArray *vas_iommu_group_mates(const VasInventory *inventory, const VasDevice *device);

/* Whether @mate, on a host driver, keeps every member of its group from guests. */
gboolean vas_iommu_group_is_blocked_by(const VasDevice *mate);

/* A mate can be held for a guest without being shown to it: <address type='unassigned'/>. Its
 * assignment is known by its alias, "ua-mate-pci_0000_05_02_0", and its lack of a guest address. */
char *vas_alias_for_mate(VasHostAddress device);
gboolean vas_assignment_is_mate(const VasAssignment *assignment);

/* Finds the member of its group for which @mate has to be held in @definition even when the
 * assignments in @leaving (GPtrArray of const VasAssignment, of that definition; NULL: none) are
 * out. NULL: only other mates are left, or nothing. Borrowed. */
const VasAssignment *vas_iommu_group_mate_needed_for(const VasInventory *inventory,
                                                     const VasGuestDefinition *definition,
                                                     const VasAssignment *mate,
                                                     const GPtrArray *leaving);

/* Whether both are devices of this host, in one IOMMU group. */
gboolean vas_iommu_group_is_shared(const VasInventory *inventory, const VasAssignment *a,
                                   const VasAssignment *b);

G_END_DECLS
