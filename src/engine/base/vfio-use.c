/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/base/vfio-use.h"

#include "core/value/error.h"
#include "engine/base/scan.h"
#include "host/pci/driver.h"

/* Members of one IOMMU group share the VFIO group: a guest may rightly hold it for another. */
static gboolean
is_group_assigned(const VasInventory *inventory, const VasInventory *guests, VasHostAddress address)
{
    const VasDevice *device = vas_inventory_find_device(inventory, address);

    for (guint i = 0; device != NULL && i < inventory->devices->len; i++) {
        const VasDevice *mate = g_ptr_array_index(inventory->devices, i);

        if ((mate == device || mate->iommu_group == device->iommu_group) &&
            vas_inventory_running_holder(guests, mate) != NULL)
            return TRUE;
    }
    return FALSE;
}

/* QEMU of a guest that cannot be read may be the process: it is not to be ended. */
static gboolean
refuse(const VasInventory *guests, VasHostAddress device, GError **error)
{
    g_autofree char *unreadable = vas_inventory_name_unreadable(guests);

    if (unreadable != NULL) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_IN_USE,
                    "a process holds %s through VFIO, and no guest that can be read lists it: it "
                    "may be a running guest that cannot be read (%s)",
                    vas_host_address_text(device).text, unreadable);
        vas_error_set_hint(error, "see who has it: fuser -v /dev/vfio/*; the notes say why a guest "
                                  "cannot be read: mend that, then try again");
        return FALSE;
    }
    g_set_error(error, VAS_ERROR, VAS_ERROR_IN_USE,
                "a process holds %s through VFIO, and no guest lists it",
                vas_host_address_text(device).text);
    vas_error_set_hint(error,
                       "see who has it: fuser -v /dev/vfio/*; a guest whose libvirtd died while it "
                       "attached the device has to be ended (virsh destroy), then give the device "
                       "back: virt-assign host-reattach %s",
                       vas_host_address_text(device).text);
    return FALSE;
}

/* *ret_is_vfio is FALSE for a device that is gone: nobody holds it. */
static gboolean
read_driver(const VasHost *host, VasHostAddress device, gboolean *ret_is_vfio, GError **error)
{
    g_autofree char *driver = NULL;
    g_autoptr(GError) failure = NULL;

    if (!vas_driver_read(host, device, &driver, &failure) &&
        !g_error_matches(failure, VAS_ERROR, VAS_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    *ret_is_vfio = vas_driver_serves_vfio(host, device, driver);
    return TRUE;
}

/* Another command may have given the device to another guest since the command's own locks were
 * lent: @guests NULL has them read anew. */
static gboolean
check_explained(const VasContext *context, const VasInventory *inventory,
                const VasInventory *guests, VasHostAddress device, GError **error)
{
    g_autoptr(VasInventory) now = guests == NULL ? vas_scan_guests(context, error) : NULL;

    if (guests == NULL)
        guests = now;
    if (guests != NULL)
        return is_group_assigned(inventory, guests, device) || refuse(guests, device, error);
    g_prefix_error(error,
                   "a process holds %s through VFIO, and whether a guest has it cannot be read: ",
                   vas_host_address_text(device).text);
    return FALSE;
}

static gboolean
read_use(const VasContext *context, VasHostAddress device, VasVfioGroupUse *ret_use, GError **error)
{
    if (!context->only_looks)
        return vas_vfio_group_use(context->host, device, ret_use, error);
    *ret_use = vas_vfio_group_look(context->host, device);
    return TRUE;
}

static gboolean
is_held(const VasContext *context, VasHostAddress device, gboolean *ret_held, GError **error)
{
    VasVfioGroupUse use = VAS_VFIO_GROUP_UNKNOWN;
    gboolean is_vfio = FALSE;

    *ret_held = FALSE;
    if (context->host == NULL)
        return TRUE;
    if (!read_driver(context->host, device, &is_vfio, error) ||
        (is_vfio && !read_use(context, device, &use, error))) {
        g_prefix_error(error, "whether a process holds %s through VFIO cannot be read: ",
                       vas_host_address_text(device).text);
        return FALSE;
    }
    *ret_held = use == VAS_VFIO_GROUP_HELD;
    return TRUE;
}

gboolean
vas_vfio_use_check(const VasContext *context, const VasInventory *inventory,
                   const VasInventory *guests, VasHostAddress device, GError **error)
{
    gboolean held;

    return is_held(context, device, &held, error) &&
           (!held || check_explained(context, inventory, guests, device, error));
}

gboolean
vas_vfio_use_check_let_go(const VasContext *context, VasHostAddress device, GError **error)
{
    g_autoptr(VasInventory) now = NULL;
    const VasDevice *found = NULL;
    const VasGuest *holder = NULL;
    gboolean held;

    if (!is_held(context, device, &held, error))
        return FALSE;
    if (!held)
        return TRUE;
    now = vas_scan(context, error);
    if (now == NULL)
        return FALSE;
    found = vas_inventory_find_device(now, device);
    holder = found != NULL ? vas_inventory_running_holder(now, found) : NULL;
    if (holder == NULL)
        return check_explained(context, now, now, device, error);
    g_set_error(error, VAS_ERROR, VAS_ERROR_IN_USE, "guest %s has %s", holder->name,
                vas_host_address_text(device).text);
    vas_error_set_hint(error, "take it out first: virt-assign detach %s %s", holder->word,
                       vas_host_address_text(device).text);
    return FALSE;
}

gboolean
vas_vfio_use_look(const VasContext *context, const VasInventory *inventory, VasHostAddress device,
                  gboolean *ret_known, GError **error)
{
    VasVfioGroupUse use = VAS_VFIO_GROUP_FREE;
    gboolean is_vfio = FALSE;

    *ret_known = TRUE;
    if (context->host == NULL)
        return TRUE;
    if (!read_driver(context->host, device, &is_vfio, error))
        return FALSE;
    if (is_vfio)
        use = vas_vfio_group_look(context->host, device);
    *ret_known = use != VAS_VFIO_GROUP_UNKNOWN;
    return use != VAS_VFIO_GROUP_HELD ||
           check_explained(context, inventory, inventory, device, error);
}
