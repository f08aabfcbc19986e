/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/device/device.h"
#include "host/system/host.h"

G_BEGIN_DECLS

/* The kernel knows this of a PCI function, and libvirt does not say it. */

/* Its reset methods, "flr pm bus" (reset_method, since Linux 5.15), or "unknown" where the kernel
 * is older and can reset it. NULL: the kernel knows no way. Returns full. */
char *vas_endpoint_reset_methods(const VasHost *host, VasHostAddress device);

/* Whether a host driver that is not one of the kernel's VFIO drivers serves @device to guests: it
 * is a device of VFIO, or a vGPU type was chosen for it (nvidia/current_vgpu_type). */
gboolean vas_endpoint_is_vendors_own(const VasHost *host, const VasDevice *device);

/* The sum of its 64-bit prefetchable BARs, in bytes, and the largest of them. 0: it has none, or
 * they cannot be read. */
guint64 vas_endpoint_large_bars(const VasHost *host, VasHostAddress device, guint64 *ret_largest);

/* Drivers are chosen by this text, "pci:v00008086d...". VAS_ERROR of vas_sysfs_read. Returns
 * full. */
char *vas_endpoint_modalias(const VasHost *host, VasHostAddress device, GError **error);

G_END_DECLS
