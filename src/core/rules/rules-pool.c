/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/rules/rules-pool.h"

#include "core/value/shell-word.h"

/* Counts the VFs of @pool that @pf has and that are gone with @count VFs. libvirt has them of a
 * whole PF in their order. */
static guint
count_lost(const VasPool *pool, const VasDevice *pf, guint count)
{
    guint lost = 0;

    if (vas_pool_is_of_pf(pool, pf))
        return pool->devices->len > count ? pool->devices->len - count : 0;
    for (guint i = count; i < pf->vfs->len; i++) {
        if (vas_host_addresses_have(pool->devices, g_array_index(pf->vfs, VasHostAddress, i)))
            lost++;
    }
    return lost;
}

/* libvirt starts no network of a PF without VFs. Returns full. */
static char *
renewal(const VasPool *pool, guint count)
{
    g_autofree char *name = vas_shell_word(pool->name);

    if (pool->pf == NULL)
        return vas_pool_way_out(pool);
    return g_strdup_printf(count > 0 ? "start it anew: virsh net-destroy %s && virsh net-start %s"
                                     : "stop it: virsh net-destroy %s",
                           name, name);
}

GPtrArray *
vas_rules_pool_effects(const VasInventory *inventory, const VasDevice *pf, guint count)
{
    GPtrArray *effects = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; inventory->pools != NULL && i < inventory->pools->len; i++) {
        const VasPool *pool = g_ptr_array_index(inventory->pools, i);
        g_autofree char *what = vas_pool_describe(pool);
        g_autofree char *remedy = renewal(pool, count);
        guint lost = count_lost(pool, pf, count);
        guint now = pool->devices->len;

        if (lost > 0)
            g_ptr_array_add(effects, g_strdup_printf("with %u VFs of its PF, %u in the pool of %s "
                                                     "are gone, and a guest that is given one does "
                                                     "not start; %s",
                                                     count, lost, what, remedy));
        else if (vas_pool_is_of_pf(pool, pf) && !vas_pool_is_open(pool) && now < count)
            g_ptr_array_add(effects, g_strdup_printf("with %u VFs of its PF, the pool of %s still "
                                                     "has only the %u of its start; %s",
                                                     count, what, now, remedy));
    }
    return effects;
}

/* The definition of a guest without a config does not tell where a NIC is from. */
static gboolean
may_be_given(const VasHolding *holding, const VasPool *pool)
{
    return vas_holding_is_of_pool(holding, pool) ||
           (holding->guest->config == NULL && holding->live->type == VAS_ASSIGNMENT_INTERFACE);
}

GPtrArray *
vas_rules_pool_rivals(const VasInventory *inventory, const VasPool *pool, const VasDevice *device)
{
    GPtrArray *rivals = g_ptr_array_new();
    g_autoptr(GArray) holdings = vas_inventory_holdings(inventory, device);

    for (guint i = 0; i < holdings->len; i++) {
        const VasHolding *holding = &g_array_index(holdings, VasHolding, i);

        if (!may_be_given(holding, pool))
            g_ptr_array_add(rivals, (gpointer) holding->guest);
    }
    return rivals;
}
