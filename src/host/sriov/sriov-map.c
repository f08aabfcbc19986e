/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov/sriov-map.h"

#include "host/pci/driver.h"
#include "host/pci/pci-interfaces.h"
#include "host/sriov/sriov.h"
#include "host/system/sysfs.h"

static void
mapped_vf_free(VasMappedVf *vf)
{
    g_free(vf->interface);
    g_free(vf->driver);
    g_free(vf);
}

void
vas_mapped_pf_free(VasMappedPf *pf)
{
    if (pf == NULL)
        return;
    g_strfreev(pf->interfaces);
    g_free(pf->mac);
    g_free(pf->driver);
    g_ptr_array_unref(pf->vfs);
    g_free(pf);
}

/* The attribute's text; NULL: not there. Returns full. */
static char *
attribute(const VasHost *host, VasHostAddress device, const char *name)
{
    g_autofree char *path = vas_sysfs_device_path(device, name);

    return vas_sysfs_read(host, path, NULL);
}

static void
read_vfs(const VasHost *host, VasMappedPf *pf)
{
    g_autoptr(GArray) addresses = vas_sriov_list_vfs(host, pf->address);

    for (guint i = 0; i < addresses->len; i++) {
        VasMappedVf *vf = g_new0(VasMappedVf, 1);
        g_auto(GStrv) interfaces = NULL;

        vf->address = g_array_index(addresses, VasHostAddress, i);
        interfaces = vas_pci_interfaces_of(host, vf->address);
        vf->index = i;
        vf->interface = g_strdup(interfaces[0]);
        (void) vas_driver_read(host, vf->address, &vf->driver, NULL);
        g_ptr_array_add(pf->vfs, vf);
    }
}

VasMappedPf *
vas_mapped_pf_read(const VasHost *host, VasHostAddress device)
{
    g_autofree char *total = attribute(host, device, "sriov_totalvfs");
    g_autofree char *autoprobe = attribute(host, device, "sriov_drivers_autoprobe");
    g_autofree char *class_code = attribute(host, device, "class");
    g_autofree char *mac_path = NULL;
    VasMappedPf *pf = NULL;
    guint64 max_vfs;

    /* The field is 16 bits wide: PCI Express 6.0, 9.3.3.6. */
    if (total == NULL || !g_ascii_string_to_unsigned(total, 10, 1, G_MAXUINT16, &max_vfs, NULL))
        return NULL;
    pf = g_new0(VasMappedPf, 1);
    pf->address = device;
    pf->max_vfs = (guint) max_vfs;
    pf->is_network = class_code != NULL && g_str_has_prefix(class_code, "0x02");
    pf->autoprobe = g_strcmp0(autoprobe, "0") != 0;
    pf->interfaces = vas_pci_interfaces_of(host, device);
    pf->interface = pf->interfaces[0];
    (void) vas_driver_read(host, device, &pf->driver, NULL);
    if (pf->interface != NULL) {
        mac_path = g_build_filename("/sys/class/net", pf->interface, "address", NULL);
        pf->mac = vas_sysfs_read(host, mac_path, NULL);
    }
    pf->vfs = g_ptr_array_new_with_free_func((GDestroyNotify) mapped_vf_free);
    read_vfs(host, pf);
    return pf;
}

GPtrArray *
vas_sriov_map_read(const VasHost *host)
{
    g_auto(GStrv) names = vas_sysfs_list(host, "/sys/bus/pci/devices");
    GPtrArray *map = g_ptr_array_new_with_free_func((GDestroyNotify) vas_mapped_pf_free);

    for (guint i = 0; names[i] != NULL; i++) {
        VasHostAddress address;
        VasMappedPf *pf = NULL;

        if (vas_host_address_parse(names[i], &address, NULL))
            pf = vas_mapped_pf_read(host, address);
        if (pf != NULL)
            g_ptr_array_add(map, pf);
    }
    return map;
}
