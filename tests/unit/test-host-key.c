/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/files/host-key.h"

#include "core/value/error.h"
#include "host-world.h"
#include "host/files/replace-file.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define FILE_PATH "/etc/virt-assign/key"
#define LONG "0123456789abcdef0123456789abcdef"

static char *
full_path(const HostWorld *world)
{
    return g_build_filename(world->scratch->path, FILE_PATH, NULL);
}

static char *
read_key(HostWorld *world)
{
    char *key = NULL;

    g_assert_true(vas_host_key_read(world->host, &key, &world->error));
    return key;
}

static void
test_made_once(HostWorld *world, gconstpointer data)
{
    g_autofree char *path = full_path(world);
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *first = NULL;
    g_autofree char *again = NULL;
    g_autofree char *read = NULL;
    g_autoptr(GDir) files = NULL;
    GStatBuf status;

    g_assert_null(read_key(world));
    first = vas_host_key_have(world->host, &world->error);
    again = vas_host_key_have(world->host, &world->error);
    read = read_key(world);
    g_assert_cmpuint(strlen(first), ==, 64);
    g_assert_cmpuint(strspn(first, "0123456789abcdef"), ==, 64);
    g_assert_cmpstr(again, ==, first);
    g_assert_cmpstr(read, ==, first);
    g_assert_cmpint(g_stat(path, &status), ==, 0);
    g_assert_cmpuint(status.st_mode & 07777, ==, 0600);
    files = g_dir_open(folder, 0, NULL);
    g_assert_cmpstr(g_dir_read_name(files), ==, "key");
    g_assert_null(g_dir_read_name(files));
}

/* Another user was faster. */
static void
test_not_replaced(HostWorld *world, gconstpointer data)
{
    g_autofree char *key = NULL;

    testing_scratch_write(world->scratch, "/etc/virt-assign/xml-templates/x", "");
    g_assert_cmpint(vas_create_file(world->host, FILE_PATH, LONG "\n", 0600), ==, 0);
    g_assert_cmpint(vas_create_file(world->host, FILE_PATH, "other\n", 0600), ==, EEXIST);
    key = vas_host_key_have(world->host, &world->error);
    g_assert_cmpstr(key, ==, LONG);
}

#define USERS 4

static gpointer
have(gpointer data)
{
    HostWorld *world = data;
    char *key = vas_host_key_have(world->host, NULL);

    g_assert_nonnull(key);
    return key;
}

/* Each of them finds no key and makes one: they all have the one that was there first. */
static void
test_made_at_once(HostWorld *world, gconstpointer data)
{
    GThread *threads[USERS];
    char *keys[USERS];

    for (guint i = 0; i < USERS; i++)
        threads[i] = g_thread_new("user", have, world);
    for (guint i = 0; i < USERS; i++)
        keys[i] = g_thread_join(threads[i]);
    for (guint i = 0; i < USERS; i++) {
        g_assert_cmpstr(keys[i], ==, keys[0]);
        if (i > 0)
            g_free(keys[i]);
    }
    g_free(keys[0]);
}

/* Root reads whatever the mode says: this is somebody else then. */
static void
test_not_root(HostWorld *world, gconstpointer data)
{
    g_autofree char *path = full_path(world);
    gboolean was_root = geteuid() == 0;
    char *key = NULL;

    testing_scratch_write(world->scratch, FILE_PATH, LONG "\n");
    g_assert_cmpint(g_chmod(path, 0), ==, 0);
    g_assert_true(!was_root || seteuid(65534) == 0);
    g_assert_false(vas_host_key_read(world->host, &key, &world->error));
    g_assert_true(!was_root || seteuid(0) == 0);
    testing_assert_hint(world->error, "run as root");
    testing_assert_error(&world->error, VAS_ERROR_DENIED, "Permission denied");
}

static void
assert_refused(HostWorld *world, int code)
{
    char *key = NULL;

    g_assert_false(vas_host_key_read(world->host, &key, &world->error));
    g_assert_nonnull(vas_error_hint(world->error));
    testing_assert_error(&world->error, code, FILE_PATH);
    g_assert_null(vas_host_key_have(world->host, &world->error));
    testing_assert_error(&world->error, code, FILE_PATH);
}

static void
test_refused(HostWorld *world, gconstpointer data)
{
    static const mode_t open_to_others[] = {0640, 0604, 0620, 0601};
    g_autofree char *path = full_path(world);

    testing_scratch_write(world->scratch, FILE_PATH, LONG "\n");
    for (guint i = 0; i < G_N_ELEMENTS(open_to_others); i++) {
        g_assert_cmpint(g_chmod(path, open_to_others[i]), ==, 0);
        assert_refused(world, VAS_ERROR_DENIED);
    }
    g_assert_cmpint(g_chmod(path, 0400), ==, 0);
    g_free(read_key(world));
    g_assert_cmpint(g_unlink(path), ==, 0);
    testing_scratch_write(world->scratch, FILE_PATH, "guessed\n");
    g_assert_cmpint(g_chmod(path, 0600), ==, 0);
    assert_refused(world, VAS_ERROR_FAILED);
}

static void
test_link(HostWorld *world, gconstpointer data)
{
    g_autofree char *elsewhere = g_build_filename(world->scratch->path, "elsewhere", NULL);

    testing_scratch_write(world->scratch, "/elsewhere", LONG "\n");
    g_assert_cmpint(g_chmod(elsewhere, 0600), ==, 0);
    testing_scratch_link(world->scratch, FILE_PATH, "../../elsewhere");
    assert_refused(world, VAS_ERROR_DENIED);
}

#define ADD(name, function)                                                                        \
    g_test_add("/host-key/" name, HostWorld, NULL, host_world_set_up, function,                    \
               host_world_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("made-once", test_made_once);
    ADD("not-replaced", test_not_replaced);
    ADD("made-at-once", test_made_at_once);
    ADD("not-root", test_not_root);
    ADD("refused", test_refused);
    ADD("link", test_link);
    return g_test_run();
}
