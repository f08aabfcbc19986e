/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/rules/decision.h"

G_BEGIN_DECLS

/* Refuses an attach to @guest after which a NIC that is there already would have another name, now
 * or at the guest's next start: VAS_ERROR_CONFLICT says which, from what to what. @earlier
 * (GPtrArray of VasAttachDecision, may be NULL) are the decisions of the same command. With @force
 * it is appended to @overridden (char *) instead. */
gboolean vas_rules_check_renames(const VasGuest *guest, const VasAttachDecision *decision,
                                 const GPtrArray *earlier, gboolean force, GPtrArray *overridden,
                                 GError **error);

G_END_DECLS
