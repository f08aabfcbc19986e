/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/output/assignment-pair.h"

void
vas_assignment_pair_free(VasAssignmentPair *pair)
{
    if (pair == NULL)
        return;
    g_free(pair->difference);
    if (pair->name != NULL)
        vas_nic_name_free(pair->name);
    g_free(pair);
}

const VasAssignment *
vas_assignment_pair_fact(const VasAssignmentPair *pair)
{
    return pair->live != NULL ? pair->live : pair->config;
}

const VasGuestDefinition *
vas_guest_fact(const VasGuest *guest)
{
    return guest->live != NULL ? guest->live : guest->config;
}

/* A network card as plain <hostdev> becomes a NIC of the guest as well. */
static gboolean
is_nic(const VasInventory *inventory, const VasAssignment *assignment)
{
    const VasDevice *device;

    if (assignment->type == VAS_ASSIGNMENT_INTERFACE)
        return TRUE;
    if (!assignment->has_device)
        return FALSE;
    device = vas_inventory_find_device(inventory, assignment->device);
    return device != NULL && vas_device_in_class(device, VAS_CLASS_NET);
}

static VasNicName *
name_of(const VasInventory *inventory, const VasGuestDefinition *definition,
        const VasAssignment *assignment)
{
    const VasDevice *device = vas_inventory_find_device(inventory, assignment->device);
    const VasNic nic = {
        .has_guest_address = TRUE,
        .guest_address = assignment->guest_address,
        .acpi_index = assignment->acpi_index,
        .port = device != NULL ? device->port : NULL,
        .is_infiniband = device != NULL && vas_device_is_fabric(device),
    };

    return vas_nic_name_of(definition, &nic, NULL);
}

static VasAssignmentPair *
pair_new(const VasInventory *inventory, const VasGuest *guest, const VasAssignment *live,
         const VasAssignment *config)
{
    VasAssignmentPair *pair = g_new0(VasAssignmentPair, 1);
    const VasGuestDefinition *definition = live != NULL ? guest->live : guest->config;
    const VasAssignment *fact;

    pair->live = live;
    pair->config = config;
    if (live != NULL && config != NULL)
        pair->difference = vas_assignment_difference(live, config);
    fact = vas_assignment_pair_fact(pair);
    if (fact->has_guest_address && is_nic(inventory, fact))
        pair->name = name_of(inventory, definition, fact);
    return pair;
}

GPtrArray *
vas_assignment_pairs(const VasInventory *inventory, const VasGuest *guest)
{
    GPtrArray *pairs = g_ptr_array_new_with_free_func((GDestroyNotify) vas_assignment_pair_free);

    for (guint i = 0; guest->live != NULL && i < guest->live->assignments->len; i++) {
        const VasAssignment *live = g_ptr_array_index(guest->live->assignments, i);

        g_ptr_array_add(pairs,
                        pair_new(inventory, guest, live, vas_guest_counterpart(guest, live)));
    }
    for (guint i = 0; guest->config != NULL && i < guest->config->assignments->len; i++) {
        const VasAssignment *config = g_ptr_array_index(guest->config->assignments, i);

        if (vas_guest_counterpart(guest, config) == NULL)
            g_ptr_array_add(pairs, pair_new(inventory, guest, NULL, config));
    }
    return pairs;
}
