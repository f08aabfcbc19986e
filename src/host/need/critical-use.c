/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/need/critical-use.h"

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
