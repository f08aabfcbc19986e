/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli/print/terminal.h"
#include "core/device/identity.h"
#include "core/inventory/inventory.h"

G_BEGIN_DECLS

/* Appends what `show` tells people about a device. @identity NULL: it is not known. @settings is
 * what the PF holds about a VF; NULL: the device is not a VF, or the settings are not known. @nics
 * holds VasGuestNic. */
void vas_show_text_device(GString *text, const VasTerminal *terminal, const VasInventory *inventory,
                          const VasDevice *device, const VasIdentity *identity,
                          const VasVfSettings *settings);
void vas_show_text_guest(GString *text, const VasTerminal *terminal, const VasInventory *inventory,
                         const VasGuest *guest, const GPtrArray *nics);

/* Appends what is kept for each start of a guest (VasWishState); nothing if there is nothing. */
void vas_show_text_wishes(GString *text, const VasTerminal *terminal, const GArray *wishes);

G_END_DECLS
