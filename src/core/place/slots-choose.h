/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/place/slot-request.h"

G_BEGIN_DECLS

/* The best address that nothing keeps the device off (vas_slots_obstacle). One that suits the
 * request's own preference comes before any other, then one that can be hot-plugged. A PCIe
 * function rather goes to a root or downstream port, a conventional one to a bridge; then to an
 * expander bus near its NUMA node, then to the main hierarchy; then bus and slot decide: the same
 * request gives the same address on every host. What the other definition has is left alone: the
 * config's devices come back at their addresses. For config alone, when everything is taken, the
 * next new bus: libvirt adds its controller, and takes any device for a PCIe one there, since it
 * has an address (qemuDomainDeviceCalculatePCIConnectFlags in src/qemu/qemu_domain_address.c).
 * VAS_ERROR_NO_SLOT names the ports that exist and who sits there, the hint the way out. */
gboolean vas_slots_choose(const VasSlotRequest *request, VasGuestAddress *ret_address,
                          GError **error);

G_END_DECLS
