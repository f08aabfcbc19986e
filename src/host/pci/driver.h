/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* The driver that the kernel has bound to @device, read anew. *ret_driver NULL: none. Returns
 * FALSE with VAS_ERROR_NOT_FOUND if the device itself is gone. */
gboolean vas_driver_read(const VasHost *host, VasHostAddress device, char **ret_driver,
                         GError **error);

/* Whether @driver, which @device is on (NULL: none), serves it to user space through VFIO: by the
 * driver's name (vas_driver_is_vfio), or by the folder that the kernel makes for each device of
 * VFIO, whatever its driver is called (vfio-dev/, since Linux 6.1: NVIDIA's for vGPUs). */
gboolean vas_driver_serves_vfio(const VasHost *host, VasHostAddress device, const char *driver);

typedef enum {
    VAS_VFIO_GROUP_UNKNOWN, /* no such group, or it may not be looked at */
    VAS_VFIO_GROUP_FREE,    /* no process has it open */
    VAS_VFIO_GROUP_HELD,    /* a process (QEMU) has it open */
} VasVfioGroupUse;

/* Whether a process holds the device's IOMMU group through VFIO. Found by opening /dev/vfio/N,
 * which the kernel allows one opener only (vfio_group_fops_open in drivers/vfio/group.c: EBUSY),
 * and closing it at once: a QEMU that opens it in this moment fails, so it is for commands that
 * change the device. Tells a device that QEMU has let go of from one that the guest still has.
 * FALSE with VAS_ERROR_FAILED where it should be told and cannot be. */
gboolean vas_vfio_group_use(const VasHost *host, VasHostAddress device, VasVfioGroupUse *ret_use,
                            GError **error);

/* The same without opening it, from the files that processes have open: VAS_VFIO_GROUP_UNKNOWN
 * where not all of them may be looked at. A process outside of our PID namespace is not seen. */
VasVfioGroupUse vas_vfio_group_look(const VasHost *host, VasHostAddress device);

G_END_DECLS
