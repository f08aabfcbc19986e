/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/host.h"

G_BEGIN_DECLS

struct rtnl_link; /* libnl-route */

/* What the PF's driver says about a VF, by rtnetlink (IFLA_VFINFO_LIST). VAS_ERROR_NOT_FOUND: no
 * such interface or no such VF on it. A VasVfSettingsReader; @data is not used. */
gboolean vas_vf_settings_read_netlink(const char *pf_interface, int vf_index,
                                      VasVfSettings *ret_settings, gpointer data, GError **error);

/* The same from the kernel's answer about the PF's interface. */
gboolean vas_vf_settings_from_link(struct rtnl_link *pf_link, int vf_index,
                                   VasVfSettings *ret_settings, GError **error);

G_END_DECLS
