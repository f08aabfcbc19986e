/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/place/slots.h"

G_BEGIN_DECLS

/* Plans @count more ports for a guest: pcie-root-ports where the root bus is pcie-root, pci-bridges
 * (31 slots each) for an i440fx machine. Each gets a place behind all bridges on bus 0, since the
 * firmware numbers buses in the order of slot and function: then no bus that is there gets another
 * number. Where there is no room behind them it goes as far back as it can. Root ports share a
 * slot, eight functions each, with ports of an earlier plan or of libvirt's; never with a device
 * that is alone in its slot, which would become a function of several, and its NIC have another
 * name.
 *
 * @definition, which the caller owns, becomes what it would be with them. GPtrArray of const
 * VasPciController, borrowed from it. Returns container; NULL: VAS_ERROR_NO_SLOT (bus numbers or
 * slots run out), VAS_ERROR_UNSUPPORTED (a machine of another kind). */
GPtrArray *vas_port_plan(VasGuestDefinition *definition, guint count, GError **error);

G_END_DECLS
