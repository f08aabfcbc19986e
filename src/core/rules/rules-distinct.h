/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/rules/decision.h"

G_BEGIN_DECLS

/* What the devices of a guest may not have in common. */
typedef enum {
    VAS_DISTINCT_NONE,
    VAS_DISTINCT_PF,
    VAS_DISTINCT_CARD, /* PFs that are functions of one slot of the host; with one PF, one card */
} VasDistinct;

/* Whether @guest has, running or in its config, or gets by @earlier (GPtrArray of
 * VasAttachDecision), nothing else of the PF or card that @device is of, or is itself:
 * VAS_ERROR_CONFLICT names it. Both of a redundant pair would fail with it. Of a config's hostdev
 * network nobody knows which VF it will be. */
gboolean vas_rules_check_distinct(const VasInventory *inventory, const VasGuest *guest,
                                  const VasDevice *device, VasDistinct distinct,
                                  const GPtrArray *earlier, GError **error);

G_END_DECLS
