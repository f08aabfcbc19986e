/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/files/lock.h"

#include "core/value/error.h"
#include "host-world.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define NAME "device-0000:01:10.0"

typedef struct {
    HostWorld base; /* first: the functions of host-world.h take it */
    char *folder;
} LockWorld;

static void
set_up(LockWorld *world, gconstpointer data)
{
    host_world_set_up(&world->base, data);
    world->folder = g_build_filename(world->base.scratch->path, "virt-assign", NULL);
}

static void
tear_down(LockWorld *world, gconstpointer data)
{
    g_free(world->folder);
    host_world_tear_down(&world->base, data);
}

/* NULL: somebody has it, @ret_holder (may be NULL) says who. */
static VasLock *
take(LockWorld *world, gboolean shared, VasLockHolder **ret_holder)
{
    g_autoptr(VasLockHolder) holder = NULL;
    VasLock *lock = NULL;

    g_assert_true(vas_lock_try(world->folder, NAME, shared, "virt-assign attach db1", &lock,
                               &holder, &world->base.error));
    g_assert_no_error(world->base.error);
    g_assert_true((lock == NULL) == (holder != NULL));
    if (ret_holder != NULL)
        *ret_holder = g_steal_pointer(&holder);
    return lock;
}

static char *
record(const LockWorld *world)
{
    g_autofree char *path = g_build_filename(world->folder, NAME, NULL);
    char *text = NULL;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    return text;
}

static void
assert_mode(const char *path, mode_t mode)
{
    struct stat status;

    g_assert_cmpint(lstat(path, &status), ==, 0);
    g_assert_cmphex(status.st_mode & 07777, ==, mode);
}

static void
test_one_at_a_time(LockWorld *world, gconstpointer data)
{
    VasLock *first = take(world, FALSE, NULL);
    g_autoptr(VasLockHolder) holder = NULL;
    g_autoptr(VasLock) second = NULL;
    g_autofree char *left = NULL;

    g_assert_nonnull(first);
    g_assert_null(take(world, FALSE, &holder));
    g_assert_cmpint(holder->process, ==, getpid());
    g_assert_cmpstr(holder->command, ==, "virt-assign attach db1");
    g_assert_cmpint(ABS(g_get_real_time() / G_USEC_PER_SEC - holder->since), <, 600);
    vas_lock_free(first);
    left = record(world);
    g_assert_cmpstr(left, ==, "");
    second = take(world, FALSE, NULL);
    g_assert_nonnull(second);
}

static void
test_shared(LockWorld *world, gconstpointer data)
{
    VasLock *first = take(world, TRUE, NULL);
    VasLock *second = take(world, TRUE, NULL);
    g_autoptr(VasLockHolder) holder = NULL;
    g_autoptr(VasLock) whole = NULL;

    g_assert_nonnull(first);
    g_assert_nonnull(second);
    g_assert_null(take(world, FALSE, NULL));
    vas_lock_free(first);
    g_assert_null(take(world, FALSE, &holder));
    vas_lock_free(second);
    whole = take(world, FALSE, NULL);
    g_assert_nonnull(whole);
    g_assert_null(take(world, TRUE, NULL));
}

static void
test_for_us_only(LockWorld *world, gconstpointer data)
{
    g_autoptr(VasLock) lock = take(world, FALSE, NULL);
    g_autofree char *file = g_build_filename(world->folder, NAME, NULL);

    g_assert_nonnull(lock);
    assert_mode(world->folder, 0700);
    assert_mode(file, 0600);
}

/* The text in the file says nothing about the lock. */
static void
test_stale_record(LockWorld *world, gconstpointer data)
{
    g_autoptr(VasLock) lock = NULL;
    g_autofree char *now = NULL;

    testing_scratch_write(world->base.scratch, "virt-assign/" NAME,
                          "4194304 1 virt-assign vfs enp1s0\n");
    g_assert_cmpint(chmod(world->folder, 0700), ==, 0);
    lock = take(world, FALSE, NULL);
    g_assert_nonnull(lock);
    now = record(world);
    g_assert_nonnull(strstr(now, " virt-assign attach db1\n"));
    g_assert_null(strstr(now, "enp1s0"));
}

