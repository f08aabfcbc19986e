/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/device/assignment.h"

G_BEGIN_DECLS

/* The element that holds @mate's device for a guest without showing it: a <hostdev> with <address
 * type='unassigned'/>, which libvirt binds and does not hand to QEMU (6.0 and later;
 * qemuDomainAttachHostPCIDevice in src/qemu/qemu_hotplug.c). Returns full. */
char *vas_mate_xml_format(const VasAssignment *mate);

G_END_DECLS
