/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* Reads libvirt's networks into VasInventory.pools, once: one request, one more for each network,
 * and one for each pool. A libvirt without networks has no pools; networks that cannot be read are
 * a NOTE. Without libvirt none are read. VAS_ERROR_UNREACHABLE. */
gboolean vas_pools_read(const VasContext *context, VasInventory *inventory, GError **error);

/* Reads only the networks that a device of the running guest may have come from, by the NICs of its
 * config. @are_needed: the NIC is to leave the config, and a network that cannot be read is an
 * error; else it is a NOTE. VAS_ERROR_UNREACHABLE. */
gboolean vas_pools_read_for(const VasContext *context, VasInventory *inventory,
                            const VasGuest *guest, gboolean are_needed, GError **error);

/* Does the same for a command about to take @device, if it can be in a pool. */
gboolean vas_pools_read_about(const VasContext *context, VasInventory *inventory,
                              const VasDevice *device, GError **error);

/* Tells, as a NOTE for each, which pools @device is taken from. */
void vas_pools_note(const VasContext *context, const VasInventory *inventory,
                    const VasDevice *device);

G_END_DECLS