/* Writes into the file that is there: the lock is on it, not on its name. */
static void
write_record(const LockWorld *world, const char *text)
{
    g_autofree char *path = g_build_filename(world->folder, NAME, NULL);
    FILE *file = fopen(path, "w");

    g_assert_nonnull(file);
    g_assert_cmpint(fputs(text, file), >=, 0);
    g_assert_cmpint(fclose(file), ==, 0);
}

static void
assert_holder(LockWorld *world, const char *text, int process, const char *command)
{
    g_autoptr(VasLockHolder) holder = NULL;
    g_autoptr(VasLock) lock = take(world, FALSE, NULL);

    g_assert_nonnull(lock);
    write_record(world, text);
    g_assert_null(take(world, FALSE, &holder));
    g_assert_cmpint(holder->process, ==, process);
    g_assert_cmpstr(holder->command, ==, command);
    /* The file is emptied, or it would be cleared as a record of ours. */
    write_record(world, "");
}

static void
test_hostile_record(LockWorld *world, gconstpointer data)
{
    g_autofree char *long_text = g_strnfill(100000, 'x');
    g_autofree char *long_record = g_strconcat("12 1 ", long_text, NULL);
    g_autoptr(VasLockHolder) holder G_GNUC_UNUSED = NULL;

    assert_holder(world, "12 34 a\033[2Jb\xff\tc\nd", 12, "a?[2Jb\xef\xbf\xbd?c");
    assert_holder(world, "", 0, NULL);
    assert_holder(world, "\n", 0, NULL);
    assert_holder(world, "12 34", 0, NULL);
    assert_holder(world, "-1 34 x", 0, NULL);
    assert_holder(world, "0 34 x", 0, NULL);
    assert_holder(world, "99999999 34 x", 0, NULL);
    assert_holder(world, "12 99999999999999999999 x", 0, NULL);
    long_text[512 - strlen("12 1 ")] = '\0';
    assert_holder(world, long_record, 12, long_text);
}

static void
assert_refused(LockWorld *world, int code, const char *part)
{
    VasLock *lock = NULL;
    VasLockHolder *holder = NULL;

    g_assert_false(
        vas_lock_try(world->folder, NAME, FALSE, "x", &lock, &holder, &world->base.error));
    g_assert_null(lock);
    g_assert_null(holder);
    testing_assert_error(&world->base.error, code, part);
}

