/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* Whether the device that @wish means is where the guest's definition has it. @inventory has the
 * device at that address, if there is one, and its PF; the other devices of the host are read only
 * if that one is not the same. A wish without an identity is fine. VAS_ERROR of
 * vas_rules_check_identity. */
gboolean vas_hook_check_identity(const VasContext *context, const VasInventory *inventory,
                                 const VasWish *wish, GError **error);

G_END_DECLS
