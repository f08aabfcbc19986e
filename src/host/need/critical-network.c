/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/need/critical-network.h"

#include "host/need/network.h"
#include "host/need/remote-session.h"
#include "host/pci/device-path.h"
#include "host/system/sysfs.h"

#include <string.h>

/* The kernel's own limit is lower (MAX_NEST_DEV in include/linux/netdevice.h). */
#define MAX_DEPTH 16
/* The links from an interface to those that it is made of (netdev_adjacent_sysfs_add in
 * net/core/dev.c): bond, bridge, team, VLAN, macvlan. */
#define LOWER "lower_"

/* A walk finds the interfaces below one that is in use; each reason ends with the way down. */
typedef struct {
    const VasHost *host;
    GPtrArray *uses;
    const char *use;
    const char *evidence;
} Walk;

static void
walk_interface(const Walk *walk, const char *interface, const char *above, guint depth)
{
    g_autofree char *chain =
        above != NULL ? g_strdup_printf("%s on %s", above, interface) : g_strdup(interface);
    g_autofree char *folder = g_build_filename("/sys/class/net", interface, NULL);
    g_autofree char *path = vas_device_path(walk->host, "net", interface);
    g_auto(GStrv) names = NULL;

    if (path != NULL) {
        g_autoptr(GArray) functions = vas_device_path_functions(path);
        g_autofree char *reason = g_strdup_printf("%s (%s: %s)", walk->use, walk->evidence, chain);

        vas_critical_add(walk->uses, functions, reason);
    }
    if (depth >= MAX_DEPTH)
        return;
    names = vas_sysfs_list(walk->host, folder);
    for (guint i = 0; names[i] != NULL; i++) {
        if (g_str_has_prefix(names[i], LOWER))
            walk_interface(walk, names[i] + strlen(LOWER), chain, depth + 1);
    }
}

static void
find_default_routes(const VasHost *host, const VasNetwork *network, GPtrArray *uses)
{
    for (guint i = 0; i < network->default_routes->len; i++) {
        const VasInterfaceUse *route = g_ptr_array_index(network->default_routes, i);
        const Walk walk = {host, uses, route->text, "ip route"};

        walk_interface(&walk, route->interface, NULL, 0);
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
        const Walk walk = {host, uses, use, evidence};

        for (guint j = 0; j < network->addresses->len; j++) {
            const VasInterfaceUse *address = g_ptr_array_index(network->addresses, j);

            if (g_str_equal(address->text, session->address))
                walk_interface(&walk, address->interface, NULL, 0);
        }
    }
}

gboolean
vas_critical_find_network(const VasHost *host, GPtrArray *uses, GError **error)
{
    g_autoptr(VasNetwork) network = vas_network_new();

    if (!host->read_network(network, host->network_data, error))
        return FALSE;
    find_default_routes(host, network, uses);
    find_sessions(host, network, uses);
    return TRUE;
}
