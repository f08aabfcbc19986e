/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/error.h"
#include "engine/base/interrupt.h"
#include "fake-clock.h"
#include "world.h"

#include <signal.h>
#include <string.h>

/* Several devices leave one guest: it is asked for all of them before the first is waited for, and
 * each comes to its own end. */

#define VF "0000:01:10.0"
#define OTHER_VF "0000:01:10.2"
#define ALIAS "ua-first"
#define OTHER_ALIAS "ua-second"

static const char *const both[] = {VF, OTHER_VF, NULL};

static char *
element_of(guint function, const char *alias)
{
    return g_strdup_printf("<hostdev mode='subsystem' type='pci' managed='yes'><source>"
                           "<address domain='0x0000' bus='0x01' slot='0x10' function='0x%u'/>"
                           "</source><alias name='%s'/></hostdev>",
                           function, alias);
}

/* The guest has both, live and config, and lets go when the test says so. */
static void
set_up(World *world, gconstpointer data)
{
    world_set_up(world, data);
    g_ptr_array_add(world->guest->live, element_of(0, ALIAS));
    g_ptr_array_add(world->guest->live, element_of(2, OTHER_ALIAS));
    g_ptr_array_add(world->guest->config, element_of(0, ALIAS));
    g_ptr_array_add(world->guest->config, element_of(2, OTHER_ALIAS));
    fake_set_driver(world->fake, VF, "vfio-pci");
    fake_set_driver(world->fake, OTHER_VF, "vfio-pci");
    world->fake->pass_time = fake_clock_pass;
    world->fake->guest_ignores_unplug = TRUE;
    world->timeout = 60;
}

static void
assert_outcomes(const World *world, VasOutcome first, VasOutcome second)
{
    g_assert_cmpint(result_at(world, 0)->outcome, ==, first);
    g_assert_cmpint(result_at(world, 1)->outcome, ==, second);
    assert_state(world, VF, first != VAS_OUTCOME_DONE, first != VAS_OUTCOME_DONE,
                 first == VAS_OUTCOME_DONE ? "igbvf" : "vfio-pci");
    assert_state(world, OTHER_VF, second != VAS_OUTCOME_DONE, second != VAS_OUTCOME_DONE,
                 second == VAS_OUTCOME_DONE ? "igbvf" : "vfio-pci");
}

/* A release is on record exactly for what is pending. */
static void
assert_on_record(const World *world, const char *alias, gboolean there)
{
    g_autofree char *record = g_strdup_printf("alias=\"%s\"", alias);
    const char *metadata = world->guest->metadata;

    g_assert_cmpint(metadata != NULL && strstr(metadata, record) != NULL, ==, there);
}

static void
release_all_if_all_are_asked(FakeHypervisor *fake)
{
    g_assert_cmpuint(fake->calls[FAKE_DETACH_LIVE], ==, 2);
    fake_release_all(fake);
}

static void
test_all_are_asked_first(World *world, gconstpointer data)
{
    world->fake->on_wait = release_all_if_all_are_asked;
    g_assert_true(run_detach(world, both));
    g_assert_null(world->fake->on_wait);
    assert_outcomes(world, VAS_OUTCOME_DONE, VAS_OUTCOME_DONE);
    g_assert_null(world->guest->metadata);
}

static void
release_second(FakeHypervisor *fake)
{
    fake_release(fake, OTHER_ALIAS);
}

static void
release_first(FakeHypervisor *fake)
{
    fake_release(fake, ALIAS);
}

static void
release_second_then_first(FakeHypervisor *fake)
{
    release_second(fake);
    fake->on_wait = release_first;
}

static void
test_reverse_order(World *world, gconstpointer data)
{
    world->fake->on_wait = release_second_then_first;
    g_assert_true(run_detach(world, both));
    g_assert_null(world->fake->on_wait);
    assert_outcomes(world, VAS_OUTCOME_DONE, VAS_OUTCOME_DONE);
    g_assert_null(world->guest->metadata);
}

/* All is waited for within one --timeout. */
static void
test_first_stays(World *world, gconstpointer data)
{
    gint64 begin = g_get_monotonic_time();

    world->fake->on_wait = release_second;
    g_assert_false(run_detach(world, both));
    testing_assert_error(&world->error, VAS_ERROR_TIMED_OUT, VF);
    g_assert_cmpint((g_get_monotonic_time() - begin) / G_USEC_PER_SEC, <, 2 * world->timeout);
    assert_outcomes(world, VAS_OUTCOME_PENDING, VAS_OUTCOME_DONE);
    assert_on_record(world, ALIAS, TRUE);
    assert_on_record(world, OTHER_ALIAS, FALSE);
}

