/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/base/pools.h"

#include "core/value/error.h"
#include "xml/network-xml.h"

static gboolean
is_lost(const GError *failure)
{
    return g_error_matches(failure, VAS_ERROR, VAS_ERROR_UNREACHABLE);
}

/* *ret_pool NULL: the network is not a pool, or is gone. */
static gboolean
read_network(VasHypervisor *hypervisor, const char *name, VasPool **ret_pool, GError **error)
{
    g_autofree char *xml = hypervisor->network_xml(hypervisor, name, error);
    g_autoptr(VasPool) pool = NULL;

    if (xml == NULL || !vas_network_xml_parse(xml, &pool, error) ||
        (pool != NULL && !hypervisor->network_state(hypervisor, name, &pool->is_active,
                                                    &pool->is_autostarted, error)))
        return FALSE;
    *ret_pool = g_steal_pointer(&pool);
    return TRUE;
}

/* With @are_needed a network that cannot be read is an error, else a NOTE. */
static gboolean
read_networks(const VasContext *context, const char *const *names, gboolean are_needed,
              GPtrArray *pools, GError **error)
{
    for (guint i = 0; names[i] != NULL; i++) {
        g_autoptr(GError) failure = NULL;
        VasPool *pool = NULL;

        if (read_network(context->hypervisor, names[i], &pool, &failure)) {
            if (pool != NULL)
                g_ptr_array_add(pools, pool);
        } else if (g_error_matches(failure, VAS_ERROR, VAS_ERROR_NOT_FOUND)) {
            continue;
        } else if (is_lost(failure) || are_needed) {
            g_propagate_error(error, g_steal_pointer(&failure));
            return FALSE;
        } else {
            vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0,
                                 "network %s cannot be read and is left out: %s", names[i],
                                 failure->message);
        }
    }
    return TRUE;
}

gboolean
vas_pools_read(const VasContext *context, VasInventory *inventory, GError **error)
{
    g_autoptr(GPtrArray) pools = g_ptr_array_new_with_free_func((GDestroyNotify) vas_pool_free);
    g_autoptr(GError) failure = NULL;
    g_auto(GStrv) names = NULL;

    if (inventory->pools != NULL || context->hypervisor == NULL)
        return TRUE;
    names = context->hypervisor->list_networks(context->hypervisor, &failure);
    if (is_lost(failure)) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    if (names == NULL && !g_error_matches(failure, VAS_ERROR, VAS_ERROR_UNSUPPORTED))
        vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0,
                             "whether a libvirt network gives its VFs to guests cannot be read: %s",
                             failure->message);
    if (names != NULL && !read_networks(context, (const char *const *) names, FALSE, pools, error))
        return FALSE;
    vas_inventory_take_pools(inventory, g_steal_pointer(&pools));
    return TRUE;
}

/* Adds the networks whose NICs in @guest's config may be what @live came from, by their MACs or
 * aliases. */
static void
add_networks_of(const VasGuest *guest, const VasAssignment *live, GPtrArray *names)
{
    const GPtrArray *nics = guest->config->network_nics;

    if (live->type != VAS_ASSIGNMENT_INTERFACE || vas_guest_counterpart(guest, live) != NULL)
        return;
    for (guint i = 0; i < nics->len; i++) {
        const VasAssignment *nic = g_ptr_array_index(nics, i);

        if (vas_assignment_tie(live, nic) != VAS_TIE_NONE &&
            !g_ptr_array_find_with_equal_func(names, nic->network, g_str_equal, NULL))
            g_ptr_array_add(names, nic->network);
    }
}

gboolean
vas_pools_read_for(const VasContext *context, VasInventory *inventory, const VasGuest *guest,
                   gboolean are_needed, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autoptr(GPtrArray) pools = g_ptr_array_new_with_free_func((GDestroyNotify) vas_pool_free);

    if (guest->live == NULL || guest->config == NULL)
        return TRUE;
    for (guint i = 0; i < guest->live->assignments->len; i++)
        add_networks_of(guest, g_ptr_array_index(guest->live->assignments, i), names);
    if (names->len == 0)
        return TRUE;
    g_ptr_array_add(names, NULL);
    if (!read_networks(context, (const char *const *) names->pdata, are_needed, pools, error)) {
        g_prefix_error(error,
                       "see whether guest %s has a device from a libvirt network: ", guest->name);
        if (are_needed && vas_error_hint(*error) == NULL)
            vas_error_set_hint(error, "try again; --live leaves the config as it is");
        return FALSE;
    }
    vas_inventory_take_pools(inventory, g_steal_pointer(&pools));
    return TRUE;
}

gboolean
vas_pools_read_about(const VasContext *context, VasInventory *inventory, const VasDevice *device,
                     GError **error)
{
    return device->kind != VAS_DEVICE_VF || vas_pools_read(context, inventory, error);
}

void
vas_pools_note(const VasContext *context, const VasInventory *inventory, const VasDevice *device)
{
    g_autoptr(GPtrArray) pools = vas_inventory_pools_of(inventory, device);

    for (guint i = 0; i < pools->len; i++) {
        const VasPool *pool = g_ptr_array_index(pools, i);
        g_autofree char *what = vas_pool_describe(pool);
        g_autofree char *way_out = vas_pool_way_out(pool);

        vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0,
                             "%s is in the pool of %s, which may give it to a guest of its own, "
                             "whoever has it then: that guest does not start. Take it out of the "
                             "pool (%s), or give the guest an <interface type='network'> of it",
                             vas_host_address_text(device->address).text, what, way_out);
    }
}
