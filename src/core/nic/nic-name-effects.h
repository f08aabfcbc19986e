/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/guest.h"

G_BEGIN_DECLS

/* An attach of a NIC can change the names of the NICs that are there already. */

/* A copy of what names depend on - machine, controllers, occupants, NICs - and no more, with
 * @assignment in it as a NIC of that kind, or as an occupant. Where its bus does not
 * exist it is added as libvirt does it, a root port in the first place for one. Returns full. */
VasGuestDefinition *vas_nic_name_with(const VasGuestDefinition *definition,
                                      const VasAssignment *assignment, VasNicKind kind);

/* One text for each NIC of @before whose name is another in @after, or that @after lets another
 * claim too, under the newest naming scheme or systemd 252's: "NIC 52:54:..:01 from enp5s0 to
 * enp6s0". GPtrArray of char *; empty: none. Returns full. */
GPtrArray *vas_nic_name_changes(const VasGuestDefinition *before, const VasGuestDefinition *after);

G_END_DECLS
