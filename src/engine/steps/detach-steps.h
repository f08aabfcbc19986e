/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"
#include "engine/run/claim.h"
#include "engine/run/execute.h"
#include "engine/steps/release.h"

G_BEGIN_DECLS

/* One device that is to leave a guest. Borrowed from the inventory. */
typedef struct {
    const VasAssignment
        *live; /* to be taken out of the running guest; NULL: not there or not asked */
    const VasAssignment *config; /* the same for the config */
} VasDetachSubject;

/* The detach steps work on this; all of it is borrowed. */
typedef struct {
    const VasContext *context;
    const VasInventory *inventory;
    const VasGuest *guest;
    guint timeout;      /* seconds to wait for the guest to let go */
    gboolean ask_again; /* where a request is pending, too */
    VasClaim *claim;    /* lent while it waits for the guest: the record of the request says enough;
                           NULL: kept, it is somebody else's */
    const GArray *subjects;    /* VasDetachSubject */
    GPtrArray *results;        /* VasResult, one a subject */
    const GPtrArray *vf_plans; /* VasVfPlan, one a subject; NULL: nothing on record */
    const char *operation;     /* the id that the command has on record of the guest; NULL: it keeps
                                  the locks all the time */
    VasRelease *release;       /* vas_detach_execute makes it; NULL: nothing is live */
} VasDetachRun;

/* Adds the steps for the subjects, the mates' (core/inventory/iommu-group.h) behind all others:
 * mates are held until the devices are out. */
void vas_detach_plan_steps(const VasDetachRun *run, GPtrArray *steps);

/* Runs the steps, each subject for itself: VAS_EXECUTE_EACH. */
gboolean vas_detach_execute(VasDetachRun *run, const GPtrArray *steps, GError **error);

G_END_DECLS
