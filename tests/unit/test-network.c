/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/need/network.h"

#include "core/value/error.h"
#include "testing.h"

#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <netlink/route/route.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/if_tunnel.h>

typedef struct rtnl_route RtnlRoute;
typedef struct nl_addr NlAddress;
typedef struct nl_msg NlMessage;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RtnlRoute, rtnl_route_put)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NlAddress, nl_addr_put)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NlMessage, nlmsg_free)

/* Loopback has number 1 in every network namespace (loopback_net_init in drivers/net/loopback.c).
 */
#define LOOPBACK 1
#define NOBODY 1000000

static RtnlRoute *
build_route(int family, const char *destination)
{
    RtnlRoute *route = rtnl_route_alloc();
    g_autoptr(NlAddress) address = NULL;

    g_assert_cmpint(nl_addr_parse(destination, family, &address), ==, 0);
    g_assert_cmpint(rtnl_route_set_family(route, (uint8_t) family), ==, 0);
    g_assert_cmpint(rtnl_route_set_dst(route, address), ==, 0);
    return route;
}

static void
add_hop(RtnlRoute *route, int interface)
{
    struct rtnl_nexthop *hop = rtnl_route_nh_alloc();

    rtnl_route_nh_set_ifindex(hop, interface);
    rtnl_route_add_nexthop(route, hop);
}

static void
test_default_routes(void)
{
    g_autoptr(VasNetwork) network = vas_network_new();
    g_autoptr(RtnlRoute) v4 = build_route(AF_INET, "0.0.0.0/0");
    g_autoptr(RtnlRoute) v6 = build_route(AF_INET6, "::/0");
    const VasInterfaceUse *use = NULL;

    add_hop(v4, NOBODY);
    add_hop(v4, LOOPBACK);
    add_hop(v6, LOOPBACK);
    vas_network_add_route(network, v4);
    vas_network_add_route(network, v6);
    g_assert_cmpuint(network->default_routes->len, ==, 2);
    use = g_ptr_array_index(network->default_routes, 0);
    g_assert_cmpstr(use->interface, ==, "lo");
    g_assert_cmpstr(use->text, ==, "IPv4 default route");
    use = g_ptr_array_index(network->default_routes, 1);
    g_assert_cmpstr(use->text, ==, "IPv6 default route");
}

static void
test_other_routes(void)
{
    g_autoptr(VasNetwork) network = vas_network_new();
    g_autoptr(RtnlRoute) narrow = build_route(AF_INET, "10.0.0.0/8");
    g_autoptr(RtnlRoute) unreachable = build_route(AF_INET6, "::/0");

    add_hop(narrow, LOOPBACK);
    add_hop(unreachable, LOOPBACK);
    g_assert_cmpint(rtnl_route_set_type(unreachable, RTN_UNREACHABLE), ==, 0);
    vas_network_add_route(network, narrow);
    vas_network_add_route(network, unreachable);
    g_assert_cmpuint(network->default_routes->len, ==, 0);
}

/* Only this much is known of the machine that the test runs on. */
static void
test_kernel(void)
{
    g_autoptr(VasNetwork) network = vas_network_new();
    g_autoptr(GError) error = NULL;

    g_assert_true(vas_network_read_kernel(network, NULL, &error));
    g_assert_no_error(error);
    for (guint i = 0; i < network->addresses->len; i++) {
        const VasInterfaceUse *use = g_ptr_array_index(network->addresses, i);

        g_assert_null(strchr(use->interface, ':'));
        g_assert_cmpint(g_str_equal(use->text, "127.0.0.1") && !g_str_equal(use->interface, "lo"),
                        ==, FALSE);
    }
}

/* Loopback is up wherever it has its address. */
static void
test_find_route(void)
{
    g_autoptr(VasNetwork) network = vas_network_new();
    g_autofree char *loopback = vas_network_find_route("127.0.0.1", NULL);
    gboolean is_up = FALSE;

    g_assert_true(vas_network_read_kernel(network, NULL, NULL));
    for (guint i = 0; i < network->addresses->len; i++) {
        const VasInterfaceUse *use = g_ptr_array_index(network->addresses, i);

        is_up = is_up || g_str_equal(use->text, "127.0.0.1");
    }
    g_assert_cmpstr(loopback, ==, is_up ? "lo" : NULL);
    g_assert_null(vas_network_find_route("server", NULL));
    g_assert_null(vas_network_find_route("", NULL));
}

/* One link as the kernel tells of it, with one end of the tunnel. */
static void
add_link(VasNetwork *network, const char *name, const char *kind, int end, const void *address,
         int length)
{
    g_autoptr(NlMessage) message = nlmsg_alloc_simple(RTM_NEWLINK, 0);
    struct ifinfomsg about = {.ifi_family = AF_UNSPEC};
    struct nlattr *info = NULL;
    struct nlattr *data = NULL;

    g_assert_cmpint(nlmsg_append(message, &about, sizeof about, NLMSG_ALIGNTO), ==, 0);
    nla_put_string(message, IFLA_IFNAME, name);
    info = nla_nest_start(message, IFLA_LINKINFO);
    nla_put_string(message, IFLA_INFO_KIND, kind);
    data = nla_nest_start(message, IFLA_INFO_DATA);
    nla_put(message, end, length, address);
    nla_nest_end(message, data);
    nla_nest_end(message, info);
    vas_network_add_link(network, nlmsg_hdr(message));
}

static void
test_tunnels(void)
{
    static const guint8 v4[] = {192, 0, 2, 9};
    static const guint8 v6[16] = {0xfd, [15] = 6};
    static const guint8 any[4];
    static const char *const expected[] = {"gre1 192.0.2.9", "vxlan1 fd00::6", "vxlan2 192.0.2.9"};
    g_autoptr(VasNetwork) network = vas_network_new();

    add_link(network, "gre1", "gre", IFLA_GRE_REMOTE, v4, sizeof v4);
    add_link(network, "gre0", "gre", IFLA_GRE_REMOTE, any, sizeof any);
    add_link(network, "gre2", "gre", IFLA_GRE_REMOTE, v6, 3);
    add_link(network, "vxlan1", "vxlan", IFLA_VXLAN_GROUP6, v6, sizeof v6);
    add_link(network, "vxlan2", "vxlan", IFLA_VXLAN_LOCAL, v4, sizeof v4);
    add_link(network, "br0", "bridge", IFLA_GRE_REMOTE, v4, sizeof v4);
    g_assert_cmpuint(network->tunnels->len, ==, G_N_ELEMENTS(expected));
    for (guint i = 0; i < network->tunnels->len; i++) {
        const VasInterfaceUse *tunnel = g_ptr_array_index(network->tunnels, i);
        g_autofree char *text = g_strdup_printf("%s %s", tunnel->interface, tunnel->text);

        g_assert_cmpstr(text, ==, expected[i]);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/network/default-routes", test_default_routes);
    g_test_add_func("/network/other-routes", test_other_routes);
    g_test_add_func("/network/tunnels", test_tunnels);
    g_test_add_func("/network/kernel", test_kernel);
    g_test_add_func("/network/find-route", test_find_route);
    return g_test_run();
}
