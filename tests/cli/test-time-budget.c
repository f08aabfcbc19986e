/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/frame/time-budget.h"

#include <unistd.h>

static void
wait_for_end(void)
{
    vas_time_budget_begin(1);
    for (;;)
        (void) pause();
}

static void
test_ends_well(void)
{
    if (g_test_subprocess())
        wait_for_end();
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_passed();
    g_test_trap_assert_stderr("");
}

static void
test_fails(void)
{
    if (g_test_subprocess()) {
        vas_time_budget_fail_with("too late\n");
        wait_for_end();
    }
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_failed();
    g_test_trap_assert_stderr("too late\n");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/time-budget/ends-well", test_ends_well);
    g_test_add_func("/time-budget/fails", test_fails);
    return g_test_run();
}
