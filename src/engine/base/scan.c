/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/base/scan.h"

#include "core/nic/guest-nics.h"
#include "core/rules/rules-wish.h"
#include "core/value/error.h"
#include "engine/base/guest-uses.h"
#include "engine/base/scan-guest.h"
#include "host/need/critical.h"
#include "host/pci/driver.h"
#include "host/pci/pci-device.h"
#include "host/pci/pci-interfaces.h"
#include "host/system/sysfs.h"
#include "xml/nodedev-xml.h"

#include <string.h>

/* libvirtd serves five requests of one client at a time and complains in the journal when they are
 * used up (max_client_requests in libvirtd.conf, virNetServerClientDispatchRead): one is left. */
#define SCAN_THREADS 4

/* The threads share all of this. Each slot is filled by one thread. */
typedef struct {
    const VasContext *context;
    VasNodeDeviceKind kind;
    GStrv names;
    VasDevice **devices; /* PCI: by position in @names; NULL: vanished */
    char **interfaces;   /* NET: the same */
    char **parents;
    GError **failures; /* NULL: none */
    gint next;         /* atomic: the position that no thread has taken yet */
} NodeDeviceFetch;

static gboolean
fetch_one(NodeDeviceFetch *fetch, guint position, GError **error)
{
    VasHypervisor *hypervisor = fetch->context->hypervisor;
    const VasHost *host = fetch->context->host;
    g_autofree char *xml = hypervisor->node_device_xml(hypervisor, fetch->names[position], error);
    VasDevice *device = NULL;

    if (xml == NULL)
        return FALSE;
    if (fetch->kind == VAS_NODE_DEVICE_NET)
        return vas_nodedev_xml_parse_net(xml, &fetch->interfaces[position],
                                         &fetch->parents[position], error);
    device = vas_nodedev_xml_parse_pci(xml, error);
    fetch->devices[position] = device;
    /* libvirt tells the driver's name only. */
    if (device != NULL && host != NULL)
        device->vfio_serves = vas_driver_serves_vfio(host, device->address, device->driver);
    return device != NULL;
}

/* A device that goes while libvirt reads its sysfs fails in any way; a second look tells it from a
 * device that is there and cannot be read. */
static void
fetch_position(NodeDeviceFetch *fetch, guint position)
{
    g_autoptr(GError) failure = NULL;

    if (!fetch_one(fetch, position, NULL) && !fetch_one(fetch, position, &failure) &&
        !g_error_matches(failure, VAS_ERROR, VAS_ERROR_NOT_FOUND))
        fetch->failures[position] = g_steal_pointer(&failure);
}

/* Each thread fetches devices that no other has begun, one after the other, until there is none. */
static gpointer
fetch_in_thread(gpointer data)
{
    NodeDeviceFetch *fetch = data;
    guint count = g_strv_length(fetch->names);
    guint position = 0;

    while ((position = (guint) g_atomic_int_add(&fetch->next, 1)) < count) {
        if (fetch->devices[position] == NULL)
            fetch_position(fetch, position);
    }
    return NULL;
}

/* The kernel's list of PCI devices, by libvirt's names; empty where there is no sysfs. Returns full.
 */
static GStrv
list_of_kernel(const VasHost *host)
{
    g_auto(GStrv) addresses = vas_sysfs_list(host, "/sys/bus/pci/devices");
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();

    for (guint i = 0; addresses[i] != NULL; i++) {
        VasHostAddress address;

        if (vas_host_address_parse(addresses[i], &address, NULL))
            g_strv_builder_add(names, vas_pci_address_nodedev(address.pci).text);
    }
    return g_strv_builder_end(names);
}

static gboolean
fetch_names(NodeDeviceFetch *fetch, GError **error)
{
    VasHypervisor *hypervisor = fetch->context->hypervisor;
    guint count = 0;

    if (fetch->kind == VAS_NODE_DEVICE_PCI && fetch->context->host != NULL)
        fetch->names = list_of_kernel(fetch->context->host);
    if (fetch->names == NULL || fetch->names[0] == NULL) {
        g_strfreev(fetch->names);
        fetch->names = hypervisor->list_node_devices(hypervisor, fetch->kind, error);
    }
    if (fetch->names == NULL)
        return FALSE;
    count = g_strv_length(fetch->names);
    fetch->devices = g_new0(VasDevice *, count + 1);
    fetch->interfaces = g_new0(char *, count + 1);
    fetch->parents = g_new0(char *, count + 1);
    fetch->failures = g_new0(GError *, count + 1);
    return TRUE;
}

/* The kernel can tell us all PCI devices of our own machine itself, unless one goes just now.
 * libvirt has its answer from the same files and reads them anew at each call, for a mere list too
 * (virNodeDeviceObjMatch in virnodedeviceobj.c calls virNodeDeviceUpdateCaps): it follows every
 * link of an IOMMU group and a PF. TRUE: nothing is left to ask libvirt for. */
