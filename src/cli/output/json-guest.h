/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/nic/guest-nics.h"
#include "engine/verbs/ports.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* "guest": {...} without what it has, "pci": whether it has PCI at all, "ports": [...], "added":
 * [...], "renames": [...]; @outcome is what became of a change, NULL: there was none. */
void vas_json_add_ports(JsonBuilder *json, const VasGuestPorts *ports, const char *outcome);
/* "guest": {...}; @nics holds VasGuestNic. */
void vas_json_add_guest(JsonBuilder *json, const VasInventory *inventory, const VasGuest *guest,
                        const GPtrArray *nics);

/* "wishes": [...], of VasWishState. */
void vas_json_add_wishes(JsonBuilder *json, const GArray *wishes);

G_END_DECLS
