/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/base/scan-devices.h"

#include "core/value/error.h"
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

/* The kernel's list of PCI devices, by libvirt's names; NULL: the host is not ours, or without
 * sysfs. Returns full. */
static GStrv
list_of_kernel(const VasHost *host)
{
    g_auto(GStrv) addresses = host != NULL ? vas_sysfs_list(host, "/sys/bus/pci/devices") : NULL;
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();

    if (addresses == NULL || addresses[0] == NULL)
        return NULL;
    for (guint i = 0; addresses[i] != NULL; i++) {
        VasHostAddress address;

        if (vas_host_address_parse(addresses[i], &address, NULL))
            g_strv_builder_add(names, vas_pci_address_nodedev(address.pci).text);
    }
    return g_strv_builder_end(names);
}

/* Without names all devices are fetched. */
static gboolean
fetch_begin(NodeDeviceFetch *fetch, GError **error)
{
    VasHypervisor *hypervisor = fetch->context->hypervisor;
    guint count = 0;

    if (fetch->names == NULL && fetch->kind == VAS_NODE_DEVICE_PCI)
        fetch->names = list_of_kernel(fetch->context->host);
    if (fetch->names == NULL && hypervisor == NULL)
        fetch->names = g_new0(char *, 1);
    if (fetch->names == NULL)
        fetch->names = hypervisor->list_node_devices(hypervisor, fetch->kind, error);
    if (fetch->names == NULL)
        return FALSE;
    count = g_strv_length(fetch->names);
    fetch->devices = g_new0(VasDevice *, count + 1);
    fetch->interfaces = g_new0(char *, count + 1);
    fetch->parents = g_new0(char *, count + 1);
    fetch->failures = g_new0(GError *, count + 1);
    return TRUE;
}

/* The kernel can tell us all PCI devices of our own machine itself. libvirt has its answer from the
 * same files and reads them anew at each call, for a mere list too (virNodeDeviceObjMatch in
 * virnodedeviceobj.c calls virNodeDeviceUpdateCaps): it follows every link of an IOMMU group and a
 * PF. TRUE: nothing is left to ask libvirt for. */
static gboolean
fetch_from_kernel(NodeDeviceFetch *fetch)
{
    const VasHost *host = fetch->context->host;
    gboolean complete = host != NULL;

    for (guint i = 0; host != NULL && fetch->names[i] != NULL; i++) {
        VasHostAddress address;

        if (vas_pci_address_from_nodedev(fetch->names[i], &address.pci))
            fetch->devices[i] = vas_pci_device_read(host, address, NULL);
        complete =
            complete && (fetch->devices[i] != NULL || !vas_sysfs_check_device(host, address, NULL));
    }
    return complete;
}

static gboolean
leave_out_failed(NodeDeviceFetch *fetch, VasInventory *inventory, GError **error)
{
    for (guint i = 0; fetch->names[i] != NULL; i++) {
        VasHostAddress address;
        gboolean is_pci = vas_pci_address_from_nodedev(fetch->names[i], &address.pci);

        if (g_error_matches(fetch->failures[i], VAS_ERROR, VAS_ERROR_UNREACHABLE)) {
            g_propagate_error(error, g_steal_pointer(&fetch->failures[i]));
            return FALSE;
        }
        if (fetch->failures[i] != NULL)
            vas_unreadable_add(inventory->unreadable_devices, fetch->names[i],
                               is_pci ? vas_host_address_text(address).text : NULL, FALSE,
                               g_steal_pointer(&fetch->failures[i]));
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

gboolean
vas_scan_devices(const VasContext *context, VasInventory *inventory, const char *const *names,
                 gboolean *from_kernel, GError **error)
{
    g_auto(NodeDeviceFetch) fetch = {
        .context = context, .kind = VAS_NODE_DEVICE_PCI, .names = g_strdupv((GStrv) names)};

    gboolean are_told;

    if (!fetch_begin(&fetch, error))
        return FALSE;
    are_told = fetch_from_kernel(&fetch);
    *from_kernel = *from_kernel && are_told;
    if (!are_told && context->hypervisor != NULL && !fetch_from_libvirt(&fetch, inventory, error))
        return FALSE;
    for (guint i = 0; fetch.names[i] != NULL; i++) {
        if (fetch.devices[i] != NULL)
            vas_inventory_take_device(inventory, g_steal_pointer(&fetch.devices[i]));
    }
    vas_inventory_link(inventory);
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

    if (!fetch_begin(&fetch, error))
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

gboolean
vas_scan_interfaces(const VasContext *context, VasInventory *inventory, gboolean from_kernel,
                    GError **error)
{
    if (!from_kernel && context->hypervisor != NULL)
        return scan_interfaces_of_libvirt(context, inventory, error);
    scan_interfaces_of_kernel(context, inventory);
    return TRUE;
}
