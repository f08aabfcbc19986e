/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* Whether a libvirt network may give @device to a guest while another one has it or is to get it;
 * of a PF, whether the pools of its VFs have those that it has now. Nothing, if nobody asked for
 * the pools. */
void vas_check_pools(const VasInventory *inventory, const VasDevice *device, GPtrArray *findings);

/* Reports the same of all devices of the host. */
void vas_check_pools_of_host(const VasContext *context, GPtrArray *findings);

G_END_DECLS
