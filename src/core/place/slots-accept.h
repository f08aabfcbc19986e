/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/place/slots.h"

G_BEGIN_DECLS

/* May a device be plugged at @address? @hot: into the running guest. Refused: domain not 0, no such
 * bus, slot out of the bus's range, function not 0, bus without hot-plug (when @hot) or that takes
 * no endpoints (VAS_ERROR_UNUSABLE), slot taken (VAS_ERROR_TAKEN, with the holder's name). With
 * @hot FALSE the bus that libvirt would add next is accepted too (vas_slots_new_bus). */
gboolean vas_slots_accept(const VasGuestDefinition *definition, VasGuestAddress address,
                          gboolean hot, GError **error);

G_END_DECLS
