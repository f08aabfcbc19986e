/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/host.h"

G_BEGIN_DECLS

/* What the PF's driver says about a VF, by rtnetlink (IFLA_VFINFO_LIST). VAS_ERROR_NOT_FOUND: no
 * such interface or no such VF on it. A VasVfSettingsReader; @data is not used. */
gboolean vas_vf_settings_read_netlink(const char *pf_interface, int vf_index,
                                      VasVfSettings *ret_settings, gpointer data, GError **error);

G_END_DECLS
