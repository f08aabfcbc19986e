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

/* net/if.h has to come before it: both have the same names. */
#include <linux/if_tunnel.h>

#define DUMP_ATTEMPTS 8

typedef struct nl_sock NlSocket;
typedef struct nl_msg NlMessage;
typedef struct ifaddrs InterfaceAddresses;
typedef struct rtnl_route RtnlRoute;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NlSocket, nl_socket_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NlMessage, nlmsg_free)
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
    network->tunnels = g_ptr_array_new_with_free_func(interface_use_free);
    return network;
}

void
vas_network_free(VasNetwork *network)
{
    if (network == NULL)
        return;
    g_ptr_array_unref(network->default_routes);
    g_ptr_array_unref(network->addresses);
    g_ptr_array_unref(network->tunnels);
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

/* The attributes in IFLA_INFO_DATA that have the ends of a tunnel, the other end first; its length
 * tells the kind of address (uapi/linux/if_link.h, uapi/linux/if_tunnel.h). The kernel has a lower_
 * link for a VXLAN that is tied to an interface, and none for the others. */
static const struct {
    const char *kind;
    int ends[4]; /* 0: no more */
} tunnels[] = {
    {"vxlan", {IFLA_VXLAN_GROUP, IFLA_VXLAN_GROUP6, IFLA_VXLAN_LOCAL, IFLA_VXLAN_LOCAL6}},
    {"geneve", {IFLA_GENEVE_REMOTE, IFLA_GENEVE_REMOTE6}},
    {"gre", {IFLA_GRE_REMOTE, IFLA_GRE_LOCAL}},
    {"gretap", {IFLA_GRE_REMOTE, IFLA_GRE_LOCAL}},
    {"erspan", {IFLA_GRE_REMOTE, IFLA_GRE_LOCAL}},
    {"ip6gre", {IFLA_GRE_REMOTE, IFLA_GRE_LOCAL}},
    {"ip6gretap", {IFLA_GRE_REMOTE, IFLA_GRE_LOCAL}},
    {"ip6erspan", {IFLA_GRE_REMOTE, IFLA_GRE_LOCAL}},
    {"ipip", {IFLA_IPTUN_REMOTE, IFLA_IPTUN_LOCAL}},
    {"sit", {IFLA_IPTUN_REMOTE, IFLA_IPTUN_LOCAL}},
    {"ip6tnl", {IFLA_IPTUN_REMOTE, IFLA_IPTUN_LOCAL}},
    {"vti", {IFLA_VTI_REMOTE, IFLA_VTI_LOCAL}},
    {"vti6", {IFLA_VTI_REMOTE, IFLA_VTI_LOCAL}},
};

/* The address in @end; NULL: it is not there, or stands for any. Returns full. */
static char *
address_of_end(struct nlattr *end)
{
    static const guint8 any[sizeof(struct in6_addr)];
    char text[INET6_ADDRSTRLEN];
    gsize length = end != NULL ? (gsize) nla_len(end) : 0;

    if ((length != sizeof(struct in_addr) && length != sizeof any) ||
        memcmp(nla_data(end), any, length) == 0)
        return NULL;
    return g_strdup(
        inet_ntop(length == sizeof any ? AF_INET6 : AF_INET, nla_data(end), text, sizeof text));
}

static void
add_tunnel(VasNetwork *network, const char *interface, const int *ends, struct nlattr *data)
{
    for (guint i = 0; i < G_N_ELEMENTS(tunnels[0].ends) && ends[i] != 0; i++) {
        g_autofree char *address = address_of_end(nla_find(nla_data(data), nla_len(data), ends[i]));

        if (address == NULL)
            continue;
        vas_network_add(network->tunnels, interface, address);
        return;
    }
}

void
vas_network_add_link(VasNetwork *network, struct nlmsghdr *link)
{
    struct nlattr *name = nlmsg_find_attr(link, sizeof(struct ifinfomsg), IFLA_IFNAME);
    struct nlattr *info = nlmsg_find_attr(link, sizeof(struct ifinfomsg), IFLA_LINKINFO);
    struct nlattr *kind =
        info != NULL ? nla_find(nla_data(info), nla_len(info), IFLA_INFO_KIND) : NULL;
    struct nlattr *data =
        info != NULL ? nla_find(nla_data(info), nla_len(info), IFLA_INFO_DATA) : NULL;

    if (name == NULL || kind == NULL || data == NULL)
        return;
    for (gsize i = 0; i < G_N_ELEMENTS(tunnels); i++) {
        if (nla_strcmp(kind, tunnels[i].kind) == 0)
            add_tunnel(network, nla_get_string(name), tunnels[i].ends, data);
    }
}

/* A router can have a million routes: one that is not a default route is not even parsed. */
static int
take_message(struct nl_msg *message, void *data)
{
    struct nlmsghdr *header = nlmsg_hdr(message);
    const struct rtmsg *about = nlmsg_data(header);
    g_autoptr(RtnlRoute) route = NULL;

    if (header->nlmsg_type == RTM_NEWLINK)
        vas_network_add_link(data, header);
    if (header->nlmsg_type != RTM_NEWROUTE || !nlmsg_valid_hdr(header, sizeof *about) ||
        about->rtm_dst_len != 0)
        return NL_OK;
    if (rtnl_route_parse(header, &route) == 0)
        vas_network_add_route(data, route);
    return NL_OK;
}

/* Routes and links that change meanwhile make the kernel say that the answer may have a gap
 * (NLM_F_DUMP_INTR): it is asked again. One that comes twice does no harm. */
static int
request(NlSocket *socket, int what, int family)
{
    int status = -NLE_DUMP_INTR;

    for (guint i = 0; i < DUMP_ATTEMPTS && status == -NLE_DUMP_INTR; i++) {
        status = nl_rtgen_request(socket, what, family, NLM_F_DUMP);
        if (status >= 0)
            status = nl_recvmsgs_default(socket);
    }
    return status;
}

static gboolean
read_routes_and_links(VasNetwork *network, GError **error)
{
    g_autoptr(NlSocket) socket = nl_socket_alloc();
    int status = socket != NULL ? nl_connect(socket, NETLINK_ROUTE) : -NLE_NOMEM;

    if (status == 0)
        status = nl_socket_modify_cb(socket, NL_CB_VALID, NL_CB_CUSTOM, take_message, network);
    if (status >= 0)
        status = request(socket, RTM_GETLINK, AF_UNSPEC);
    if (status >= 0)
        status = request(socket, RTM_GETROUTE, AF_INET);
    if (status >= 0)
        status = request(socket, RTM_GETROUTE, AF_INET6);
    /* A kernel without IPv6. */
    if (status >= 0 || status == -NLE_AF_NOSUPPORT || status == -NLE_OPNOTSUPP)
        return TRUE;
    g_set_error(error, VAS_ERROR,
                status == -NLE_PERM || status == -NLE_NOACCESS ? VAS_ERROR_DENIED
                                                               : VAS_ERROR_FAILED,
                "the kernel's links and routes: %s", nl_geterror(status));
    return FALSE;
}

static int
take_interface(struct nl_msg *message, void *data)
{
    struct nlattr *number = nlmsg_find_attr(nlmsg_hdr(message), sizeof(struct rtmsg), RTA_OIF);
    char **ret_interface = data;
    char interface[IF_NAMESIZE];

    if (number != NULL && *ret_interface == NULL &&
        if_indextoname(nla_get_u32(number), interface) != NULL)
        *ret_interface = g_strdup(interface);
    return NL_OK;
}

/* The kernel refuses where it has no route, in several ways; that netlink is to be had at all
 * vas_network_read_kernel has seen. */
char *
vas_network_find_route(const char *address, gpointer data)
{
    g_autoptr(NlSocket) socket = nl_socket_alloc();
    g_autoptr(NlMessage) message = nlmsg_alloc_simple(RTM_GETROUTE, 0);
    struct rtmsg about = {.rtm_family = strchr(address, ':') != NULL ? AF_INET6 : AF_INET};
    int length = about.rtm_family == AF_INET6 ? sizeof(struct in6_addr) : sizeof(struct in_addr);
    guint8 bytes[sizeof(struct in6_addr)];
    char *interface = NULL;

    (void) data;
    about.rtm_dst_len = (guint8) (8 * length);
    if (inet_pton(about.rtm_family, address, bytes) == 1 && socket != NULL && message != NULL &&
        nlmsg_append(message, &about, sizeof about, NLMSG_ALIGNTO) == 0 &&
        nla_put(message, RTA_DST, length, bytes) == 0 && nl_connect(socket, NETLINK_ROUTE) == 0 &&
        nl_socket_modify_cb(socket, NL_CB_VALID, NL_CB_CUSTOM, take_interface, &interface) == 0 &&
        nl_send_auto(socket, message) >= 0)
        (void) nl_recvmsgs_default(socket);
    return interface;
}

GPtrArray *
vas_network_interfaces_to(const VasHost *host, const VasNetwork *network, const char *address)
{
    GPtrArray *interfaces = g_ptr_array_new_with_free_func(g_free);
    const char *scope = strchr(address, '%');

    for (guint i = 0; scope == NULL && i < network->addresses->len; i++) {
        const VasInterfaceUse *own = g_ptr_array_index(network->addresses, i);

        if (g_str_equal(own->text, address))
            g_ptr_array_add(interfaces, g_strdup(own->interface));
    }
    if (interfaces->len == 0) {
        char *route =
            scope != NULL ? g_strdup(scope + 1) : host->find_route(address, host->route_data);

        if (route != NULL)
            g_ptr_array_add(interfaces, route);
    }
    return interfaces;
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
    return read_routes_and_links(network, error);
}
