/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/report/result.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

typedef struct {
    const char *guest;           /* name or UUID */
    const char *const *subjects; /* devices, aliases or guest addresses; NULL-terminated */
    VasScope scope;              /* 0: wherever it is */
    guint timeout;               /* seconds to wait for the guest to let go */
    gboolean ask_again;          /* where a request is pending, too */
    gboolean dry_run;
} VasDetachRequest;

/* Asks the guest for all subjects, waits for all at once, proves each release, and only then
 * removes the config's element. A subject that is not released in time is "pending":
 * VAS_ERROR_TIMED_OUT, its config untouched; a later call picks it up without asking again. Results
 * and steps as in vas_attach. */
gboolean vas_detach(const VasContext *context, const VasDetachRequest *request,
                    GPtrArray **ret_results, GPtrArray **ret_steps, GError **error);

G_END_DECLS
