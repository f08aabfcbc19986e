/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/inventory/inventory.h"

#include "core/value/error.h"

#include <string.h>

static void
unreadable_free(gpointer data)
{
    VasUnreadable *unreadable = data;

    g_free(unreadable->name);
    g_free(unreadable->id);
    g_error_free(unreadable->error);
    g_free(unreadable);
}

void
vas_unreadable_add(GPtrArray *list, const char *name, const char *id, gboolean is_running,
                   GError *error)
{
    VasUnreadable *unreadable = g_new0(VasUnreadable, 1);

    unreadable->name = g_strdup(name);
    unreadable->id = g_strdup(id);
    unreadable->is_running = is_running;
    unreadable->error = error;
    g_ptr_array_add(list, unreadable);
}

gboolean
vas_unreadable_check(const GPtrArray *list, const char *name, GError **error)
{
    for (guint i = 0; i < list->len; i++) {
        const VasUnreadable *unreadable = g_ptr_array_index(list, i);

        if (g_str_equal(unreadable->name, name) ||
            (unreadable->id != NULL && g_ascii_strcasecmp(unreadable->id, name) == 0)) {
            g_propagate_error(error, g_error_copy(unreadable->error));
            return FALSE;
        }
    }
    return TRUE;
}

char *
vas_inventory_name_unreadable(const VasInventory *inventory)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    char *list = NULL;

    for (guint i = 0; i < inventory->unreadable_guests->len; i++) {
        const VasUnreadable *guest = g_ptr_array_index(inventory->unreadable_guests, i);

        if (guest->is_running)
            g_ptr_array_add(names, guest->name);
    }
    list = vas_error_name_list(names);
    return list != NULL || names->len == 0 ? list : g_strdup_printf("one of %u", names->len);
}

VasInventory *
vas_inventory_new(void)
{
    VasInventory *inventory = g_new0(VasInventory, 1);

    inventory->devices = g_ptr_array_new_with_free_func((GDestroyNotify) vas_device_free);
    inventory->guests = g_ptr_array_new_with_free_func((GDestroyNotify) vas_guest_free);
    inventory->unreadable_devices = g_ptr_array_new_with_free_func(unreadable_free);
    inventory->unreadable_guests = g_ptr_array_new_with_free_func(unreadable_free);
    return inventory;
}

void
vas_inventory_free(VasInventory *inventory)
{
    if (inventory == NULL)
        return;
    g_ptr_array_unref(inventory->devices);
    g_ptr_array_unref(inventory->guests);
    g_ptr_array_unref(inventory->unreadable_devices);
    g_ptr_array_unref(inventory->unreadable_guests);
    g_clear_pointer(&inventory->pools, g_ptr_array_unref);
    g_free(inventory->virsh);
    g_free(inventory);
}

void
vas_inventory_take_device(VasInventory *inventory, VasDevice *device)
{
    g_ptr_array_add(inventory->devices, device);
}

void
vas_inventory_take_guest(VasInventory *inventory, VasGuest *guest)
{
    g_ptr_array_add(inventory->guests, guest);
}

static const VasPool *
find_pool(const VasInventory *inventory, const char *name)
{
    for (guint i = 0; i < inventory->pools->len; i++) {
        const VasPool *pool = g_ptr_array_index(inventory->pools, i);

        if (g_str_equal(pool->name, name))
            return pool;
    }
    return NULL;
}

void
vas_inventory_take_pools(VasInventory *inventory, GPtrArray *pools)
{
    g_clear_pointer(&inventory->pools, g_ptr_array_unref);
    inventory->pools = pools;
    for (guint i = 0; i < inventory->guests->len; i++) {
        const VasGuest *guest = g_ptr_array_index(inventory->guests, i);
        GPtrArray *nics = guest->config != NULL ? guest->config->network_nics : NULL;

        for (guint k = nics != NULL ? nics->len : 0; k > 0; k--) {
            const VasAssignment *nic = g_ptr_array_index(nics, k - 1);

            if (find_pool(inventory, nic->network) != NULL)
                g_ptr_array_add(guest->config->assignments, g_ptr_array_steal_index(nics, k - 1));
        }
    }
}

