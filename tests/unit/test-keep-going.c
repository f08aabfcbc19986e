/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/error.h"
#include "core/report/step.h"
#include "engine/verbs/host-driver.h"
#include "engine/run/refusal.h"
#include "world.h"

#define VF "0000:01:10.0"
#define OTHER_VF "0000:01:10.2"
#define THIRD_VF "0000:02:10.0"
#define NOWHERE "0000:aa:00.0"

static void
keep_going_set_up(World *world, gconstpointer data)
{
    world_set_up(world, data);
    world->keep_going = TRUE;
}

static void
test_failed_one_is_undone(World *world, gconstpointer data)
{
    fake_plan_fault(world->fake, FAKE_ATTACH_CONFIG, 1, FAKE_FAILS, VAS_ERROR_FAILED, "disk full");
    g_assert_false(run_attach(world, (const char *const[]){VF, OTHER_VF, NULL}));
    testing_assert_error(&world->error, VAS_ERROR_PARTIAL, "1 of 2 devices: ");
    assert_state(world, VF, FALSE, FALSE, "igbvf");
    assert_state(world, OTHER_VF, TRUE, TRUE, "vfio-pci");
    g_assert_cmpint(result_at(world, 0)->outcome, ==, VAS_OUTCOME_FAILED);
    g_assert_false(result_at(world, 0)->live);
    g_assert_cmpint(result_at(world, 1)->outcome, ==, VAS_OUTCOME_DONE);
}

static void
test_last_one_fails(World *world, gconstpointer data)
{
    fake_plan_fault(world->fake, FAKE_ATTACH_LIVE, 2, FAKE_FAILS, VAS_ERROR_FAILED, "QEMU says no");
    g_assert_false(run_attach(world, (const char *const[]){VF, OTHER_VF, NULL}));
    testing_assert_error(&world->error, VAS_ERROR_PARTIAL, "QEMU says no");
    assert_state(world, VF, TRUE, TRUE, "vfio-pci");
    assert_state(world, OTHER_VF, FALSE, FALSE, "igbvf");
}

/* A device that is refused or not there takes no address: the others have the one that it would
 * have had. */
static void
test_refused_one_takes_nothing(World *world, gconstpointer data)
{
    FakeGuest *other = fake_add_guest(world->fake, "web", FALSE, TRUE);

    g_ptr_array_add(other->config,
                    g_strdup("<hostdev mode='subsystem' type='pci' managed='yes'><source>"
                             "<address domain='0x0000' bus='0x01' slot='0x10' function='0x0'/>"
                             "</source></hostdev>"));
    g_assert_false(run_attach(world, (const char *const[]){VF, NOWHERE, OTHER_VF, NULL}));
    testing_assert_error(&world->error, VAS_ERROR_PARTIAL, "2 of 3 devices: attach " VF " to db1");
    g_assert_error(result_at(world, 0)->error, VAS_ERROR, VAS_ERROR_IN_USE);
    g_assert_cmpstr(vas_host_address_text(result_at(world, 0)->device).text, ==, VF);
    g_assert_cmpstr(result_at(world, 0)->name, ==, NULL);
    g_assert_error(result_at(world, 1)->error, VAS_ERROR, VAS_ERROR_NOT_FOUND);
    g_assert_false(result_at(world, 1)->has_device);
    g_assert_cmpstr(result_at(world, 1)->name, ==, NOWHERE);
    g_assert_cmpint(result_at(world, 2)->outcome, ==, VAS_OUTCOME_DONE);
    g_assert_cmpstr(vas_guest_address_text(result_at(world, 2)->guest_address).text, ==,
                    "0000:01:00.0");
    assert_state(world, VF, FALSE, FALSE, "igbvf");
    assert_state(world, OTHER_VF, TRUE, TRUE, "vfio-pci");
}

/* A device is planned against what the earlier ones take. */
static void
test_planned_against_the_earlier(World *world, gconstpointer data)
{
    world->distinct = VAS_DISTINCT_PF;
    g_assert_false(run_attach(world, (const char *const[]){VF, OTHER_VF, THIRD_VF, NULL}));
    testing_assert_error(&world->error, VAS_ERROR_PARTIAL, OTHER_VF " is of the same PF");
    assert_state(world, VF, TRUE, TRUE, "vfio-pci");
    assert_state(world, OTHER_VF, FALSE, FALSE, "igbvf");
    assert_state(world, THIRD_VF, TRUE, TRUE, "vfio-pci");
}

