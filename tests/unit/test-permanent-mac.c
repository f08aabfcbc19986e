/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/pci/permanent-mac.h"

#include "testing.h"

#include <linux/rtnetlink.h>
#include <netlink/msg.h>

typedef struct nl_msg NlMessage;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NlMessage, nlmsg_free)

/* A link that uses one MAC and, @length not 0, has another one of its own. */
static NlMessage *
build_link(int type, const guint8 *permanent, int length)
{
    NlMessage *message = nlmsg_alloc_simple(type, 0);
    static const guint8 in_use[6] = {0x52, 0x54, 0, 0, 0, 0x99};
    struct ifinfomsg about = {0};

    g_assert_cmpint(nlmsg_append(message, &about, sizeof about, NLMSG_ALIGNTO), ==, 0);
    g_assert_cmpint(nla_put(message, IFLA_ADDRESS, sizeof in_use, in_use), ==, 0);
    if (length > 0)
        g_assert_cmpint(nla_put(message, IFLA_PERM_ADDRESS, length, permanent), ==, 0);
    return message;
}

static void
test_from_link(void)
{
    static const guint8 own[6] = {0x52, 0x54, 0, 0x12, 0x34, 0x56};
    g_autoptr(NlMessage) link = build_link(RTM_NEWLINK, own, sizeof own);
    VasMacAddress mac = {{0}};

    g_assert_true(vas_permanent_mac_from_link(nlmsg_hdr(link), &mac));
    g_assert_cmpstr(vas_mac_address_text(mac).text, ==, "52:54:00:12:34:56");
}

static void
test_none_in_link(void)
{
    static const guint8 own[6] = {0x52, 0x54, 0, 0x12, 0x34, 0x56};
    static const guint8 zero[6] = {0};
    static const guint8 ones[6] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    static const guint8 infiniband[20] = {0x80};
    static const struct {
        int type;
        const guint8 *permanent;
        int length;
    } rows[] = {
        {RTM_NEWLINK, NULL, 0},           {RTM_NEWLINK, zero, sizeof zero},
        {RTM_NEWLINK, ones, sizeof ones}, {RTM_NEWLINK, infiniband, sizeof infiniband},
        {RTM_DELLINK, own, sizeof own},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(NlMessage) link = build_link(rows[i].type, rows[i].permanent, rows[i].length);
        VasMacAddress mac = {{1}};

        g_assert_false(vas_permanent_mac_from_link(nlmsg_hdr(link), &mac));
        g_assert_cmpint(mac.octets[0], ==, 1);
    }
}

/* Each network namespace has a loopback, which is not a card's; the names that no interface can
 * have are too long, or empty. */
static void
test_kernel(void)
{
    VasMacAddress mac = {{1}};

    g_assert_false(vas_permanent_mac_read("lo", &mac, NULL));
    g_assert_false(vas_permanent_mac_read("an-interface-that-is-not-there", &mac, NULL));
    g_assert_false(vas_permanent_mac_read("", &mac, NULL));
    g_assert_cmpint(mac.octets[0], ==, 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/permanent-mac/from-link", test_from_link);
    g_test_add_func("/permanent-mac/none-in-link", test_none_in_link);
    g_test_add_func("/permanent-mac/kernel", test_kernel);
    return g_test_run();
}
