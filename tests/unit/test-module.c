/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/system/module.h"

#include "core/value/error.h"
#include "testing.h"

#include <fcntl.h>
#include <unistd.h>

/* The load fails, whatever modprobe, or its absence, says of it. */
static void
test_unknown(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_false(vas_module_load("no_such_vfio_pci", NULL, &error));
    testing_assert_error(&error, VAS_ERROR_FAILED, "load the kernel module no_such_vfio_pci: ");
}

/* A name that looks like an option is a name all the same. */
static void
test_option_is_a_name(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_false(vas_module_load("--version", NULL, &error));
    testing_assert_error(&error, VAS_ERROR_FAILED, "--version");
}

static int witness = -1;

/* The child calls it before it becomes modprobe. */
int
setpgid(pid_t process, pid_t group)
{
    (void) !write(witness, process == 0 && group == 0 ? "y" : "n", 1);
    return 0;
}

/* Ctrl-C at the terminal goes to a process group, and is for the command alone. */
static void
test_process_group_of_its_own(void)
{
    g_autoptr(GError) error = NULL;
    char answer = 'n';
    int ends[2];

    g_assert_cmpint(pipe2(ends, O_CLOEXEC | O_NONBLOCK), ==, 0);
    witness = ends[1];
    g_assert_false(vas_module_load("no_such_vfio_pci", NULL, &error));
    testing_assert_error(&error, VAS_ERROR_FAILED, "no_such_vfio_pci");
    g_assert_cmpint(read(ends[0], &answer, 1), ==, 1);
    g_assert_cmpint(answer, ==, 'y');
    close(ends[0]);
    close(ends[1]);
    witness = -1;
}

/* MODPROBE_OPTIONS would keep the module from being looked for at all. */
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
    g_test_add_func("/module/process-group-of-its-own", test_process_group_of_its_own);
    g_test_add_func("/module/environment-is-not-heeded", test_environment_is_not_heeded);
    return g_test_run();
}
