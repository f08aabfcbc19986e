/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/system/origin.h"

#include "testing.h"

#include <string.h>

#define ONE "0123456789abcdef0123456789abcdef"
#define OTHER "0123456789abcdef0123456789abcdee"

/* @id NULL: the machine has none. Returns full. */
static char *
origin_of(const char *id)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);

    testing_scratch_write(scratch, "/etc/other", "");
    if (id != NULL)
        testing_scratch_write(scratch, "/etc/machine-id", id);
    return vas_origin(host);
}

/* Machines that are called the same are told apart, and none gives its id away. */
static void
test_machines(void)
{
    g_autofree char *one = origin_of(ONE "\n");
    g_autofree char *again = origin_of(ONE "\n");
    g_autofree char *other = origin_of(OTHER "\n");

    g_assert_cmpstr(one, ==, again);
    g_assert_cmpstr(one, !=, other);
    g_assert_nonnull(strstr(one, g_get_host_name()));
    g_assert_null(strstr(one, "0123456789abcdef"));
}

static void
test_no_machine_id(void)
{
    static const char *const ids[] = {NULL, "uninitialized\n", "", "0123456789ABCDEF", ONE "0"};

    for (guint i = 0; i < G_N_ELEMENTS(ids); i++) {
        g_autofree char *origin = origin_of(ids[i]);

        g_assert_true(g_str_has_suffix(origin, g_get_host_name()));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/origin/machines", test_machines);
    g_test_add_func("/origin/no-machine-id", test_no_machine_id);
    return g_test_run();
}
