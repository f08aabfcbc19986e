/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/need/interface-walk.h"

#include "host/need/network.h"
#include "host/pci/device-path.h"
#include "host/system/sysfs.h"

#include <string.h>

/* The kernel's own limit is lower (MAX_NEST_DEV in include/linux/netdevice.h). */
#define MAX_DEPTH 16
/* The links from an interface to those that it is made of (netdev_adjacent_sysfs_add in
 * net/core/dev.c): bond, bridge, team, VLAN, macvlan. */
#define LOWER "lower_"

typedef struct {
    const VasHost *host;
    const VasNetwork *network;
    VasInterfaceVisit visit;
    gpointer data;
} Walk;

static void walk_interface(const Walk *walk, const char *interface, const char *above, guint depth);

/* A tunnel's packets leave by the interface that has its own address, or by the route to its other
 * end; a route that leads into the tunnel itself is not its way out. */
static void
walk_tunnel(const Walk *walk, const char *interface, const char *chain, guint depth)
{
    for (guint i = 0; walk->network != NULL && i < walk->network->tunnels->len; i++) {
        const VasInterfaceUse *tunnel = g_ptr_array_index(walk->network->tunnels, i);
        g_autoptr(GPtrArray) outer = NULL;

        if (!g_str_equal(tunnel->interface, interface))
            continue;
        outer = vas_network_interfaces_to(walk->host, walk->network, tunnel->text);
        for (guint j = 0; j < outer->len; j++) {
            if (!g_str_equal(g_ptr_array_index(outer, j), interface))
                walk_interface(walk, g_ptr_array_index(outer, j), chain, depth + 1);
        }
    }
}

static void
walk_interface(const Walk *walk, const char *interface, const char *above, guint depth)
{
    g_autofree char *chain =
        above != NULL ? g_strdup_printf("%s on %s", above, interface) : g_strdup(interface);
    g_autofree char *folder = g_build_filename("/sys/class/net", interface, NULL);
    g_autofree char *path = vas_device_path(walk->host, "/sys/class/net", interface);
    g_auto(GStrv) names = NULL;

    if (path != NULL) {
        g_autoptr(GArray) functions = vas_device_path_functions(path);

        walk->visit(chain, functions, walk->data);
    }
    if (depth >= MAX_DEPTH)
        return;
    walk_tunnel(walk, interface, chain, depth);
    names = vas_sysfs_list(walk->host, folder);
    for (guint i = 0; names[i] != NULL; i++) {
        if (g_str_has_prefix(names[i], LOWER))
            walk_interface(walk, names[i] + strlen(LOWER), chain, depth + 1);
    }
}

void
vas_interface_walk(const VasHost *host, const VasNetwork *network, const char *interface,
                   VasInterfaceVisit visit, gpointer data)
{
    const Walk walk = {host, network, visit, data};

    walk_interface(&walk, interface, NULL, 0);
}
