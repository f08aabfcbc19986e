/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/guest.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* One guest, or a part of it, is read by itself here, which costs nothing for any other. */

/* Reads the definitions of a guest that a list, or vas_scan_guest, has found. Returns full. */
VasGuest *vas_scan_listed_guest(const VasContext *context, const VasGuestListing *listing,
                                GError **error);

/* Reads the guest anew, by UUID: five requests. Returns full. */
VasGuest *vas_scan_guest(const VasContext *context, const char *uuid, GError **error);

/* Does the same, and once more if that fails; a lost connection is opened again before, trying
 * until @deadline (g_get_monotonic_time). Returns full. */
VasGuest *vas_scan_guest_again(const VasContext *context, const char *uuid, gint64 deadline,
                               GError **error);

/* Does the same for an undo, and after a change that is done, with a deadline that a restart of
 * libvirtd fits into. Returns full. */
VasGuest *vas_scan_guest_for_undo(const VasContext *context, const char *uuid, GError **error);

/* Reads one definition of @guest anew: one request. libvirt gives of a guest that does not run the
 * config as the live one, without a run: VasGuestDefinition.run_id is -1. Of a guest that has
 * become transient it gives the live definition as the config. Returns full. */
VasGuestDefinition *vas_scan_definition(const VasContext *context, const VasGuest *guest,
                                        VasScope scope, GError **error);

/* Does the same as vas_scan_guest_again does. Returns full. */
VasGuestDefinition *vas_scan_definition_again(const VasContext *context, const VasGuest *guest,
                                              VasScope scope, gint64 deadline, GError **error);

/* Reads the live definition of @guest, whatever run it is of now, and the config if it had one: two
 * requests. Whether it still is persistent is not asked; libvirt refuses to write to a config that
 * is gone. Returns full. */
VasGuest *vas_scan_definitions(const VasContext *context, const VasGuest *guest, GError **error);

G_END_DECLS
