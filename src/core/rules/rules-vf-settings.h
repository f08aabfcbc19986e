/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/rules/decision.h"

G_BEGIN_DECLS

/* Whether the settings that @wish asks for can be set with @decision: only a network VF whose PF
 * has an interface has them. The priority belongs to a VLAN tag; libvirt sets the tag without one
 * at each start of a guest, and therefore the guest has to run. An empty wish is always fine. */
gboolean vas_rules_check_vf_wish(const VasGuest *guest, const VasAttachDecision *decision,
                                 const VasVfWish *wish, const VasPfLink *pf_link, GError **error);

/* The range of each number: qos 0 to 7, the others as the kernel has them. */
gboolean vas_rules_check_vf_ranges(const VasVfWish *wish, GError **error);

G_END_DECLS
