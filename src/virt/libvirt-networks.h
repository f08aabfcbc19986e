/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <libvirt/libvirt.h>

G_BEGIN_DECLS

/* These are the calls about networks of the port (virt/hypervisor.h), which no guest can delay. */

GStrv vas_libvirt_networks_list(virConnectPtr connection, GError **error);
char *vas_libvirt_network_xml(virConnectPtr connection, const char *name, GError **error);
gboolean vas_libvirt_network_state(virConnectPtr connection, const char *name, gboolean *ret_active,
                                   gboolean *ret_autostarted, GError **error);

G_END_DECLS
