/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/device/identity.h"
#include "core/inventory/inventory.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* Whether @device is the one that @wished means, as far as it tells by itself: by a key of its
 * card, or by its place if no key is known of both. VAS_ERROR_UNREACHABLE. */
gboolean vas_wished_device_is(const VasContext *context, const VasInventory *inventory,
                              const VasIdentity *wished, const VasDevice *device, gboolean *ret_is,
                              GError **error);

/* Looks among all devices of the host for the one that @wished means and that was at @address last:
 * the error tells where it is by now, or what is there instead (vas_rules_check_identity), and
 * *ret_found is where that is; it stays as it is if nothing was found. TRUE: it is at @address. */
gboolean vas_wished_device_find(const VasContext *context, const VasIdentity *wished,
                                VasHostAddress address, VasHostAddress *ret_found, GError **error);

G_END_DECLS
