/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"
#include "core/journal/wish.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* A wish beside the facts that it is about. The pointers are borrowed from the guest. */
typedef struct {
    const VasWish *wish;
    gboolean is_seal_told;       /* a seal can be checked here */
    const VasAssignment *config; /* the element that it stands beside; NULL: there is none */
    gboolean is_live;            /* the running guest has the device */
    gboolean is_meant;           /* what has the device's address is the device that is meant; TRUE
                                    also if the wish does not say which that is */
    gboolean has_settings;
    VasVfSettings settings; /* what the PF holds about the device now */
} VasWishState;

/* Looks at what is kept for each start of @guest, which was read with its devices into @inventory,
 * and marks in its records what is proven. What cannot be read counts as not told. Returns full:
 * VasWishState. */
GArray *vas_wish_states(const VasContext *context, const VasInventory *inventory,
                        const VasGuest *guest);

G_END_DECLS
