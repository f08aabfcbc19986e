/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"

G_BEGIN_DECLS

/* Lists the NICs of a guest that get another name when its buses change: @after is @before with
 * more controllers. It works like vas_nic_name_changes, but a network device that is assigned as a
 * plain <hostdev> is a NIC, too; @inventory tells. GPtrArray of char *. Returns full. */
GPtrArray *vas_nic_renames(const VasInventory *inventory, const VasGuestDefinition *before,
                           const VasGuestDefinition *after);

G_END_DECLS
