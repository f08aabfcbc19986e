/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/mac-address.h"

#include "core/value/error.h"

#include "testing.h"

static const struct {
    const char *text;
    const char *written;
    gboolean unicast;
    gboolean zero;
} good[] = {
    {"52:54:00:12:34:56", "52:54:00:12:34:56", TRUE, FALSE},
    {"52:54:00:AB:cD:eF", "52:54:00:ab:cd:ef", TRUE, FALSE},
    {"00:00:00:00:00:00", "00:00:00:00:00:00", FALSE, TRUE},
    {"00:00:00:00:00:01", "00:00:00:00:00:01", TRUE, FALSE},
    {"01:00:5e:00:00:01", "01:00:5e:00:00:01", FALSE, FALSE},
    {"53:54:00:12:34:56", "53:54:00:12:34:56", FALSE, FALSE},
    {"ff:ff:ff:ff:ff:ff", "ff:ff:ff:ff:ff:ff", FALSE, FALSE},
};

static void
test_parse_good(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
        g_autoptr(GError) error = NULL;
        VasMacAddress mac;

        g_assert_true(vas_mac_address_parse(good[i].text, &mac, &error));
        g_assert_no_error(error);
        g_assert_cmpstr(vas_mac_address_text(mac).text, ==, good[i].written);
        g_assert_cmpint(vas_mac_address_is_unicast(mac), ==, good[i].unicast);
        g_assert_cmpint(vas_mac_address_is_zero(mac), ==, good[i].zero);
    }
}

static void
test_parse_bad(void)
{
    static const char *const bad[] = {
        "",
        "52:54:00:12:34",
        "52:54:00:12:34:5",
        "52:54:00:12:34:567",
        "52:54:00:12:34:56:",
        "52-54-00-12-34-56",
        "525400123456",
        "52:54:00:12:34:5g",
        " 52:54:00:12:34:5",
        "52:54:00:12:34:56 ",
        "+2:54:00:12:34:56",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        VasMacAddress mac = {{9}};

        g_assert_false(vas_mac_address_parse(bad[i], &mac, &error));
        testing_assert_hint(error, "52:54:00:12:34:56");
        testing_assert_error(&error, VAS_ERROR_INVALID, "is not a MAC address");
        g_assert_cmpuint(mac.octets[0], ==, 9);
    }
}

static void
test_from_seed(void)
{
    VasMacAddress first = vas_mac_address_from_seed("guest/0000:01:10.0", 0);
    VasMacAddress again = vas_mac_address_from_seed("guest/0000:01:10.0", 0);
    VasMacAddress next = vas_mac_address_from_seed("guest/0000:01:10.0", 1);
    VasMacAddress other = vas_mac_address_from_seed("guest/0000:01:10.2", 0);

    g_assert_true(vas_mac_address_equal(first, again));
    g_assert_false(vas_mac_address_equal(first, next));
    g_assert_false(vas_mac_address_equal(first, other));
    g_assert_true(g_str_has_prefix(vas_mac_address_text(first).text, "52:54:00:"));
    g_assert_true(vas_mac_address_is_unicast(first));
}

/* Guests keep the MAC they were given: another version must not derive another one. */
static void
test_seed_is_stable(void)
{
    g_assert_cmpstr(vas_mac_address_text(vas_mac_address_from_seed("seed", 0)).text, ==,
                    "52:54:00:87:42:3f");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mac-address/parse-good", test_parse_good);
    g_test_add_func("/mac-address/parse-bad", test_parse_bad);
    g_test_add_func("/mac-address/from-seed", test_from_seed);
    g_test_add_func("/mac-address/seed-is-stable", test_seed_is_stable);
    return g_test_run();
}
