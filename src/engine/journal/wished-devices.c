/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/journal/wished-devices.h"

#include "core/rules/rules-identity.h"
#include "core/value/error.h"
#include "engine/base/device-identity.h"
#include "engine/base/scan.h"
#include "engine/journal/wish-file.h"

void
vas_wished_devices_free(VasWishedDevices *devices)
{
    if (devices == NULL)
        return;
    g_array_unref(devices->present);
    vas_inventory_free(devices->inventory);
    g_free(devices);
}

static gboolean
may_mean(const GPtrArray *wishes, const VasDevice *device)
{
    for (guint i = 0; i < wishes->len; i++) {
        const VasWished *wished = g_ptr_array_index(wishes, i);

        if (wished->identity != NULL && (vas_host_address_equal(wished->device, device->address) ||
                                         (wished->identity->vendor_id == device->vendor_id &&
                                          wished->identity->product_id == device->product_id)))
            return TRUE;
    }
    return FALSE;
}

VasWishedDevices *
vas_wished_devices_read(const VasContext *context, const VasHostWish *wish, GError **error)
{
    g_autoptr(VasWishedDevices) devices = NULL;
    VasInventory *inventory = vas_scan(context, error);

    if (inventory == NULL)
        return NULL;
    devices = g_new0(VasWishedDevices, 1);
    devices->inventory = inventory;
    devices->present = vas_identified_new();
    for (guint i = 0; i < inventory->devices->len; i++) {
        const VasDevice *device = g_ptr_array_index(inventory->devices, i);

        if ((may_mean(wish->vfs, device) || may_mean(wish->drivers, device)) &&
            !vas_identified_add(devices->present, context, inventory, device, error))
            return NULL;
    }
    return g_steal_pointer(&devices);
}

/* Returns full. */
static char *
command_for(VasHostAddress device, const VasVfRule *rule)
{
    VasPciAddressText address = vas_host_address_text(device);

    return rule != NULL
               ? g_strdup_printf("virt-assign vfs %s %u --persist", address.text, rule->count)
               : g_strdup_printf("virt-assign host-detach %s --persist", address.text);
}

/* The rules know nothing of wishes, and of the commands that make them. */
static void
hint(const VasWished *wished, const VasIdentityMatch *match, const VasVfRule *rule, GError **error)
{
    g_autofree char *there = command_for(wished->device, rule);
    g_autofree char *elsewhere =
        match->found != NULL ? command_for(match->found->address, rule) : NULL;

    if (match->verdict == VAS_IDENTITY_MOVED)
        vas_error_set_hint(error,
                           "%s wishes it for the new address; or put the card back into its slot",
                           elsewhere);
    else if (match->verdict == VAS_IDENTITY_REPLACED || match->verdict == VAS_IDENTITY_OTHER_MODEL)
        vas_error_set_hint(error,
                           "put the card that is meant back into its slot, or wish it for the one "
                           "that is there: %s",
                           there);
    else if (match->verdict == VAS_IDENTITY_GONE && match->found == NULL)
        vas_error_set_hint(error,
                           "see whether its card is plugged in and has power: lspci; if it is not "
                           "to come back, take it out of " VAS_WISH_FILE);
}

/* A network card tells its MAC when its host driver has it, and not while udev renames its
 * interface; on VFIO it is not waited for. */
static gboolean
is_told(const VasWishedDevices *devices, const VasWished *wished, const VasIdentified *row)
{
    const VasDevice *device = vas_inventory_find_device(devices->inventory, row->address);
    gboolean lacks_mac = wished->identity->keys[VAS_CARD_KEY_MAC] != NULL &&
                         row->identity->keys[VAS_CARD_KEY_MAC] == NULL;

    return (!lacks_mac && !row->identity->may_have_more_keys) ||
           (device->driver != NULL && vas_driver_is_vfio(device->driver));
}

gboolean
vas_wished_devices_are_told(const VasWishedDevices *devices, const VasWished *wished)
{
    for (guint i = 0; i < devices->present->len; i++) {
        const VasIdentified *row = &g_array_index(devices->present, VasIdentified, i);

        if (row->identity->vendor_id == wished->identity->vendor_id &&
            row->identity->product_id == wished->identity->product_id &&
            !is_told(devices, wished, row))
            return FALSE;
    }
    return TRUE;
}

static gboolean
check_keys(const VasWishedDevices *devices, const VasWished *wished, const VasIdentityMatch *match,
           GError **error)
{
    VasPciAddressText address = vas_host_address_text(wished->device);

    if (!vas_identity_has_key(wished->identity) || is_told(devices, wished, match->found))
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_READY,
                "it cannot be told whether %s is the card that is meant: it has no network "
                "interface yet, which knows its MAC",
                address.text);
    vas_error_set_hint(error, "see that its host driver takes it first: lspci -ks %s",
                       address.text);
    return FALSE;
}

gboolean
vas_wished_devices_check(const VasWishedDevices *devices, const VasWished *wished,
                         const VasVfRule *rule, gboolean *ret_by_place, GError **error)
{
    VasIdentityMatch match;

    *ret_by_place = FALSE;
    if (wished->identity == NULL)
        return TRUE;
    match = vas_rules_match_identity(wished->identity, wished->device, devices->present);
    if (!vas_rules_check_identity(wished->identity, wished->device, devices->present, error)) {
        hint(wished, &match, rule, error);
        return FALSE;
    }
    *ret_by_place = match.verdict == VAS_IDENTITY_PLACE_ONLY;
    return !*ret_by_place || check_keys(devices, wished, &match, error);
}

gboolean
vas_wished_has_moved_to(const VasWished *wished, VasHostAddress device, const VasIdentity *identity)
{
    const VasIdentified row = {device, identity};
    g_autoptr(GArray) present = g_array_new(FALSE, FALSE, sizeof(VasIdentified));

    if (wished->identity == NULL)
        return FALSE;
    g_array_append_val(present, row);
    return vas_rules_match_identity(wished->identity, wished->device, present).verdict ==
           VAS_IDENTITY_MOVED;
}
