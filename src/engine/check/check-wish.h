/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* Appends to @findings (GPtrArray of VasFinding) where @guest, read with its devices into
 * @inventory, differs from what is kept for each of its starts: one finding a wish at most, none
 * where there is no wish. */
void vas_check_wishes(const VasContext *context, const VasInventory *inventory,
                      const VasGuest *guest, GPtrArray *findings);

G_END_DECLS
