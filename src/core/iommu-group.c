/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/iommu-group.h"

GPtrArray *
vas_iommu_group_mates(const VasInventory *inventory, const VasDevice *device)
{
    GPtrArray *mates = g_ptr_array_new();

    for (guint i = 0; device->iommu_group >= 0 && i < inventory->devices->len; i++) {
        VasDevice *mate = g_ptr_array_index(inventory->devices, i);

        if (mate->iommu_group == device->iommu_group &&
            !vas_host_address_equal(mate->address, device->address) && vas_device_is_endpoint(mate))
            g_ptr_array_add(mates, mate);
    }
    return mates;
}

gboolean
vas_iommu_group_is_blocked_by(const VasDevice *mate)
{
    return mate->driver != NULL && !vas_driver_is_placeholder(mate->driver);
}
