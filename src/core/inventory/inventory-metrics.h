/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"
#include "core/inventory/metric.h"

G_BEGIN_DECLS

/* Tells in metrics which devices there are, which guests have them, and where a running guest and
 * its config differ. Parts of the chipset are left out unless a guest has them. GPtrArray of
 * VasMetric. Returns full. */
GPtrArray *vas_inventory_metrics(const VasInventory *inventory);

/* The name of @pf in the label "pf" of each metric: its interface, or its address in @address,
 * which the caller keeps. Borrowed. */
const char *vas_inventory_metrics_pf(const VasDevice *pf, VasPciAddressText *address);

G_END_DECLS
