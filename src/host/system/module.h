/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* Loads the kernel module @name, or those that the modalias @name matches, by modprobe, which
 * honours the administrator's blacklists. A VasModuleLoader; @data is not used. Success as well if
 * it is loaded already. VAS_ERROR_FAILED with what modprobe says. */
gboolean vas_module_load(const char *name, gpointer data, GError **error);

G_END_DECLS
