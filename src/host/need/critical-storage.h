/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/need/critical-use.h"

G_BEGIN_DECLS

/* Adds to @uses (vas_critical_add) what @mounts (vas_mounts_read), swap and other active storage
 * that is made of several devices lie on. VAS_ERROR where the table of swaps cannot be read. */
gboolean vas_critical_find_storage(const VasHost *host, const GPtrArray *mounts, GPtrArray *uses,
                                   GError **error);

G_END_DECLS
