/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/journal/host-operation.h"

#include "core/report/result.h"
#include "core/value/error.h"
#include "fake-hypervisor.h"

#include <string.h>

#define RECORD "/run/virt-assign/operation-0000:01:10.0"

static const VasHostAddress vf = {.pci = {.bus = 1, .slot = 0x10}};

typedef struct {
    FakeHypervisor *fake;
    VasHostOperation *operation;
    GPtrArray *results; /* VasResult */
    GError *error;
} World;

static void
world_set_up(World *world, gconstpointer data)
{
    (void) data;
    world->fake = fake_hypervisor_new();
    world->operation = vas_host_operation_new(VAS_HOST_OPERATION_DETACH);
    vas_host_operation_add(world->operation, vf);
    world->results = g_ptr_array_new_with_free_func((GDestroyNotify) vas_result_free);
}

static void
world_tear_down(World *world, gconstpointer data)
{
    (void) data;
    g_assert_no_error(world->error);
    vas_host_operation_free(world->operation);
    g_ptr_array_unref(world->results);
    fake_hypervisor_free(world->fake);
}

static gboolean
is_recorded(const World *world)
{
    g_autofree char *path = g_build_filename(world->fake->root->path, RECORD, NULL);

    return g_file_test(path, G_FILE_TEST_EXISTS);
}

#define SUCCESS (-1)

/* Begins, and ends with an error of @code, unless that is SUCCESS, and @hint, NULL: none. */
static void
run(World *world, int code, const char *hint)
{
    g_assert_true(vas_host_operation_begin(&world->fake->context, world->operation));
    g_assert_true(is_recorded(world));
    if (code != SUCCESS)
        g_set_error(&world->error, VAS_ERROR, code, "no");
    if (hint != NULL)
        vas_error_set_hint(&world->error, "%s", hint);
    vas_host_operation_close(&world->fake->context, world->operation, world->results,
                             &world->error);
    g_assert_cmpuint(world->fake->notes->len, ==, 0);
}

static void
test_end(World *world, gconstpointer data)
{
    (void) data;
    run(world, SUCCESS, NULL);
    g_assert_false(is_recorded(world));
    run(world, VAS_ERROR_FAILED, "wait");
    g_assert_false(is_recorded(world));
    g_assert_cmpstr(vas_error_hint(world->error), ==, "wait");
    g_clear_error(&world->error);
}

static void
test_undo_failed(World *world, gconstpointer data)
{
    (void) data;
    run(world, VAS_ERROR_UNDO_FAILED, "reload it");
    g_assert_true(is_recorded(world));
    g_assert_cmpstr(vas_error_hint(world->error), ==, "reload it; then: virt-assign recover");
    g_clear_error(&world->error);
    run(world, VAS_ERROR_UNDO_FAILED, NULL);
    g_assert_true(is_recorded(world));
    testing_assert_hint(world->error, "virt-assign recover");
    g_clear_error(&world->error);
}

/* The command goes on, and says what will be missed. */
static void
test_folder_of_another(World *world, gconstpointer data)
{
    (void) data;
    testing_scratch_write(world->fake->root, "/elsewhere/file", "");
    testing_scratch_link(world->fake->root, "/run/virt-assign", "../elsewhere");
    g_assert_false(vas_host_operation_begin(&world->fake->context, world->operation));
    g_assert_cmpuint(world->fake->notes->len, ==, 1);
    g_assert_nonnull(strstr(g_ptr_array_index(world->fake->notes, 0),
                            "recover will know nothing of this command"));
    vas_host_operation_close(&world->fake->context, world->operation, world->results,
                             &world->error);
    g_assert_cmpuint(world->fake->notes->len, ==, 2);
    g_assert_nonnull(strstr(g_ptr_array_index(world->fake->notes, 1), "remove " RECORD));
}

#define ADD(name, function)                                                                        \
    g_test_add("/host-operation/" name, World, NULL, world_set_up, function, world_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("end", test_end);
    ADD("undo-failed", test_undo_failed);
    ADD("folder-of-another", test_folder_of_another);
    return g_test_run();
}
