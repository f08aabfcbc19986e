/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/rules/rules-use.h"

#include "core/value/error.h"

static gboolean
refuse(const VasDevice *device, const VasUsing *using, GError **error)
{
    g_set_error(error, VAS_ERROR, VAS_ERROR_IN_USE, "%s is %s guest %s, %s: %s",
                vas_host_address_text(device->address).text,
                using->live ? "in use by" : "in the config of", using->guest->name,
                using->use->means, using->use->element);
    vas_error_set_hint(error, "take that element out of the guest: virsh edit %s%s",
                       using->guest->word,
                       using->live ? "; the running guest has it until it ends" : "");
    return FALSE;
}

gboolean
vas_rules_check_unused(const VasInventory *inventory, const VasDevice *device, VasScope scopes,
                       GError **error)
{
    g_autoptr(GArray) usings = vas_inventory_usings(inventory, device);

    for (guint i = 0; i < usings->len; i++) {
        const VasUsing *using = &g_array_index(usings, VasUsing, i);

        if (using->takes && (using->live || (scopes & VAS_SCOPE_CONFIG) != 0))
            return refuse(device, using, error);
    }
    return TRUE;
}

GPtrArray *
vas_rules_sharers(const VasInventory *inventory, const VasDevice *device)
{
    GPtrArray *sharers = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) usings = vas_inventory_usings(inventory, device);

    for (guint i = 0; i < usings->len; i++) {
        const VasUsing *using = &g_array_index(usings, VasUsing, i);

        if (using->live && !using->takes)
            g_ptr_array_add(sharers, g_strdup_printf("running guest %s, %s", using->guest->name,
                                                     using->use->means));
    }
    return sharers;
}
