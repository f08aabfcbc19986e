/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/rules/rules-critical.h"

#include "core/rules/rules-wish.h"
#include "core/value/error.h"

static const char *
describe_scopes(const VasHolding *holding)
{
    if (holding->live == NULL)
        return "config";
    return holding->config != NULL ? "live and config" : "live";
}

/* The kernel waits in the unbinding of a PF's driver until the VFs' users are gone, and libvirt
 * with it. A config counts too: that guest could not be started any more. */
static void
add_holders(GPtrArray *reasons, const VasInventory *inventory, const VasDevice *vf)
{
    g_autoptr(GArray) holdings = vas_inventory_holdings(inventory, vf);
    g_autoptr(GArray) usings = vas_inventory_usings(inventory, vf);

    for (guint i = 0; i < holdings->len; i++) {
        const VasHolding *holding = &g_array_index(holdings, VasHolding, i);

        g_ptr_array_add(reasons, g_strdup_printf("its VF %s is held by guest %s (%s)",
                                                 vas_host_address_text(vf->address).text,
                                                 holding->guest->name, describe_scopes(holding)));
    }
    for (guint i = 0; i < usings->len; i++) {
        const VasUsing *using = &g_array_index(usings, VasUsing, i);

        g_ptr_array_add(reasons,
                        g_strdup_printf("its VF %s is used by guest %s%s, %s",
                                        vas_host_address_text(vf->address).text, using->guest->name,
                                        using->live ? "" : " (config)", using->use->means));
    }
}

GPtrArray *
vas_rules_critical_reasons(const VasInventory *inventory, const VasDevice *device)
{
    GPtrArray *reasons = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < device->critical->len; i++)
        g_ptr_array_add(reasons, g_strdup(g_ptr_array_index(device->critical, i)));
    for (guint i = 0; i < device->vfs->len; i++) {
        const VasDevice *vf =
            vas_inventory_find_device(inventory, g_array_index(device->vfs, VasHostAddress, i));

        if (vf == NULL)
            continue;
        for (guint j = 0; j < vf->critical->len; j++)
            g_ptr_array_add(reasons, g_strdup_printf("its VF %s: %s",
                                                     vas_host_address_text(vf->address).text,
                                                     (char *) g_ptr_array_index(vf->critical, j)));
        add_holders(reasons, inventory, vf);
    }
    return reasons;
}

/* The command that takes the first held VF out of its guest; NULL: none is held. Returns full. */
static char *
command_to_free(const VasInventory *inventory, const VasDevice *device)
{
    for (guint i = 0; i < device->vfs->len; i++) {
        VasHostAddress address = g_array_index(device->vfs, VasHostAddress, i);
        const VasDevice *vf = vas_inventory_find_device(inventory, address);
        g_autoptr(GArray) holdings = NULL;

        if (vf == NULL)
            continue;
        holdings = vas_inventory_holdings(inventory, vf);
        if (holdings->len > 0)
            return g_strdup_printf("virt-assign detach %s %s",
                                   g_array_index(holdings, VasHolding, 0).guest->word,
                                   vas_host_address_text(address).text);
    }
    return NULL;
}

static void
set_refusal(const VasInventory *inventory, const VasDevice *device, const GPtrArray *reasons,
            GError **error)
{
    VasPciAddressText address = vas_host_address_text(device->address);
    g_autofree char *command = command_to_free(inventory, device);
    g_autofree char *text = vas_error_reasons(reasons, "show", address.text);

    g_set_error(error, VAS_ERROR, VAS_ERROR_CRITICAL, "%s is critical: %s", address.text, text);
    /* The hint here does not name --force: vas_rules_check_no_vfs has the last word on a PF with
     * VFs. */
    if (device->critical->len == 0 && command != NULL)
        vas_error_set_hint(error, "free it first: %s", command);
    else
        vas_error_set_hint(error, "move that elsewhere first, or override this with --force");
}

gboolean
vas_rules_check_critical(const VasInventory *inventory, const VasDevice *device, gboolean force,
                         GPtrArray *overridden, GError **error)
{
    g_autoptr(GPtrArray) reasons = NULL;

    if (!vas_rules_check_endpoint(device, error))
        return FALSE;
    reasons = vas_rules_critical_reasons(inventory, device);
    if (reasons->len == 0)
        return TRUE;
    if (!force) {
        set_refusal(inventory, device, reasons, error);
        return FALSE;
    }
    for (guint i = 0; overridden != NULL && i < reasons->len; i++)
        g_ptr_array_add(overridden, g_strdup(g_ptr_array_index(reasons, i)));
    return TRUE;
}
