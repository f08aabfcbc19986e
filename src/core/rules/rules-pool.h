/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"

G_BEGIN_DECLS

/* Says what a change of @pf to @count VFs makes of the pools (VasInventory.pools) that have VFs of
 * it, and what to do. GPtrArray of char *, phrases. Returns full. */
GPtrArray *vas_rules_pool_effects(const VasInventory *inventory, const VasDevice *pf, guint count);

/* The guests that have @device of their own, while @pool may give it to another: of its config, or
 * running. GPtrArray of const VasGuest. Returns full. */
GPtrArray *vas_rules_pool_rivals(const VasInventory *inventory, const VasPool *pool,
                                 const VasDevice *device);

G_END_DECLS
