/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory.h"

G_BEGIN_DECLS

/* The devices of an IOMMU group cannot be kept from one another's memory: the kernel gives a group
 * to user space as a whole, or not at all (Documentation/driver-api/vfio.rst). */

/* The other endpoints of @device's group, by address: GPtrArray of VasDevice, borrowed; empty
 * without an IOMMU. Bridges do not count: they may stay on the host (pcieport and what has no
 * driver manage no DMA of their own). Returns full. */
GPtrArray *vas_iommu_group_mates(const VasInventory *inventory, const VasDevice *device);

/* Whether @mate, an endpoint on a host driver, keeps every member of its group from guests. */
gboolean vas_iommu_group_is_blocked_by(const VasDevice *mate);

G_END_DECLS