static gboolean
fetch_from_kernel(NodeDeviceFetch *fetch)
{
    const VasHost *host = fetch->context->host;
    gboolean complete = host != NULL;

    for (guint i = 0; host != NULL && fetch->names[i] != NULL; i++) {
        VasHostAddress address;

        if (vas_pci_address_from_nodedev(fetch->names[i], &address.pci))
            fetch->devices[i] = vas_pci_device_read(host, address, NULL);
        complete = complete && fetch->devices[i] != NULL;
    }
    return complete;
}

/* Leaves out a guest or a device that cannot be read: it does not stop the others, and is an error
 * where it is named (core/inventory/selector). FALSE: nothing can be read. Takes @failure. */
static gboolean
leave_out(const VasContext *context, GPtrArray *list, const char *what, const char *name,
          const char *id, gboolean is_running, GError *failure, GError **error)
{
    if (g_error_matches(failure, VAS_ERROR, VAS_ERROR_UNREACHABLE)) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0,
                         "%s %s cannot be read and is left out: %s", what, name, failure->message);
    vas_unreadable_add(list, name, id, is_running, failure);
    return TRUE;
}

static gboolean
leave_out_failed(NodeDeviceFetch *fetch, VasInventory *inventory, GError **error)
{
    for (guint i = 0; fetch->names[i] != NULL; i++) {
        VasHostAddress address;
        gboolean is_pci = vas_pci_address_from_nodedev(fetch->names[i], &address.pci);

        if (fetch->failures[i] != NULL &&
            !leave_out(fetch->context, inventory->unreadable_devices, "node device",
                       fetch->names[i], is_pci ? vas_host_address_text(address).text : NULL, FALSE,
                       g_steal_pointer(&fetch->failures[i]), error))
            return FALSE;
    }
    return TRUE;
}

/* libvirt is asked for every device that is not there yet. The threads are joined: threads of a
 * GThreadPool would live on for a while, and with them what libvirt, libxml2 and GLib keep for
 * each. */
static gboolean
fetch_from_libvirt(NodeDeviceFetch *fetch, VasInventory *inventory, GError **error)
{
    GThread *threads[SCAN_THREADS - 1];

    for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
        threads[i] = g_thread_try_new("scan", fetch_in_thread, fetch, NULL);
    (void) fetch_in_thread(fetch);
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++) {
        if (threads[i] != NULL)
            (void) g_thread_join(threads[i]);
    }
    return leave_out_failed(fetch, inventory, error);
}

static void
fetch_clear(NodeDeviceFetch *fetch)
{
    guint count = fetch->names == NULL ? 0 : g_strv_length(fetch->names);

    for (guint i = 0; i < count; i++) {
        vas_device_free(fetch->devices[i]);
        g_free(fetch->interfaces[i]);
        g_free(fetch->parents[i]);
        g_clear_error(&fetch->failures[i]);
    }
    g_free(fetch->devices);
    g_free(fetch->interfaces);
    g_free(fetch->parents);
    g_free(fetch->failures);
    g_strfreev(fetch->names);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NodeDeviceFetch, fetch_clear)

static gboolean
scan_pci(const VasContext *context, VasInventory *inventory, gboolean *ret_from_kernel,
         GError **error)
{
    g_auto(NodeDeviceFetch) fetch = {.context = context, .kind = VAS_NODE_DEVICE_PCI};
    gboolean from_kernel;

    if (!fetch_names(&fetch, error))
        return FALSE;
    from_kernel = fetch_from_kernel(&fetch);
    if (!from_kernel && !fetch_from_libvirt(&fetch, inventory, error))
        return FALSE;
    for (guint i = 0; fetch.names[i] != NULL; i++) {
        if (fetch.devices[i] != NULL)
            vas_inventory_take_device(inventory, g_steal_pointer(&fetch.devices[i]));
    }
    *ret_from_kernel = from_kernel;
    return TRUE;
}

/* A function with several ports has several interfaces: the first that comes is its interface. */
static void
add_interface(const VasInventory *inventory, VasHostAddress address, const char *name,
              const char *port)
{
    VasDevice *device = vas_inventory_find_device(inventory, address);

    if (device != NULL && device->interface == NULL)
        vas_device_take_interface(device, g_strdup(name), port);
    else if (device != NULL)
        g_ptr_array_add(device->other_names, g_strdup(name));
}

/* The VF of @pf that a representor stands for has its name; a VF that is not there gives nothing to
 * name. */
static void
add_representor(const VasInventory *inventory, const VasPciInterface *representor)
{
    const VasDevice *pf = vas_inventory_find_device(inventory, representor->device);
    VasDevice *vf = NULL;

    if (pf != NULL && representor->vf >= 0 && (guint) representor->vf < pf->vfs->len)
        vf = vas_inventory_find_device(inventory,
                                       g_array_index(pf->vfs, VasHostAddress, representor->vf));
    if (vf != NULL)
        g_ptr_array_add(vf->other_names, g_strdup(representor->name));
}

