/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/files/run-folder.h"

#include "host-world.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER "/run/virt-assign"

typedef struct {
    HostWorld base; /* first: the functions of host-world.h take it */
    char *folder;
} FolderWorld;

static void
set_up(FolderWorld *world, gconstpointer data)
{
    host_world_set_up(&world->base, data);
    world->folder = g_build_filename(world->base.scratch->path, FOLDER, NULL);
}

static void
tear_down(FolderWorld *world, gconstpointer data)
{
    g_free(world->folder);
    host_world_tear_down(&world->base, data);
}

static guint
mode_of(const char *path)
{
    GStatBuf status;

    g_assert_cmpint(g_stat(path, &status), ==, 0);
    return (guint) status.st_mode & 07777;
}

static void
test_write(FolderWorld *world, gconstpointer data)
{
    g_autofree char *file = g_build_filename(world->folder, "a-1", NULL);
    g_autofree char *text = NULL;
    g_autofree char *later = NULL;

    g_assert_cmpint(vas_run_file_read(world->base.host, "a-1", 10, &text), ==, ENOENT);
    g_assert_cmpint(vas_run_file_write(world->base.host, "a-1", "one"), ==, 0);
    g_assert_cmpuint(mode_of(world->folder), ==, 0700);
    g_assert_cmpuint(mode_of(file), ==, 0600);
    g_assert_cmpint(vas_run_file_read(world->base.host, "a-1", 3, &text), ==, 0);
    g_assert_cmpstr(text, ==, "one");
    g_assert_cmpint(vas_run_file_read(world->base.host, "a-1", 2, &later), ==, EFBIG);
    g_assert_null(later);
    g_assert_cmpint(vas_run_file_remove(world->base.host, "a-1"), ==, 0);
    g_assert_cmpint(vas_run_file_remove(world->base.host, "a-1"), ==, ENOENT);
}

static void
test_list(FolderWorld *world, gconstpointer data)
{
    g_auto(GStrv) none = NULL;
    g_auto(GStrv) names = NULL;

    g_assert_cmpint(vas_run_file_list(world->base.host, "a-", &none), ==, 0);
    g_assert_cmpuint(g_strv_length(none), ==, 0);
    g_assert_cmpint(vas_run_file_write(world->base.host, "a-2", ""), ==, 0);
    g_assert_cmpint(vas_run_file_write(world->base.host, "b-1", ""), ==, 0);
    g_assert_cmpint(vas_run_file_write(world->base.host, "a-1", ""), ==, 0);
    g_assert_cmpint(vas_run_file_list(world->base.host, "a-", &names), ==, 0);
    g_assert_cmpuint(g_strv_length(names), ==, 2);
    g_assert_cmpstr(names[0], ==, "a-1");
    g_assert_cmpstr(names[1], ==, "a-2");
}

static void
assert_not_used(FolderWorld *world)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) names = NULL;

    g_assert_cmpint(vas_run_file_write(world->base.host, "a-1", "new"), ==, EPERM);
    g_assert_cmpint(vas_run_file_read(world->base.host, "a-1", 10, &text), ==, EPERM);
    g_assert_cmpint(vas_run_file_remove(world->base.host, "a-1"), ==, EPERM);
    g_assert_cmpint(vas_run_file_list(world->base.host, "a-", &names), ==, EPERM);
}

static void
test_folder_is_a_link(FolderWorld *world, gconstpointer data)
{
    g_autofree char *file = g_build_filename(world->base.scratch->path, "elsewhere/a-1", NULL);

    testing_scratch_write(world->base.scratch, "/elsewhere/a-1", "old");
    testing_scratch_link(world->base.scratch, FOLDER, "../elsewhere");
    assert_not_used(world);
    g_assert_true(g_file_test(file, G_FILE_TEST_EXISTS));
}

/* The folder is open to its group, or to all. */
static void
test_folder_is_open_to_others(FolderWorld *world, gconstpointer data)
{
    static const int modes[] = {0720, 0702};

    testing_scratch_write(world->base.scratch, FOLDER "/a-1", "old");
    for (guint i = 0; i < G_N_ELEMENTS(modes); i++) {
        g_assert_cmpint(g_chmod(world->folder, modes[i]), ==, 0);
        assert_not_used(world);
    }
}

static void
test_folder_is_anothers(FolderWorld *world, gconstpointer data)
{
    testing_scratch_write(world->base.scratch, FOLDER "/a-1", "old");
    if (chown(world->folder, 65534, (gid_t) -1) != 0) {
        g_test_skip("only root can give a folder away");
        return;
    }
    assert_not_used(world);
}

static void
test_file_is_no_plain_one(FolderWorld *world, gconstpointer data)
{
    g_autofree char *fifo = g_build_filename(world->folder, "a-2", NULL);
    g_autofree char *text = NULL;

    testing_scratch_write(world->base.scratch, "/elsewhere", "of somebody else");
    g_assert_cmpint(vas_run_file_write(world->base.host, "a-3", ""), ==, 0);
    testing_scratch_link(world->base.scratch, FOLDER "/a-1", "../../elsewhere");
    g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
    g_assert_cmpint(vas_run_file_read(world->base.host, "a-1", 100, &text), ==, EPERM);
    g_assert_cmpint(vas_run_file_read(world->base.host, "a-2", 100, &text), ==, EPERM);
    g_assert_null(text);
}

#define ADD(name, function)                                                                        \
    g_test_add("/run-folder/" name, FolderWorld, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("write", test_write);
    ADD("list", test_list);
    ADD("folder-is-a-link", test_folder_is_a_link);
    ADD("folder-is-open-to-others", test_folder_is_open_to_others);
    ADD("folder-is-anothers", test_folder_is_anothers);
    ADD("file-is-no-plain-one", test_file_is_no_plain_one);
    return g_test_run();
}
