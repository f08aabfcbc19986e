/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/pci/endpoint.h"

#include "host/pci/driver.h"
#include "host/system/sysfs.h"

char *
vas_endpoint_reset_methods(const VasHost *host, VasHostAddress device)
{
    g_autofree char *path = vas_sysfs_device_path(device, "reset_method");
    g_autofree char *methods = vas_sysfs_read(host, path, NULL);
    g_autofree char *reset = vas_sysfs_device_path(device, "reset");
    g_autofree char *full = vas_host_path(host, reset);

    if (methods != NULL && g_strstrip(methods)[0] != '\0')
        return g_steal_pointer(&methods);
    /* Both files are there only for a device that can be reset (pci_dev_reset_attr_is_visible in
     * drivers/pci/pci-sysfs.c). */
    if (methods == NULL && g_file_test(full, G_FILE_TEST_EXISTS))
        return g_strdup("unknown");
    return NULL;
}

char *
vas_endpoint_modalias(const VasHost *host, VasHostAddress device, GError **error)
{
    g_autofree char *path = vas_sysfs_device_path(device, "modalias");

    return vas_sysfs_read(host, path, error);
}

gboolean
vas_endpoint_is_vendors_own(const VasHost *host, const VasDevice *device)
{
    g_autofree char *path = vas_sysfs_device_path(device->address, "nvidia/current_vgpu_type");
    g_autofree char *type = vas_sysfs_read(host, path, NULL);

    return vas_driver_is_host(device->driver) &&
           (vas_driver_serves_vfio(host, device->address, device->driver) ||
            (type != NULL && !g_str_equal(type, "0")));
}
