/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/rules/rules-distinct.h"

#include "core/inventory/iommu-group.h"
#include "core/value/error.h"

typedef struct {
    const VasInventory *inventory;
    const VasDevice *device;
    VasDistinct distinct;
} Case;

/* The PF of a VF; anything else stands for itself. */
static VasHostAddress
root_of(const VasDevice *device)
{
    return device->kind == VAS_DEVICE_VF ? device->pf : device->address;
}

/* Whether all functions on the bus of @address are one device: with ARI the bits of the slot belong
 * to the function's number, and only one device fits below a port (PCI Express Base Specification
 * 5.0, 6.13). Not so on a root bus. libvirt does not tell what is below a bridge: any bus but 0 is
 * taken for a port's then. */
static gboolean
is_bus_of_a_port(const Case *c, VasHostAddress address)
{
    const VasDevice *device = vas_inventory_find_device(c->inventory, address);
    gboolean is_told = FALSE;

    if (address.pci.bus == 0 || (device != NULL && !device->is_express))
        return FALSE;
    for (guint i = 0; i < c->inventory->devices->len; i++) {
        const VasDevice *bridge = g_ptr_array_index(c->inventory->devices, i);

        if (bridge->secondary_bus == address.pci.bus &&
            bridge->address.pci.domain == address.pci.domain)
            return bridge->is_express;
        is_told = is_told || bridge->secondary_bus >= 0;
    }
    return !is_told;
}

static gboolean
have_common_root(const Case *c, const VasDevice *other)
{
    VasPciAddress mine = root_of(c->device).pci;
    VasPciAddress theirs = root_of(other).pci;

    if (c->distinct == VAS_DISTINCT_CARD)
        mine.function = theirs.function;
    if (c->distinct == VAS_DISTINCT_CARD && is_bus_of_a_port(c, root_of(c->device)) &&
        is_bus_of_a_port(c, root_of(other)))
        mine.slot = theirs.slot;
    return vas_pci_address_compare(mine, theirs) == 0;
}

static gboolean
check_other(const Case *c, VasHostAddress address, const char *where, GError **error)
{
    const VasDevice *other = vas_inventory_find_device(c->inventory, address);
    VasPciAddressText device = vas_host_address_text(c->device->address);

    if (other == NULL || other == c->device || !have_common_root(c, other))
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_CONFLICT, "%s is of the same %s (%s) as %s, which %s",
                device.text, c->distinct == VAS_DISTINCT_CARD ? "card" : "PF",
                vas_host_address_text(root_of(other)).text, vas_host_address_text(address).text,
                where);
    vas_error_set_hint(error, "take a VF of another one: virt-assign list --free --class net");
    return FALSE;
}

/* A device that is only held for another one of its IOMMU group is not in the guest. */
static gboolean
check_definition(const Case *c, const VasGuestDefinition *definition, const char *where,
                 GError **error)
{
    for (guint i = 0; definition != NULL && i < definition->assignments->len; i++) {
        const VasAssignment *other = g_ptr_array_index(definition->assignments, i);

        if (other->has_device && !vas_assignment_is_mate(other) &&
            !check_other(c, other->device, where, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
vas_rules_check_distinct(const VasInventory *inventory, const VasGuest *guest,
                         const VasDevice *device, VasDistinct distinct, const GPtrArray *earlier,
                         GError **error)
{
    const Case c = {inventory, device, distinct};
    g_autofree char *running = g_strdup_printf("running %s has", guest->name);
    g_autofree char *config = g_strdup_printf("the config of %s has", guest->name);

    if (distinct == VAS_DISTINCT_NONE)
        return TRUE;
    for (guint i = 0; earlier != NULL && i < earlier->len; i++) {
        const VasAttachDecision *decision = g_ptr_array_index(earlier, i);

        if (!check_other(&c, decision->assignment->device, "this command attaches, too", error))
            return FALSE;
    }
    return check_definition(&c, guest->live, running, error) &&
           check_definition(&c, guest->config, config, error);
}
