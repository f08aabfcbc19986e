/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/guest.h"

G_BEGIN_DECLS

/* The number that the guest's firmware (SeaBIOS, OVMF: depth first in the order of slot and
 * function) gives to libvirt's bus @bus: what the guest's kernel shows and NIC names are made of.
 * -1: no such bus, or it hangs below nothing, or the numbers, which end at 255, are used up. */
int vas_slots_firmware_bus(const VasGuestDefinition *definition, guint bus);

/* How many more buses fit in, before the numbers are used up or reach an expander bus's. */
guint vas_slots_firmware_room(const VasGuestDefinition *definition);

G_END_DECLS
