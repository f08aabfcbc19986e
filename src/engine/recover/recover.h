/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/report/recovery.h"
#include "engine/run/claim.h"

G_BEGIN_DECLS

typedef struct {
    const char *guest; /* name or UUID; NULL: all, and what was done to the host only */
    guint timeout;     /* seconds, for other commands, and for the release of what is undone */
    gboolean force;    /* also what a command elsewhere may be at, which no lock of ours tells */
} VasRecoverRequest;

/* Finishes or undoes what commands left that were killed, by their records
 * (core/journal/operation.h), proves the result, and drops the record:
 *
 * An attach that is there as it was asked for is finished, else undone, all of its devices. A
 * detach is finished for what the guest has let go of; what the guest was never asked for is left
 * where it is; what it was asked for is pending. New ports are all there, or taken out. Settings of
 * VFs that are on record of a guest which has them no more are put back.
 *
 * *ret_recoveries (GPtrArray of VasRecovery; full) is set whenever it came far enough to look.
 * VAS_ERROR of vas_recoveries_error, vas_scan, vas_claim_take. */
gboolean vas_recover(const VasContext *context, const VasRecoverRequest *request,
                     GPtrArray **ret_recoveries, GError **error);

/* Does the same for the guest that a command, which holds its locks, is about to change; says so as
 * NOTEs. What is pending, and what may still be at work elsewhere, is let be. @own
 * (NULL-terminated; may be NULL): what the command itself goes on with. *@inventory is scanned anew
 * if anything was changed. With @dry_run it only says that there is something. VAS_ERROR of what
 * cannot be put right: then the command must not begin. */
gboolean vas_recover_first(const VasContext *context, const char *guest, const char *const *own,
                           guint timeout, gboolean dry_run, VasInventory **inventory,
                           GError **error);

/* Adds @guest and the devices that its unfinished commands are about. For the VasClaimFinder of
 * whoever calls vas_recover_first. */
void vas_recover_add_things(const VasInventory *inventory, const VasGuest *guest, VasClaimSet *set);

G_END_DECLS
