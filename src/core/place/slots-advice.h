/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/place/slot-request.h"

G_BEGIN_DECLS

/* Says what keeps the device off @address: who has it, or why the request does not fit there. NULL:
 * nothing. Returns full. */
char *vas_slots_obstacle(const VasSlotRequest *request, VasGuestAddress address);

/* Lists the places that could take the device if they were not full: "0000:01:00.0 (virtio-disk0),
 * bus 02 (pci-bridge, full)". NULL: there are none. Returns full. */
char *vas_slots_describe(const VasSlotRequest *request);

/* Says how the guest gets more room, for a hint. Returns full. */
char *vas_slots_way_out(const VasSlotRequest *request);

G_END_DECLS
