/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"
#include "core/journal/operation.h"
#include "core/report/recovery.h"
#include "engine/run/claim.h"

G_BEGIN_DECLS

typedef struct {
    const char *const *own; /* what the command itself goes on with, NULL-terminated; NULL: none */
    guint timeout;          /* seconds, for the release of what is undone */
    gboolean force;   /* also what a command elsewhere may be at, which no lock of ours tells */
    gboolean adopt;   /* also what nothing vouches for (engine/journal/proof.h) */
    gboolean dry_run; /* NOTEs only say what there is, @recoveries what would be done */
    GPtrArray *recoveries; /* VasRecovery: gets each, however it went; NULL: NOTEs tell of them */
} VasRecoverFirst;

/* Finishes or undoes what killed commands left in @guest (of *@inventory), which a command that
 * holds its locks is about to change, by their records (core/journal/operation.h), proves the
 * result, and drops the record:
 *
 * An attach that is there as it was asked for is finished, else undone, all of its devices. A
 * detach is finished for what the guest has let go of; what the guest was never asked for is left
 * where it is; what it was asked for is pending. New ports are all there, or taken out. An
 * operation that nothing vouches for is left alone: VAS_ERROR_UNPROVEN.
 *
 * What is pending, and what may still be at work elsewhere, is let be. *@inventory is scanned anew
 * if anything was changed. VAS_ERROR of what could not be looked at and, unless the caller takes
 * the recoveries, of what cannot be put right: then the command must not begin. */
gboolean vas_recover_first(const VasContext *context, const VasGuest *guest,
                           const VasRecoverFirst *how, VasInventory **inventory, GError **error);

/* Adds @guest and the devices that its unfinished commands are about. For the VasClaimFinder of
 * whoever calls vas_recover_first. */
void vas_recover_add_things(const VasInventory *inventory, const VasGuest *guest, VasClaimSet *set);
/* Adds the devices that @operation is about. */
void vas_recover_add_devices(const VasInventory *inventory, const VasOperation *operation,
                             VasClaimSet *set);

G_END_DECLS
