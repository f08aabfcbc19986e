/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/host.h"

G_BEGIN_DECLS

/* The PF's network interface (*ret_interface NULL: it has none) and whether it is up: IFF_UP in
 * /sys/class/net/X/flags, which is what libvirt tests (virNetDevGetOnline), not the carrier. With
 * several interfaces on one PF the first by name. VAS_ERROR_NOT_FOUND: no such device, or the
 * interface went away just now. */
gboolean vas_sriov_read_link(const VasHost *host, VasHostAddress pf, char **ret_interface,
                             gboolean *ret_up, GError **error);

G_END_DECLS
