/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/device/identity.h"
#include "core/inventory/inventory.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* Reads what @device of @inventory is wherever it sits. On our own machine place and keys come from
 * the kernel, and libvirt is asked, once, only if the kernel tells no key: reading the VPD takes
 * some cards seconds. Where there is no libvirt to ask (boot) the kernel tells the VPD, too. Of
 * another machine there is only what libvirt told with the scan: no subsystem, and no other key
 * than the VPD's. *ret_identity NULL: the device is a VF whose PF cannot be read.
 * VAS_ERROR_UNREACHABLE. Returns full in *ret_identity. */
gboolean vas_device_identity_read(const VasContext *context, const VasInventory *inventory,
                                  const VasDevice *device, VasIdentity **ret_identity,
                                  GError **error);

/* An empty list of VasIdentified (core/rules/rules-identity.h) that own their identities. Returns
 * full. */
GArray *vas_identified_new(void);

/* Adds @device, as vas_device_identity_read reads it, to such a list; one whose identity nobody can
 * tell is left out. */
gboolean vas_identified_add(GArray *identified, const VasContext *context,
                            const VasInventory *inventory, const VasDevice *device, GError **error);

G_END_DECLS
