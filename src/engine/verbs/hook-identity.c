/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/verbs/hook-identity.h"

#include "core/rules/rules-identity.h"
#include "engine/base/device-identity.h"
#include "engine/base/scan-devices.h"

/* A key of the card says so; the place alone does if the wish has no key. */
static gboolean
is_same(const VasContext *context, const VasInventory *inventory, const VasWish *wish)
{
    const VasDevice *device = vas_inventory_find_device(inventory, wish->device);
    g_autoptr(GArray) present = vas_identified_new();
    VasIdentityVerdict verdict;

    if (device == NULL)
        return FALSE;
    (void) vas_identified_add(present, context, inventory, device, NULL);
    verdict = vas_rules_match_identity(wish->identity, wish->device, present).verdict;
    return verdict == VAS_IDENTITY_SAME ||
           (verdict == VAS_IDENTITY_PLACE_ONLY && !vas_identity_has_key(wish->identity));
}

/* Another model can only be told of where it has the wished one's place. */
static gboolean
may_matter(const VasDevice *device, const VasWish *wish)
{
    return device->kind != VAS_DEVICE_VF || device->product_id == wish->identity->product_id ||
           vas_host_address_equal(device->address, wish->device);
}

gboolean
vas_hook_check_identity(const VasContext *context, const VasInventory *inventory,
                        const VasWish *wish, GError **error)
{
    g_autoptr(VasInventory) all = NULL;
    g_autoptr(GArray) present = vas_identified_new();
    gboolean from_kernel = TRUE;

    if (wish->identity == NULL || is_same(context, inventory, wish))
        return TRUE;
    all = vas_inventory_new();
    if (!vas_scan_devices(context, all, NULL, &from_kernel, error) ||
        !vas_scan_interfaces(context, all, TRUE, error))
        return FALSE;
    /* A device that vanishes meanwhile is not there. */
    for (guint i = 0; i < all->devices->len; i++) {
        const VasDevice *device = g_ptr_array_index(all->devices, i);

        if (may_matter(device, wish))
            (void) vas_identified_add(present, context, all, device, NULL);
    }
    return vas_rules_check_identity(wish->identity, wish->device, present, error);
}
