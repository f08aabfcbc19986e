/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* A network interface, and the default route that goes through it or an address that it has. */
typedef struct {
    char *interface;
    char *text; /* "IPv4 default route", or the address as inet_ntop(3) writes it */
} VasInterfaceUse;

/* The kernel knows this of the network, and no file does. */
struct VasNetwork {
    GPtrArray
        *default_routes;  /* VasInterfaceUse; of every routing table, each of several next hops */
    GPtrArray *addresses; /* VasInterfaceUse */
    GPtrArray *tunnels;   /* VasInterfaceUse: with the other end's address, or with their own */
};

VasNetwork *vas_network_new(void);
void vas_network_free(VasNetwork *network);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasNetwork, vas_network_free)

void vas_network_add(GPtrArray *interface_uses, const char *interface, const char *text);

/* Reads by rtnetlink and getifaddrs(3), in the caller's network namespace. A VasNetworkReader;
 * @data is not used. VAS_ERROR_DENIED or VAS_ERROR_FAILED. */
gboolean vas_network_read_kernel(VasNetwork *network, gpointer data, GError **error);

/* Asks the kernel, by its tables and rules in the caller's network namespace. A VasRouteFinder;
 * @data is not used. */
char *vas_network_find_route(const char *address, gpointer data);

/* Finds the interfaces that have @address, or else the one by which packets to it leave; "fe80::1%
 * eth0" says it itself. GPtrArray of char *; empty: there is no route. Returns full. */
GPtrArray *vas_network_interfaces_to(const VasHost *host, const VasNetwork *network,
                                     const char *address);

struct rtnl_route; /* libnl-route */
struct nlmsghdr;

/* Adds the interface that @link (RTM_NEWLINK) tells of if it is a tunnel of the kernel's. */
void vas_network_add_link(VasNetwork *network, struct nlmsghdr *link);

/* Adds @route if it is a default route that leads somewhere. */
void vas_network_add_route(VasNetwork *network, struct rtnl_route *route);

G_END_DECLS
