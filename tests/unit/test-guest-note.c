/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/journal/guest-note.h"

#include "core/device/pci-controller.h"
#include "engine/base/scan-guest.h"
#include "world.h"

#include <string.h>

/* Root notes of a command what metadata can lie about. */

static const VasHostAddress vf = {.pci = {.bus = 1, .slot = 0x10}};
static const VasHostAddress other = {.pci = {.bus = 1, .slot = 0x10, .function = 2}};

typedef struct {
    World base; /* first: the functions of world.h take it */
    VasGuest *read;
} NoteWorld;

/* The guest has VF in its config. */
static void
set_up(NoteWorld *world, gconstpointer data)
{
    world_set_up(&world->base, data);
    g_ptr_array_add(world->base.guest->config, g_strdup(WORLD_VF_ELEMENT));
    world->read =
        vas_scan_guest(&world->base.fake->context, world->base.guest->uuid, &world->base.error);
    g_assert_no_error(world->base.error);
    world->base.operation = vas_operation_new(VAS_OPERATION_ATTACH, NULL);
    vas_operation_add(world->base.operation, vf)->scope = VAS_SCOPE_LIVE;
    vas_operation_add(world->base.operation, other)->scope = VAS_SCOPE_LIVE;
    g_ptr_array_add(world->base.operation->ports, g_new0(VasPciController, 1));
}

static void
tear_down(NoteWorld *world, gconstpointer data)
{
    vas_guest_free(world->read);
    world_tear_down(&world->base, data);
}

static VasOperation *
complete(const NoteWorld *world, const VasOperation *named)
{
    return vas_guest_note_complete(&world->base.fake->context, world->read, named);
}

static gboolean
put(const NoteWorld *world, const VasOperation *operation)
{
    return vas_guest_note_put(&world->base.fake->context, world->read, operation);
}

static gboolean
knows(const NoteWorld *world, const VasOperation *operation)
{
    return vas_guest_note_knows(&world->base.fake->context, world->read->uuid, operation->id);
}

/* The metadata tells what is left of the command, the note all else. */
static void
test_noted(NoteWorld *world, gconstpointer data)
{
    g_autoptr(VasOperation) named = vas_operation_copy(world->base.operation);
    g_autoptr(VasOperation) all = NULL;
    g_autoptr(VasOperation) rest = NULL;

    vas_operation_find_device(world->base.operation, other)->driver = g_strdup("igbvf");
    g_assert_true(put(world, world->base.operation));
    all = complete(world, named);
    g_assert_cmpuint(all->devices->len, ==, 2);
    g_assert_cmpuint(all->ports->len, ==, 1);
    g_ptr_array_remove_index(named->devices, 0);
    g_ptr_array_set_size(named->ports, 0);
    rest = complete(world, named);
    g_assert_cmpuint(rest->devices->len, ==, 1);
    g_assert_cmpstr(vas_operation_find_device(rest, other)->driver, ==, "igbvf");
    g_assert_cmpuint(rest->ports->len, ==, 0);
}

/* A device that the guest does not have counts as one of its config. */
static void
test_not_noted(NoteWorld *world, gconstpointer data)
{
    g_autoptr(VasOperation) whole = complete(world, world->base.operation);

    g_assert_cmpint(vas_operation_find_device(whole, vf)->scope, ==, VAS_SCOPE_LIVE);
    g_assert_cmpint(vas_operation_find_device(whole, other)->scope, ==, VAS_SCOPE_CONFIG);
    g_assert_cmpuint(world->base.fake->notes->len, ==, 2);
    g_assert_nonnull(strstr(g_ptr_array_index(world->base.fake->notes, 1),
                            "guest db1 does not have 0000:01:10.2"));
}

/* With one more the note could not be read again. */
static void
test_full(NoteWorld *world, gconstpointer data)
{
    g_autoptr(VasOperation) more = vas_operation_new(VAS_OPERATION_ATTACH, NULL);

    g_assert_true(put(world, world->base.operation));
    for (guint i = 1; i < VAS_GUEST_RECORD_OPERATIONS_MAX; i++) {
        g_autoptr(VasOperation) next = vas_operation_new(VAS_OPERATION_ATTACH, NULL);

        vas_operation_add(next, vf);
        g_assert_true(put(world, next));
    }
    vas_operation_add(more, vf);
    g_assert_false(put(world, more));
    g_assert_cmpuint(world->base.fake->notes->len, ==, 1);
    g_assert_true(knows(world, world->base.operation));
    g_assert_false(knows(world, more));
}

/* A command that is not in the metadata any more has ended. */
static void
test_standing(NoteWorld *world, gconstpointer data)
{
    g_autoptr(VasOperation) standing = vas_operation_new(VAS_OPERATION_DETACH, NULL);
    g_autoptr(GPtrArray) ids = g_ptr_array_new();

    vas_operation_add(standing, other);
    g_assert_true(put(world, world->base.operation) && put(world, standing));
    g_ptr_array_add(ids, standing->id);
    vas_guest_note_cut(&world->base.fake->context, world->read->uuid, NULL, ids);
    g_assert_false(knows(world, world->base.operation));
    g_assert_true(knows(world, standing));
}

#define ADD(name, function)                                                                        \
    g_test_add("/guest-note/" name, NoteWorld, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("noted", test_noted);
    ADD("not-noted", test_not_noted);
    ADD("full", test_full);
    ADD("standing", test_standing);
    return g_test_run();
}
