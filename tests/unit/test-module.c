/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/system/module.h"

#include "core/value/error.h"
#include "testing.h"

/* Whatever modprobe, or its absence, says of it. */
static void
test_unknown(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_false(vas_module_load("no_such_vfio_pci", NULL, &error));
    testing_assert_error(&error, VAS_ERROR_FAILED, "load the kernel module no_such_vfio_pci: ");
}

/* What looks like an option is a name all the same. */
static void
test_option_is_a_name(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_false(vas_module_load("--version", NULL, &error));
    testing_assert_error(&error, VAS_ERROR_FAILED, "--version");
}

/* By it the module would not be looked for at all. */
static void
test_environment_is_not_heeded(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_true(g_setenv("MODPROBE_OPTIONS", "--version", TRUE));
    g_assert_false(vas_module_load("no_such_vfio_pci", NULL, &error));
    g_unsetenv("MODPROBE_OPTIONS");
    testing_assert_error(&error, VAS_ERROR_FAILED, "load the kernel module no_such_vfio_pci: ");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/module/unknown", test_unknown);
    g_test_add_func("/module/option-is-a-name", test_option_is_a_name);
    g_test_add_func("/module/environment-is-not-heeded", test_environment_is_not_heeded);
    return g_test_run();
}
