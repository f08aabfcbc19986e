/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* The driver that the kernel has bound to @device, read anew. *ret_driver NULL: none. Returns
 * FALSE with VAS_ERROR_NOT_FOUND if the device itself is gone. */
gboolean vas_driver_read(const VasHost *host, VasHostAddress device, char **ret_driver,
                         GError **error);

typedef enum {
    VAS_VFIO_GROUP_UNKNOWN, /* no such group, or it may not be looked at */
    VAS_VFIO_GROUP_FREE,    /* no process has it open */
    VAS_VFIO_GROUP_HELD,    /* a process (QEMU) has it open */
} VasVfioGroupUse;

/* Whether a process holds the device's IOMMU group through VFIO. Found by opening /dev/vfio/N,
 * which the kernel allows one opener only (vfio_group_fops_open in drivers/vfio/group.c: EBUSY),
 * and closing it at once. Tells a device that QEMU has let go of from one that the guest still has.
 */
VasVfioGroupUse vas_vfio_group_use(const VasHost *host, VasHostAddress device);

G_END_DECLS
