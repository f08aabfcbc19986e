/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/frame/invocation.h"
#include "world.h"

/* Runs the verb with --output FILE; the @nth call of @call goes wrong. */
static gboolean
write_metrics(const char *file, FakeCall call, guint nth, FakeFault fault, GError **error)
{
    World world = {0};
    g_autoptr(VasInvocation) invocation = vas_invocation_new((VasTerminal){0});
    gboolean ok;

    world_set_up(&world, NULL);
    fake_plan_fault(world.fake, call, nth, fault, 1, "no");
    invocation->context = &world.fake->context;
    invocation->options->output = g_strdup(file);
    ok = vas_verb_metrics.run(invocation, NULL, error);
    g_assert_cmpstr(invocation->text->str, ==, "");
    world_tear_down(&world, NULL);
    return ok;
}

/* A call that goes wrong for good leaves the file of the last run as it was, and nothing else. */
static void
test_faults(void)
{
    static const FakeCall calls[] = {FAKE_LIST_GUESTS, FAKE_GUEST_XML, FAKE_NODE_DEVICE_XML};
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autofree char *file = g_build_filename(scratch->path, "a.prom", NULL);
    g_autoptr(GDir) folder = NULL;
    g_autoptr(GError) none = NULL;
    g_autofree char *before = NULL;

    g_assert_true(write_metrics(file, FAKE_SET_METADATA, 1, FAKE_FAILS, &none));
    g_assert_true(g_file_get_contents(file, &before, NULL, NULL));
    g_assert_nonnull(strstr(before, "virt_assign_device_info{"));
    for (guint i = 0; i < G_N_ELEMENTS(calls); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *after = NULL;

        g_assert_false(write_metrics(file, calls[i], 1, FAKE_CUTS_OFF, &error));
        g_assert_nonnull(error);
        g_assert_true(g_file_get_contents(file, &after, NULL, NULL));
        g_assert_cmpstr(after, ==, before);
    }
    folder = g_dir_open(scratch->path, 0, NULL);
    g_assert_cmpstr(g_dir_read_name(folder), ==, "a.prom");
    g_assert_null(g_dir_read_name(folder));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/verb-metrics/faults", test_faults);
    return g_test_run();
}
