/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/need/network.h"

#include "core/value/error.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/route/route.h>
#include <string.h>

#define DUMP_ATTEMPTS 8

typedef struct nl_sock NlSocket;
typedef struct ifaddrs InterfaceAddresses;
typedef struct rtnl_route RtnlRoute;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NlSocket, nl_socket_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(InterfaceAddresses, freeifaddrs)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RtnlRoute, rtnl_route_put)

static void
interface_use_free(gpointer data)
{
    VasInterfaceUse *use = data;

    g_free(use->interface);
    g_free(use->text);
    g_free(use);
}

VasNetwork *
vas_network_new(void)
{
    VasNetwork *network = g_new0(VasNetwork, 1);

    network->default_routes = g_ptr_array_new_with_free_func(interface_use_free);
    network->addresses = g_ptr_array_new_with_free_func(interface_use_free);
    return network;
}

void
vas_network_free(VasNetwork *network)
{
    if (network == NULL)
        return;
    g_ptr_array_unref(network->default_routes);
    g_ptr_array_unref(network->addresses);
    g_free(network);
}

void
vas_network_add(GPtrArray *interface_uses, const char *interface, const char *text)
{
    VasInterfaceUse *use = g_new0(VasInterfaceUse, 1);

    use->interface = g_strdup(interface);
    use->text = g_strdup(text);
    g_ptr_array_add(interface_uses, use);
}

void
vas_network_add_route(VasNetwork *network, struct rtnl_route *route)
{
    struct nl_addr *destination = rtnl_route_get_dst(route);
    gboolean ipv6 = rtnl_route_get_family(route) == AF_INET6;

    if (rtnl_route_get_type(route) != RTN_UNICAST ||
        (destination != NULL && nl_addr_get_prefixlen(destination) != 0))
        return;
    for (int i = 0; i < rtnl_route_get_nnexthops(route); i++) {
        struct rtnl_nexthop *hop = rtnl_route_nexthop_n(route, i);
        char interface[IF_NAMESIZE];

        if (if_indextoname((unsigned) rtnl_route_nh_get_ifindex(hop), interface) != NULL)
            vas_network_add(network->default_routes, interface,
                            ipv6 ? "IPv6 default route" : "IPv4 default route");
    }
}

/* A router can have a million routes: one that is not a default route is not even parsed. */
static int
take_message(struct nl_msg *message, void *data)
{
    struct nlmsghdr *header = nlmsg_hdr(message);
    const struct rtmsg *about = nlmsg_data(header);
    g_autoptr(RtnlRoute) route = NULL;

    if (header->nlmsg_type != RTM_NEWROUTE || !nlmsg_valid_hdr(header, sizeof *about) ||
        about->rtm_dst_len != 0)
        return NL_OK;
    if (rtnl_route_parse(header, &route) == 0)
        vas_network_add_route(data, route);
    return NL_OK;
}

/* Routes that change meanwhile make the kernel say that the answer may have a gap
 * (NLM_F_DUMP_INTR): it is asked again. A route that comes twice does no harm. */
static int
request_routes(NlSocket *socket, int family)
{
    int status = -NLE_DUMP_INTR;

    for (guint i = 0; i < DUMP_ATTEMPTS && status == -NLE_DUMP_INTR; i++) {
        status = nl_rtgen_request(socket, RTM_GETROUTE, family, NLM_F_DUMP);
        if (status >= 0)
            status = nl_recvmsgs_default(socket);
    }
    return status;
}

static gboolean
read_routes(VasNetwork *network, GError **error)
{
    g_autoptr(NlSocket) socket = nl_socket_alloc();
    int status = socket != NULL ? nl_connect(socket, NETLINK_ROUTE) : -NLE_NOMEM;

    if (status == 0)
        status = nl_socket_modify_cb(socket, NL_CB_VALID, NL_CB_CUSTOM, take_message, network);
    if (status >= 0)
        status = request_routes(socket, AF_INET);
    if (status >= 0)
        status = request_routes(socket, AF_INET6);
    /* A kernel without IPv6. */
    if (status >= 0 || status == -NLE_AF_NOSUPPORT || status == -NLE_OPNOTSUPP)
        return TRUE;
    g_set_error(error, VAS_ERROR,
                status == -NLE_PERM || status == -NLE_NOACCESS ? VAS_ERROR_DENIED
                                                               : VAS_ERROR_FAILED,
                "the kernel's routes: %s", nl_geterror(status));
    return FALSE;
}

static void
add_address(VasNetwork *network, const struct ifaddrs *entry)
{
    char text[INET6_ADDRSTRLEN];
    /* An IPv4 address comes with its label, "eth0:1". */
    g_auto(GStrv) parts = g_strsplit(entry->ifa_name, ":", 2);
    const void *binary = NULL;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;

    if (entry->ifa_addr == NULL)
        return;
    if (entry->ifa_addr->sa_family == AF_INET) {
        memcpy(&v4, entry->ifa_addr, sizeof v4);
        binary = &v4.sin_addr;
    } else if (entry->ifa_addr->sa_family == AF_INET6) {
        memcpy(&v6, entry->ifa_addr, sizeof v6);
        binary = &v6.sin6_addr;
    }
    if (binary != NULL && inet_ntop(entry->ifa_addr->sa_family, binary, text, sizeof text) != NULL)
        vas_network_add(network->addresses, parts[0], text);
}

gboolean
vas_network_read_kernel(VasNetwork *network, gpointer data, GError **error)
{
    InterfaceAddresses *list = NULL;
    g_autoptr(InterfaceAddresses) entries = NULL;

    (void) data;
    if (getifaddrs(&list) != 0) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "the addresses of the network: %s",
                    g_strerror(errno));
        return FALSE;
    }
    entries = list;
    for (const InterfaceAddresses *entry = entries; entry != NULL; entry = entry->ifa_next)
        add_address(network, entry);
    return read_routes(network, error);
}
