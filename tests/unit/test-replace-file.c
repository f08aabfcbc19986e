/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/files/replace-file.h"

#include "host-world.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH "/etc/rule"

typedef struct {
    HostWorld base; /* first: the functions of host-world.h take it */
    char *full;
} FileWorld;

static void
set_up(FileWorld *world, gconstpointer data)
{
    host_world_set_up(&world->base, data);
    world->full = vas_host_path(world->base.host, PATH);
}

static void
tear_down(FileWorld *world, gconstpointer data)
{
    g_free(world->full);
    host_world_tear_down(&world->base, data);
}

static void
assert_holds(const FileWorld *world, const char *text, mode_t mode)
{
    g_autofree char *now = NULL;
    struct stat status;

    g_assert_true(g_file_get_contents(world->full, &now, NULL, NULL));
    g_assert_cmpstr(now, ==, text);
    g_assert_cmpint(lstat(world->full, &status), ==, 0);
    g_assert_true(S_ISREG(status.st_mode));
    g_assert_cmpuint(status.st_mode & 0777, ==, mode);
}

static void
test_replace_and_remove(FileWorld *world, gconstpointer data)
{
    testing_scratch_write(world->base.scratch, "/etc/other", "");
    g_assert_cmpint(vas_replace_file(world->base.host, PATH, "one\n", 0644), ==, 0);
    assert_holds(world, "one\n", 0644);
    g_assert_cmpint(vas_replace_file(world->base.host, PATH, "two\n", 0600), ==, 0);
    assert_holds(world, "two\n", 0600);
    g_assert_cmpint(vas_remove_file(world->base.host, PATH), ==, 0);
    g_assert_false(g_file_test(world->full, G_FILE_TEST_EXISTS));
    g_assert_cmpint(vas_remove_file(world->base.host, PATH), ==, ENOENT);
}

/* The target of a link is somebody else's: the link itself is replaced. */
static void
test_link(FileWorld *world, gconstpointer data)
{
    g_autofree char *target = g_build_filename(world->base.scratch->path, "etc/target", NULL);
    g_autofree char *text = NULL;

    testing_scratch_write(world->base.scratch, "/etc/target", "theirs\n");
    testing_scratch_link(world->base.scratch, PATH, "target");
    g_assert_cmpint(vas_replace_file(world->base.host, PATH, "ours\n", 0644), ==, 0);
    assert_holds(world, "ours\n", 0644);
    g_assert_true(g_file_get_contents(target, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, "theirs\n");
}

static void
test_no_folder(FileWorld *world, gconstpointer data)
{
    g_assert_cmpint(vas_replace_file(world->base.host, PATH, "x", 0644), ==, ENOENT);
}

/* A command that was killed leaves the file that was on its way: the next change clears it. */
static void
test_leftover(FileWorld *world, gconstpointer data)
{
    g_autofree char *left = g_strconcat(world->full, ".virt-assign-new", NULL);
    g_autofree char *target = g_build_filename(world->base.scratch->path, "etc/target", NULL);
    g_autofree char *text = NULL;

    testing_scratch_write(world->base.scratch, "/etc/target", "theirs\n");
    testing_scratch_link(world->base.scratch, PATH ".virt-assign-new", "target");
    g_assert_cmpint(vas_replace_file(world->base.host, PATH, "one\n", 0644), ==, 0);
    assert_holds(world, "one\n", 0644);
    g_assert_false(g_file_test(left, G_FILE_TEST_IS_SYMLINK));
    g_assert_true(g_file_get_contents(target, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, "theirs\n");
    testing_scratch_write(world->base.scratch, PATH ".virt-assign-new", "ha");
    g_assert_cmpint(vas_remove_file(world->base.host, PATH), ==, 0);
    g_assert_false(g_file_test(left, G_FILE_TEST_EXISTS));
}

/* Nothing is left of a try. */
static void
test_in_the_way(FileWorld *world, gconstpointer data)
{
    g_autofree char *folder = g_build_filename(world->base.scratch->path, "etc", NULL);
    g_autoptr(GDir) names = NULL;

    testing_scratch_write(world->base.scratch, PATH "/file", "");
    g_assert_cmpint(vas_replace_file(world->base.host, PATH, "x", 0644), !=, 0);
    names = g_dir_open(folder, 0, NULL);
    g_assert_cmpstr(g_dir_read_name(names), ==, "rule");
    g_assert_null(g_dir_read_name(names));
}

#define ADD(name, function)                                                                        \
    g_test_add("/replace-file/" name, FileWorld, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("replace-and-remove", test_replace_and_remove);
    ADD("link", test_link);
    ADD("no-folder", test_no_folder);
    ADD("leftover", test_leftover);
    ADD("in-the-way", test_in_the_way);
    return g_test_run();
}
