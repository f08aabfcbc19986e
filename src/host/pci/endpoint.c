/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/pci/endpoint.h"

#include "host/pci/driver.h"
#include "host/system/sysfs.h"

#include <stdio.h>

/* Behind the BARs there come the ROM and the BARs of VFs. */
#define BARS 6
/* IORESOURCE_MEM, IORESOURCE_PREFETCH and IORESOURCE_MEM_64 in include/linux/ioport.h. */
#define LARGE_BAR (G_GUINT64_CONSTANT(0x200) | 0x2000 | 0x100000)

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

/* "0x... 0x... 0x...", first and last address and flags of a BAR (resource_show in
 * drivers/pci/pci-sysfs.c). 0: it is none of these BARs. */
static guint64
large_bar_size(const char *line)
{
    guint64 first = 0;
    guint64 last = 0;
    guint64 flags = 0;

    if (sscanf(line, "%" G_GINT64_MODIFIER "x %" G_GINT64_MODIFIER "x %" G_GINT64_MODIFIER "x",
               &first, &last, &flags) != 3 ||
        (flags & LARGE_BAR) != LARGE_BAR || last <= first)
        return 0;
    return last - first + 1;
}

guint64
vas_endpoint_large_bars(const VasHost *host, VasHostAddress device, guint64 *ret_largest)
{
    g_autofree char *path = vas_sysfs_device_path(device, "resource");
    g_autofree char *text = vas_sysfs_read(host, path, NULL);
    g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", -1);
    guint64 sum = 0;

    *ret_largest = 0;
    for (guint i = 0; i < BARS && lines[i] != NULL; i++) {
        guint64 size = large_bar_size(lines[i]);

        sum += size;
        *ret_largest = MAX(*ret_largest, size);
    }
    return sum;
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
