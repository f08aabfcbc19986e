/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"
#include "core/nic/nic-name.h"

G_BEGIN_DECLS

/* One intent in a guest: what the running guest and its config say of it, beside one another. */
typedef struct {
    const VasAssignment *live;   /* NULL: not in the running guest */
    const VasAssignment *config; /* NULL: not in the config */
    char *difference;            /* NULL: both say the same, or only one says anything */
    VasNicName *name;            /* NULL: no NIC, or at no guest address */
} VasAssignmentPair;

void vas_assignment_pair_free(VasAssignmentPair *pair);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasAssignmentPair, vas_assignment_pair_free)

/* Pairs the assignments of @guest: those of the running guest come first, each list in the order of
 * its XML. GPtrArray of VasAssignmentPair, which borrow from @guest. Returns full. */
GPtrArray *vas_assignment_pairs(const VasInventory *inventory, const VasGuest *guest);

/* Chooses the assignment that counts: the live one if there is one. Borrowed. */
const VasAssignment *vas_assignment_pair_fact(const VasAssignmentPair *pair);

/* Chooses the definition that a guest's NICs are read from: the running guest's, else the config.
 * Borrowed. */
const VasGuestDefinition *vas_guest_fact(const VasGuest *guest);

G_END_DECLS