GPtrArray *
vas_inventory_pools_of(const VasInventory *inventory, const VasDevice *device)
{
    GPtrArray *found = g_ptr_array_new();
    const VasDevice *pf = vas_inventory_pf_of(inventory, device);

    for (guint i = 0; inventory->pools != NULL && i < inventory->pools->len; i++) {
        VasPool *pool = g_ptr_array_index(inventory->pools, i);

        if (vas_host_addresses_have(pool->devices, device->address) ||
            (pf != NULL && vas_pool_is_open(pool) && vas_pool_is_of_pf(pool, pf)))
            g_ptr_array_add(found, pool);
    }
    return found;
}

gboolean
vas_holding_is_of_pool(const VasHolding *holding, const VasPool *pool)
{
    return holding->live != NULL && holding->config != NULL &&
           g_strcmp0(holding->config->network, pool->name) == 0;
}

static int
compare_devices(gconstpointer a, gconstpointer b)
{
    const VasDevice *left = *(const VasDevice *const *) a;
    const VasDevice *right = *(const VasDevice *const *) b;

    return vas_pci_address_compare(left->address.pci, right->address.pci);
}

static int
compare_guests(gconstpointer a, gconstpointer b)
{
    const VasGuest *left = *(const VasGuest *const *) a;
    const VasGuest *right = *(const VasGuest *const *) b;

    return strcmp(left->name, right->name);
}

static void
number_vfs(const VasInventory *inventory, const VasDevice *pf)
{
    for (guint i = 0; i < pf->vfs->len; i++) {
        VasDevice *vf =
            vas_inventory_find_device(inventory, g_array_index(pf->vfs, VasHostAddress, i));

        if (vf != NULL)
            vf->vf_index = (int) i;
    }
}

void
vas_inventory_link(VasInventory *inventory)
{
    g_ptr_array_sort(inventory->devices, compare_devices);
    g_ptr_array_sort(inventory->guests, compare_guests);
    for (guint i = 0; i < inventory->devices->len; i++)
        number_vfs(inventory, g_ptr_array_index(inventory->devices, i));
}

