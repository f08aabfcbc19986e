/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/need/critical-use.h"

G_BEGIN_DECLS

/* Finds what the machine depends on: mounted file systems, swap, default routes, the session that
 * the caller came in by, the only display with a console. Everything on the way to a device is in
 * it, bridges and root ports too. GPtrArray of VasCriticalUse. Returns full. VAS_ERROR where it
 * cannot be told: a device that only seems to be free is worse. */
GPtrArray *vas_critical_find(const VasHost *host, GError **error);

G_END_DECLS