static void
scan_interfaces_of_kernel(const VasContext *context, const VasInventory *inventory)
{
    g_autoptr(GPtrArray) interfaces = vas_pci_interfaces_list(context->host);

    for (guint i = 0; i < interfaces->len; i++) {
        const VasPciInterface *interface = g_ptr_array_index(interfaces, i);

        if (interface->role == VAS_PCI_INTERFACE_REPRESENTOR)
            add_representor(inventory, interface);
        else
            add_interface(inventory, interface->device, interface->name, interface->port_name);
    }
}

static int
compare_node_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *) a, *(const char *const *) b);
}

/* libvirt does not say which of several is the uplink, nor its port, and lists them in any order.
 */
static gboolean
scan_interfaces_of_libvirt(const VasContext *context, VasInventory *inventory, GError **error)
{
    g_auto(NodeDeviceFetch) fetch = {.context = context, .kind = VAS_NODE_DEVICE_NET};

    if (!fetch_names(&fetch, error))
        return FALSE;
    qsort(fetch.names, g_strv_length(fetch.names), sizeof *fetch.names, compare_node_names);
    if (!fetch_from_libvirt(&fetch, inventory, error))
        return FALSE;
    for (guint i = 0; fetch.names[i] != NULL; i++) {
        VasHostAddress address;

        if (fetch.parents[i] != NULL &&
            vas_pci_address_from_nodedev(fetch.parents[i], &address.pci))
            add_interface(inventory, address, fetch.interfaces[i],
                          vas_device_port_in_name(fetch.interfaces[i]));
    }
    return TRUE;
}

/* The kernel says which devices there are and what they are, where it can be asked. Where it could
 * not tell all of them, the interfaces come from libvirt as well. */
static gboolean
scan_devices(const VasContext *context, VasInventory *inventory, GError **error)
{
    gboolean from_kernel;

    if (!scan_pci(context, inventory, &from_kernel, error))
        return FALSE;
    vas_inventory_link(inventory);
    if (!from_kernel)
        return scan_interfaces_of_libvirt(context, inventory, error);
    scan_interfaces_of_kernel(context, inventory);
    return TRUE;
}

/* @but is the UUID of a guest that is passed over; NULL: none. */
static gboolean
scan_guests(const VasContext *context, VasInventory *inventory, const char *but, GError **error)
{
    g_autoptr(GPtrArray) listings = context->hypervisor->list_guests(context->hypervisor, error);

    if (listings == NULL)
        return FALSE;
    for (guint i = 0; i < listings->len; i++) {
        const VasGuestListing *listing = g_ptr_array_index(listings, i);
        g_autoptr(GError) failure = NULL;
        VasGuest *guest = NULL;

        if (g_strcmp0(listing->uuid, but) == 0)
            continue;
        guest = vas_scan_listed_guest(context, listing, &failure);
        if (guest != NULL)
            vas_inventory_take_guest(inventory, guest);
        else if (!g_error_matches(failure, VAS_ERROR, VAS_ERROR_NOT_FOUND) &&
                 !leave_out(context, inventory->unreadable_guests, "guest", listing->name,
                            listing->uuid, listing->state != VAS_GUEST_SHUT_OFF,
                            g_steal_pointer(&failure), error))
            return FALSE;
    }
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
vas_scan(const VasContext *context, GError **error)
{
    g_autoptr(VasInventory) inventory = vas_inventory_new();

    inventory->virsh = g_strdup(context->virsh);
    if (!scan_devices(context, inventory, error))
        return NULL;
    vas_inventory_link(inventory);
    if (!mark_critical(context, inventory, error) || !scan_guests(context, inventory, NULL, error))
        return NULL;
    vas_inventory_link(inventory);
    vas_guest_nics_complete(inventory);
    return vas_guest_uses_resolve(context, inventory, error) ? g_steal_pointer(&inventory) : NULL;
}

VasInventory *
vas_scan_for(const VasContext *context, const char *uuid, GError **error)
{
    g_autoptr(VasInventory) inventory = vas_scan(context, error);

    if (inventory == NULL ||
        (uuid != NULL && !vas_unreadable_check(inventory->unreadable_guests, uuid, error)))
        return NULL;
    return g_steal_pointer(&inventory);
}

VasInventory *
vas_scan_behind_change(const VasContext *context, const char *uuid, GError **error)
{
    gint64 deadline = g_get_monotonic_time() + VAS_RECONNECT_SECONDS * G_USEC_PER_SEC;
    g_autoptr(GError) first = NULL;
    g_autoptr(GError) failure = NULL;
    VasInventory *inventory = vas_scan_for(context, uuid, &first);

    if (inventory == NULL && (!g_error_matches(first, VAS_ERROR, VAS_ERROR_UNREACHABLE) ||
                              vas_context_reconnect(context, deadline, &failure)))
        inventory = vas_scan_for(context, uuid, &failure);
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
