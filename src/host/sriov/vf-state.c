/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov/vf-state.h"

#include "core/value/error.h"
#include "host/pci/driver-binding.h"
#include "host/pci/pci-interfaces.h"
#include "host/system/kernel.h"
#include "host/system/sysfs.h"

#include <sys/stat.h>

/* NET_ADDR_PERM in linux/netdevice.h (addr_assign_type in sysfs): the interface has the MAC that
 * the PF gave it. Any other says that the VF's driver, udev or a user chose it. */
#define MAC_FROM_PF "0"

/* The kernel numbers the nodes of sysfs through, so that the number of a device that is gone does
 * not come back in this boot (kernfs_new_node in fs/kernfs/dir.c). */
char *
vas_vf_state_identity(const VasHost *host, VasHostAddress device)
{
    g_autofree char *folder = vas_sysfs_device_path(device, "");
    g_autofree char *full = vas_host_path(host, folder);
    g_autofree char *boot = vas_kernel_boot_id(host);
    struct stat status;

    if (stat(full, &status) != 0)
        return NULL;
    return g_strdup_printf("%s/%" G_GUINT64_FORMAT, boot != NULL ? boot : "",
                           (guint64) status.st_ino);
}

/* The interface of a VF that is on a host driver, as the kernel shows it. */
typedef struct {
    gboolean is_there;
    gboolean has_mac;
    VasMacAddress mac;
    gboolean mac_from_pf;
} VfInterface;

static VfInterface
read_interface(const VasHost *host, const VasVf *vf)
{
    g_autofree char *folder = vas_sysfs_device_path(vf->device, "net");
    g_auto(GStrv) names = vas_pci_interfaces_of(host, vf->device);
    VfInterface interface = {.is_there = names[0] != NULL};
    g_autofree char *address_path = NULL;
    g_autofree char *type_path = NULL;
    g_autofree char *address = NULL;
    g_autofree char *type = NULL;

    if (!interface.is_there)
        return interface;
    address_path = g_build_filename(folder, names[0], "address", NULL);
    type_path = g_build_filename(folder, names[0], "addr_assign_type", NULL);
    address = vas_sysfs_read(host, address_path, NULL);
    type = vas_sysfs_read(host, type_path, NULL);
    interface.has_mac = address != NULL && vas_mac_address_parse(address, &interface.mac, NULL);
    interface.mac_from_pf = g_strcmp0(type, MAC_FROM_PF) == 0;
    return interface;
}

gboolean
vas_vf_state_read(const VasHost *host, const VasVf *vf, VasVfSettings *ret_settings, GError **error)
{
    VasVfSettings settings;
    VfInterface interface;

    if (!host->read_vf_settings(vf->pf_interface, vf->index, &settings, host->reader_data, error))
        return FALSE;
    interface = read_interface(host, vf);
    if (interface.has_mac && !interface.mac_from_pf &&
        vas_mac_address_equal(interface.mac, settings.mac))
        settings.mac = (VasMacAddress){{0}};
    *ret_settings = settings;
    return TRUE;
}

/* A driver that has its MAC already is left alone. */
static gboolean
tell_host_driver(const VasHost *host, const VasVf *vf, VasMacAddress mac, GError **error)
{
    VfInterface interface = read_interface(host, vf);

    if (!interface.is_there || (interface.has_mac && vas_mac_address_equal(interface.mac, mac)))
        return TRUE;
    if (vas_driver_probe_anew(host, vf->device, error))
        return TRUE;
    g_prefix_error(error, "bind the driver of VF %d of %s anew for its MAC: ", vf->index,
                   vf->pf_interface);
    return FALSE;
}

static gboolean
write_field(const VasHost *host, const VasVf *vf, VasVfField field, const VasVfSettings *wanted,
            GError **error)
{
    if (vas_vf_settings_unknown(wanted, field) != 0)
        return TRUE;
    if (!host->write_vf_settings(vf->pf_interface, vf->index, field, wanted, host->vf_writer_data,
                                 error))
        return FALSE;
    return field != VAS_VF_MAC || tell_host_driver(host, vf, wanted->mac, error);
}

/* A VF without a MAC of its PF's has chosen one by now, which some PF drivers show. */
static guint
provable(guint fields, const VasVfSettings *wanted)
{
    return vas_mac_address_is_zero(wanted->mac) ? fields & ~(guint) VAS_VF_MAC : fields;
}

static gboolean
prove(const VasHost *host, const VasVf *vf, guint fields, const VasVfSettings *wanted,
      GError **error)
{
    g_autofree char *is_text = NULL;
    g_autofree char *wanted_text = NULL;
    VasVfSettings now;
    guint wrong;

    if (!vas_vf_state_read(host, vf, &now, error))
        return FALSE;
    wrong = vas_vf_settings_differ(&now, wanted) & provable(fields, wanted);
    if (wrong == 0)
        return TRUE;
    is_text = vas_vf_settings_text(&now, wrong);
    wanted_text = vas_vf_settings_text(wanted, wrong);
    g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED,
                "%s refused nothing, but shows VF %d with %s instead of %s", vf->pf_interface,
                vf->index, is_text, wanted_text);
    return FALSE;
}

gboolean
vas_vf_state_write(const VasHost *host, const VasVf *vf, guint fields, const VasVfSettings *wanted,
                   GError **error)
{
    for (guint i = 0; i < VAS_VF_FIELDS; i++) {
        VasVfField field = (VasVfField) (1u << i);

        if ((fields & field) != 0 && !write_field(host, vf, field, wanted, error))
            return FALSE;
    }
    return fields == 0 || prove(host, vf, fields, wanted, error);
}
