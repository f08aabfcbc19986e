/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/pci-address.h"

#include "core/value/error.h"

#include "testing.h"

static const struct {
    const char *text;
    VasPciAddress address;
    const char *written; /* NULL: as it was read */
} good[] = {
    {"0000:03:10.3", {0, 3, 0x10, 3}, NULL},
    {"03:10.3", {0, 3, 0x10, 3}, "0000:03:10.3"},
    {"3:1.0", {0, 3, 1, 0}, "0000:03:01.0"},
    {"0:0:0.0", {0, 0, 0, 0}, "0000:00:00.0"},
    {"10000:e1:00.0", {0x10000, 0xe1, 0, 0}, NULL},
    {"ffffffff:ff:1f.7", {0xffffffff, 0xff, 0x1f, 7}, NULL},
    {"0001:AB:0C.1", {1, 0xab, 0xc, 1}, "0001:ab:0c.1"},
};

static void
test_parse_good(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
        g_autoptr(GError) error = NULL;
        VasPciAddress address;

        g_assert_true(vas_pci_address_parse(good[i].text, &address, &error));
        g_assert_no_error(error);
        g_assert_cmpint(vas_pci_address_compare(address, good[i].address), ==, 0);
        g_assert_cmpstr(vas_pci_address_text(address).text, ==,
                        good[i].written != NULL ? good[i].written : good[i].text);
        g_assert_true(vas_pci_address_is_shaped(good[i].text));
    }
}

static const struct {
    const char *text;
    const char *message;
    gboolean shaped;
} bad[] = {
    {"", "\"\" is not a PCI address", FALSE},
    {"enp1s0", "is not a PCI address", FALSE},
    {"03:10", "is not a PCI address", FALSE},
    {"10.3", "is not a PCI address", FALSE},
    {":10.3", "is not a PCI address", FALSE},
    {"03:.3", "is not a PCI address", FALSE},
    {"03:10.", "is not a PCI address", FALSE},
    {"03:10.3 ", "is not a PCI address", FALSE},
    {" 03:10.3", "is not a PCI address", FALSE},
    {"03:10.3\n", "is not a PCI address", FALSE},
    {"0:0000:03:10.3", "is not a PCI address", FALSE},
    {"52:54:00:12:34:56", "is not a PCI address", FALSE},
    {"0x03:0x10.0", "is not a PCI address", TRUE},
    {"0000:g3:10.3", "is not a PCI address", TRUE},
    {"000:3:100.3", "is not a PCI address", TRUE},
    {"100000000:03:10.3", "is not a PCI address", TRUE},
    {"0000:103:10.3", "is not a PCI address", TRUE},
    {"03:10.10", "is not a PCI address", TRUE},
    {"03:20.0", "PCI address 03:20.0: slot 20 is above 1f, the last one", TRUE},
    {"0000:03:ff.0", "slot ff is above 1f", TRUE},
    {"0000:03:10.8", "PCI address 0000:03:10.8: function 8 is above 7, the last one", TRUE},
    {"0000:03:10.f", "function f is above 7", TRUE},
};

static void
test_parse_bad(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        VasPciAddress address = {1, 2, 3, 4};

        g_assert_false(vas_pci_address_parse(bad[i].text, &address, &error));
        testing_assert_error(&error, VAS_ERROR_INVALID, bad[i].message);
        g_assert_cmpuint(address.domain, ==, 1);
        if (vas_pci_address_is_shaped(bad[i].text) != bad[i].shaped)
            g_error("\"%s\" is taken for %s", bad[i].text, bad[i].shaped ? "a name" : "an address");
    }
}

static void
test_nodedev(void)
{
    const VasPciAddress vmd = {0x10000, 0xe1, 0, 0};
    static const char *const malformed[] = {
        "pci_0000_03_10",   "pci_0000_03_10_3_", "pci_0000_03_20_0", "pci_0000_03_10_8",
        "pci_0000_03_10.3", "net_enp1s0_52_54",  "0000_03_10_3",     "",
    };
    VasPciAddress address;

    g_assert_cmpstr(vas_pci_address_nodedev((VasPciAddress){0, 3, 0x10, 3}).text, ==,
                    "pci_0000_03_10_3");
    g_assert_cmpstr(vas_pci_address_nodedev(vmd).text, ==, "pci_10000_e1_00_0");
    g_assert_true(vas_pci_address_from_nodedev("pci_10000_e1_00_0", &address));
    g_assert_true(vas_pci_address_equal(address, vmd));
    for (gsize i = 0; i < G_N_ELEMENTS(malformed); i++)
        g_assert_false(vas_pci_address_from_nodedev(malformed[i], &address));
}

static void
test_order(void)
{
    static const char *const ascending[] = {
        "0000:00:00.0", "0000:00:00.1",  "0000:00:01.0",     "0000:01:00.0",
        "0001:00:00.0", "10000:00:00.0", "ffffffff:00:00.0",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(ascending); i++) {
        for (gsize j = 0; j < G_N_ELEMENTS(ascending); j++) {
            VasPciAddress a;
            VasPciAddress b;
            int order;

            g_assert_true(vas_pci_address_parse(ascending[i], &a, NULL));
            g_assert_true(vas_pci_address_parse(ascending[j], &b, NULL));
            order = vas_pci_address_compare(a, b);
            g_assert_cmpint((order > 0) - (order < 0), ==, (i > j) - (i < j));
            g_assert_cmpint(vas_pci_address_equal(a, b), ==, i == j);
        }
    }
}

static void
test_both_sides(void)
{
    g_autoptr(GError) error = NULL;
    VasHostAddress host;
    VasHostAddress host_again;
    VasGuestAddress guest;
    VasGuestAddress guest_again;

    g_assert_true(vas_host_address_parse("01:10.0", &host, &error));
    g_assert_true(vas_host_address_parse("0000:01:10.0", &host_again, &error));
    g_assert_true(vas_host_address_equal(host, host_again));
    g_assert_cmpstr(vas_host_address_text(host).text, ==, "0000:01:10.0");
    g_assert_true(vas_guest_address_parse("02:00.0", &guest, &error));
    g_assert_true(vas_guest_address_parse("02:00.1", &guest_again, &error));
    g_assert_false(vas_guest_address_equal(guest, guest_again));
    g_assert_cmpstr(vas_guest_address_text(guest).text, ==, "0000:02:00.0");
    g_assert_false(vas_guest_address_parse("02:00.9", &guest, &error));
    testing_assert_error(&error, VAS_ERROR_INVALID, "function 9");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pci-address/parse-good", test_parse_good);
    g_test_add_func("/pci-address/parse-bad", test_parse_bad);
    g_test_add_func("/pci-address/nodedev", test_nodedev);
    g_test_add_func("/pci-address/order", test_order);
    g_test_add_func("/pci-address/both-sides", test_both_sides);
    return g_test_run();
}
