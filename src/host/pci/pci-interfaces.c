/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/pci/pci-interfaces.h"

#include "host/system/sysfs.h"

void
vas_pci_interface_free(VasPciInterface *interface)
{
    if (interface == NULL)
        return;
    g_free(interface->name);
    g_free(interface);
}

/* The folder of a USB root hub, "usb1". */
static gboolean
is_usb_bus(const char *folder)
{
    return g_str_has_prefix(folder, "usb") && g_ascii_isdigit(folder[3]);
}

/* @path is where the interface sits in /sys/devices:
 * "../../devices/pci0000:00/0000:00:01.0/0000:01:00.0/net/enp1s0". libvirt's parent of it is the
 * nearest device above that is a node device too (udevSetParent in node_device_udev.c); only USB
 * devices are node devices between a PCI function and a network interface. */
static gboolean
find_pci_parent(const char *path, VasHostAddress *ret_device)
{
    g_auto(GStrv) folders = g_strsplit(path, "/", -1);

    for (guint i = g_strv_length(folders); i > 0; i--) {
        if (is_usb_bus(folders[i - 1]))
            return FALSE;
        if (vas_host_address_parse(folders[i - 1], ret_device, NULL))
            return TRUE;
    }
    return FALSE;
}

GPtrArray *
vas_pci_interfaces_list(const VasHost *host)
{
    GPtrArray *interfaces = g_ptr_array_new_with_free_func((GDestroyNotify) vas_pci_interface_free);
    g_auto(GStrv) names = vas_sysfs_list(host, "/sys/class/net");

    for (guint i = 0; names[i] != NULL; i++) {
        g_autofree char *link = g_build_filename("/sys/class/net", names[i], NULL);
        g_autofree char *path = vas_sysfs_read_link(host, link, NULL);
        VasHostAddress device;
        VasPciInterface *interface;

        /* NULL: gone since it was listed, or no interface (bonding_masters is a file). */
        if (path == NULL || !find_pci_parent(path, &device))
            continue;
        interface = g_new0(VasPciInterface, 1);
        interface->device = device;
        interface->name = g_strdup(names[i]);
        g_ptr_array_add(interfaces, interface);
    }
    return interfaces;
}
