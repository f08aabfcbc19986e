/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* Finishes or undoes what /run/virt-assign has of guests that libvirt (@inventory) does not know
 * any more: commands that were killed, and settings of VFs that such a guest had when it was
 * undefined. A NOTE tells, and the notes about the guest go. Adds to @recoveries (VasRecovery) how
 * each went. A guest of another libvirt may have notes, too: nothing is done for a libvirt that was
 * named. */
void vas_recover_gone(const VasContext *context, const VasInventory *inventory, guint timeout,
                      GPtrArray *recoveries);

/* Drops the notes of drivers that devices were taken from which are not there any more: such a
 * device is on no driver, and no command can be at work on it. A NOTE tells of each. */
void vas_recover_forget_drivers(const VasContext *context);

G_END_DECLS
