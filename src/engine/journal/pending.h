/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/guest.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* A pending release was asked of a running guest and not seen to happen. libvirt tells nobody that
 * an unplug is under way; therefore the record is ours: in the guest's live metadata, where it ends
 * with the run of the guest, as the request itself does. */

/* Whether @record, of the live metadata of @guest, still means something: it is of this run, of a
 * device that is still in @guest->live under that alias. */
gboolean vas_pending_is_current(const VasPendingRelease *record, const VasGuest *guest);

/* Loads the records that still mean something: of this run, of a device that is still in
 * @guest->live under that alias, and proven (engine/journal/proof.h), unless all are @adopted.
 * GPtrArray of VasPendingRelease. Returns full. */
GPtrArray *vas_pending_load(const VasContext *context, const VasGuest *guest, gboolean adopted,
                            GError **error);

/* The record of @live among @pending; NULL: none. Borrowed. */
VasPendingRelease *vas_pending_find(const GPtrArray *pending, const VasAssignment *live);

/* Finds what is on record in @now, the live definition as it was read just now, about an earlier
 * request for @live in this run of @guest; NULL: nothing, or nothing that is proven, as a NOTE
 * says. Borrowed. A record that cannot be read is the writer's to refuse. */
const VasPendingRelease *vas_pending_request(const VasContext *context, const VasGuest *guest,
                                             const VasAssignment *live,
                                             const VasGuestDefinition *now);

/* Writes that @live is asked to go; replaces an earlier record of it. To be written before libvirt
 * is asked: a command that is killed in between leaves a request that may not have gone out on
 * record, never one that went out without a record. @now is the live definition as it was read just
 * now, which gives up its record (vas_record_take). */
gboolean vas_pending_record(const VasContext *context, const VasGuest *guest,
                            const VasAssignment *live, VasGuestDefinition *now, GError **error);

/* Removes the record of @live (NULL: of none), and any that mean nothing any more. No-op when there
 * is none. @now as of vas_pending_record, or NULL: the record is read anew. */
gboolean vas_pending_drop(const VasContext *context, const VasGuest *guest,
                          const VasAssignment *live, VasGuestDefinition *now, GError **error);

/* Removes the records that mean nothing any more. No-op when @guest, which was read under its lock,
 * has none, or none that can be read; else its live definition gives its record up. */
gboolean vas_pending_prune(const VasContext *context, const VasGuest *guest, GError **error);

G_END_DECLS
