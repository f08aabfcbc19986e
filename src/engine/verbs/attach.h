/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/report/result.h"
#include "core/rules/rules-distinct.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

typedef struct {
    const char *guest;          /* name or UUID */
    const char *const *devices; /* as the user named them; NULL-terminated, at least one */
    const VasAssignmentWish *wish;
    VasScope scope;       /* 0: by the guest's state */
    guint timeout;        /* seconds, for other commands, and for the release of what is undone */
    guint undo_timeout;   /* seconds, for that release at least */
    gboolean whole_group; /* the rest of their IOMMU groups is held, too, unseen by the guest */
    VasDistinct distinct;
    gboolean required;   /* a start without the VF settings that are wished is to fail */
    gboolean keep_going; /* each device or nothing of it; not with @whole_group */
    gboolean dry_run;
    gboolean force; /* whatever vas_rules_check_critical and vas_rules_check_renames refuse */
} VasAttachRequest;

/* Attaches all devices or none: decides first (nothing is touched if a check fails), attaches,
 * proves, undoes on failure. With @keep_going a device that is refused or fails is undone for
 * itself and the others are attached (vas_results_error, VAS_ERROR_PARTIAL); what they need of each
 * other, such as the members of an IOMMU group, they do not get from one another then. What @force
 * overrides is told as a NOTE and in the results. *ret_results (GPtrArray of VasResult, one per
 * device in order, mates behind; full) is set whenever the decision came far enough to know the
 * devices, on failure too; with @dry_run *ret_steps (GPtrArray of VasStep; full) is what would be
 * done. */
gboolean vas_attach(const VasContext *context, const VasAttachRequest *request,
                    GPtrArray **ret_results, GPtrArray **ret_steps, GError **error);

G_END_DECLS
