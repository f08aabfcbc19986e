/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/journal/operation.h"

#include "core/report/result.h"
#include "core/value/error.h"
#include "engine/journal/record-file.h"
#include "world.h"

#include <glib/gstdio.h>
#include <string.h>

#define RECORD "/run/virt-assign/operation-0000:01:10.0"

static const VasHostAddress vf = {.pci = {.bus = 1, .slot = 0x10}};
static const VasHostAddress other = {.pci = {.bus = 1, .slot = 0x10, .function = 2}};

static void
set_up(World *world, gconstpointer data)
{
    world_set_up(world, data);
    world->operation = vas_operation_new(VAS_OPERATION_HOST_DETACH, NULL);
    vas_operation_add(world->operation, vf);
    world->results = g_ptr_array_new_with_free_func((GDestroyNotify) vas_result_free);
}

static gboolean
is_on_record(const World *world)
{
    g_autofree char *path = g_build_filename(world->fake->root->path, RECORD, NULL);

    return g_file_test(path, G_FILE_TEST_EXISTS);
}

static void
begin(World *world)
{
    gboolean is_recorded = FALSE;

    g_assert_true(vas_operation_begin(&world->fake->context, NULL, world->operation, &is_recorded,
                                      &world->error));
    g_assert_true(is_recorded);
    g_assert_true(is_on_record(world));
}

#define SUCCESS (-1)

/* Begins, and ends with an error of @code, unless that is SUCCESS, and @hint, NULL: none. */
static void
run(World *world, int code, const char *hint)
{
    begin(world);
    if (code != SUCCESS)
        g_set_error(&world->error, VAS_ERROR, code, "no");
    if (hint != NULL)
        vas_error_set_hint(&world->error, "%s", hint);
    vas_operation_close(&world->fake->context, NULL, world->operation, world->results,
                        &world->error);
    g_assert_cmpuint(world->fake->notes->len, ==, 0);
}

static void
test_end(World *world, gconstpointer data)
{
    run(world, SUCCESS, NULL);
    g_assert_false(is_on_record(world));
    run(world, VAS_ERROR_FAILED, "wait");
    g_assert_false(is_on_record(world));
    g_assert_cmpstr(vas_error_hint(world->error), ==, "wait");
    g_clear_error(&world->error);
}

static void
test_undo_failed(World *world, gconstpointer data)
{
    run(world, VAS_ERROR_UNDO_FAILED, "reload it");
    g_assert_true(is_on_record(world));
    g_assert_cmpstr(vas_error_hint(world->error), ==, "reload it; then: virt-assign recover");
    g_clear_error(&world->error);
    run(world, VAS_ERROR_UNDO_FAILED, NULL);
    g_assert_true(is_on_record(world));
    testing_assert_hint(world->error, "virt-assign recover");
    g_clear_error(&world->error);
}

static VasResult *
add_result(World *world, VasHostAddress device)
{
    g_autoptr(VasAssignment) subject = vas_assignment_new(VAS_ASSIGNMENT_HOSTDEV);
    VasResult *result = NULL;

    subject->has_device = TRUE;
    subject->device = device;
    result = vas_result_new(NULL, subject);
    g_ptr_array_add(world->results, result);
    return result;
}

/* The undo of the second of two devices failed. @data: each is for itself. */
static void
test_one_of_two_left(World *world, gconstpointer data)
{
    g_autoptr(VasOperation) left = NULL;
    const VasHost *host = world->fake->host;

    vas_operation_add(world->operation, other);
    world->operation->each_alone = data != NULL;
    add_result(world, vf)->outcome = VAS_OUTCOME_FAILED;
    g_set_error(&add_result(world, other)->error, VAS_ERROR, VAS_ERROR_UNDO_FAILED, "no");
    run(world, VAS_ERROR_UNDO_FAILED, NULL);
    g_clear_error(&world->error);
    g_assert_cmpint(is_on_record(world), ==, data == NULL);
    g_assert_true(vas_record_file_read(host, data == NULL ? vf : other, &left, &world->error));
    g_assert_nonnull(left);
    g_assert_cmpstr(left->id, ==, world->operation->id);
    g_assert_cmpuint(left->devices->len, ==, data == NULL ? 2 : 1);
}

