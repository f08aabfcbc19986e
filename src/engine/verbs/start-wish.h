/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* One device of an attach, with what is asked for it. */
typedef struct {
    const VasDevice *device;
    VasScope scope;     /* where it is to be, in the end */
    VasVfWish settings; /* what libvirt's element cannot say */
    gboolean is_required;
} VasStartWishRequest;

/* Decides what is to be kept beside the element of the device in the config of @guest, for each
 * start. An element that is there already may have a wish: the device has to be the one that is
 * meant there (VAS_ERROR_MISMATCH or VAS_ERROR_NOT_FOUND of vas_rules_check_identity), and what is
 * asked for comes to what was wished before. *ret_wish NULL: the config has no part in it, or its
 * wish says that already. VAS_ERROR_USAGE: settings are required, and none is wished. Returns full
 * in *ret_wish. */
gboolean vas_start_wish_decide(const VasContext *context, const VasInventory *inventory,
                               const VasGuest *guest, const VasStartWishRequest *request,
                               VasWish **ret_wish, GError **error);

/* Whether libvirt has us set what is wished when a guest starts: our hook is there. */
gboolean vas_start_wish_has_hook(const VasContext *context);

/* Appends to @steps that @wish is kept for @guest. */
void vas_start_wish_add_step(const VasWish *wish, guint subject, const char *guest,
                             GPtrArray *steps);

G_END_DECLS
