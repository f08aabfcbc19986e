/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/nic/nic-renames.h"

#include "core/nic/nic-name-effects.h"

static gboolean
is_plain_nic(const VasInventory *inventory, const VasAssignment *assignment)
{
    const VasDevice *device;

    if (assignment->type != VAS_ASSIGNMENT_HOSTDEV || !assignment->has_device ||
        !assignment->has_guest_address)
        return FALSE;
    device = vas_inventory_find_device(inventory, assignment->device);
    return device != NULL && vas_device_in_class(device, VAS_CLASS_NET);
}

/* @definition with the network devices among its plain <hostdev>s as NICs, too. Returns full. */
static VasGuestDefinition *
with_plain_nics(const VasInventory *inventory, const VasGuestDefinition *definition,
                const GPtrArray *assignments)
{
    const VasAssignment nothing = {0};
    VasGuestDefinition *with = vas_nic_name_with(definition, &nothing, FALSE);

    for (guint i = 0; i < assignments->len; i++) {
        const VasAssignment *assignment = g_ptr_array_index(assignments, i);
        g_autoptr(VasGuestDefinition) without = NULL;

        if (!is_plain_nic(inventory, assignment))
            continue;
        without = with;
        with = vas_nic_name_with(without, assignment, TRUE);
    }
    return with;
}

GPtrArray *
vas_nic_renames(const VasInventory *inventory, const VasGuestDefinition *before,
                const VasGuestDefinition *after)
{
    g_autoptr(VasGuestDefinition) first = with_plain_nics(inventory, before, before->assignments);
    g_autoptr(VasGuestDefinition) second = with_plain_nics(inventory, after, before->assignments);

    return vas_nic_name_changes(first, second);
}
