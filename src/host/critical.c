/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/critical.h"

#include "host/critical-display.h"
#include "host/critical-network.h"
#include "host/critical-storage.h"

static void
use_free(gpointer data)
{
    VasCriticalUse *use = data;

    g_free(use->reason);
    g_free(use);
}

static gboolean
has_use(const GPtrArray *uses, VasHostAddress function, const char *reason)
{
    for (guint i = 0; i < uses->len; i++) {
        const VasCriticalUse *use = g_ptr_array_index(uses, i);

        if (vas_host_address_equal(use->function, function) && g_str_equal(use->reason, reason))
            return TRUE;
    }
    return FALSE;
}

GPtrArray *
vas_critical_uses_new(void)
{
    return g_ptr_array_new_with_free_func(use_free);
}

void
vas_critical_add(GPtrArray *uses, const GArray *functions, const char *reason)
{
    for (guint i = 0; i < functions->len; i++) {
        VasHostAddress function = g_array_index(functions, VasHostAddress, i);
        VasCriticalUse *use;

        if (has_use(uses, function, reason))
            continue;
        use = g_new0(VasCriticalUse, 1);
        use->function = function;
        use->reason = g_strdup(reason);
        g_ptr_array_add(uses, use);
    }
}

GPtrArray *
vas_critical_find(const VasHost *host, GError **error)
{
    g_autoptr(GPtrArray) uses = vas_critical_uses_new();

    if (!vas_critical_find_storage(host, uses, error) ||
        !vas_critical_find_network(host, uses, error))
        return NULL;
    vas_critical_find_display(host, uses);
    return g_steal_pointer(&uses);
}
