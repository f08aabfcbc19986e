/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

struct rtnl_link; /* libnl-route */

/* Reads what the PF's driver says about a VF, by rtnetlink (IFLA_VFINFO_LIST). VAS_ERROR_NOT_FOUND:
 * no such interface or no such VF on it. A VasVfSettingsReader; @data is not used. */
gboolean vas_vf_netlink_read(const char *pf_interface, int vf_index, VasVfSettings *ret_settings,
                             gpointer data, GError **error);

/* A VasVfSettingsWriter; @data is not used. VAS_ERROR_UNSUPPORTED: the driver does not take this
 * setting at all; VAS_ERROR_DENIED; VAS_ERROR_NOT_FOUND; else VAS_ERROR_FAILED with the kernel's
 * reason. */
gboolean vas_vf_netlink_write(const char *pf_interface, int vf_index, VasVfField field,
                              const VasVfSettings *settings, gpointer data, GError **error);

/* Reads the kernel's answer about the PF's interface without asking for it: for tests. */
gboolean vas_vf_netlink_from_link(struct rtnl_link *pf_link, int vf_index,
                                  VasVfSettings *ret_settings, GError **error);

G_END_DECLS
