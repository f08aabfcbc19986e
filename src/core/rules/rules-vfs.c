/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/rules/rules-vfs.h"

#include "core/rules/rules-critical.h"
#include "core/rules/rules-use.h"
#include "core/value/error.h"

/* More holders than this are no help in a message. */
#define HOLDERS_MAX 8

gboolean
vas_rules_check_pf(const VasDevice *device, GError **error)
{
    if (device->kind == VAS_DEVICE_PF)
        return TRUE;
    if (device->kind == VAS_DEVICE_VF) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_UNSUITABLE, "%s is a VF, not a PF",
                    vas_host_address_text(device->address).text);
        vas_error_set_hint(error, "its PF is %s", vas_host_address_text(device->pf).text);
        return FALSE;
    }
    g_set_error(error, VAS_ERROR, VAS_ERROR_UNSUITABLE,
                "%s is not a PF: it has no SR-IOV capability, or none that is on",
                vas_host_address_text(device->address).text);
    vas_error_set_hint(error, "SR-IOV can be off in the card's or in the machine's firmware setup");
    return FALSE;
}

static const char *
presence(const VasHolding *holding)
{
    if (holding->live == NULL)
        return "in its config";
    return holding->config == NULL ? "running" : "running and in its config";
}

/* The first holding of @text's list becomes the example of the hint. */
static void
add_holders(GString *text, guint *count, const VasDevice **ret_first, const VasGuest **ret_guest,
            const VasInventory *inventory, const VasDevice *vf)
{
    g_autoptr(GArray) holdings = vas_inventory_holdings(inventory, vf);

    for (guint i = 0; i < holdings->len; i++) {
        const VasHolding *holding = &g_array_index(holdings, VasHolding, i);

        if ((*count)++ == 0) {
            *ret_first = vf;
            *ret_guest = holding->guest;
        }
        if (*count <= HOLDERS_MAX)
            g_string_append_printf(text, "%s%s by %s (%s)", *count > 1 ? ", " : "",
                                   vas_host_address_text(vf->address).text, holding->guest->name,
                                   presence(holding));
    }
}

static gboolean
check_no_holders(const VasInventory *inventory, const VasDevice *pf, guint now, GError **error)
{
    g_autoptr(GString) holders = g_string_new(NULL);
    const VasDevice *first = NULL;
    const VasGuest *guest = NULL;
    guint count = 0;

    for (guint i = 0; i < inventory->devices->len; i++) {
        const VasDevice *vf = g_ptr_array_index(inventory->devices, i);

        if (vas_inventory_pf_of(inventory, vf) == pf)
            add_holders(holders, &count, &first, &guest, inventory, vf);
    }
    if (count == 0)
        return TRUE;
    if (count > HOLDERS_MAX)
        g_string_append_printf(holders, " and %u more", count - HOLDERS_MAX);
    g_set_error(error, VAS_ERROR, VAS_ERROR_IN_USE,
                "a change removes all %u VFs of %s first, and of these are held: %s", now,
                vas_host_address_text(pf->address).text, holders->str);
    vas_error_set_hint(error, "take them out first: virt-assign detach %s %s", guest->word,
                       vas_host_address_text(first->address).text);
    return FALSE;
}

/* The host may have its own network by a VF, or give it to guests by macvtap. There is no override:
 * the way back would go through it. */
static gboolean
check_none_used(const VasInventory *inventory, const VasDevice *pf, GError **error)
{
    for (guint i = 0; i < inventory->devices->len; i++) {
        const VasDevice *vf = g_ptr_array_index(inventory->devices, i);
        gboolean is_unused = FALSE;

        if (vas_inventory_pf_of(inventory, vf) != pf)
            continue;
        is_unused = vas_rules_check_unused(inventory, vf, VAS_SCOPE_LIVE | VAS_SCOPE_CONFIG, error);
        if (is_unused && vas_rules_check_critical(inventory, vf, FALSE, NULL, error))
            continue;
        g_prefix_error(error, "a change removes all VFs of %s first, and ",
                       vas_host_address_text(pf->address).text);
        if (is_unused)
            vas_error_set_hint(error, "move that elsewhere first");
        return FALSE;
    }
    return TRUE;
}

/* vfio-pci makes VFs only with its module parameter enable_sriov, and only of a device that a
 * process has open (vfio_pci_core_sriov_configure in drivers/vfio/pci/vfio_pci_core.c). */
gboolean
vas_rules_check_pf_driver(const VasDevice *pf, GError **error)
{
    if (pf->driver != NULL && !vas_driver_is_vfio(pf->driver))
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_READY,
                "%s is on %s%s, and VFs are made by the PF's host driver",
                vas_host_address_text(pf->address).text, pf->driver != NULL ? "the driver " : "no ",
                pf->driver != NULL ? pf->driver : "driver");
    vas_error_set_hint(error, "give it back to its host driver: virt-assign host-reattach %s",
                       vas_host_address_text(pf->address).text);
    return FALSE;
}

gboolean
vas_rules_check_vf_count(const VasInventory *inventory, const VasDevice *pf, guint now,
                         guint maximum, guint count, GError **error)
{
    if (count > maximum) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID, "%u VFs are too many: %s can have %u",
                    count, vas_host_address_text(pf->address).text, maximum);
        if (maximum == 0)
            vas_error_set_hint(error, "its driver or firmware allows none: see the card's SR-IOV "
                                      "settings");
        return FALSE;
    }
    if (count == now)
        return TRUE;
    if (now > 0 &&
        (!check_no_holders(inventory, pf, now, error) || !check_none_used(inventory, pf, error)))
        return FALSE;
    return count == 0 || vas_rules_check_pf_driver(pf, error);
}
