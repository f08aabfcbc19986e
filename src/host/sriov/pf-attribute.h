/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* Reads the number of VFs, or of functions between them, that attribute @leaf of @pf has in sysfs.
 * VAS_ERROR_NOT_FOUND: there is no such attribute; VAS_ERROR_FAILED: it is not a number. */
gboolean vas_pf_attribute_read(const VasHost *host, VasHostAddress pf, const char *leaf,
                               guint *ret_number, GError **error);

G_END_DECLS
