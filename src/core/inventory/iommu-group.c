/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/inventory/iommu-group.h"

#define MATE_PREFIX "ua-mate-"

/* The class tells a bridge as well as the header does, and libvirt tells the header to root
 * only. */
static gboolean
is_pci_bridge(const VasDevice *member)
{
    return member->is_bridge || member->class_code >> 8 == 0x0604;
}

static gboolean
counts(const VasDevice *member)
{
    return vas_device_is_endpoint(member) ||
           (!is_pci_bridge(member) && vas_iommu_group_is_blocked_by(member));
}

GPtrArray *
vas_iommu_group_mates(const VasInventory *inventory, const VasDevice *device)
{
    GPtrArray *mates = g_ptr_array_new();

    for (guint i = 0; device->iommu_group >= 0 && i < inventory->devices->len; i++) {
        VasDevice *mate = g_ptr_array_index(inventory->devices, i);

        if (mate->iommu_group == device->iommu_group &&
            !vas_host_address_equal(mate->address, device->address) && counts(mate))
            g_ptr_array_add(mates, mate);
    }
    return mates;
}

gboolean
vas_iommu_group_is_blocked_by(const VasDevice *mate)
{
    return vas_driver_is_host(mate->driver) && !mate->vfio_serves;
}

char *
vas_alias_for_mate(VasHostAddress device)
{
    return g_strconcat(MATE_PREFIX, vas_pci_address_nodedev(device.pci).text, NULL);
}

gboolean
vas_assignment_is_mate(const VasAssignment *assignment)
{
    return assignment->has_device && !assignment->has_guest_address && assignment->alias != NULL &&
           g_str_has_prefix(assignment->alias, MATE_PREFIX);
}

static int
group_of(const VasInventory *inventory, const VasAssignment *assignment)
{
    const VasDevice *device = NULL;

    if (assignment->has_device)
        device = vas_inventory_find_device(inventory, assignment->device);
    return device != NULL ? device->iommu_group : -1;
}

gboolean
vas_iommu_group_is_shared(const VasInventory *inventory, const VasAssignment *a,
                          const VasAssignment *b)
{
    return group_of(inventory, a) >= 0 && group_of(inventory, a) == group_of(inventory, b);
}

const VasAssignment *
vas_iommu_group_mate_needed_for(const VasInventory *inventory, const VasGuestDefinition *definition,
                                const VasAssignment *mate, const GPtrArray *leaving)
{
    for (guint i = 0; i < definition->assignments->len; i++) {
        VasAssignment *member = g_ptr_array_index(definition->assignments, i);

        if (!vas_assignment_is_mate(member) && vas_iommu_group_is_shared(inventory, mate, member) &&
            (leaving == NULL || !g_ptr_array_find((GPtrArray *) leaving, member, NULL)))
            return member;
    }
    return NULL;
}
