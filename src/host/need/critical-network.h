/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/need/critical-use.h"

G_BEGIN_DECLS

/* Adds to @uses (vas_critical_add) what default routes, the addresses of the current session, the
 * servers of @mounts (vas_mounts_read) and of other storage, bridges with an address of the host or
 * with guests behind them go through, and the ports of Open vSwitch, down through bonds, bridges,
 * VLANs, teams, tunnels. VAS_ERROR of the reader of the network. */
gboolean vas_critical_find_network(const VasHost *host, const GPtrArray *mounts, GPtrArray *uses,
                                   GError **error);

G_END_DECLS
