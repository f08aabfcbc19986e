/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/rules/decision.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* Checks the IOMMU groups of @decisions (GPtrArray of VasAttachDecision) by vas_rules_check_group.
 * With @whole_group the mates that are not in @guest yet come along: steps to hold them go before
 * all of @steps, their results behind all of @results. A mate has to be fit for it:
 * vas_rules_check_host_detach with @force, and no process may hold it. */
gboolean vas_group_mates_plan_attach(const VasContext *context, const VasInventory *inventory,
                                     const VasGuest *guest, const GPtrArray *decisions,
                                     gboolean whole_group, gboolean force, GPtrArray *steps,
                                     GPtrArray *results, GError **error);

/* Finds the mates in @definition (may be NULL) that have nothing left to be held for there once
 * @leaving (GPtrArray of const VasAssignment, of either definition) is out, in the IOMMU groups of
 * @leaving. GPtrArray of const VasAssignment, borrowed. Returns full. */
GPtrArray *vas_group_mates_left_by(const VasInventory *inventory,
                                   const VasGuestDefinition *definition, const GPtrArray *leaving);

/* Checks that what the user named, @live and @config of @guest (either may be NULL), may be taken
 * out together with the rest of @leaving (as above). VAS_ERROR_IN_USE: it is a mate, and a member
 * of its group stays. */
gboolean vas_group_mates_check_named(const VasInventory *inventory, const VasGuest *guest,
                                     const VasAssignment *live, const VasAssignment *config,
                                     const GPtrArray *leaving, GError **error);

/* Checks that @mate may go now, by the guest's definition read anew; TRUE for a device that is not
 * a mate. VAS_ERROR_TIMED_OUT: a member of its group is still there. */
gboolean vas_group_mates_check_idle(const VasContext *context, const VasInventory *inventory,
                                    const VasGuest *guest, VasScope scope,
                                    const VasAssignment *mate, GError **error);

G_END_DECLS
