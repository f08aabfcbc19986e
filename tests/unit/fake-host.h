/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fake-hypervisor.h"

G_BEGIN_DECLS

/* The host under the fake hypervisor: its functions, as libvirt describes them, and their sysfs. */

/* Makes root and host of @fake. */
void fake_host_build(FakeHypervisor *fake);

/* The driver that a function is on by itself; NULL: no such function. Static. */
const char *fake_host_own_driver(const char *address);

void fake_host_add_names(GStrvBuilder *names, VasNodeDeviceKind kind);

/* NULL: no such node device. Returns full. */
char *fake_host_node_device_xml(FakeHypervisor *fake, const char *name);

G_END_DECLS
