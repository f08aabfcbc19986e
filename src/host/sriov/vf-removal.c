/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov/vf-removal.h"

#include "core/value/error.h"
#include "host/sriov/pf-attribute.h"
#include "host/system/sysfs.h"

static gboolean
is_listed(const VasHost *host, VasHostAddress pf, guint index)
{
    g_autofree char *leaf = g_strdup_printf("virtfn%u", index);
    g_autofree char *path = vas_sysfs_device_path(pf, leaf);
    g_autofree char *target = vas_sysfs_read_link(host, path, NULL);

    return target != NULL;
}

/* Bus and function of VF @index: PCI Express 6.0, 9.2.1.2, and pci_iov_virtfn_bus and
 * pci_iov_virtfn_devfn in drivers/pci/iov.c. */
static VasHostAddress
address_of(VasHostAddress pf, guint offset, guint stride, guint index)
{
    guint id = (pf.pci.bus << 8) + (pf.pci.slot << 3) + pf.pci.function + offset + stride * index;

    pf.pci.bus = (id >> 8) & 0xff;
    pf.pci.slot = (id >> 3) & 0x1f;
    pf.pci.function = id & 7;
    return pf;
}

gboolean
vas_vf_removal_find(const VasHost *host, VasHostAddress pf, VasHostAddress *ret_vf)
{
    guint total, offset, stride;

    /* A PF whose VFs were never on may have no offset yet: then it has no VF either. */
    if (!vas_pf_attribute_read(host, pf, "sriov_totalvfs", &total, NULL) ||
        !vas_pf_attribute_read(host, pf, "sriov_offset", &offset, NULL) || offset == 0 ||
        !vas_pf_attribute_read(host, pf, "sriov_stride", &stride, NULL))
        return FALSE;
    for (guint i = 0; i < total; i++) {
        VasHostAddress vf = address_of(pf, offset, stride, i);

        if (!is_listed(host, pf, i) && vas_sysfs_check_device(host, vf, NULL)) {
            *ret_vf = vf;
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean
check_pf(const VasHost *host, VasHostAddress pf, GError **error)
{
    VasPciAddressText pf_text = vas_host_address_text(pf);
    VasPciAddressText vf_text;
    VasHostAddress vf;

    if (!vas_vf_removal_find(host, pf, &vf))
        return TRUE;
    vf_text = vas_host_address_text(vf);
    g_set_error(error, VAS_ERROR, VAS_ERROR_IN_USE,
                "the kernel is removing the VFs of %s and has not come back from %s: whoever asks "
                "it for VFs now waits as long",
                pf_text.text, vf_text.text);
    vas_error_set_hint(error,
                       "try again; if it lasts, a guest or a process holds %s: end it, then the "
                       "kernel goes on (virt-assign show %s, fuser -v /dev/vfio/*)",
                       vf_text.text, vf_text.text);
    return FALSE;
}

gboolean
vas_vf_removal_check(const VasHost *host, const VasHostAddress *pf, GError **error)
{
    g_auto(GStrv) names = NULL;

    if (pf != NULL)
        return check_pf(host, *pf, error);
    names = vas_sysfs_list(host, "/sys/bus/pci/devices");
    for (guint i = 0; names[i] != NULL; i++) {
        VasHostAddress device;

        if (vas_host_address_parse(names[i], &device, NULL) && !check_pf(host, device, error))
            return FALSE;
    }
    return TRUE;
}
