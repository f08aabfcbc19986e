/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/inventory/pool.h"

#include "core/value/shell-word.h"

VasPool *
vas_pool_new(const char *name)
{
    VasPool *pool = g_new0(VasPool, 1);

    pool->name = g_strdup(name);
    pool->devices = g_array_new(FALSE, FALSE, sizeof(VasHostAddress));
    return pool;
}

void
vas_pool_free(VasPool *pool)
{
    if (pool == NULL)
        return;
    g_free(pool->name);
    g_free(pool->pf);
    g_array_unref(pool->devices);
    g_free(pool);
}

gboolean
vas_pool_is_of_pf(const VasPool *pool, const VasDevice *pf)
{
    return pool->pf != NULL &&
           (g_strcmp0(pool->pf, pf->interface) == 0 ||
            g_ptr_array_find_with_equal_func(pf->other_names, pool->pf, g_str_equal, NULL));
}

gboolean
vas_pool_is_open(const VasPool *pool)
{
    return pool->pf != NULL && pool->devices->len == 0;
}

char *
vas_pool_describe(const VasPool *pool)
{
    return g_strdup_printf("network %s (%s%s)", pool->name, pool->is_active ? "active" : "inactive",
                           pool->is_autostarted ? ", autostarted" : "");
}

char *
vas_pool_way_out(const VasPool *pool)
{
    g_autofree char *name = vas_shell_word(pool->name);

    return g_strdup_printf(
        "%s: virsh net-edit %s%s",
        pool->pf != NULL ? "list the other VFs as <address> in place of its <pf>"
                         : "take its <address> out",
        name, pool->is_active ? ", and start it anew while no guest has a VF of it" : "");
}
