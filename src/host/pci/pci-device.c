/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/pci/pci-device.h"

#include "core/value/error.h"
#include "host/pci/driver.h"
#include "host/system/sysfs.h"

#include <stdio.h>

/* PCI Express Base Specification 5.0, 9.3.3.6: TotalVFs is a 16-bit field. */
#define VFS_MAX G_MAXUINT16

/* The attribute's number, @absent without the attribute. */
static gboolean
read_number(const VasHost *host, VasHostAddress address, const char *leaf, gint64 min, gint64 max,
            gint64 absent, gint64 *ret_number, GError **error)
{
    g_autofree char *path = vas_sysfs_device_path(address, leaf);
    g_autoptr(GError) refusal = NULL;
    g_autofree char *text = vas_sysfs_read(host, path, &refusal);

    if (g_error_matches(refusal, VAS_ERROR, VAS_ERROR_NOT_FOUND)) {
        *ret_number = absent;
        return TRUE;
    }
    if (text == NULL) {
        g_propagate_error(error, g_steal_pointer(&refusal));
        return FALSE;
    }
    if (g_ascii_string_to_signed(text, 10, min, max, ret_number, NULL))
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "%s: \"%s\" is not a number that belongs there",
                path, text);
    return FALSE;
}

/* The name that the link points to; *ret_name NULL: there is no link. */
static gboolean
read_link(const VasHost *host, VasHostAddress address, const char *leaf, char **ret_name,
          GError **error)
{
    g_autofree char *path = vas_sysfs_device_path(address, leaf);
    g_autoptr(GError) refusal = NULL;
    char *name = vas_sysfs_read_link_name(host, path, &refusal);

    if (name == NULL && !g_error_matches(refusal, VAS_ERROR, VAS_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&refusal));
        return FALSE;
    }
    *ret_name = name;
    return TRUE;
}

/* The device at the end of the link; *ret_there FALSE: there is no link. */
static gboolean
read_device_link(const VasHost *host, VasHostAddress address, const char *leaf, gboolean *ret_there,
                 VasHostAddress *ret_target, GError **error)
{
    g_autofree char *name = NULL;

    if (!read_link(host, address, leaf, &name, error))
        return FALSE;
    if (name != NULL && !vas_host_address_parse(name, ret_target, error)) {
        g_prefix_error(error, "%s of %s: ", leaf, vas_host_address_text(address).text);
        return FALSE;
    }
    *ret_there = name != NULL;
    return TRUE;
}

/* modalias has vendor, product, subsystem and class in one read (modalias_show in
 * drivers/pci/pci-sysfs.c). Modules are found by it, and therefore its form does not change. */
static gboolean
read_identity(const VasHost *host, VasDevice *device, GError **error)
{
    g_autofree char *path = vas_sysfs_device_path(device->address, "modalias");
    g_autofree char *text = vas_sysfs_read(host, path, error);
    unsigned int vendor, product, subsystem_vendor, subsystem, base, sub, interface;

    if (text == NULL)
        return FALSE;
    if (sscanf(text, "pci:v%8xd%8xsv%8xsd%8xbc%2xsc%2xi%2x", &vendor, &product, &subsystem_vendor,
               &subsystem, &base, &sub, &interface) != 7 ||
        MAX(vendor, product) > G_MAXUINT16 || MAX(subsystem_vendor, subsystem) > G_MAXUINT16) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "%s: \"%s\" is not a PCI device's", path,
                    text);
        return FALSE;
    }
    device->vendor_id = (guint16) vendor;
    device->product_id = (guint16) product;
    device->has_subsystem = TRUE;
    device->subsystem_vendor_id = (guint16) subsystem_vendor;
    device->subsystem_id = (guint16) subsystem;
    device->class_code = base << 16 | sub << 8 | interface;
    return TRUE;
}

static gboolean
read_vfs(const VasHost *host, VasDevice *pf, GError **error)
{
    for (guint i = 0; i < VFS_MAX; i++) {
        g_autofree char *leaf = g_strdup_printf("virtfn%u", i);
        VasHostAddress vf;
        gboolean there;

        if (!read_device_link(host, pf->address, leaf, &there, &vf, error))
            return FALSE;
        if (!there)
            return TRUE;
        g_array_append_val(pf->vfs, vf);
    }
    return TRUE;
}

/* sriov_totalvfs is there for each PF, and 0 where its driver allows no VFs
 * (pci_sriov_set_totalvfs): libvirt does not take that function for a PF either
 * (virNodeDeviceGetPCISRIOVCaps). */
