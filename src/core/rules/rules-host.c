/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/rules/rules-host.h"

#include "core/inventory/iommu-group.h"
#include "core/rules/rules-critical.h"
#include "core/rules/rules-use.h"
#include "core/rules/rules-wish.h"
#include "core/value/error.h"

#define VENDOR_INTEL 0x8086
#define CLASS_RAID 0x0104

static gboolean
refuse_held(const VasDevice *device, const VasGuest *holder, GError **error)
{
    VasPciAddressText address = vas_host_address_text(device->address);

    g_set_error(error, VAS_ERROR, VAS_ERROR_IN_USE, "%s is in use by guest %s", address.text,
                holder->name);
    vas_error_set_hint(error, "take it from the guest first: virt-assign detach %s %s",
                       holder->word, address.text);
    return FALSE;
}

gboolean
vas_rules_check_no_vfs(const VasDevice *device, GError **error)
{
    VasPciAddressText address = vas_host_address_text(device->address);

    if (device->vfs->len == 0)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_READY,
                "%s is a PF with %u VF%s, which would go with its driver", address.text,
                device->vfs->len, device->vfs->len == 1 ? "" : "s");
    vas_error_set_hint(error, "remove them first: virt-assign vfs %s 0", address.text);
    return FALSE;
}

static gboolean
check_not_held(const VasInventory *inventory, const VasDevice *device, GError **error)
{
    const VasGuest *holder = vas_inventory_running_holder(inventory, device);

    return holder == NULL || refuse_held(device, holder, error);
}

static gboolean
has_groups(const VasInventory *inventory)
{
    for (guint i = 0; i < inventory->devices->len; i++) {
        if (((const VasDevice *) g_ptr_array_index(inventory->devices, i))->iommu_group >= 0)
            return TRUE;
    }
    return FALSE;
}

/* Whether @device is Intel's VMD: its driver says so, or, where none is known, its class, which is
 * a RAID controller's. */
static gboolean
is_vmd(const VasDevice *device)
{
    return g_strcmp0(device->driver, "vmd") == 0 ||
           (device->driver == NULL && device->vendor_id == VENDOR_INTEL &&
            device->class_code >> 8 == CLASS_RAID);
}

/* The VMDs of the host, which have the drives below them in PCI domains of their own, from 0x10000
 * on (vmd_find_free_domain in drivers/pci/controller/vmd.c). NULL: @device is not below one.
 * Returns full. */
static char *
find_vmds(const VasInventory *inventory, const VasDevice *device)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; device->address.pci.domain > 0xffff && i < inventory->devices->len; i++) {
        const VasDevice *vmd = g_ptr_array_index(inventory->devices, i);

        if (is_vmd(vmd))
            g_ptr_array_add(names, g_strdup(vas_host_address_text(vmd->address).text));
    }
    return names->len > 0 ? vas_error_name_list(names) : NULL;
}

gboolean
vas_rules_check_iommu_group(const VasInventory *inventory, const VasDevice *device, GError **error)
{
    g_autofree char *vmds = NULL;

    if (device->iommu_group >= 0)
        return TRUE;
    vmds = find_vmds(inventory, device);
    g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_READY,
                "%s is in no IOMMU group, and so cannot be assigned",
                vas_host_address_text(device->address).text);
    if (vmds != NULL)
        vas_error_set_hint(error,
                           "it is behind VMD %s: assign that as a whole, or switch VMD off in the "
                           "firmware's setup",
                           vmds);
    else if (has_groups(inventory))
        vas_error_set_hint(error, "other devices have groups: put it where the IOMMU reaches it, "
                                  "into another slot or another machine");
    else
        vas_error_set_hint(error,
                           "switch the IOMMU on: in the firmware (VT-d, AMD-Vi), and on Intel "
                           "machines with intel_iommu=on on the kernel command line");
    return FALSE;
}

gboolean
vas_rules_check_host_detach(const VasInventory *inventory, const VasDevice *device, gboolean force,
                            GPtrArray *overridden, GError **error)
{
    if (!vas_rules_check_endpoint(device, error) || !check_not_held(inventory, device, error) ||
        !vas_rules_check_unused(inventory, device, VAS_SCOPE_LIVE, error) ||
        !vas_rules_check_critical(inventory, device, force, overridden, error) ||
        !vas_rules_check_no_vfs(device, error))
        return FALSE;
    return vas_rules_check_iommu_group(inventory, device, error);
}

gboolean
vas_rules_check_host_reattach(const VasInventory *inventory, const VasDevice *device,
                              GError **error)
{
    g_autoptr(GPtrArray) mates = vas_iommu_group_mates(inventory, device);

    if (!vas_rules_check_endpoint(device, error) || !check_not_held(inventory, device, error) ||
        (device->driver != NULL && !vas_rules_check_no_vfs(device, error)))
        return FALSE;
    for (guint i = 0; i < mates->len; i++) {
        const VasDevice *mate = g_ptr_array_index(mates, i);
        const VasGuest *holder = vas_inventory_running_holder(inventory, mate);

        if (holder == NULL)
            continue;
        g_set_error(error, VAS_ERROR, VAS_ERROR_IN_USE,
                    "%s shares IOMMU group %d with %s, which guest %s has: no host driver may have "
                    "it meanwhile",
                    vas_host_address_text(device->address).text, device->iommu_group,
                    vas_host_address_text(mate->address).text, holder->name);
        vas_error_set_hint(error, "virt-assign detach %s %s", holder->word,
                           vas_host_address_text(mate->address).text);
        return FALSE;
    }
    return TRUE;
}

/* virHostdevPreparePCIDevicesImpl in libvirt's src/hypervisor/virhostdev.c. */
gboolean
vas_rules_check_unmanaged(const VasDevice *device, const char *remedy, GError **error)
{
    VasPciAddressText address = vas_host_address_text(device->address);

    if (device->driver == NULL || vas_device_is_on_vfio(device))
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_READY,
                "%s is managed='no' and on the host driver %s: libvirt does not start the guest "
                "with it, nor plug it into one that runs",
                address.text, device->driver);
    vas_error_set_hint(error, "virt-assign host-detach %s, or %s", address.text, remedy);
    return FALSE;
}
