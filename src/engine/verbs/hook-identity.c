/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/verbs/hook-identity.h"

#include "core/rules/rules-identity.h"
#include "engine/base/device-identity.h"
#include "engine/base/scan-devices.h"

/* The identities of devices (VasIdentified), and who owns them. */
typedef struct {
    GArray *devices;
    GPtrArray *identities;
} Present;

static void
present_clear(Present *present)
{
    g_array_unref(present->devices);
    g_ptr_array_unref(present->identities);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Present, present_clear)

static Present
present_new(void)
{
    return (Present){g_array_new(FALSE, FALSE, sizeof(VasIdentified)),
                     g_ptr_array_new_with_free_func((GDestroyNotify) vas_identity_free)};
}

/* A device that vanishes meanwhile is not there. */
static void
add(const VasContext *context, const VasInventory *inventory, const VasDevice *device,
    Present *present)
{
    VasIdentity *identity = NULL;
    VasIdentified identified = {.address = device->address};

    if (!vas_device_identity_read(context, inventory, device, &identity, NULL) || identity == NULL)
        return;
    g_ptr_array_add(present->identities, identity);
    identified.identity = identity;
    g_array_append_val(present->devices, identified);
}

/* A key of the card says so; the place alone does if the wish has no key. */
static gboolean
is_same(const VasContext *context, const VasInventory *inventory, const VasWish *wish)
{
    const VasDevice *device = vas_inventory_find_device(inventory, wish->device);
    g_auto(Present) present = present_new();
    VasIdentityVerdict verdict;

    if (device == NULL)
        return FALSE;
    add(context, inventory, device, &present);
    verdict = vas_rules_match_identity(wish->identity, wish->device, present.devices).verdict;
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
    g_auto(Present) present = present_new();
    gboolean from_kernel = TRUE;

    if (wish->identity == NULL || is_same(context, inventory, wish))
        return TRUE;
    all = vas_inventory_new();
    if (!vas_scan_devices(context, all, NULL, &from_kernel, error) ||
        !vas_scan_interfaces(context, all, TRUE, error))
        return FALSE;
    for (guint i = 0; i < all->devices->len; i++) {
        const VasDevice *device = g_ptr_array_index(all->devices, i);

        if (may_matter(device, wish))
            add(context, all, device, &present);
    }
    return vas_rules_check_identity(wish->identity, wish->device, present.devices, error);
}