static void
test_none_is_done(World *world, gconstpointer data)
{
    fake_set_pf_up(world->fake, "enp1s0", FALSE);
    g_assert_false(attach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_NOT_READY, "attach " VF " to db1: ");
    g_assert_false(run_attach(world, (const char *const[]){VF, OTHER_VF, NULL}));
    testing_assert_error(&world->error, VAS_ERROR_NOT_READY, "2 of 2 devices: ");
    g_assert_cmpuint(world->fake->calls[FAKE_ATTACH_LIVE], ==, 0);
}

static void
test_senseless_command_ends(World *world, gconstpointer data)
{
    g_assert_false(run_attach(world, (const char *const[]){VF, VF, NULL}));
    testing_assert_error(&world->error, VAS_ERROR_USAGE, "named twice");
    g_assert_null(world->results);
    g_assert_cmpuint(world->fake->calls[FAKE_ATTACH_LIVE], ==, 0);
}

static void
test_dry_run(World *world, gconstpointer data)
{
    world->dry_run = TRUE;
    g_assert_false(run_attach(world, (const char *const[]){NOWHERE, VF, NULL}));
    testing_assert_error(&world->error, VAS_ERROR_PARTIAL, "no PCI device " NOWHERE);
    g_assert_cmpint(result_at(world, 1)->outcome, ==, VAS_OUTCOME_PLANNED);
    g_assert_cmpuint(world->steps->len, >, 0);
    for (guint i = 0; i < world->steps->len; i++)
        g_assert_cmpuint(((const VasStep *) g_ptr_array_index(world->steps, i))->subject, ==, 1);
    assert_state(world, VF, FALSE, FALSE, "igbvf");
}

static void
test_undo_fails(World *world, gconstpointer data)
{
    fake_plan_fault(world->fake, FAKE_ATTACH_CONFIG, 1, FAKE_FAILS, VAS_ERROR_FAILED, "disk full");
    fake_plan_fault(world->fake, FAKE_DETACH_LIVE, 1, FAKE_FAILS, VAS_ERROR_FAILED, "monitor gone");
    g_assert_false(run_attach(world, (const char *const[]){VF, OTHER_VF, NULL}));
    testing_assert_error(&world->error, VAS_ERROR_UNDO_FAILED, "monitor gone");
    assert_state(world, VF, TRUE, FALSE, "vfio-pci");
    assert_state(world, OTHER_VF, TRUE, TRUE, "vfio-pci");
}

/* Each may have to do without the other, and no guest gets a part of a group. */
static void
test_group(World *world, gconstpointer data)
{
    world->scope = VAS_SCOPE_CONFIG;
    g_assert_false(run_attach(world, (const char *const[]){"0000:05:01.0", "0000:05:02.0", NULL}));
    testing_assert_error(&world->error, VAS_ERROR_NOT_READY, "2 of 2 devices: ");
    world->keep_going = FALSE;
    g_assert_true(run_attach(world, (const char *const[]){"0000:05:01.0", "0000:05:02.0", NULL}));
}

static void
test_what_spares_others(void)
{
    static const struct {
        VasError code;
        gboolean spares;
    } cases[] = {
        {VAS_ERROR_IN_USE, TRUE},   {VAS_ERROR_NOT_FOUND, TRUE},    {VAS_ERROR_FAILED, TRUE},
        {VAS_ERROR_USAGE, FALSE},   {VAS_ERROR_UNREACHABLE, FALSE}, {VAS_ERROR_INTERRUPTED, FALSE},
        {VAS_ERROR_INVALID, FALSE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) refusal = g_error_new_literal(VAS_ERROR, (gint) cases[i].code, "no");

        g_assert_cmpint(vas_refusal_spares_others(refusal), ==, cases[i].spares);
    }
}

#define ADD(name, function)                                                                        \
    g_test_add("/keep-going/" name, World, NULL, keep_going_set_up, function, world_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("failed-one-is-undone", test_failed_one_is_undone);
    ADD("last-one-fails", test_last_one_fails);
    ADD("refused-one-takes-nothing", test_refused_one_takes_nothing);
    ADD("planned-against-the-earlier", test_planned_against_the_earlier);
    ADD("none-is-done", test_none_is_done);
    ADD("senseless-command-ends", test_senseless_command_ends);
    ADD("dry-run", test_dry_run);
    ADD("undo-fails", test_undo_fails);
    ADD("group", test_group);
    g_test_add_func("/keep-going/what-spares-others", test_what_spares_others);
    return g_test_run();
}
