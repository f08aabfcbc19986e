/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/rules/decision.h"

G_BEGIN_DECLS

/* The devices of a guest may be asked to have no PF, or no card, in common. */
typedef enum {
    VAS_DISTINCT_NONE,
    VAS_DISTINCT_PF,
    VAS_DISTINCT_CARD, /* PFs of one slot of the host, or below one port; with one PF, one card */
} VasDistinct;

/* Checks that @guest neither has, running or in its config, nor gets by @earlier (GPtrArray of
 * VasAttachDecision) another device of the PF or card that @device is of, or is itself: both of a
 * redundant pair would fail with it. VAS_ERROR_CONFLICT names the other device. Nobody knows which
 * VF a config's hostdev network will give. */
gboolean vas_rules_check_distinct(const VasInventory *inventory, const VasGuest *guest,
                                  const VasDevice *device, VasDistinct distinct,
                                  const GPtrArray *earlier, GError **error);

G_END_DECLS
