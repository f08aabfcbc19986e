/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/place/bar-window.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* The room for a device's 64-bit BARs in a guest that it is hot-plugged into. */
typedef struct {
    guint64 bars;   /* bytes, the device's own */
    guint64 needed; /* with those of the guest's other devices, and their alignment */
    guint64 window; /* vas_bar_window_size */
} VasBarRoom;

/* FALSE: not known - the host is another machine, or the guest's machine is not one of QEMU's for
 * x86. */
gboolean vas_bar_room_measure(const VasContext *context, const VasGuestDefinition *definition,
                              VasHostAddress device, VasBarRoom *ret_room);

gboolean vas_bar_room_suffices(const VasBarRoom *room);

/* Says what is too small for what, and what to do, of a room that does not suffice. Return full. */
char *vas_bar_room_describe(const VasBarRoom *room);
char *vas_bar_room_advice(const VasGuestDefinition *definition, const VasBarRoom *room);

/* Tells as a note what a device that is about to be hot-plugged into @guest may not get. */
void vas_bar_room_note(const VasContext *context, const VasGuest *guest, VasHostAddress device);

G_END_DECLS
