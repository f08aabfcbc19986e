/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"
#include "core/journal/host-wish.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* The devices of our own machine that the wishes for each boot may mean, with what each is. */
typedef struct {
    VasInventory *inventory;
    GArray *present; /* VasIdentified, which own their identities */
} VasWishedDevices;

/* Reads them: all that are of the model, or at the address, that a wish with an identity has.
 * VAS_ERROR of vas_scan and vas_device_identity_read. Returns full. */
VasWishedDevices *vas_wished_devices_read(const VasContext *context, const VasHostWish *wish,
                                          GError **error);
void vas_wished_devices_free(VasWishedDevices *devices);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasWishedDevices, vas_wished_devices_free)

/* Whether what is at the address of @wished is what is wished for; it is if the wish has no
 * identity. *ret_by_place: nothing but model and place says so. @rule: of a wish for VFs; NULL: it
 * is for a driver. VAS_ERROR_NOT_READY: the wish has a key, and none can be read of the device
 * before its host driver has it; else those of vas_rules_check_identity, with the command that
 * helps. */
gboolean vas_wished_devices_check(const VasWishedDevices *devices, const VasWished *wished,
                                  const VasVfRule *rule, gboolean *ret_by_place, GError **error);

/* Whether all devices of the model that @wished means have told their keys, as far as they do:
 * another reading would say the same. */
gboolean vas_wished_devices_are_told(const VasWishedDevices *devices, const VasWished *wished);

/* Whether a wish like @wished means @device, which is @identity, though that is at another address
 * now. Pure. */
gboolean vas_wished_has_moved_to(const VasWished *wished, VasHostAddress device,
                                 const VasIdentity *identity);

G_END_DECLS
