/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/rules/rules-host.h"

#include "core/inventory/iommu-group.h"
#include "core/rules/rules-critical.h"
#include "core/rules/rules-use.h"
#include "core/rules/rules-wish.h"
#include "core/value/error.h"

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

gboolean
vas_rules_check_host_detach(const VasInventory *inventory, const VasDevice *device, gboolean force,
                            GPtrArray *overridden, GError **error)
{
    if (!vas_rules_check_endpoint(device, error) || !check_not_held(inventory, device, error) ||
        !vas_rules_check_unused(inventory, device, VAS_SCOPE_LIVE, error) ||
        !vas_rules_check_critical(inventory, device, force, overridden, error) ||
        !vas_rules_check_no_vfs(device, error))
        return FALSE;
    if (device->iommu_group >= 0)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_READY,
                "%s is in no IOMMU group: VFIO cannot have it",
                vas_host_address_text(device->address).text);
    vas_error_set_hint(error, "switch the IOMMU on: in the firmware (VT-d, AMD-Vi), and on Intel "
                              "machines with intel_iommu=on on the kernel command line");
    return FALSE;
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

    if (device->driver == NULL || vas_driver_is_vfio(device->driver))
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_READY,
                "%s is managed='no' and on the host driver %s: libvirt does not start the guest "
                "with it, nor plug it into one that runs",
                address.text, device->driver);
    vas_error_set_hint(error, "virt-assign host-detach %s, or %s", address.text, remedy);
    return FALSE;
}
