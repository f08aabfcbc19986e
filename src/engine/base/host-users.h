/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* Refuses to take @device from its host driver while processes of the host use it: the unbind waits
 * for them, and whoever asked for it. VAS_ERROR_IN_USE names processes and files. With @force they
 * are added to @overridden (GPtrArray of char *) instead. On another machine it cannot be told, and
 * is TRUE. */
gboolean vas_host_users_check(const VasContext *context, const VasDevice *device, gboolean force,
                              GPtrArray *overridden, GError **error);

G_END_DECLS
