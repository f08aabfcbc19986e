/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* Adds to @inventory the PCI devices with libvirt's @names (NULL: all of the host's), as far as
 * they are there. On our own machine the kernel tells them; where it cannot, and on another
 * machine, libvirt does: *from_kernel becomes FALSE. VAS_ERROR of the hypervisor. */
gboolean vas_scan_devices(const VasContext *context, VasInventory *inventory,
                          const char *const *names, gboolean *from_kernel, GError **error);

/* Gives the devices of @inventory the names of their network interfaces, from whoever could tell
 * the devices. VAS_ERROR of the hypervisor. */
gboolean vas_scan_interfaces(const VasContext *context, VasInventory *inventory,
                             gboolean from_kernel, GError **error);

G_END_DECLS