static void
test_both_stay(World *world, gconstpointer data)
{
    gint64 begin = g_get_monotonic_time();

    g_assert_false(run_detach(world, both));
    testing_assert_error(&world->error, VAS_ERROR_TIMED_OUT, VF);
    g_assert_cmpint((g_get_monotonic_time() - begin) / G_USEC_PER_SEC, <, 2 * world->timeout);
    assert_outcomes(world, VAS_OUTCOME_PENDING, VAS_OUTCOME_PENDING);
    assert_on_record(world, ALIAS, TRUE);
    assert_on_record(world, OTHER_ALIAS, TRUE);
}

static void
refuse_first_release_second(FakeHypervisor *fake)
{
    fake_push_event(fake, VAS_EVENT_DEVICE_REMOVAL_FAILED, "db1", ALIAS);
    release_second(fake);
}

static void
test_first_is_refused(World *world, gconstpointer data)
{
    world->fake->on_wait = refuse_first_release_second;
    g_assert_false(run_detach(world, both));
    g_assert_error(result_at(world, 0)->error, VAS_ERROR, VAS_ERROR_CONFLICT);
    testing_assert_error(&world->error, VAS_ERROR_PARTIAL, "refused to let go of " VF);
    assert_outcomes(world, VAS_OUTCOME_FAILED, VAS_OUTCOME_DONE);
    g_assert_null(world->guest->metadata);
}

static void
release_second_and_raise(FakeHypervisor *fake)
{
    release_second(fake);
    vas_interrupt_raise(fake->context.interrupt, SIGINT);
}

static void
test_interrupted(World *world, gconstpointer data)
{
    g_autoptr(VasInterrupt) interrupt = vas_interrupt_new(&world->fake->port);

    world->fake->context.interrupt = interrupt;
    world->fake->on_wait = release_second_and_raise;
    g_assert_false(run_detach(world, both));
    testing_assert_error(&world->error, VAS_ERROR_INTERRUPTED, "interrupted by SIGINT");
    assert_outcomes(world, VAS_OUTCOME_PENDING, VAS_OUTCOME_DONE);
    assert_on_record(world, ALIAS, TRUE);
    assert_on_record(world, OTHER_ALIAS, FALSE);
}

/* Another program takes the first device out and gives its alias to another one, right before the
 * guest is asked. */
static void
give_alias_away(FakeHypervisor *fake)
{
    FakeGuest *guest = fake_find_guest(fake, "db1");

    g_ptr_array_set_size(guest->live, 0);
    g_ptr_array_add(guest->live, element_of(2, ALIAS));
    fake_set_driver(fake, VF, "igbvf");
}

static void
test_alias_of_another_by_now(World *world, gconstpointer data)
{
    world->fake->on_fault = give_alias_away;
    fake_plan_fault(world->fake, FAKE_STEP, 1, FAKE_LIES, 0, "");
    g_assert_true(detach_one(world, VF));
    g_assert_cmpuint(world->fake->calls[FAKE_DETACH_LIVE], ==, 0);
    assert_state(world, VF, FALSE, FALSE, "igbvf");
    assert_state(world, OTHER_VF, TRUE, TRUE, "vfio-pci");
}

/* The same, and the device itself is in the guest again. */
static void
put_in_again(FakeHypervisor *fake)
{
    FakeGuest *guest = fake_find_guest(fake, "db1");

    g_ptr_array_set_size(guest->live, 0);
    g_ptr_array_add(guest->live, element_of(2, ALIAS));
    g_ptr_array_add(guest->live, element_of(0, OTHER_ALIAS));
}

static void
test_put_in_again(World *world, gconstpointer data)
{
    world->fake->on_fault = put_in_again;
    fake_plan_fault(world->fake, FAKE_STEP, 1, FAKE_LIES, 0, "");
    g_assert_false(detach_one(world, VF));
    testing_assert_hint(world->error, "run the same detach again");
    testing_assert_error(&world->error, VAS_ERROR_FAILED, "guest db1 still has it");
    g_assert_cmpuint(world->fake->calls[FAKE_DETACH_LIVE], ==, 0);
    assert_state(world, VF, TRUE, TRUE, "vfio-pci");
    assert_state(world, OTHER_VF, TRUE, TRUE, "vfio-pci");
}

#define ADD(name, function)                                                                        \
    g_test_add("/detach-several/" name, World, NULL, set_up, function, world_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("asked-first", test_all_are_asked_first);
    ADD("reverse-order", test_reverse_order);
    ADD("first-stays", test_first_stays);
    ADD("both-stay", test_both_stay);
    ADD("first-is-refused", test_first_is_refused);
    ADD("interrupted", test_interrupted);
    ADD("alias-of-another", test_alias_of_another_by_now);
    ADD("put-in-again", test_put_in_again);
    return g_test_run();
}
