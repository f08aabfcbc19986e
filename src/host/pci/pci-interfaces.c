/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/pci/pci-interfaces.h"

#include "host/system/sysfs.h"

#include <linux/pci.h>
#include <stdio.h>
#include <string.h>

void
vas_pci_interface_free(VasPciInterface *interface)
{
    if (interface == NULL)
        return;
    g_free(interface->name);
    g_free(interface->port_name);
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

/* phys_port_name of an uplink is "p0" (libvirt has the same expression,
 * VIR_PF_PHYS_PORT_NAME_REGEX in virpci.h), of a representor "pf0vf1". One of another PF, or of
 * another machine ("c1pf0vf1", on a SmartNIC), is not a name of our VF. */
static void
read_role(VasPciInterface *interface, const char *port_name)
{
    guint pf = 0;
    int vf = 0;

    if (g_regex_match_simple("^p[0-9]+(s[0-9]+)?$", port_name, 0, 0))
        interface->role = VAS_PCI_INTERFACE_UPLINK;
    if (!g_regex_match_simple("^(c[0-9]+)?pf[0-9]+", port_name, 0, 0))
        return;
    interface->role = VAS_PCI_INTERFACE_REPRESENTOR;
    if (sscanf(port_name, "pf%3uvf%5d", &pf, &vf) == 2 &&
        (pf == interface->device.pci.function ||
         pf == (guint) PCI_DEVFN(interface->device.pci.slot, interface->device.pci.function)))
        interface->vf = vf;
}

static VasPciInterface *
read_interface(const VasHost *host, VasHostAddress device, const char *folder, const char *name)
{
    VasPciInterface *interface = g_new0(VasPciInterface, 1);
    g_autofree char *name_path = g_build_filename(folder, name, "phys_port_name", NULL);
    g_autofree char *port_path = g_build_filename(folder, name, "dev_port", NULL);
    g_autofree char *port_name = vas_sysfs_read(host, name_path, NULL);
    g_autofree char *port = vas_sysfs_read(host, port_path, NULL);

    interface->device = device;
    interface->name = g_strdup(name);
    interface->role = VAS_PCI_INTERFACE_PORT;
    interface->vf = -1;
    if (port_name != NULL)
        read_role(interface, port_name);
    interface->port_name = g_steal_pointer(&port_name);
    if (port != NULL)
        (void) g_ascii_string_to_unsigned(port, 10, 0, G_MAXUINT32, &interface->port, NULL);
    return interface;
}

static int
compare(gconstpointer a, gconstpointer b)
{
    const VasPciInterface *left = *(const VasPciInterface *const *) a;
    const VasPciInterface *right = *(const VasPciInterface *const *) b;
    int order = vas_pci_address_compare(left->device.pci, right->device.pci);

    if (order == 0)
        order = (int) left->role - (int) right->role;
    if (order == 0 && left->port != right->port)
        return left->port < right->port ? -1 : 1;
    return order != 0 ? order : strcmp(left->name, right->name);
}

/* Whether @interface is one of several ports of a function, of which the kernel has not said which
 * is the uplink. */
static gboolean
is_in_doubt(const GPtrArray *interfaces, const VasPciInterface *interface)
{
    guint ports = 0;

    for (guint i = 0; i < interfaces->len; i++) {
        const VasPciInterface *other = g_ptr_array_index(interfaces, i);

        if (!vas_host_address_equal(other->device, interface->device))
            continue;
        if (other->role == VAS_PCI_INTERFACE_UPLINK)
            return FALSE;
        ports += other->role == VAS_PCI_INTERFACE_PORT;
    }
    return ports > 1 && interface->role == VAS_PCI_INTERFACE_PORT;
}

/* Where drivers do not name their ports, rtnetlink lists VFs for the uplink only. */
static void
sort(const VasHost *host, GPtrArray *interfaces)
{
    g_autoptr(GPtrArray) uplinks = g_ptr_array_new();

    for (guint i = 0; i < interfaces->len; i++) {
        VasPciInterface *interface = g_ptr_array_index(interfaces, i);
        g_autofree char *path = vas_sysfs_device_path(interface->device, "virtfn0");
        g_autofree char *vf = NULL;
        VasVfSettings settings;

        if (!is_in_doubt(interfaces, interface))
            continue;
        vf = vas_sysfs_read_link(host, path, NULL);
        if (vf != NULL &&
            host->read_vf_settings(interface->name, 0, &settings, host->reader_data, NULL))
            g_ptr_array_add(uplinks, interface);
    }
    for (guint i = 0; i < uplinks->len; i++)
        ((VasPciInterface *) g_ptr_array_index(uplinks, i))->role = VAS_PCI_INTERFACE_UPLINK;
    g_ptr_array_sort(interfaces, compare);
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

        /* NULL: gone since it was listed, or no interface (bonding_masters is a file). */
        if (path != NULL && find_pci_parent(path, &device))
            g_ptr_array_add(interfaces, read_interface(host, device, "/sys/class/net", names[i]));
    }
    sort(host, interfaces);
    return interfaces;
}

GStrv
vas_pci_interfaces_of(const VasHost *host, VasHostAddress device)
{
    g_autoptr(GPtrArray) interfaces =
        g_ptr_array_new_with_free_func((GDestroyNotify) vas_pci_interface_free);
    g_autofree char *folder = vas_sysfs_device_path(device, "net");
    g_auto(GStrv) names = vas_sysfs_list(host, folder);
    g_autoptr(GStrvBuilder) own = g_strv_builder_new();

    for (guint i = 0; names[i] != NULL; i++)
        g_ptr_array_add(interfaces, read_interface(host, device, folder, names[i]));
    sort(host, interfaces);
    for (guint i = 0; i < interfaces->len; i++) {
        const VasPciInterface *interface = g_ptr_array_index(interfaces, i);

        if (interface->role != VAS_PCI_INTERFACE_REPRESENTOR)
            g_strv_builder_add(own, interface->name);
    }
    return g_strv_builder_end(own);
}
