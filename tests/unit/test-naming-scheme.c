/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/nic/naming-scheme.h"

#include "core/value/error.h"
#include "testing.h"

static const VasNamingScheme *
find(const char *name)
{
    g_autoptr(GError) error = NULL;
    const VasNamingScheme *scheme = vas_naming_scheme_find(name, &error);

    g_assert_no_error(error);
    return scheme;
}

/* Where systemd's netif-naming-scheme.h has a flag come and go. */
static void
test_changes(void)
{
    g_assert_false(find("v245")->bridge_no_slot);
    g_assert_true(find("v247")->bridge_no_slot);
    g_assert_cmpint(find("v247")->onboard_max, ==, 16383);
    g_assert_cmpint(find("v249")->onboard_max, ==, 65535);
    g_assert_false(find("v250")->bridge_multifunction_slot);
    g_assert_true(find("v251")->bridge_multifunction_slot);
    g_assert_true(find("v254")->bridge_multifunction_slot);
    g_assert_false(find("v255")->bridge_multifunction_slot);
    g_assert_false(find("v255")->firmware_sun);
    g_assert_true(find("v257")->firmware_sun);
    g_assert_true(find("v258")->firmware_sun);
    g_assert_true(find("v261")->firmware_sun);
}

static void
test_rhel(void)
{
    g_assert_false(find("rhel-8.3")->bridge_no_slot);
    g_assert_true(find("rhel-8.4")->bridge_no_slot);
    g_assert_cmpint(find("rhel-8.6")->onboard_max, ==, 16383);
    g_assert_cmpint(find("rhel-8.7")->onboard_max, ==, 65535);
    g_assert_false(find("rhel-8.10")->bridge_multifunction_slot);
    g_assert_true(find("rhel-9.0")->bridge_multifunction_slot);
    g_assert_true(find("rhel-9.4")->bridge_multifunction_slot);
    g_assert_false(find("rhel-9.5")->bridge_multifunction_slot);
    g_assert_false(find("rhel-9.7")->firmware_sun);
    g_assert_true(find("rhel-10.0")->firmware_sun);
}

static void
test_names(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_true(find("latest") == vas_naming_scheme_newest());
    g_assert_cmpstr(vas_naming_scheme_newest()->name, ==, "v261");
    g_assert_true(find("v262") == vas_naming_scheme_newest());
    g_assert_null(vas_naming_scheme_find("v1000", NULL));
    g_assert_null(vas_naming_scheme_find("v262x", NULL));
    g_assert_cmpstr(vas_naming_scheme_older()->name, ==, "v252");
    g_assert_null(vas_naming_scheme_find("v242", &error));
    testing_assert_hint(error, "v238 to v261");
    testing_assert_error(&error, VAS_ERROR_INVALID, "\"v242\" is not a naming scheme of systemd");
    g_assert_null(vas_naming_scheme_find("", NULL));
}

static void
test_all(void)
{
    guint n = 0;

    for (; vas_naming_scheme_nth(n) != NULL; n++)
        g_assert_true(find(vas_naming_scheme_nth(n)->name) == vas_naming_scheme_nth(n));
    g_assert_cmpuint(n, ==, 40);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/naming-scheme/changes", test_changes);
    g_test_add_func("/naming-scheme/rhel", test_rhel);
    g_test_add_func("/naming-scheme/names", test_names);
    g_test_add_func("/naming-scheme/all", test_all);
    return g_test_run();
}
