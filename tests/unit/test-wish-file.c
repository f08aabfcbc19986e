/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/journal/wish-file.h"

#include "core/value/error.h"
#include "host-world.h"

#include <sys/stat.h>
#include <unistd.h>

static const VasHostAddress device = {.pci = {.bus = 3}};

static char *
file_path(const HostWorld *world)
{
    return g_build_filename(world->scratch->path, VAS_WISH_FILE, NULL);
}

static VasHostWish *
read_wish(HostWorld *world)
{
    VasHostWish *wish = NULL;

    (void) vas_wish_file_read(world->host, &wish, &world->error);
    return wish;
}

/* The folder is made, and without wishes no file is left. */
static void
test_written(HostWorld *world, gconstpointer data)
{
    g_autoptr(VasHostWish) none = read_wish(world);
    g_autoptr(VasHostWish) wish = NULL;
    g_autofree char *path = file_path(world);
    struct stat info;

    g_assert_true(vas_host_wish_is_empty(none));
    vas_host_wish_set_driver(none, device, "vfio-pci");
    g_assert_true(vas_wish_file_write(world->host, none, &world->error));
    g_assert_cmpint(stat(path, &info), ==, 0);
    g_assert_cmpuint(info.st_mode & 07777, ==, 0644);
    wish = read_wish(world);
    g_assert_cmpstr(vas_host_wish_driver(wish, device), ==, "vfio-pci");
    vas_host_wish_set_driver(wish, device, NULL);
    g_assert_true(vas_wish_file_write(world->host, wish, &world->error));
    g_assert_true(vas_wish_file_write(world->host, wish, &world->error));
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
}

static void
test_malformed(HostWorld *world, gconstpointer data)
{
    testing_scratch_write(world->scratch, VAS_WISH_FILE,
                          "<host xmlns='urn:virt-assign:host:1' version='1'>\n<x/></host>\n");
    g_assert_null(read_wish(world));
    testing_assert_hint(world->error, "mend the file");
    testing_assert_error(&world->error, VAS_ERROR_INVALID,
                         VAS_WISH_FILE ": line 2: <x> is not known here");
}

/* Root does what stands there. */
static void
test_writable_for_others(HostWorld *world, gconstpointer data)
{
    g_autofree char *path = file_path(world);
    g_autoptr(VasHostWish) wish = NULL;

    testing_scratch_write(world->scratch, VAS_WISH_FILE,
                          "<host xmlns='urn:virt-assign:host:1' version='1'/>\n");
    g_assert_cmpint(chmod(path, 0664), ==, 0);
    wish = read_wish(world);
    if (geteuid() != 0) {
        g_assert_nonnull(wish);
        return;
    }
    g_assert_null(wish);
    testing_assert_hint(world->error, "root's, writable for nobody else");
    testing_assert_error(&world->error, VAS_ERROR_DENIED, "read " VAS_WISH_FILE);
}

static void
test_cannot_be_written(HostWorld *world, gconstpointer data)
{
    g_autoptr(VasHostWish) wish = vas_host_wish_new();

    testing_scratch_write(world->scratch, "/etc/virt-assign", "a file");
    vas_host_wish_set_driver(wish, device, "vfio-pci");
    g_assert_false(vas_wish_file_write(world->host, wish, &world->error));
    testing_assert_error(&world->error, VAS_ERROR_FAILED, "write " VAS_WISH_FILE);
}

#define ADD(name, function)                                                                        \
    g_test_add("/wish-file/" name, HostWorld, NULL, host_world_set_up, function,                   \
               host_world_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("written", test_written);
    ADD("malformed", test_malformed);
    ADD("writable-for-others", test_writable_for_others);
    ADD("cannot-be-written", test_cannot_be_written);
    return g_test_run();
}
