/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/base/interrupt.h"

#include "core/value/error.h"
#include "world.h"

#include <signal.h>

/* This is far beyond what a test may take: what ends in time was not ended by it. */
#define PATIENCE (60 * G_USEC_PER_SEC)

static void
test_first_signal_counts(World *world, gconstpointer data)
{
    g_assert_true(vas_interrupt_check(world->interrupt, &world->error));
    g_assert_cmpint(vas_interrupt_signal(world->interrupt), ==, 0);
    vas_interrupt_raise(world->interrupt, SIGHUP);
    vas_interrupt_raise(world->interrupt, SIGTERM);
    g_assert_cmpint(vas_interrupt_signal(world->interrupt), ==, SIGHUP);
    g_assert_false(vas_interrupt_check(world->interrupt, &world->error));
    testing_assert_error(&world->error, VAS_ERROR_INTERRUPTED, "interrupted by SIGHUP");
}

static void
test_shield(World *world, gconstpointer data)
{
    vas_interrupt_raise(world->interrupt, SIGINT);
    g_assert_true(vas_interrupt_is_due(world->interrupt));
    g_assert_true(world->fake->hurries);
    vas_interrupt_shield(world->interrupt);
    g_assert_false(vas_interrupt_is_due(world->interrupt));
    g_assert_false(world->fake->hurries);
    g_assert_true(vas_interrupt_check(world->interrupt, &world->error));
    g_assert_cmpint(vas_interrupt_signal(world->interrupt), ==, SIGINT);
    vas_interrupt_expose(world->interrupt);
    g_assert_true(vas_interrupt_is_due(world->interrupt));
    g_assert_true(world->fake->hurries);
}

static void
test_none(World *world, gconstpointer data)
{
    g_assert_false(vas_interrupt_is_due(NULL));
    g_assert_true(vas_interrupt_check(NULL, &world->error));
    vas_interrupt_shield(NULL);
    vas_interrupt_expose(NULL);
    vas_interrupt_sleep(NULL, g_get_monotonic_time());
}

static gpointer
raise_in_thread(gpointer data)
{
    vas_interrupt_raise(data, SIGTERM);
    return NULL;
}

/* A signal ends the sleep, whether it comes before or in it. */
static void
test_ends_a_sleep(World *world, gconstpointer data)
{
    gint64 deadline = g_get_monotonic_time() + PATIENCE;
    GThread *thread = g_thread_new("raise", raise_in_thread, world->interrupt);

    vas_interrupt_sleep(world->interrupt, deadline);
    g_assert_cmpint(g_get_monotonic_time(), <, deadline);
    g_thread_join(thread);
}

static void
raise_now(FakeHypervisor *fake)
{
    vas_interrupt_raise(fake->context.interrupt, SIGTERM);
}

static void
test_ends_a_wait(World *world, gconstpointer data)
{
    gint64 deadline = g_get_monotonic_time() + PATIENCE;
    g_autoptr(VasEvent) event = NULL;

    g_assert_true(world->fake->port.watch(&world->fake->port, world->guest->uuid, &world->error));
    world->fake->on_wait = raise_now;
    g_assert_null(vas_context_next_event(&world->fake->context, deadline));
    g_assert_cmpint(g_get_monotonic_time(), <, deadline);
    /* The next one does not even begin, but hands out what has come. */
    g_assert_null(vas_context_next_event(&world->fake->context, deadline));
    fake_push_event(world->fake, VAS_EVENT_DEVICE_REMOVED, "db1", "ua-x");
    event = vas_context_next_event(&world->fake->context, deadline);
    g_assert_nonnull(event);
    g_assert_cmpint(g_get_monotonic_time(), <, deadline);
}

static void
test_ends_a_reconnect(World *world, gconstpointer data)
{
    gint64 deadline = g_get_monotonic_time() + PATIENCE;

    fake_plan_fault(world->fake, FAKE_REOPEN, 1, FAKE_FAILS, VAS_ERROR_UNREACHABLE, "");
    vas_interrupt_raise(world->interrupt, SIGTERM);
    g_assert_false(vas_context_reconnect(&world->fake->context, deadline, &world->error));
    testing_assert_error(&world->error, VAS_ERROR_INTERRUPTED, "interrupted by SIGTERM");
    g_assert_cmpuint(world->fake->calls[FAKE_REOPEN], ==, 1);
}

/* Whoever follows is raised with the leader, from when it follows, and shields itself alone. */
static void
test_followers(World *world, gconstpointer data)
{
    VasHypervisor *port = &world->fake->port;
    g_autoptr(VasInterrupt) first = vas_interrupt_new_follower(world->interrupt, port);
    g_autoptr(VasInterrupt) gone = vas_interrupt_new_follower(world->interrupt, port);
    g_autoptr(VasInterrupt) late = NULL;
    g_autoptr(VasInterrupt) alone = vas_interrupt_new_follower(NULL, port);

    g_clear_pointer(&gone, vas_interrupt_free);
    g_assert_false(vas_interrupt_is_due(first));
    vas_interrupt_raise(world->interrupt, SIGHUP);
    late = vas_interrupt_new_follower(world->interrupt, port);
    g_assert_cmpint(vas_interrupt_signal(first), ==, SIGHUP);
    g_assert_cmpint(vas_interrupt_signal(late), ==, SIGHUP);
    g_assert_false(vas_interrupt_is_due(alone));
    vas_interrupt_shield(first);
    g_assert_false(vas_interrupt_is_due(first));
    g_assert_true(vas_interrupt_is_due(late));
    g_assert_true(vas_interrupt_is_due(world->interrupt));
}

#define ADD(name, function)                                                                        \
    g_test_add("/interrupt/" name, World, NULL, world_set_up_interruptible, function,              \
               world_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("first-signal-counts", test_first_signal_counts);
    ADD("shield", test_shield);
    ADD("none", test_none);
    ADD("ends-a-sleep", test_ends_a_sleep);
    ADD("ends-a-wait", test_ends_a_wait);
    ADD("ends-a-reconnect", test_ends_a_reconnect);
    ADD("followers", test_followers);
    return g_test_run();
}
