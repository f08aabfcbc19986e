/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/files/metrics-file.h"

#include "core/value/error.h"
#include "host-world.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER "/var/metrics"
#define PATH FOLDER "/virt-assign.prom"

static void
set_up(HostWorld *world, gconstpointer data)
{
    host_world_set_up(world, data);
    testing_scratch_write(world->scratch, FOLDER "/other.prom", "other 1\n");
}

static char *
full_path(const HostWorld *world, const char *path)
{
    return g_build_filename(world->scratch->path, path, NULL);
}

static gboolean
write_metrics(HostWorld *world, const char *text)
{
    return vas_metrics_file_write(world->host, PATH, text, &world->error);
}

static void
assert_holds(const HostWorld *world, const char *path, const char *ending)
{
    g_autofree char *full = full_path(world, path);
    g_autofree char *text = NULL;

    g_assert_true(g_file_get_contents(full, &text, NULL, NULL));
    g_assert_true(g_str_has_suffix(text, ending));
    g_assert_cmpuint(strlen(text), <=, strlen(ending) + 80);
}

static void
test_written(HostWorld *world, gconstpointer data)
{
    g_autofree char *full = full_path(world, PATH);
    mode_t mask = umask(077);
    struct stat status;

    g_assert_true(write_metrics(world, "a 1\n"));
    g_assert_true(write_metrics(world, "a 2\n"));
    (void) umask(mask);
    assert_holds(world, PATH, "\na 2\n");
    g_assert_cmpint(lstat(full, &status), ==, 0);
    g_assert_cmpuint(status.st_mode & 07777, ==, 0644);
}

static void
test_empty(HostWorld *world, gconstpointer data)
{
    testing_scratch_write(world->scratch, PATH, "");
    g_assert_true(write_metrics(world, "a 1\n"));
    assert_holds(world, PATH, "\na 1\n");
}

static void
test_anothers(HostWorld *world, gconstpointer data)
{
    testing_scratch_write(world->scratch, PATH, "apt_upgrades_pending 3\n");
    g_assert_false(write_metrics(world, "a 1\n"));
    testing_assert_hint(world->error, "choose another name");
    testing_assert_error(&world->error, VAS_ERROR_CONFLICT,
                         PATH " is not a file that virt-assign metrics has written");
    assert_holds(world, PATH, "apt_upgrades_pending 3\n");
}

static void
test_link(HostWorld *world, gconstpointer data)
{
    testing_scratch_link(world->scratch, PATH, "other.prom");
    g_assert_false(write_metrics(world, "a 1\n"));
    testing_assert_error(&world->error, VAS_ERROR_CONFLICT, PATH);
    assert_holds(world, FOLDER "/other.prom", "other 1\n");
}

static void
test_no_folder(HostWorld *world, gconstpointer data)
{
    g_assert_false(vas_metrics_file_write(world->host, "/nowhere/a.prom", "a 1\n", &world->error));
    testing_assert_hint(world->error, "make the folder /nowhere first");
    testing_assert_error(&world->error, VAS_ERROR_FAILED, "write /nowhere/a.prom: No such file");
}

/* Two commands that wrote the same file at once would write into each other's. */
static void
test_locked(HostWorld *world, gconstpointer data)
{
    g_autofree char *folder = full_path(world, FOLDER);
    int other = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    g_assert_cmpint(flock(other, LOCK_EX), ==, 0);
    g_assert_false(write_metrics(world, "a 1\n"));
    testing_assert_error(&world->error, VAS_ERROR_LOCKED, "another command writes there");
    close(other);
    g_assert_true(write_metrics(world, "a 1\n"));
    g_assert_true(write_metrics(world, "a 1\n"));
}

#define ADD(name, function)                                                                        \
    g_test_add("/metrics-file/" name, HostWorld, NULL, set_up, function, host_world_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("written", test_written);
    ADD("empty", test_empty);
    ADD("anothers", test_anothers);
    ADD("link", test_link);
    ADD("no-folder", test_no_folder);
    ADD("locked", test_locked);
    return g_test_run();
}
