/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/need/critical-network.h"

#include "host/need/interface-walk.h"
#include "host/need/network.h"
#include "host/need/remote-session.h"
#include "host/need/remote-storage.h"
#include "host/system/sysfs.h"

/* A use of the network, and where what lies below it is put. */
typedef struct {
    GPtrArray *uses;
    const char *use;
    const char *evidence;
} Finding;

static void
add_use(const char *chain, const GArray *functions, gpointer data)
{
    const Finding *finding = data;
    g_autofree char *reason =
        g_strdup_printf("%s (%s: %s)", finding->use, finding->evidence, chain);

    vas_critical_add(finding->uses, functions, reason);
}

static void
find_default_routes(const VasHost *host, const VasNetwork *network, GPtrArray *uses)
{
    for (guint i = 0; i < network->default_routes->len; i++) {
        const VasInterfaceUse *route = g_ptr_array_index(network->default_routes, i);
        Finding finding = {uses, route->text, "ip route"};

        vas_interface_walk(host, network, route->interface, add_use, &finding);
    }
}

static void
find_sessions(const VasHost *host, const VasNetwork *network, GPtrArray *uses)
{
    g_autoptr(GPtrArray) sessions = vas_remote_sessions_read(host);

    for (guint i = 0; i < sessions->len; i++) {
        const VasRemoteSession *session = g_ptr_array_index(sessions, i);
        g_autofree char *use = g_strdup_printf("current session from %s", session->peer);
        g_autofree char *evidence = g_strdup_printf("%s: %s", session->evidence, session->address);
        Finding finding = {uses, use, evidence};

        for (guint j = 0; j < network->addresses->len; j++) {
            const VasInterfaceUse *address = g_ptr_array_index(network->addresses, j);

            if (g_str_equal(address->text, session->address))
                vas_interface_walk(host, network, address->interface, add_use, &finding);
        }
    }
}

static void
find_remote_storage(const VasHost *host, const VasNetwork *network, const GPtrArray *mounts,
                    GPtrArray *uses)
{
    g_autoptr(GPtrArray) stores = vas_remote_storage_read(host, mounts);

    for (guint i = 0; i < stores->len; i++) {
        const VasRemoteStorage *store = g_ptr_array_index(stores, i);
        g_autoptr(GPtrArray) interfaces = vas_network_interfaces_to(host, network, store->address);
        Finding finding = {uses, store->use, store->evidence};

        for (guint j = 0; j < interfaces->len; j++)
            vas_interface_walk(host, network, g_ptr_array_index(interfaces, j), add_use, &finding);
    }
}

/* The first port of the bridge that is a guest's: libvirt's are tap devices (tun_flags in
 * drivers/net/tun.c). NULL: none. Returns full. */
static char *
find_tap(const VasHost *host, const char *bridge)
{
    g_autofree char *folder = g_build_filename("/sys/class/net", bridge, "brif", NULL);
    g_auto(GStrv) ports = vas_sysfs_list(host, folder);

    for (guint i = 0; ports[i] != NULL; i++) {
        g_autofree char *path = g_build_filename("/sys/class/net", ports[i], "tun_flags", NULL);
        g_autofree char *flags = vas_sysfs_read(host, path, NULL);

        if (flags != NULL)
            return g_strdup(ports[i]);
    }
    return NULL;
}

/* A bridge that has an address is the host's own way to that network, with or without a default
 * route. Link-local addresses come by themselves. */
static void
find_bridge_address(const VasHost *host, const VasNetwork *network, const char *interface,
                    GPtrArray *uses)
{
    g_autofree char *folder = g_build_filename("/sys/class/net", interface, "brif", NULL);
    g_auto(GStrv) ports = vas_sysfs_list(host, folder);

    for (guint i = 0; ports[0] != NULL && i < network->addresses->len; i++) {
        const VasInterfaceUse *address = g_ptr_array_index(network->addresses, i);
        g_autofree char *use = NULL;
        Finding finding = {uses, NULL, "ip address"};

        if (!g_str_equal(address->interface, interface) ||
            g_str_has_prefix(address->text, "fe80:") || g_str_has_prefix(address->text, "169.254."))
            continue;
        use = g_strdup_printf("the host's address %s on a bridge", address->text);
        finding.use = use;
        vas_interface_walk(host, network, interface, add_use, &finding);
    }
}

static void
find_bridge_guests(const VasHost *host, const VasNetwork *network, const char *interface,
                   GPtrArray *uses)
{
    g_autofree char *tap = find_tap(host, interface);
    g_autofree char *port = NULL;
    Finding finding = {uses, "network of a running guest", NULL};

    if (tap == NULL)
        return;
    port = g_build_filename("/sys/class/net", interface, "brif", tap, NULL);
    finding.evidence = port;
    vas_interface_walk(host, network, interface, add_use, &finding);
}

/* Which ports of an Open vSwitch go together only its own tools know, so each counts. */
static void
find_switch(const VasHost *host, const VasNetwork *network, const char *interface, GPtrArray *uses)
{
    g_autofree char *upper =
        g_build_filename("/sys/class/net", interface, "upper_ovs-system", NULL);
    g_autofree char *link = vas_sysfs_read_link(host, upper, NULL);
    Finding finding = {uses, "a port of Open vSwitch", upper};

    if (link != NULL)
        vas_interface_walk(host, network, interface, add_use, &finding);
}

static void
find_switches(const VasHost *host, const VasNetwork *network, GPtrArray *uses)
{
    g_auto(GStrv) names = vas_sysfs_list(host, "/sys/class/net");

    for (guint i = 0; names[i] != NULL; i++) {
        find_bridge_address(host, network, names[i], uses);
        find_bridge_guests(host, network, names[i], uses);
        find_switch(host, network, names[i], uses);
    }
}

gboolean
vas_critical_find_network(const VasHost *host, const GPtrArray *mounts, GPtrArray *uses,
                          GError **error)
{
    g_autoptr(VasNetwork) network = vas_network_new();

    if (!host->read_network(network, host->network_data, error))
        return FALSE;
    find_default_routes(host, network, uses);
    find_sessions(host, network, uses);
    find_remote_storage(host, network, mounts, uses);
    find_switches(host, network, uses);
    return TRUE;
}
