/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"

G_BEGIN_DECLS

/* Refuses @device if a guest uses all of it without an assignment - by macvtap, as an NVMe disk, by
 * mdev - in one of @scopes: VAS_ERROR_IN_USE names guest and element. */
gboolean vas_rules_check_unused(const VasInventory *inventory, const VasDevice *device,
                                VasScope scopes, GError **error);

/* Says which running guests lose a part of the host when @device leaves it: those that share it or
 * have one among its disks or USB devices. GPtrArray of char *, phrases. Returns full. */
GPtrArray *vas_rules_sharers(const VasInventory *inventory, const VasDevice *device);

G_END_DECLS
