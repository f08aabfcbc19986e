/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/base/context.h"

#include "core/value/error.h"
#include "fake-hypervisor.h"

static void
test_reconnect_tries_again(void)
{
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
    g_autoptr(GError) error = NULL;

    fake_plan_fault(fake, FAKE_REOPEN, 1, FAKE_FAILS, VAS_ERROR_UNREACHABLE, "");
    g_assert_true(vas_context_reconnect(&fake->context,
                                        g_get_monotonic_time() + 20 * G_USEC_PER_SEC, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(fake->calls[FAKE_REOPEN], ==, 2);
    g_assert_cmpuint(fake->notes->len, ==, 1);
}

/* A reconnect with its deadline behind it tries once all the same. */
static void
test_reconnect_gives_up(void)
{
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
    g_autoptr(GError) error = NULL;

    fake_plan_fault(fake, FAKE_REOPEN, 1, FAKE_FAILS, VAS_ERROR_UNREACHABLE, "");
    g_assert_false(vas_context_reconnect(&fake->context, g_get_monotonic_time(), &error));
    testing_assert_error(&error, VAS_ERROR_UNREACHABLE, "connection to libvirt was lost");
}

static void
test_needs_the_host_itself(void)
{
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
    g_autoptr(GError) error = NULL;

    g_assert_true(vas_context_check_local(&fake->context, "vfs", &error));
    g_assert_no_error(error);
    fake->context.host = NULL;
    g_assert_false(vas_context_check_local(&fake->context, "vfs", &error));
    testing_assert_hint(error, "on that host itself");
    testing_assert_error(&error, VAS_ERROR_UNSUPPORTED, "vfs works on the machine it runs on");
}

static void
test_nobody_wants_progress(void)
{
    static const VasContext silent = {0};

    vas_context_progress(&silent, VAS_PROGRESS_STEP, 0, 0, "nothing %d", 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/context/reconnect", test_reconnect_tries_again);
    g_test_add_func("/context/reconnect-gives-up", test_reconnect_gives_up);
    g_test_add_func("/context/needs-the-host-itself", test_needs_the_host_itself);
    g_test_add_func("/context/silent", test_nobody_wants_progress);
    return g_test_run();
}
