/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/base/scan.h"

#include "core/nic/guest-nics.h"
#include "core/rules/rules-wish.h"
#include "core/value/error.h"
#include "engine/base/guest-uses.h"
#include "engine/base/scan-devices.h"
#include "engine/base/scan-guest.h"
#include "engine/base/scan-near.h"
#include "host/need/critical.h"
#include "host/pci/driver.h"
#include "xml/nodedev-xml.h"

/* A guest or a device that cannot be read does not stop the others, and is an error where it is
 * named (core/inventory/selector). */
static void
note_unreadable(const VasContext *context, const GPtrArray *list, const char *what)
{
    for (guint i = 0; i < list->len; i++) {
        const VasUnreadable *unreadable = g_ptr_array_index(list, i);

        vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0,
                             "%s %s cannot be read and is left out: %s", what, unreadable->name,
                             unreadable->error->message);
    }
}

/* @but is the UUID of a guest that is passed over; NULL: none. */
static gboolean
scan_guests(const VasContext *context, VasInventory *inventory, const char *but, GError **error)
{
    g_autoptr(GPtrArray) listings = NULL;

    if (context->hypervisor == NULL)
        return TRUE;
    listings = context->hypervisor->list_guests(context->hypervisor, error);
    if (listings == NULL)
        return FALSE;
    for (guint i = 0; i < listings->len; i++) {
        const VasGuestListing *listing = g_ptr_array_index(listings, i);
        g_autoptr(GError) failure = NULL;
        VasGuest *guest = NULL;

        if (g_strcmp0(listing->uuid, but) == 0)
            continue;
        guest = vas_scan_listed_guest(context, listing, &failure);
        if (guest != NULL) {
            vas_inventory_take_guest(inventory, guest);
        } else if (g_error_matches(failure, VAS_ERROR, VAS_ERROR_UNREACHABLE)) {
            g_propagate_error(error, g_steal_pointer(&failure));
            return FALSE;
        } else if (!g_error_matches(failure, VAS_ERROR, VAS_ERROR_NOT_FOUND)) {
            vas_unreadable_add(inventory->unreadable_guests, listing->name, listing->uuid,
                               listing->state != VAS_GUEST_SHUT_OFF, g_steal_pointer(&failure));
        }
    }
    note_unreadable(context, inventory->unreadable_guests, "guest");
    return TRUE;
}

/* Where the devices near @subject are not enough, all are read. */
static gboolean
scan_devices(const VasContext *context, const VasScanSubject *subject, VasInventory *inventory,
             GError **error)
{
    gboolean is_enough = FALSE;
    gboolean from_kernel = context->host != NULL;

    if (subject != NULL && !vas_scan_near(context, subject, inventory, &is_enough, error))
        return FALSE;
    if (!is_enough) {
        g_ptr_array_set_size(inventory->devices, 0);
        g_ptr_array_set_size(inventory->unreadable_devices, 0);
        if (!vas_scan_devices(context, inventory, NULL, &from_kernel, error) ||
            !vas_scan_interfaces(context, inventory, from_kernel, error))
            return FALSE;
    }
    note_unreadable(context, inventory->unreadable_devices, "node device");
    return TRUE;
}

/* Ports and bridges on the way to a device go nowhere themselves. */
static gboolean
mark_critical(const VasContext *context, VasInventory *inventory, GError **error)
{
    g_autoptr(GPtrArray) uses = NULL;

    if (context->host == NULL)
        return TRUE;
    uses = vas_critical_find(context->host, error);
    if (uses == NULL)
        return FALSE;
    for (guint i = 0; i < uses->len; i++) {
        const VasCriticalUse *use = g_ptr_array_index(uses, i);
        VasDevice *device = vas_inventory_find_device(inventory, use->function);

        if (device != NULL && vas_rules_check_endpoint(device, NULL))
            g_ptr_array_add(device->critical, g_strdup(use->reason));
    }
    return TRUE;
}

VasInventory *
vas_scan_about(const VasContext *context, const VasScanSubject *subject, GError **error)
{
    g_autoptr(VasInventory) inventory = vas_inventory_new();

    inventory->virsh = g_strdup(context->virsh);
    if (!scan_guests(context, inventory, NULL, error) ||
        !scan_devices(context, subject, inventory, error) ||
        !mark_critical(context, inventory, error))
        return NULL;
    vas_inventory_link(inventory);
    vas_guest_nics_complete(inventory);
    return vas_guest_uses_resolve(context, inventory, error) ? g_steal_pointer(&inventory) : NULL;
}

VasInventory *
vas_scan(const VasContext *context, GError **error)
{
    return vas_scan_about(context, NULL, error);
}

static VasInventory *
check_readable(VasInventory *inventory, const char *uuid, GError **error)
{
    g_autoptr(VasInventory) read = inventory;

    if (read == NULL ||
        (uuid != NULL && !vas_unreadable_check(read->unreadable_guests, uuid, error)))
        return NULL;
    return g_steal_pointer(&read);
}

VasInventory *
vas_scan_for(const VasContext *context, const char *uuid, GError **error)
{
    return check_readable(vas_scan(context, error), uuid, error);
}

VasInventory *
vas_scan_behind_change(const VasContext *context, const char *uuid, GError **error)
{
    const VasScanSubject guest = {.guest = uuid};
    const VasScanSubject *subject = uuid != NULL ? &guest : NULL;
    gint64 deadline = g_get_monotonic_time() + VAS_RECONNECT_SECONDS * G_USEC_PER_SEC;
    g_autoptr(GError) first = NULL;
    g_autoptr(GError) failure = NULL;
    VasInventory *inventory =
        check_readable(vas_scan_about(context, subject, &first), uuid, &first);

    if (inventory == NULL && (!g_error_matches(first, VAS_ERROR, VAS_ERROR_UNREACHABLE) ||
                              vas_context_reconnect(context, deadline, &failure)))
        inventory = check_readable(vas_scan_about(context, subject, &failure), uuid, &failure);
    if (inventory != NULL)
        return inventory;
    g_propagate_error(error, vas_error_recode(failure, VAS_ERROR_PARTIAL));
    g_prefix_error(error, "it is done, but how things are now could not be read: ");
    return NULL;
}

VasInventory *
vas_scan_guests(const VasContext *context, GError **error)
{
    g_autoptr(VasInventory) inventory = vas_inventory_new();

    return scan_guests(context, inventory, NULL, error) ? g_steal_pointer(&inventory) : NULL;
}

VasInventory *
vas_scan_other_guests(const VasContext *context, const VasGuest *but, GError **error)
{
    g_autoptr(VasInventory) inventory = vas_inventory_new();

    return scan_guests(context, inventory, but->uuid, error) ? g_steal_pointer(&inventory) : NULL;
}

gboolean
vas_scan_driver(const VasContext *context, VasHostAddress device, char **ret_driver, GError **error)
{
    VasHypervisor *hypervisor = context->hypervisor;
    g_autofree char *xml = NULL;
    g_autoptr(VasDevice) found = NULL;

    if (context->host != NULL)
        return vas_driver_read(context->host, device, ret_driver, error);
    xml = hypervisor->node_device_xml(hypervisor, vas_pci_address_nodedev(device.pci).text, error);
    if (xml == NULL)
        return FALSE;
    found = vas_nodedev_xml_parse_pci(xml, error);
    if (found == NULL)
        return FALSE;
    *ret_driver = g_steal_pointer(&found->driver);
    return TRUE;
}
