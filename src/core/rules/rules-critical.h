/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"

G_BEGIN_DECLS

/* Never saw off the branch: these rules keep on the host what it needs as things are. */

/* Says why @device must stay: what the host needs it or one of its VFs for (VasDevice.critical),
 * and the guests that hold its VFs, live or in their config. GPtrArray of char *, phrases; empty:
 * it may go. Returns full. */
GPtrArray *vas_rules_critical_reasons(const VasInventory *inventory, const VasDevice *device);

/* Refuses to take @device from the host: VAS_ERROR_CRITICAL with the reasons and the way out, and
 * a bridge with VAS_ERROR_UNSUITABLE. With @force only the latter; the reasons that are overridden
 * are then added to @overridden (GPtrArray of char *, each to be freed; NULL: nobody asks). */
gboolean vas_rules_check_critical(const VasInventory *inventory, const VasDevice *device,
                                  gboolean force, GPtrArray *overridden, GError **error);

G_END_DECLS
