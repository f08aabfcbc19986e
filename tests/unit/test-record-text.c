/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/files/record-text.h"

#include "core/value/error.h"
#include "host-world.h"

#define NAME "operation-0000:01:10.0"
#define FILE_PATH "/run/virt-assign/" NAME

static const VasHostAddress vf = {.pci = {.bus = 1, .slot = 0x10}};

static char *
read_text(HostWorld *world)
{
    char *text = NULL;

    g_assert_true(vas_record_text_read(world->host, NAME, &text, &world->error));
    return text;
}

static gboolean
write_text(HostWorld *world, const char *text)
{
    return vas_record_text_write(world->host, NAME, text, &world->error);
}

static void
test_list_and_remove(HostWorld *world, gconstpointer data)
{
    g_autoptr(GArray) before = vas_record_text_list(world->host, "operation-", &world->error);
    g_autoptr(GArray) devices = NULL;
    g_autoptr(GArray) after = NULL;
    g_autofree char *text = NULL;

    g_assert_cmpuint(before->len, ==, 0);
    g_assert_null(read_text(world));
    g_assert_true(write_text(world, "one"));
    g_assert_true(write_text(world, "two\n"));
    text = read_text(world);
    g_assert_cmpstr(text, ==, "two\n");
    testing_scratch_write(world->scratch, FILE_PATH ".Xy12Zz", "on its way");
    testing_scratch_write(world->scratch, "/run/virt-assign/operation-old", "");
    testing_scratch_write(world->scratch, "/run/virt-assign/operation-01:10.0", "");
    devices = vas_record_text_list(world->host, "operation-", &world->error);
    g_assert_cmpuint(devices->len, ==, 1);
    g_assert_true(vas_host_address_equal(g_array_index(devices, VasHostAddress, 0), vf));
    g_assert_true(vas_record_text_remove(world->host, NAME, &world->error));
    g_assert_true(vas_record_text_remove(world->host, NAME, &world->error));
    after = vas_record_text_list(world->host, "operation-", &world->error);
    g_assert_cmpuint(after->len, ==, 0);
    g_assert_null(read_text(world));
}

/* A record that is too long to be read again is not written. */
static void
test_too_long(HostWorld *world, gconstpointer data)
{
    g_autofree char *text = g_strnfill((gsize) 300 * 1024, '#');
    char *read = NULL;

    g_assert_false(write_text(world, text));
    testing_assert_error(&world->error, VAS_ERROR_FAILED, "write " FILE_PATH);
    g_assert_null(read_text(world));
    testing_scratch_write(world->scratch, FILE_PATH, text);
    g_assert_false(vas_record_text_read(world->host, NAME, &read, &world->error));
    testing_assert_error(&world->error, VAS_ERROR_FAILED, FILE_PATH);
    g_assert_null(read);
}

static void
test_links(HostWorld *world, gconstpointer data)
{
    char *read = NULL;

    testing_scratch_write(world->scratch, "/elsewhere/file", "text");
    testing_scratch_link(world->scratch, FILE_PATH, "../../elsewhere/file");
    g_assert_false(vas_record_text_read(world->host, NAME, &read, &world->error));
    testing_assert_hint(world->error, "root");
    testing_assert_error(&world->error, VAS_ERROR_DENIED, FILE_PATH);
    testing_scratch_free(world->scratch);
    world->scratch = testing_scratch_new();
    vas_host_free(world->host);
    world->host = vas_host_new(world->scratch->path);
    testing_scratch_write(world->scratch, "/elsewhere/file", "");
    testing_scratch_link(world->scratch, "/run/virt-assign", "../elsewhere");
    g_assert_null(vas_record_text_list(world->host, "operation-", &world->error));
    testing_assert_hint(world->error, "root");
    testing_assert_error(&world->error, VAS_ERROR_DENIED, "/run/virt-assign");
    g_assert_false(write_text(world, "text"));
    testing_assert_error(&world->error, VAS_ERROR_DENIED, "write " FILE_PATH);
    g_assert_false(vas_record_text_remove(world->host, NAME, &world->error));
    testing_assert_error(&world->error, VAS_ERROR_DENIED, "remove " FILE_PATH);
}

#define ADD(name, function)                                                                        \
    g_test_add("/record-text/" name, HostWorld, NULL, host_world_set_up, function,                 \
               host_world_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("list-and-remove", test_list_and_remove);
    ADD("too-long", test_too_long);
    ADD("links", test_links);
    return g_test_run();
}
