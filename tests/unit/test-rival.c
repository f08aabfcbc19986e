/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/run/rival.h"

#include "core/value/error.h"
#include "fake-hypervisor.h"

#include <signal.h>

#define VF "0000:01:10.0"

static const char element[] =
    "<hostdev mode='subsystem' type='pci' managed='yes'><source>"
    "<address domain='0x0000' bus='0x01' slot='0x10' function='0x0'/></source></hostdev>";

/* The world has three guests, in the order of their UUIDs. */
typedef struct {
    FakeHypervisor *fake;
    FakeGuest *lower;
    FakeGuest *middle;
    FakeGuest *higher;
    VasInterrupt *interrupt;
    guint waits;   /* how often it was said that it waits */
    guint acts_at; /* at that one something happens; 0: never */
    void (*happening)(gpointer world);
    GError *error;
} World;

static void
watch_progress(VasProgressKind kind, const char *text, guint elapsed, guint limit, gpointer data)
{
    World *world = data;

    (void) text;
    (void) elapsed;
    (void) limit;
    if (kind == VAS_PROGRESS_WAITING && ++world->waits == world->acts_at)
        world->happening(world);
}

static void
world_set_up(World *world, gconstpointer data)
{
    world->fake = fake_hypervisor_new();
    world->lower = fake_add_guest(world->fake, "aa", FALSE, TRUE);
    world->middle = fake_add_guest(world->fake, "bb", FALSE, TRUE);
    world->higher = fake_add_guest(world->fake, "cc", FALSE, TRUE);
    world->interrupt = vas_interrupt_new(&world->fake->port);
    world->fake->context.interrupt = world->interrupt;
    world->fake->context.progress = watch_progress;
    world->fake->context.progress_data = world;
}

static void
world_tear_down(World *world, gconstpointer data)
{
    g_assert_no_error(world->error);
    vas_interrupt_free(world->interrupt);
    fake_hypervisor_free(world->fake);
}

static void
give(FakeGuest *guest)
{
    g_ptr_array_add(guest->config, g_strdup(element));
}

/* Checks for the guest in the middle. */
static gboolean
check(World *world)
{
    VasGuest guest = {.name = world->middle->name, .uuid = world->middle->uuid};
    g_autoptr(VasInventory) guests = NULL;
    VasHostAddress device;

    give(world->middle);
    g_assert_true(vas_host_address_parse(VF, &device, NULL));
    return vas_rival_check(&world->fake->context, &guest, device, &guests, &world->error);
}

static void
test_alone(World *world, gconstpointer data)
{
    g_assert_true(check(world));
    g_assert_cmpuint(world->waits, ==, 0);
}

static void
test_lower_keeps_it(World *world, gconstpointer data)
{
    give(world->lower);
    give(world->higher);
    g_assert_false(check(world));
    testing_assert_hint(world->error, "detach aa " VF);
    testing_assert_error(&world->error, VAS_ERROR_IN_USE, "guest aa was given " VF);
    g_assert_cmpuint(world->waits, ==, 0);
}

static void
test_running_one_counts(World *world, gconstpointer data)
{
    world->lower->run_id = 1;
    g_ptr_array_add(world->lower->live, g_strdup(element));
    g_assert_false(check(world));
    testing_assert_error(&world->error, VAS_ERROR_IN_USE, "guest aa");
}

static void
higher_backs_out(gpointer data)
{
    World *world = data;

    g_ptr_array_set_size(world->higher->config, 0);
}

static void
test_higher_backs_out(World *world, gconstpointer data)
{
    give(world->higher);
    world->acts_at = 2;
    world->happening = higher_backs_out;
    g_assert_true(check(world));
    g_assert_cmpuint(world->waits, ==, 2);
}

/* The other guest was first, and its command has ended. */
static void
test_higher_stays(World *world, gconstpointer data)
{
    give(world->higher);
    g_assert_false(check(world));
    testing_assert_error(&world->error, VAS_ERROR_IN_USE, "guest cc was given " VF);
    g_assert_cmpuint(world->waits, >, 2);
}

static void
is_interrupted(gpointer data)
{
    World *world = data;

    vas_interrupt_raise(world->interrupt, SIGINT);
}

static void
test_interrupted(World *world, gconstpointer data)
{
    give(world->higher);
    world->acts_at = 1;
    world->happening = is_interrupted;
    g_assert_false(check(world));
    testing_assert_error(&world->error, VAS_ERROR_INTERRUPTED, "SIGINT");
    g_assert_cmpuint(world->waits, ==, 1);
}

static void
test_not_to_be_read(World *world, gconstpointer data)
{
    fake_plan_fault(world->fake, FAKE_LIST_GUESTS, 1, FAKE_FAILS, VAS_ERROR_DENIED, "no");
    g_assert_false(check(world));
    testing_assert_error(&world->error, VAS_ERROR_DENIED, "no");
}

#define ADD(name, function)                                                                        \
    g_test_add("/rival/" name, World, NULL, world_set_up, function, world_tear_down)

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
