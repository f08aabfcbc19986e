/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/run/rival.h"

#include "core/value/error.h"
#include "world.h"

#include <signal.h>

#define VF "0000:01:10.0"

static const char element[] =
    "<hostdev mode='subsystem' type='pci' managed='yes'><source>"
    "<address domain='0x0000' bus='0x01' slot='0x10' function='0x0'/></source></hostdev>";

/* The world has three guests, in the order of their UUIDs. */
typedef struct {
    World base; /* first: the functions of world.h take it */
    FakeGuest *lower;
    FakeGuest *middle;
    FakeGuest *higher;
    guint waits;   /* how often it was said that it waits */
    guint acts_at; /* at that one something happens; 0: never */
    void (*happening)(gpointer world);
} RivalWorld;

static void
watch_progress(VasProgressKind kind, const char *text, guint elapsed, guint limit, gpointer data)
{
    RivalWorld *world = data;

    (void) text;
    (void) elapsed;
    (void) limit;
    if (kind == VAS_PROGRESS_WAITING && ++world->waits == world->acts_at)
        world->happening(world);
}

static void
set_up(RivalWorld *world, gconstpointer data)
{
    world_set_up_interruptible(&world->base, data);
    world->lower = fake_add_guest(world->base.fake, "aa", FALSE, TRUE);
    world->middle = fake_add_guest(world->base.fake, "bb", FALSE, TRUE);
    world->higher = fake_add_guest(world->base.fake, "cc", FALSE, TRUE);
    world->base.fake->context.progress = watch_progress;
    world->base.fake->context.progress_data = world;
}

static void
tear_down(RivalWorld *world, gconstpointer data)
{
    world_tear_down(&world->base, data);
}

static void
give(FakeGuest *guest)
{
    g_ptr_array_add(guest->config, g_strdup(element));
}

/* Checks for the guest in the middle. */
static gboolean
check(RivalWorld *world)
{
    VasGuest guest = {.name = world->middle->name, .uuid = world->middle->uuid};
    g_autoptr(VasInventory) guests = NULL;
    VasHostAddress device;

    give(world->middle);
    g_assert_true(vas_host_address_parse(VF, &device, NULL));
    return vas_rival_check(&world->base.fake->context, &guest, device, &guests, &world->base.error);
}

static void
test_alone(RivalWorld *world, gconstpointer data)
{
    g_assert_true(check(world));
    g_assert_cmpuint(world->waits, ==, 0);
}

static void
test_lower_keeps_it(RivalWorld *world, gconstpointer data)
{
    give(world->lower);
    give(world->higher);
    g_assert_false(check(world));
    testing_assert_hint(world->base.error, "detach aa " VF);
    testing_assert_error(&world->base.error, VAS_ERROR_IN_USE, "guest aa was given " VF);
    g_assert_cmpuint(world->waits, ==, 0);
}

static void
test_running_one_counts(RivalWorld *world, gconstpointer data)
{
    world->lower->run_id = 1;
    g_ptr_array_add(world->lower->live, g_strdup(element));
    g_assert_false(check(world));
    testing_assert_error(&world->base.error, VAS_ERROR_IN_USE, "guest aa");
}

static void
higher_backs_out(gpointer data)
{
    RivalWorld *world = data;

    g_ptr_array_set_size(world->higher->config, 0);
}

static void
test_higher_backs_out(RivalWorld *world, gconstpointer data)
{
    give(world->higher);
    world->acts_at = 2;
    world->happening = higher_backs_out;
    g_assert_true(check(world));
    g_assert_cmpuint(world->waits, ==, 2);
}

/* The other guest was first, and its command has ended. */
static void
test_higher_stays(RivalWorld *world, gconstpointer data)
{
    give(world->higher);
    g_assert_false(check(world));
    testing_assert_error(&world->base.error, VAS_ERROR_IN_USE, "guest cc was given " VF);
    g_assert_cmpuint(world->waits, >, 2);
}

static void
is_interrupted(gpointer data)
{
    RivalWorld *world = data;

    vas_interrupt_raise(world->base.interrupt, SIGINT);
}

static void
test_interrupted(RivalWorld *world, gconstpointer data)
{
    give(world->higher);
    world->acts_at = 1;
    world->happening = is_interrupted;
    g_assert_false(check(world));
    testing_assert_error(&world->base.error, VAS_ERROR_INTERRUPTED, "SIGINT");
    g_assert_cmpuint(world->waits, ==, 1);
}

static void
test_not_to_be_read(RivalWorld *world, gconstpointer data)
{
    fake_plan_fault(world->base.fake, FAKE_LIST_GUESTS, 1, FAKE_FAILS, VAS_ERROR_DENIED, "no");
    g_assert_false(check(world));
    testing_assert_error(&world->base.error, VAS_ERROR_DENIED, "no");
}

#define ADD(name, function)                                                                        \
    g_test_add("/rival/" name, RivalWorld, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("alone", test_alone);
    ADD("lower-keeps-it", test_lower_keeps_it);
    ADD("running-one-counts", test_running_one_counts);
    ADD("higher-backs-out", test_higher_backs_out);
    ADD("higher-stays", test_higher_stays);
    ADD("interrupted", test_interrupted);
    ADD("not-to-be-read", test_not_to_be_read);
    return g_test_run();
}
