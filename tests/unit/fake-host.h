/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fake-hypervisor.h"

G_BEGIN_DECLS

/* The fake hypervisor has this host under it: functions, as libvirt describes them, and their
 * sysfs. */

/* Makes root and host of @fake. */
void fake_host_build(FakeHypervisor *fake);

/* Tells the driver that a function is on by itself; NULL: there is no function. Static. */
const char *fake_host_own_driver(const FakeHypervisor *fake, const char *address);

/* The port has these functions for node devices. */
GStrv fake_host_list_node_devices(VasHypervisor *port, VasNodeDeviceKind kind, GError **error);
char *fake_host_node_device_xml(VasHypervisor *port, const char *name, GError **error);
gboolean fake_host_detach_node_device(VasHypervisor *port, const char *name, const char *driver,
                                      GError **error);
gulong fake_host_version(VasHypervisor *port);
gboolean fake_host_reattach_node_device(VasHypervisor *port, const char *name, GError **error);

G_END_DECLS
