/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/journal/pending.h"

#include "core/value/error.h"
#include "engine/base/scan-guest.h"
#include "engine/journal/record-store.h"
#include "world.h"

static const char element[] = WORLD_VF_ELEMENT;

typedef struct {
    World base;     /* first: the functions of world.h take it */
    VasGuest *read; /* as the scan reads it */
    const VasAssignment *live;
} PendingWorld;

static void
set_up(PendingWorld *world, gconstpointer data)
{
    world_set_up(&world->base, data);
    g_ptr_array_add(world->base.guest->live, g_strdup(element));
    world->read =
        vas_scan_guest(&world->base.fake->context, world->base.guest->uuid, &world->base.error);
    g_assert_no_error(world->base.error);
    world->live = g_ptr_array_index(world->read->live->assignments, 0);
}

static void
tear_down(PendingWorld *world, gconstpointer data)
{
    vas_guest_free(world->read);
    world_tear_down(&world->base, data);
}

static void
record(PendingWorld *world)
{
    g_assert_true(vas_pending_record(&world->base.fake->context, world->read, world->live,
                                     world->read->live, &world->base.error));
}

static guint
count_current(PendingWorld *world)
{
    g_autoptr(GPtrArray) pending =
        vas_pending_load(&world->base.fake->context, world->read, FALSE, &world->base.error);

    g_assert_no_error(world->base.error);
    return pending->len;
}

static void
test_round_trip(PendingWorld *world, gconstpointer data)
{
    g_autoptr(GPtrArray) pending = NULL;
    const VasPendingRelease *found = NULL;

    record(world);
    record(world);
    pending = vas_pending_load(&world->base.fake->context, world->read, FALSE, &world->base.error);
    g_assert_no_error(world->base.error);
    g_assert_cmpuint(pending->len, ==, 1);
    found = vas_pending_find(pending, world->live);
    g_assert_cmpstr(found->alias, ==, "ua-uplink");
    g_assert_cmpint(found->run_id, ==, world->read->run_id);
}

static void
test_drop_leaves_nothing(PendingWorld *world, gconstpointer data)
{
    record(world);
    g_assert_true(vas_pending_drop(&world->base.fake->context, world->read, world->live, NULL,
                                   &world->base.error));
    g_assert_null(world->base.guest->metadata);
}

static void
test_drop_of_nothing_writes_nothing(PendingWorld *world, gconstpointer data)
{
    g_assert_true(vas_pending_drop(&world->base.fake->context, world->read, world->live, NULL,
                                   &world->base.error));
    g_assert_cmpuint(world->base.fake->calls[FAKE_SET_METADATA], ==, 0);
}

/* A save image or a migration carries the record to a run that knows nothing of the request. */
static void
test_other_run_does_not_count(PendingWorld *world, gconstpointer data)
{
    record(world);
    world->read->run_id++;
    g_assert_cmpuint(count_current(world), ==, 0);
}

static void
test_device_that_is_out_does_not_count(PendingWorld *world, gconstpointer data)
{
    record(world);
    g_ptr_array_set_size(world->read->live->assignments, 0);
    world->live = NULL;
    g_assert_cmpuint(count_current(world), ==, 0);
}

/* Another device may come under the alias. */
static void
test_other_device(PendingWorld *world, gconstpointer data)
{
    g_autoptr(GPtrArray) pending = NULL;
    g_autoptr(VasAssignment) live = vas_assignment_copy(world->live);

    record(world);
    pending = vas_pending_load(&world->base.fake->context, world->read, FALSE, &world->base.error);
    live->device.pci.function = 2;
    g_assert_null(vas_pending_find(pending, live));
    live->device = world->live->device;
    g_assert_nonnull(vas_pending_find(pending, live));
    live->has_device = FALSE;
    g_assert_null(vas_pending_find(pending, live));
}

/* Nothing is read or written where nothing is stale. */
static void
test_prune_of_nothing(PendingWorld *world, gconstpointer data)
{
    const VasContext *context = &world->base.fake->context;
    g_autoptr(VasGuest) now = NULL;
    guint reads;

    record(world);
    now = vas_scan_guest(context, world->base.guest->uuid, &world->base.error);
    g_assert_cmpuint(now->live->record->releases->len, ==, 1);
    reads = world->base.fake->calls[FAKE_GET_METADATA];
    g_assert_true(vas_pending_prune(context, now, &world->base.error));
    g_assert_cmpuint(world->base.fake->calls[FAKE_GET_METADATA], ==, reads);
}

/* With one more the record could not be read again. */
static void
test_full(PendingWorld *world, gconstpointer data)
{
    g_autoptr(VasGuestRecord) full = vas_guest_record_new();

    for (guint i = 0; i <= VAS_GUEST_RECORD_RELEASES_MAX; i++) {
        VasPendingRelease *release = g_new0(VasPendingRelease, 1);

        release->alias = g_strdup_printf("ua-%u", i);
        g_ptr_array_add(full->releases, release);
    }
    g_assert_false(vas_record_store(&world->base.fake->context, world->read, VAS_SCOPE_LIVE, full,
                                    &world->base.error));
    testing_assert_error(&world->base.error, VAS_ERROR_CONFLICT, "as many unfinished commands");
    g_assert_null(world->base.guest->metadata);
}

#define ADD(name, function)                                                                        \
    g_test_add("/pending/" name, PendingWorld, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("round-trip", test_round_trip);
    ADD("drop", test_drop_leaves_nothing);
    ADD("drop-of-nothing", test_drop_of_nothing_writes_nothing);
    ADD("other-run", test_other_run_does_not_count);
    ADD("device-out", test_device_that_is_out_does_not_count);
    ADD("other-device", test_other_device);
    ADD("prune-of-nothing", test_prune_of_nothing);
    ADD("full", test_full);
    return g_test_run();
}
