/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/recover/recover-operation.h"
#include "engine/steps/detach-steps.h"

G_BEGIN_DECLS

/* A recovery decides about each device what is to become of it. */
typedef enum {
    VAS_FATE_DROP,    /* it is where it is to be: nothing is to be done */
    VAS_FATE_TAKE,    /* whatever of it is in the guest is taken out */
    VAS_FATE_PENDING, /* the guest was asked for it, or for what it is held for */
    VAS_FATE_SPARE,   /* not ours to look at */
} VasFate;

/* An operation on its way out. */
typedef struct {
    const VasRecoverRun *run;
    const VasOperation *operation;
    VasOperation *rest; /* what stays on record */
    GPtrArray *pending; /* VasPendingRelease */
    VasRecovery *recovery;
    GArray *taken;      /* const VasOperationDevice *: one a subject */
    GArray *subjects;   /* VasDetachSubject */
    GPtrArray *results; /* the three go together */
    GPtrArray *vf_plans;
} VasRecoverWork;

/* Finds the assignment that the command put there; somebody else's assignment of the device has
 * another alias. Borrowed; NULL: none. */
const VasAssignment *vas_recover_find_own(const VasGuestDefinition *definition,
                                          const VasOperationDevice *device);
/* Finds the assignment in the config that a detach was to take out, or an attach has put in. */
const VasAssignment *vas_recover_find_config(const VasRecoverWork *work,
                                             const VasOperationDevice *device);

/* Whether an attach has come to its end with all of its devices. */
gboolean vas_recover_all_are_attached(const VasRecoverWork *work);
VasFate vas_recover_fate(const VasRecoverWork *work, const VasOperationDevice *device,
                         gboolean all_attached);
/* Whether @device stays in the guest when @subject has been taken out. */
gboolean vas_recover_stays_in_guest(const VasRecoverWork *work, const VasDetachSubject *subject,
                                    VasHostAddress device);

G_END_DECLS
