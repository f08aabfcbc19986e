/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/place/slot-request.h"

G_BEGIN_DECLS

/* The best address of those that can be hot-plugged and are free in every definition of the
 * request's scope. A PCIe function rather goes to a root or downstream port, a conventional one to
 * a bridge; then to an expander bus near its NUMA node, then to the main hierarchy; then bus and
 * slot decide: the same request gives the same address on every host. What the other definition has
 * is left alone: the config's devices come back at their addresses. For config alone, when
 * everything is taken, the next new bus (libvirt adds its controller), but not for a conventional
 * device on a pcie-root machine, for which libvirt would move the address. VAS_ERROR_NO_SLOT names
 * the ports that exist and who sits there, the hint the way out. */
gboolean vas_slots_choose(const VasSlotRequest *request, VasGuestAddress *ret_address,
                          GError **error);

G_END_DECLS
