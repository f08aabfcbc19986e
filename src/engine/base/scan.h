/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"
#include "engine/base/context.h"
#include "engine/base/scan-near.h"

G_BEGIN_DECLS

/* Reads the host's devices and all guests' definitions, and, if the host is ours, what it needs
 * itself (VasDevice.critical). Which devices there are and what they are is read from the kernel
 * when the host is ours, else from libvirt, asked by several threads over the one connection: the
 * answers are the same. A device that vanishes meanwhile is left out. A guest or a
 * device that cannot be read is left out, too, with a NOTE, and is an error where it is named.
 * Devices have the names that libvirt gives them (engine/base/device-names.h completes them).
 * VAS_ERROR of the hypervisor. Returns full. */
VasInventory *vas_scan(const VasContext *context, GError **error);

/* Does the same with no more devices than a command about @subject has to know (NULL: all).
 * Returns full. */
VasInventory *vas_scan_about(const VasContext *context, const VasScanSubject *subject,
                             GError **error);

/* Does the same as vas_scan for the guest with @uuid (NULL: for none), which has to be readable.
 * Returns full. */
VasInventory *vas_scan_for(const VasContext *context, const char *uuid, GError **error);

/* Does the same after a change, to see how things are then, with the devices of that guest only:
 * tries twice, with a lost connection opened again. VAS_ERROR_PARTIAL says that only the reading
 * failed. Returns full. */
VasInventory *vas_scan_behind_change(const VasContext *context, const char *uuid, GError **error);

/* Reads all guests anew, and no devices. Returns full. */
VasInventory *vas_scan_guests(const VasContext *context, GError **error);

/* Does the same for all guests but one. Returns full. */
VasInventory *vas_scan_other_guests(const VasContext *context, const VasGuest *but, GError **error);

/* Reads the host driver of @device anew: from the kernel when the host is ours, else from libvirt,
 * which reads it from the kernel at each call (nodeDeviceGetXMLDesc). *ret_driver NULL: none. */
gboolean vas_scan_driver(const VasContext *context, VasHostAddress device, char **ret_driver,
                         GError **error);

G_END_DECLS
