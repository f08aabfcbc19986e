/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/nic/nic-renames.h"

#include "core/nic/nic-name-effects.h"

static VasNicKind
plain_nic_kind(const VasInventory *inventory, const VasAssignment *assignment)
{
    const VasDevice *device;

    if (assignment->type != VAS_ASSIGNMENT_HOSTDEV || !assignment->has_device ||
        !assignment->has_guest_address)
        return VAS_NIC_NONE;
    device = vas_inventory_find_device(inventory, assignment->device);
    return device != NULL ? vas_device_nic_kind(device) : VAS_NIC_NONE;
}

/* @definition with the network devices among its plain <hostdev>s as NICs, too. Returns full. */
static VasGuestDefinition *
with_plain_nics(const VasInventory *inventory, const VasGuestDefinition *definition,
                const GPtrArray *assignments)
{
    const VasAssignment nothing = {0};
    VasGuestDefinition *with = vas_nic_name_with(definition, &nothing, VAS_NIC_NONE);

    for (guint i = 0; i < assignments->len; i++) {
        const VasAssignment *assignment = g_ptr_array_index(assignments, i);
        VasNicKind kind = plain_nic_kind(inventory, assignment);
        g_autoptr(VasGuestDefinition) without = NULL;

        if (kind == VAS_NIC_NONE)
            continue;
        without = with;
        with = vas_nic_name_with(without, assignment, kind);
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
