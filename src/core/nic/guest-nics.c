/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/nic/guest-nics.h"

void
vas_guest_nic_free(VasGuestNic *nic)
{
    if (nic == NULL)
        return;
    vas_nic_name_free(nic->name);
    vas_nic_name_free(nic->next);
    g_free(nic->actual);
    g_free(nic);
}

const VasNic *
vas_guest_nic_fact(const VasGuestNic *nic)
{
    return nic->live != NULL ? nic->live : nic->config;
}

char *
vas_nic_describe(const VasNic *nic)
{
    if (nic->has_mac)
        return g_strdup_printf("NIC %s", vas_mac_address_text(nic->mac).text);
    if (nic->has_guest_address)
        return g_strdup_printf("NIC at %s", vas_guest_address_text(nic->guest_address).text);
    return g_strdup_printf("NIC %s", nic->alias != NULL ? nic->alias : "without MAC and address");
}

static gboolean
has_same_address(const VasNic *a, const VasNic *b)
{
    return a->has_guest_address && b->has_guest_address &&
           vas_guest_address_equal(a->guest_address, b->guest_address);
}

static gboolean
has_same_mac(const VasNic *a, const VasNic *b)
{
    return a->has_mac && b->has_mac && vas_mac_address_equal(a->mac, b->mac);
}

static gboolean
is_same_nic(const VasNic *a, const VasNic *b)
{
    if (a->has_mac || b->has_mac)
        return has_same_mac(a, b);
    return has_same_address(a, b) || (a->alias != NULL && g_strcmp0(a->alias, b->alias) == 0);
}

/* Finds @nic among those of @definition; two with one MAC are told apart by their addresses. */
static const VasNic *
find_counterpart(const VasGuestDefinition *definition, const VasNic *nic)
{
    const VasNic *counterpart = NULL;

    for (guint i = 0; definition != NULL && i < definition->nics->len; i++) {
        const VasNic *other = g_ptr_array_index(definition->nics, i);

        if (is_same_nic(nic, other) && (counterpart == NULL || has_same_address(nic, other)))
            counterpart = other;
    }
    return counterpart;
}

/* Finds the NIC of @other that stands for @nic of @own, and for no other one of it. */
static const VasNic *
find_partner(const VasGuestDefinition *own, const VasGuestDefinition *other, const VasNic *nic)
{
    const VasNic *partner = find_counterpart(other, nic);

    return partner != NULL && find_counterpart(own, partner) == nic ? partner : NULL;
}

static VasGuestNic *
guest_nic_new(const VasGuest *guest, const VasNic *live, const VasNic *config,
              const VasNamingScheme *scheme)
{
    VasGuestNic *nic = g_new0(VasGuestNic, 1);

    nic->live = live;
    nic->config = config;
    nic->name = vas_nic_name_of(live != NULL ? guest->live : guest->config,
                                live != NULL ? live : config, scheme);
    if (live == NULL || config == NULL)
        return nic;
    nic->next = vas_nic_name_of(guest->config, config, scheme);
    if (nic->name != NULL && nic->next != NULL && g_strcmp0(nic->name->name, nic->next->name) == 0)
        g_clear_pointer(&nic->next, vas_nic_name_free);
    return nic;
}

GPtrArray *
vas_guest_nics(const VasGuest *guest, const VasNamingScheme *scheme)
{
    GPtrArray *nics = g_ptr_array_new_with_free_func((GDestroyNotify) vas_guest_nic_free);

    for (guint i = 0; guest->live != NULL && i < guest->live->nics->len; i++) {
        const VasNic *live = g_ptr_array_index(guest->live->nics, i);

        g_ptr_array_add(
            nics,
            guest_nic_new(guest, live, find_partner(guest->live, guest->config, live), scheme));
    }
    for (guint i = 0; guest->config != NULL && i < guest->config->nics->len; i++) {
        const VasNic *config = g_ptr_array_index(guest->config->nics, i);

        if (find_partner(guest->config, guest->live, config) == NULL)
            g_ptr_array_add(nics, guest_nic_new(guest, NULL, config, scheme));
    }
    return nics;
}

static void
add_plain_nic(VasGuestDefinition *definition, const VasAssignment *assignment,
              const VasDevice *device)
{
    VasNic *nic = g_new0(VasNic, 1);

    nic->alias = g_strdup(assignment->alias);
    nic->has_guest_address = TRUE;
    nic->guest_address = assignment->guest_address;
    nic->acpi_index = assignment->acpi_index;
    nic->port = g_strdup(device->port);
    nic->is_infiniband = vas_device_is_fabric(device);
    g_ptr_array_add(definition->nics, nic);
}

static void
complete_definition(const VasInventory *inventory, VasGuestDefinition *definition)
{
    for (guint i = 0; definition != NULL && i < definition->assignments->len; i++) {
        const VasAssignment *assignment = g_ptr_array_index(definition->assignments, i);
        const VasDevice *device;

        if (assignment->type != VAS_ASSIGNMENT_HOSTDEV || !assignment->has_device ||
            !assignment->has_guest_address)
            continue;
        device = vas_inventory_find_device(inventory, assignment->device);
        if (device != NULL && vas_device_in_class(device, VAS_CLASS_NET))
            add_plain_nic(definition, assignment, device);
    }
}

void
vas_guest_nics_complete(VasInventory *inventory)
{
    for (guint i = 0; i < inventory->guests->len; i++) {
        VasGuest *guest = g_ptr_array_index(inventory->guests, i);

        complete_definition(inventory, guest->live);
        complete_definition(inventory, guest->config);
    }
}