VasDevice *
vas_inventory_find_device(const VasInventory *inventory, VasHostAddress address)
{
    guint low = 0;
    guint high = inventory->devices->len;

    while (low < high) {
        guint middle = low + (high - low) / 2;
        VasDevice *device = g_ptr_array_index(inventory->devices, middle);
        int order = vas_pci_address_compare(address.pci, device->address.pci);

        if (order == 0)
            return device;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const VasGuest *
vas_inventory_find_guest(const VasInventory *inventory, const char *uuid)
{
    for (guint i = 0; i < inventory->guests->len; i++) {
        const VasGuest *guest = g_ptr_array_index(inventory->guests, i);

        if (g_strcmp0(guest->uuid, uuid) == 0)
            return guest;
    }
    return NULL;
}

const VasDevice *
vas_inventory_pf_of(const VasInventory *inventory, const VasDevice *device)
{
    if (device->kind != VAS_DEVICE_VF)
        return NULL;
    return vas_inventory_find_device(inventory, device->pf);
}

/* Finds the assignment of @device in @definition. An assignment whose device a hostdev network
 * chose at the start has no device of its own there: it is found as the counterpart of @other, the
 * assignment in the guest's other definition. */
static const VasAssignment *
find_held(const VasGuestDefinition *definition, VasHostAddress device, const VasAssignment *other)
{
    const VasAssignment *held = vas_guest_definition_find_device(definition, device);

    if (held != NULL || definition == NULL || other == NULL)
        return held;
    held = vas_guest_definition_counterpart(definition, other);
    return held != NULL && !held->has_device ? held : NULL;
}

GArray *
vas_inventory_holdings(const VasInventory *inventory, const VasDevice *device)
{
    GArray *holdings = g_array_new(FALSE, FALSE, sizeof(VasHolding));

    for (guint i = 0; i < inventory->guests->len; i++) {
        const VasGuest *guest = g_ptr_array_index(inventory->guests, i);
        const VasAssignment *live = find_held(guest->live, device->address, NULL);
        VasHolding holding = {guest, live, find_held(guest->config, device->address, live)};

        if (holding.live != NULL || holding.config != NULL)
            g_array_append_val(holdings, holding);
    }
    return holdings;
}

GArray *
vas_inventory_usings(const VasInventory *inventory, const VasDevice *device)
{
    GArray *usings = g_array_new(FALSE, FALSE, sizeof(VasUsing));

    for (guint i = 0; i < inventory->guests->len; i++) {
        const VasGuest *guest = g_ptr_array_index(inventory->guests, i);
        const VasGuestUse *live =
            guest->live != NULL ? vas_guest_use_find(guest->live->uses, device) : NULL;
        const VasGuestUse *config =
            guest->config != NULL ? vas_guest_use_find(guest->config->uses, device) : NULL;
        VasUsing found = {guest, live != NULL ? live : config, live != NULL, config != NULL, FALSE};

        if (found.use == NULL)
            continue;
        found.takes = vas_guest_use_takes(found.use, device);
        g_array_append_val(usings, found);
    }
    return usings;
}

gboolean
vas_inventory_is_held_by(const VasInventory *inventory, const VasDevice *device,
                         const VasGuest *guest)
{
    g_autoptr(GArray) holdings = vas_inventory_holdings(inventory, device);
    g_autoptr(GArray) usings = vas_inventory_usings(inventory, device);

    for (guint i = 0; i < holdings->len; i++) {
        if (g_array_index(holdings, VasHolding, i).guest == guest)
            return TRUE;
    }
    for (guint i = 0; i < usings->len; i++) {
        if (g_array_index(usings, VasUsing, i).guest == guest)
            return TRUE;
    }
    return FALSE;
}

gboolean
vas_inventory_is_free(const VasInventory *inventory, const VasDevice *device)
{
    g_autoptr(GArray) holdings = vas_inventory_holdings(inventory, device);
    g_autoptr(GArray) usings = vas_inventory_usings(inventory, device);

    for (guint i = 0; i < usings->len; i++) {
        if (g_array_index(usings, VasUsing, i).takes)
            return FALSE;
    }
    return holdings->len == 0;
}

const VasGuest *
vas_inventory_running_holder(const VasInventory *inventory, const VasDevice *device)
{
    for (guint i = 0; i < inventory->guests->len; i++) {
        const VasGuest *guest = g_ptr_array_index(inventory->guests, i);

        if (find_held(guest->live, device->address, NULL) != NULL)
            return guest;
    }
    return NULL;
}

VasDeviceState
vas_inventory_device_state(const VasInventory *inventory, const VasDevice *device)
{
    if (vas_inventory_running_holder(inventory, device) != NULL)
        return VAS_DEVICE_STATE_ASSIGNED;
    if (device->driver == NULL)
        return VAS_DEVICE_STATE_UNBOUND;
    if (vas_device_is_on_vfio(device) || vas_driver_is_placeholder(device->driver))
        return VAS_DEVICE_STATE_DETACHED;
    return VAS_DEVICE_STATE_HOST;
}

const char *
vas_device_state_name(VasDeviceState state)
{
    switch (state) {
    case VAS_DEVICE_STATE_HOST:
        return "host";
    case VAS_DEVICE_STATE_DETACHED:
        return "detached";
    case VAS_DEVICE_STATE_ASSIGNED:
        return "assigned";
    case VAS_DEVICE_STATE_UNBOUND:
        return "unbound";
    }
    return "host";
}

/* How many NICs of @definition have @mac, @own (which may be NULL) and the NIC called @team (which
 * may be NULL) left out. */
static guint
count_nics_with_mac(const VasGuestDefinition *definition, VasMacAddress mac,
                    const VasAssignment *own, const char *team)
{
    guint count = 0;

    for (guint i = 0; definition != NULL && i < definition->nics->len; i++) {
        const VasNic *nic = g_ptr_array_index(definition->nics, i);

        if (nic->has_mac && vas_mac_address_equal(nic->mac, mac) &&
            (team == NULL || g_strcmp0(nic->alias, team) != 0))
            count++;
    }
    if (count > 0 && own != NULL && own->has_mac && vas_mac_address_equal(own->mac, mac))
        count--;
    return count;
}

const VasGuest *
vas_inventory_find_mac(const VasInventory *inventory, VasMacAddress mac, const VasHolding *own,
                       const char *team)
{
    for (guint i = 0; i < inventory->guests->len; i++) {
        const VasGuest *guest = g_ptr_array_index(inventory->guests, i);
        gboolean is_own = own != NULL && own->guest == guest;

        if (count_nics_with_mac(guest->live, mac, is_own ? own->live : NULL, is_own ? team : NULL) >
                0 ||
            count_nics_with_mac(guest->config, mac, is_own ? own->config : NULL,
                                is_own ? team : NULL) > 0)
            return guest;
    }
    return NULL;
}
