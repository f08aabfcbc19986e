/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/report/recovery.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

typedef struct {
    const char *guest; /* name or UUID; NULL: all, and what was done to the host only */
    guint timeout;     /* seconds, for other commands, and for the release of what is undone */
    gboolean force;    /* also what a command elsewhere may be at, which no lock of ours tells */
    gboolean adopt;    /* of @guest: also what nothing vouches for (engine/journal/proof.h) */
    gboolean dry_run;  /* with @adopt: only says what would be done with commands on record */
} VasRecoverRequest;

/* Does what each command does before its own work, and that is all: finishes or undoes what killed
 * commands left (vas_recover_first, vas_recover_host). Settings of VFs that are on record of a
 * guest which has them no more are put back, too, and what a guest's records say of a past run is
 * dropped.
 *
 * Guests are worked on at once (engine/run/crew), each for itself: a failure with one is told among
 * the recoveries, which come in the order of the guests.
 *
 * *ret_recoveries (GPtrArray of VasRecovery; full) is set whenever it came far enough to look.
 * VAS_ERROR of vas_recoveries_error, vas_scan, vas_crew_run. */
gboolean vas_recover(const VasContext *context, const VasRecoverRequest *request,
                     GPtrArray **ret_recoveries, GError **error);

G_END_DECLS
