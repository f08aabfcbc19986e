/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov/vf-netlink.h"

#include "core/value/error.h"
#include "host/this-machine.h"
#include "testing.h"

#include <netlink/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/link/sriov.h>
#include <sys/socket.h>

typedef struct rtnl_link RtnlLink;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RtnlLink, rtnl_link_put)

static RtnlLink *
pf_link_new(void)
{
    RtnlLink *link = rtnl_link_alloc();

    rtnl_link_set_name(link, "enp1s0f0");
    return link;
}

/* @vlan -1: the kernel says nothing about VLANs. @length 0: nothing about the MAC. */
static void
add_vf(RtnlLink *link, guint index, const guint8 *mac, gsize length, int vlan)
{
    struct rtnl_link_vf *vf = rtnl_link_vf_alloc();
    nl_vf_vlans_t *vlans = NULL;

    rtnl_link_vf_set_index(vf, index);
    if (length > 0) {
        struct nl_addr *address = nl_addr_build(AF_LLC, mac, length);

        rtnl_link_vf_set_addr(vf, address);
        nl_addr_put(address);
    }
    if (vlan >= 0) {
        g_assert_cmpint(rtnl_link_vf_vlan_alloc(&vlans, 1), ==, 0);
        vlans->vlans[0].vf_vlan = (guint32) vlan;
        rtnl_link_vf_set_vlans(vf, vlans);
        rtnl_link_vf_vlan_put(vlans);
    }
    g_assert_cmpint(rtnl_link_vf_add(link, vf), ==, 0);
    rtnl_link_vf_put(vf);
}

static void
test_from_link(void)
{
    static const struct {
        guint8 mac[6];
        int vlan;
        const char *expected_mac;
        int expected_vlan;
    } rows[] = {
        {{0x52, 0x54, 0, 0x12, 0x34, 0x56}, 42, "52:54:00:12:34:56", 42},
        {{0x52, 0x54, 0, 0x12, 0x34, 0x57}, 0, "52:54:00:12:34:57", 0},
        {{0x52, 0x54, 0, 0x12, 0x34, 0x58}, -1, "52:54:00:12:34:58", 0},
        {{0}, 4094, "00:00:00:00:00:00", 4094},
    };
    g_autoptr(RtnlLink) link = pf_link_new();

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
        add_vf(link, i, rows[i].mac, sizeof rows[i].mac, rows[i].vlan);
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        VasVfSettings settings = {.vlan = -1};
        g_autoptr(GError) error = NULL;

        g_assert_true(vas_vf_netlink_from_link(link, (int) i, &settings, &error));
        g_assert_no_error(error);
        g_assert_cmpstr(vas_mac_address_text(settings.mac).text, ==, rows[i].expected_mac);
        g_assert_cmpint(settings.vlan, ==, rows[i].expected_vlan);
    }
}

static void
test_from_link_errors(void)
{
    static const guint8 infiniband[20] = {0x80};
    g_autoptr(RtnlLink) without = pf_link_new();
    g_autoptr(RtnlLink) link = pf_link_new();
    VasVfSettings settings = {.vlan = -1};
    g_autoptr(GError) error = NULL;

    g_assert_false(vas_vf_netlink_from_link(without, 0, &settings, &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, "enp1s0f0 has no VF 0");
    add_vf(link, 0, NULL, 0, 42);
    add_vf(link, 1, infiniband, sizeof infiniband, 42);
    g_assert_false(vas_vf_netlink_from_link(link, 0, &settings, &error));
    testing_assert_error(&error, VAS_ERROR_FAILED, "no MAC for VF 0 of interface enp1s0f0");
    g_assert_false(vas_vf_netlink_from_link(link, 1, &settings, &error));
    testing_assert_error(&error, VAS_ERROR_FAILED, "no MAC for VF 1");
    g_assert_false(vas_vf_netlink_from_link(link, 2, &settings, &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, "no VF 2");
    g_assert_false(vas_vf_netlink_from_link(link, -1, &settings, &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, "no VF -1");
    g_assert_cmpint(settings.vlan, ==, -1);
}

/* A driver may tell nothing but the MAC: the rest is unknown or has its default. */
static void
test_untold(void)
{
    static const guint8 mac[6] = {0x52};
    g_autoptr(RtnlLink) link = pf_link_new();
    g_autoptr(GError) error = NULL;
    VasVfSettings settings;

    add_vf(link, 0, mac, sizeof mac, -1);
    g_assert_true(vas_vf_netlink_from_link(link, 0, &settings, &error));
    g_assert_no_error(error);
    g_assert_cmpint(settings.spoof_check, ==, -1);
    g_assert_cmpint(settings.trust, ==, -1);
    g_assert_cmpint(settings.link_state, ==, -1);
    g_assert_cmpint(settings.max_rate, ==, 0);
    g_assert_cmpuint(settings.vlan_protocol, ==, VAS_VLAN_PROTOCOL);
}

/* The kernel itself answers here; any machine has "lo", which has no VFs. */
static void
test_netlink(void)
{
    static const struct {
        const char *interface;
        const char *part;
    } rows[] = {
        {"lo", "interface lo has no VF 0"},
        {"vas-no-such", "interface vas-no-such: "},
        {"a-name-longer-than-the-kernel-takes", "a-name-longer-than-the-kernel-takes"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        VasVfSettings settings = {0};
        g_autoptr(GError) error = NULL;

        g_assert_false(vas_vf_netlink_read(rows[i].interface, 0, &settings, NULL, &error));
        testing_assert_error(&error, VAS_ERROR_NOT_FOUND, rows[i].part);
        if (i == 0) /* it is there, and has no VFs to be set */
            continue;
        g_assert_false(
            vas_vf_netlink_write(rows[i].interface, 0, VAS_VF_TRUST, &settings, NULL, &error));
        testing_assert_error(&error, VAS_ERROR_NOT_FOUND, rows[i].part);
    }
}

static void
test_host(void)
{
    g_autoptr(VasHost) machine = vas_this_machine_new();
    g_autoptr(VasHost) folder = vas_host_new("/nowhere");
    g_autoptr(GError) error = NULL;
    VasVfSettings settings = {0};

    g_assert_true(machine->read_vf_settings == vas_vf_netlink_read);
    g_assert_true(machine->write_vf_settings == vas_vf_netlink_write);
    g_assert_false(folder->read_vf_settings("lo", 0, &settings, folder->reader_data, &error));
    testing_assert_error(&error, VAS_ERROR_UNSUPPORTED, "VF 0 of lo");
    g_assert_false(folder->write_vf_settings("lo", 0, VAS_VF_TRUST, &settings,
                                             folder->vf_writer_data, &error));
    testing_assert_error(&error, VAS_ERROR_UNSUPPORTED, "VF 0 of lo");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/vf-netlink/from-link", test_from_link);
    g_test_add_func("/vf-netlink/from-link-errors", test_from_link_errors);
    g_test_add_func("/vf-netlink/untold", test_untold);
    g_test_add_func("/vf-netlink/netlink", test_netlink);
    g_test_add_func("/vf-netlink/host", test_host);
    return g_test_run();
}
