/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/base/vfio-use.h"

#include "core/value/error.h"
#include "engine/base/scan.h"
#include "host/pci/driver.h"

/* Members of one IOMMU group share the VFIO group: a guest may rightly hold it for another. */
static gboolean
is_group_assigned(const VasInventory *inventory, VasHostAddress address)
{
    const VasDevice *device = vas_inventory_find_device(inventory, address);

    for (guint i = 0; device != NULL && i < inventory->devices->len; i++) {
        const VasDevice *mate = g_ptr_array_index(inventory->devices, i);

        if ((mate == device || mate->iommu_group == device->iommu_group) &&
            vas_inventory_device_state(inventory, mate) == VAS_DEVICE_STATE_ASSIGNED)
            return TRUE;
    }
    return FALSE;
}

gboolean
vas_vfio_use_is_unexplained(const VasContext *context, VasHostAddress device)
{
    g_autofree char *driver = NULL;
    g_autoptr(VasInventory) now = NULL;

    if (context->host == NULL || !vas_driver_read(context->host, device, &driver, NULL) ||
        !vas_driver_is_vfio(driver) ||
        vas_vfio_group_use(context->host, device) != VAS_VFIO_GROUP_HELD)
        return FALSE;
    /* Read anew: another command may have given it to another guest meanwhile. */
    now = vas_scan(context, NULL);
    return now != NULL && !is_group_assigned(now, device);
}

gboolean
vas_vfio_use_refuse(VasHostAddress device, GError **error)
{
    g_set_error(error, VAS_ERROR, VAS_ERROR_IN_USE,
                "a process holds %s through VFIO, and no guest lists it",
                vas_host_address_text(device).text);
    vas_error_set_hint(error,
                       "see who has it: fuser -v /dev/vfio/*; a guest whose libvirtd died while it "
                       "attached the device has to be ended (virsh destroy), then give the device "
                       "back: virt-assign host-reattach %s",
                       vas_host_address_text(device).text);
    return FALSE;
}
