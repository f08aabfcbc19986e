/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/base/wished-device.h"

#include "core/rules/rules-identity.h"
#include "engine/base/device-identity.h"
#include "engine/base/scan.h"

gboolean
vas_wished_device_is(const VasContext *context, const VasInventory *inventory,
                     const VasIdentity *wished, const VasDevice *device, gboolean *ret_is,
                     GError **error)
{
    g_autoptr(GArray) present = vas_identified_new();
    VasIdentityMatch match;

    if (!vas_identified_add(present, context, inventory, device, error))
        return FALSE;
    match = vas_rules_match_identity(wished, device->address, present);
    *ret_is = match.verdict == VAS_IDENTITY_SAME || match.verdict == VAS_IDENTITY_PLACE_ONLY;
    return TRUE;
}

/* A device that cannot be the one is not read: its model is another, it is elsewhere, and it is not
 * a PF, whose missing VF may be meant. */
static gboolean
may_be(const VasDevice *device, const VasIdentity *wished, VasHostAddress address)
{
    return device->kind == VAS_DEVICE_PF || vas_host_address_equal(device->address, address) ||
           (device->vendor_id == wished->vendor_id && device->product_id == wished->product_id);
}

gboolean
vas_wished_device_find(const VasContext *context, const VasIdentity *wished, VasHostAddress address,
                       VasHostAddress *ret_found, GError **error)
{
    g_autoptr(VasInventory) all = vas_scan(context, error);
    g_autoptr(GArray) present = vas_identified_new();
    VasIdentityMatch match;

    if (all == NULL)
        return FALSE;
    for (guint i = 0; i < all->devices->len; i++) {
        const VasDevice *device = g_ptr_array_index(all->devices, i);

        if (may_be(device, wished, address) &&
            !vas_identified_add(present, context, all, device, error))
            return FALSE;
    }
    match = vas_rules_match_identity(wished, address, present);
    if (match.found != NULL)
        *ret_found = match.found->address;
    return vas_rules_check_identity(wished, address, present, error);
}