static gboolean
read_pf(const VasHost *host, VasDevice *device, GError **error)
{
    gint64 max_vfs;

    if (!read_number(host, device->address, "sriov_totalvfs", 0, VFS_MAX, -1, &max_vfs, error))
        return FALSE;
    if (max_vfs < 0)
        return TRUE;
    if (!read_vfs(host, device, error))
        return FALSE;
    device->max_vfs = max_vfs > 0 ? (guint) max_vfs : device->vfs->len;
    if (device->max_vfs > 0)
        device->kind = VAS_DEVICE_PF;
    return TRUE;
}

static gboolean
has_attribute(const VasHost *host, VasHostAddress address, const char *leaf)
{
    g_autofree char *path = vas_sysfs_device_path(address, leaf);
    g_autofree char *full = vas_host_path(host, path);

    return g_file_test(full, G_FILE_TEST_EXISTS);
}

/* The attribute belongs to a header of type 1 or 2 only (pci_bridge_attrs_are_visible in
 * drivers/pci/pci-sysfs.c, since Linux 4.13). */
static gboolean
read_bridge(const VasHost *host, VasDevice *device, GError **error)
{
    gint64 bus;

    if (!read_number(host, device->address, "secondary_bus_number", 0, 0xff, -1, &bus, error))
        return FALSE;
    device->secondary_bus = (int) bus;
    device->is_bridge = bus >= 0;
    return TRUE;
}

/* The attribute belongs to a PCI Express function only, with a link or without
 * (pcie_dev_attrs_are_visible in drivers/pci/pci-sysfs.c, since Linux 4.13). */
static gboolean
is_express(const VasHost *host, VasHostAddress address)
{
    return has_attribute(host, address, "current_link_speed");
}

/* A VF is always PCI Express and never a PF or bridge: those reads are skipped. */
static gboolean
read_kind(const VasHost *host, VasDevice *device, GError **error)
{
    gboolean is_vf;

    if (!read_device_link(host, device->address, "physfn", &is_vf, &device->pf, error))
        return FALSE;
    if (is_vf) {
        device->kind = VAS_DEVICE_VF;
        device->is_express = TRUE;
        return TRUE;
    }
    device->is_express = is_express(host, device->address);
    return read_bridge(host, device, error) && read_pf(host, device, error);
}

static gboolean
read_group(const VasHost *host, VasDevice *device, GError **error)
{
    g_autofree char *name = NULL;
    guint64 group;

    if (!read_link(host, device->address, "iommu_group", &name, error))
        return FALSE;
    if (name == NULL)
        return TRUE;
    if (!g_ascii_string_to_unsigned(name, 10, 0, G_MAXINT, &group, NULL)) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "iommu_group of %s: \"%s\" is not a number",
                    vas_host_address_text(device->address).text, name);
        return FALSE;
    }
    device->iommu_group = (int) group;
    return TRUE;
}

VasDevice *
vas_pci_device_read(const VasHost *host, VasHostAddress address, GError **error)
{
    g_autoptr(VasDevice) device = vas_device_new();
    gint64 numa_node;

    device->address = address;
    device->nodedev = g_strdup(vas_pci_address_nodedev(address.pci).text);
    /* The identity is read last: it is there as long as the device. An attribute that is missing
     * before it is missing from a device, and has not gone with it. */
    if (!read_link(host, address, "driver", &device->driver, error) ||
        !read_group(host, device, error) ||
        !read_number(host, address, "numa_node", -1, G_MAXINT, -1, &numa_node, error) ||
        !read_kind(host, device, error) || !read_identity(host, device, error))
        return NULL;
    device->numa_node = (int) numa_node;
    device->vfio_serves = vas_driver_serves_vfio(host, address, device->driver);
    return g_steal_pointer(&device);
}

GArray *
vas_pci_group_members(const VasHost *host, VasHostAddress address)
{
    GArray *members = g_array_new(FALSE, FALSE, sizeof(VasHostAddress));
    g_autofree char *path = vas_sysfs_device_path(address, "iommu_group/devices");
    g_auto(GStrv) names = vas_sysfs_list(host, path);

    for (guint i = 0; names[i] != NULL; i++) {
        VasHostAddress member;

        if (vas_host_address_parse(names[i], &member, NULL))
            g_array_append_val(members, member);
    }
    return members;
}