static void
test_file_is_a_link(LockWorld *world, gconstpointer data)
{
    g_autofree char *target = g_build_filename(world->base.scratch->path, "precious", NULL);
    g_autofree char *text = NULL;

    testing_scratch_write(world->base.scratch, "precious", "12 34 all of it\n");
    testing_scratch_link(world->base.scratch, "virt-assign/" NAME, target);
    assert_refused(world, VAS_ERROR_DENIED, "/virt-assign/" NAME " cannot be trusted");
    g_assert_true(g_file_get_contents(target, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, "12 34 all of it\n");
}

static void
test_file_is_a_fifo(LockWorld *world, gconstpointer data)
{
    g_autofree char *path = g_build_filename(world->folder, NAME, NULL);

    g_assert_cmpint(mkdir(world->folder, 0700), ==, 0);
    g_assert_cmpint(mkfifo(path, 0600), ==, 0);
    assert_refused(world, VAS_ERROR_DENIED, "another kind");
}

static void
test_folder_is_a_link(LockWorld *world, gconstpointer data)
{
    testing_scratch_write(world->base.scratch, "elsewhere/file", "");
    testing_scratch_link(world->base.scratch, "virt-assign", "elsewhere");
    assert_refused(world, VAS_ERROR_DENIED, "/virt-assign cannot be trusted");
}

static void
test_folder_is_open_to_others(LockWorld *world, gconstpointer data)
{
    g_assert_cmpint(mkdir(world->folder, 0700), ==, 0);
    g_assert_cmpint(chmod(world->folder, 0770), ==, 0);
    assert_refused(world, VAS_ERROR_DENIED, "others may write");
}

static void
test_file_of_another_user(LockWorld *world, gconstpointer data)
{
    g_autofree char *path = g_build_filename(world->folder, NAME, NULL);

    if (geteuid() != 0) {
        g_test_skip("only root can give files away");
        return;
    }
    testing_scratch_write(world->base.scratch, "virt-assign/" NAME, "");
    g_assert_cmpint(chmod(world->folder, 0700), ==, 0);
    g_assert_cmpint(chown(path, 65534, 65534), ==, 0);
    assert_refused(world, VAS_ERROR_DENIED, "another user");
}

/* A missing parent stands for a missing right to make the folder, which root has everywhere. */
static void
test_no_folder_to_be_had(LockWorld *world, gconstpointer data)
{
    g_free(world->folder);
    world->folder = g_build_filename(world->base.scratch->path, "missing", "virt-assign", NULL);
    assert_refused(world, VAS_ERROR_UNSUPPORTED, "no lock can be had in ");
}

static void
test_names(LockWorld *world, gconstpointer data)
{
    static const char *const names[] = {"../x", "a/b", ".", "..", ".hidden", "a b", "a\n"};
    VasLock *lock = NULL;
    VasLockHolder *holder = NULL;

    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_assert_false(
            vas_lock_try(world->folder, names[i], FALSE, "x", &lock, &holder, &world->base.error));
        testing_assert_error(&world->base.error, VAS_ERROR_INVALID, "not the name of a lock");
    }
    g_assert_false(g_file_test(world->folder, G_FILE_TEST_EXISTS));
}

/* Takes the lock in a process of its own, which says so and stays until it is killed. */
static pid_t
hold_in_process(LockWorld *world)
{
    int ready[2];
    char byte = 0;
    pid_t process;

    g_assert_cmpint(pipe(ready), ==, 0);
    process = fork();
    g_assert_cmpint(process, >=, 0);
    if (process == 0) {
        VasLock *lock = take(world, FALSE, NULL);

        g_assert_cmpint(write(ready[1], lock != NULL ? "y" : "n", 1), ==, 1);
        for (;;)
            pause();
    }
    close(ready[1]);
    g_assert_cmpint(read(ready[0], &byte, 1), ==, 1);
    close(ready[0]);
    g_assert_cmpint(byte, ==, 'y');
    return process;
}

static void
test_death_frees_it(LockWorld *world, gconstpointer data)
{
    pid_t process = hold_in_process(world);
    g_autoptr(VasLockHolder) holder = NULL;
    g_autoptr(VasLock) lock = NULL;

    g_assert_null(take(world, FALSE, &holder));
    g_assert_cmpint(holder->process, ==, process);
    g_assert_cmpint(kill(process, SIGKILL), ==, 0);
    g_assert_cmpint(waitpid(process, NULL, 0), ==, process);
    lock = take(world, FALSE, NULL);
    g_assert_nonnull(lock);
}

#define ADD(name, function) g_test_add("/lock/" name, LockWorld, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("one-at-a-time", test_one_at_a_time);
    ADD("shared", test_shared);
    ADD("for-us-only", test_for_us_only);
    ADD("stale-record", test_stale_record);
    ADD("hostile-record", test_hostile_record);
    ADD("file-is-a-link", test_file_is_a_link);
    ADD("file-is-a-fifo", test_file_is_a_fifo);
    ADD("folder-is-a-link", test_folder_is_a_link);
    ADD("folder-is-open-to-others", test_folder_is_open_to_others);
    ADD("file-of-another-user", test_file_of_another_user);
    ADD("no-folder-to-be-had", test_no_folder_to_be_had);
    ADD("names", test_names);
    ADD("death-frees-it", test_death_frees_it);
    return g_test_run();
}
