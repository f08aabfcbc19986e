/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"

G_BEGIN_DECLS

/* What a change of a guest's buses does to the names of the NICs it has. @after is @before with
 * more controllers. As vas_nic_name_changes, but a network device that is assigned as a plain
 * <hostdev> is a NIC, too; @inventory tells. GPtrArray of char *. Returns full. */
GPtrArray *vas_nic_renames(const VasInventory *inventory, const VasGuestDefinition *before,
                           const VasGuestDefinition *after);

G_END_DECLS
