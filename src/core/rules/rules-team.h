/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/rules/attach-case.h"

G_BEGIN_DECLS

/* Gives @assignment the MAC of the NIC that its template teams it with: the guest's net_failover
 * makes a pair of two NICs by their MACs. VAS_ERROR_UNSUITABLE: the guest has no such NIC with
 * <teaming type='persistent'/>. VAS_ERROR_CONFLICT: @assignment has another MAC. */
gboolean vas_rules_settle_team(const VasAttachCase *c, VasAssignment *assignment, GError **error);

G_END_DECLS