/* libvirt may still do what it was asked for about the second of two, each for itself. */
static void
test_one_of_two_pending(World *world, gconstpointer data)
{
    g_autoptr(VasOperation) left = NULL;

    vas_operation_add(world->operation, other);
    world->operation->each_alone = TRUE;
    add_result(world, vf)->outcome = VAS_OUTCOME_DONE;
    add_result(world, other)->outcome = VAS_OUTCOME_PENDING;
    run(world, VAS_ERROR_TIMED_OUT, NULL);
    testing_assert_hint(world->error, "when it has come back: virt-assign recover");
    g_clear_error(&world->error);
    g_assert_false(is_on_record(world));
    g_assert_true(vas_record_file_read(world->fake->host, other, &left, &world->error));
    g_assert_cmpuint(left->devices->len, ==, 1);
}

static void
test_empty(World *world, gconstpointer data)
{
    gboolean is_recorded = TRUE;

    g_ptr_array_set_size(world->operation->devices, 0);
    g_assert_true(vas_operation_begin(&world->fake->context, NULL, world->operation, &is_recorded,
                                      &world->error));
    g_assert_false(is_recorded);
    g_assert_false(is_on_record(world));
}

/* The command goes on, and says what will be missed. */
static void
test_folder_of_another(World *world, gconstpointer data)
{
    gboolean is_recorded = TRUE;

    testing_scratch_write(world->fake->root, "/elsewhere/file", "");
    testing_scratch_link(world->fake->root, "/run/virt-assign", "../elsewhere");
    g_assert_true(vas_operation_begin(&world->fake->context, NULL, world->operation, &is_recorded,
                                      &world->error));
    g_assert_false(is_recorded);
    g_assert_cmpuint(world->fake->notes->len, ==, 1);
    g_assert_nonnull(strstr(g_ptr_array_index(world->fake->notes, 0),
                            "recover will know nothing of this command"));
}

/* The folder becomes another's while the command runs. */
static void
test_cannot_be_removed(World *world, gconstpointer data)
{
    g_autofree char *folder = g_build_filename(world->fake->root->path, "run/virt-assign", NULL);

    begin(world);
    g_assert_cmpint(g_chmod(folder, 0777), ==, 0);
    vas_operation_close(&world->fake->context, NULL, world->operation, world->results,
                        &world->error);
    g_assert_cmpuint(world->fake->notes->len, ==, 1);
    g_assert_nonnull(
        strstr(g_ptr_array_index(world->fake->notes, 0), "virt-assign recover: remove " RECORD));
}

/* A record that stays as it is stays where it is: it is off at no moment. */
static void
test_not_written_anew(World *world, gconstpointer data)
{
    g_autofree char *folder = g_build_filename(world->fake->root->path, "run/virt-assign", NULL);

    begin(world);
    g_assert_cmpint(g_chmod(folder, 0777), ==, 0);
    g_set_error(&world->error, VAS_ERROR, VAS_ERROR_UNDO_FAILED, "no");
    vas_operation_close(&world->fake->context, NULL, world->operation, world->results,
                        &world->error);
    testing_assert_error(&world->error, VAS_ERROR_UNDO_FAILED, "no");
    g_assert_cmpuint(world->fake->notes->len, ==, 0);
    g_assert_true(is_on_record(world));
}

#define ADD(name, data, function)                                                                  \
    g_test_add("/operation/" name, World, data, set_up, function, world_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("host/end", NULL, test_end);
    ADD("host/empty", NULL, test_empty);
    ADD("host/undo-failed", NULL, test_undo_failed);
    ADD("host/one-of-two-left", NULL, test_one_of_two_left);
    ADD("host/one-of-two-left/each-alone", GINT_TO_POINTER(TRUE), test_one_of_two_left);
    ADD("host/one-of-two-pending", NULL, test_one_of_two_pending);
    ADD("host/folder-of-another", NULL, test_folder_of_another);
    ADD("host/cannot-be-removed", NULL, test_cannot_be_removed);
    ADD("host/not-written-anew", NULL, test_not_written_anew);
    return g_test_run();
}
