/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/need/network.h"

#include "core/value/error.h"
#include "testing.h"

#include <linux/rtnetlink.h>
#include <netlink/route/route.h>
#include <string.h>
#include <sys/socket.h>

typedef struct rtnl_route RtnlRoute;
typedef struct nl_addr NlAddress;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RtnlRoute, rtnl_route_put)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NlAddress, nl_addr_put)

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

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/network/default-routes", test_default_routes);
    g_test_add_func("/network/other-routes", test_other_routes);
    g_test_add_func("/network/kernel", test_kernel);
    return g_test_run();
}
