/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/journal/pending.h"

#include "core/value/error.h"
#include "engine/base/scan.h"
#include "fake-hypervisor.h"

static const char element[] =
    "<interface type='hostdev' managed='yes'><mac address='52:54:00:6d:90:02'/><source>"
    "<address type='pci' domain='0x0000' bus='0x01' slot='0x10' function='0x0'/></source>"
    "<alias name='ua-uplink'/>"
    "<address type='pci' domain='0x0000' bus='0x02' slot='0x00' function='0x0'/></interface>";

typedef struct {
    FakeHypervisor *fake;
    FakeGuest *stored;
    VasGuest *guest;
    const VasAssignment *live;
    GError *error;
} World;

static void
world_set_up(World *world, gconstpointer data)
{
    world->fake = fake_hypervisor_new();
    world->stored = fake_add_guest(world->fake, "db1", TRUE, TRUE);
    g_ptr_array_add(world->stored->live, g_strdup(element));
    world->guest = vas_scan_guest(&world->fake->context, world->stored->uuid, &world->error);
    g_assert_no_error(world->error);
    world->live = g_ptr_array_index(world->guest->live->assignments, 0);
}

static void
world_tear_down(World *world, gconstpointer data)
{
    g_assert_no_error(world->error);
    vas_guest_free(world->guest);
    fake_hypervisor_free(world->fake);
}

static void
record(World *world)
{
    g_assert_true(
        vas_pending_record(&world->fake->context, world->guest, world->live, &world->error));
}

static guint
count_current(World *world)
{
    g_autoptr(GPtrArray) pending =
        vas_pending_load(&world->fake->context, world->guest, &world->error);

    g_assert_no_error(world->error);
    return pending->len;
}

static void
test_round_trip(World *world, gconstpointer data)
{
    g_autoptr(GPtrArray) pending = NULL;
    const VasPendingRelease *found = NULL;

    record(world);
    record(world);
    pending = vas_pending_load(&world->fake->context, world->guest, &world->error);
    g_assert_no_error(world->error);
    g_assert_cmpuint(pending->len, ==, 1);
    found = vas_pending_find(pending, world->live);
    g_assert_cmpstr(found->alias, ==, "ua-uplink");
    g_assert_cmpint(found->run_id, ==, world->guest->run_id);
}

static void
test_drop_leaves_nothing(World *world, gconstpointer data)
{
    record(world);
    g_assert_true(
        vas_pending_drop(&world->fake->context, world->guest, world->live, &world->error));
    g_assert_null(world->stored->metadata);
}

static void
test_drop_of_nothing_writes_nothing(World *world, gconstpointer data)
{
    g_assert_true(
        vas_pending_drop(&world->fake->context, world->guest, world->live, &world->error));
    g_assert_cmpuint(world->fake->calls[FAKE_SET_METADATA], ==, 0);
}

/* A save image or a migration carries the record to a run that knows nothing of the request. */
static void
test_other_run_does_not_count(World *world, gconstpointer data)
{
    record(world);
    world->guest->run_id++;
    g_assert_cmpuint(count_current(world), ==, 0);
}

static void
test_device_that_is_out_does_not_count(World *world, gconstpointer data)
{
    record(world);
    g_ptr_array_set_size(world->guest->live->assignments, 0);
    world->live = NULL;
    g_assert_cmpuint(count_current(world), ==, 0);
}

#define ADD(name, function)                                                                        \
    g_test_add("/pending/" name, World, NULL, world_set_up, function, world_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("round-trip", test_round_trip);
    ADD("drop", test_drop_leaves_nothing);
    ADD("drop-of-nothing", test_drop_of_nothing_writes_nothing);
    ADD("other-run", test_other_run_does_not_count);
    ADD("device-out", test_device_that_is_out_does_not_count);
    return g_test_run();
}
