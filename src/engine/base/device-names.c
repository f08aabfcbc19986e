/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/base/device-names.h"

#include "host/pci/pci-names.h"

void
vas_device_names_complete(VasInventory *inventory)
{
    g_autoptr(VasPciNames) names = vas_pci_names_new();

    for (guint i = 0; i < inventory->devices->len; i++) {
        VasDevice *device = g_ptr_array_index(inventory->devices, i);

        if (device->vendor == NULL)
            device->vendor = vas_pci_names_vendor(names, device->vendor_id);
        if (device->product == NULL)
            device->product = vas_pci_names_product(names, device->vendor_id, device->product_id);
        if (device->class_name == NULL)
            device->class_name = vas_pci_names_class(names, device->class_code);
        if (device->class_name == NULL)
            device->class_name = g_strdup(vas_device_class_label(device->class_code));
    }
}
