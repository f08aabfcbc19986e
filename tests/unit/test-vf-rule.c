/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov/vf-rule.h"

#include "core/value/error.h"
#include "host-world.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define RULES "/etc/udev/rules.d"
#define FILE_NAME "80-virt-assign-vfs-0000:01:00.0.rules"

static const VasHostAddress pf = {.pci = {.bus = 1}};
static char igb[] = "igb";

typedef struct {
    HostWorld base; /* first: the functions of host-world.h take it */
    char *path;
    VasVfRule *rule;
} RuleWorld;

static void
set_up(RuleWorld *world, gconstpointer data)
{
    host_world_set_up(&world->base, data);
    world->path = g_build_filename(world->base.scratch->path, RULES, FILE_NAME, NULL);
    testing_scratch_write(world->base.scratch, RULES "/99-other.rules", "# another\n");
}

static void
tear_down(RuleWorld *world, gconstpointer data)
{
    vas_vf_rule_free(world->rule);
    g_free(world->path);
    host_world_tear_down(&world->base, data);
}

static gboolean
write_rule(RuleWorld *world, guint count, gboolean autoprobe)
{
    const VasVfRule rule = {count, autoprobe, igb};

    return vas_vf_rule_write(world->base.host, pf, count > 0 ? &rule : NULL, &world->base.error);
}

static guint
count_files(const RuleWorld *world)
{
    g_autofree char *folder = g_path_get_dirname(world->path);
    g_autoptr(GDir) files = g_dir_open(folder, 0, NULL);
    guint count = 0;

    while (g_dir_read_name(files) != NULL)
        count++;
    return count;
}

static void
test_text(RuleWorld *world, gconstpointer data)
{
    g_autofree char *text = NULL;
    struct stat info;

    g_assert_true(write_rule(world, 4, FALSE));
    g_assert_true(g_file_get_contents(world->path, &text, NULL, NULL));
    g_assert_true(g_str_has_prefix(text, "# Written by virt-assign"));
    g_assert_nonnull(strstr(text, "virt-assign vfs 0000:01:00.0 COUNT --persist"));
    g_assert_nonnull(strstr(text, "\nACTION==\"add|bind\", SUBSYSTEM==\"pci\", "
                                  "KERNEL==\"0000:01:00.0\", DRIVER==\"igb\", "
                                  "ATTR{sriov_numvfs}==\"0\", "
                                  "ATTR{sriov_drivers_autoprobe}=\"0\", "
                                  "ATTR{sriov_numvfs}=\"4\"\n"));
    g_assert_cmpint(stat(world->path, &info), ==, 0);
    g_assert_cmpuint(info.st_mode & 07777, ==, 0644);
    g_assert_cmpuint(count_files(world), ==, 2);
}

static void
test_round_trip(RuleWorld *world, gconstpointer data)
{
    g_assert_true(vas_vf_rule_read(world->base.host, pf, &world->rule, &world->base.error));
    g_assert_null(world->rule);
    for (guint i = 1; i <= 2; i++) {
        const VasVfRule expected = {i * 3, i == 2, igb};

        g_assert_true(write_rule(world, expected.count, expected.autoprobe));
        g_assert_true(vas_vf_rule_read(world->base.host, pf, &world->rule, &world->base.error));
        g_assert_true(vas_vf_rule_equal(world->rule, &expected));
        g_clear_pointer(&world->rule, vas_vf_rule_free);
    }
    g_assert_true(write_rule(world, 0, TRUE));
    g_assert_true(write_rule(world, 0, TRUE)); /* gone already */
    g_assert_false(g_file_test(world->path, G_FILE_TEST_EXISTS));
    g_assert_cmpuint(count_files(world), ==, 1);
}

/* Somebody else's file, one of ours that was changed by hand, and one for another PF are left
 * alone. */
static void
test_foreign(RuleWorld *world, gconstpointer data)
{
    g_autofree char *ours = NULL;
    g_autofree char *changed = NULL;
    g_autofree char *moved = NULL;
    g_auto(GStrv) parts = NULL;

    g_assert_true(write_rule(world, 4, TRUE));
    g_assert_true(g_file_get_contents(world->path, &ours, NULL, NULL));
    changed = g_strconcat(ours, "RUN+=\"/bin/true\"\n", NULL);
    parts = g_strsplit(ours, "0000:01:00.0", -1);
    moved = g_strjoinv("0000:02:00.0", parts);
    for (guint i = 0; i < 4; i++) {
        const char *texts[] = {"", "# of the admin\n", changed, moved};
        g_autofree char *left = NULL;

        g_test_message("%u", i);
        testing_scratch_write(world->base.scratch, RULES "/" FILE_NAME, texts[i]);
        g_assert_false(vas_vf_rule_read(world->base.host, pf, &world->rule, &world->base.error));
        testing_assert_error(&world->base.error, VAS_ERROR_CONFLICT, RULES "/" FILE_NAME);
        g_assert_false(write_rule(world, 4, TRUE));
        testing_assert_error(&world->base.error, VAS_ERROR_CONFLICT, RULES "/" FILE_NAME);
        g_assert_false(write_rule(world, 0, TRUE));
        testing_assert_error(&world->base.error, VAS_ERROR_CONFLICT, RULES "/" FILE_NAME);
        g_assert_true(g_file_get_contents(world->path, &left, NULL, NULL));
        g_assert_cmpstr(left, ==, texts[i]);
    }
}

/* A mask (systemd's way to switch a rule off) and a folder are left alone. */
static void
test_no_plain_file(RuleWorld *world, gconstpointer data)
{
    testing_scratch_link(world->base.scratch, RULES "/" FILE_NAME, "/dev/null");
    g_assert_false(write_rule(world, 4, TRUE));
    testing_assert_hint(world->base.error, "move it away");
    testing_assert_error(&world->base.error, VAS_ERROR_CONFLICT, FILE_NAME);
    g_assert_true(g_file_test(world->path, G_FILE_TEST_IS_SYMLINK));
    g_assert_cmpint(unlink(world->path), ==, 0);
    testing_scratch_write(world->base.scratch, RULES "/" FILE_NAME "/x", "");
    g_assert_false(write_rule(world, 4, TRUE));
    testing_assert_error(&world->base.error, VAS_ERROR_CONFLICT, FILE_NAME);
}

static void
test_no_folder(RuleWorld *world, gconstpointer data)
{
    const VasHostAddress other = {.pci = {.bus = 2}};
    const VasVfRule rule = {4, TRUE, igb};
    g_autoptr(TestingScratch) bare = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(bare->path);

    g_assert_true(vas_vf_rule_write(host, other, NULL, &world->base.error));
    g_assert_false(vas_vf_rule_write(host, other, &rule, &world->base.error));
    testing_assert_error(&world->base.error, VAS_ERROR_FAILED,
                         "write " RULES "/80-virt-assign-vfs-0000:02:00.0.rules: No such file");
}

/* The disk is full after half of it: the rule that was there stays, whole. */
static void
test_half_written(RuleWorld *world, gconstpointer data)
{
    struct rlimit before;
    struct rlimit short_files;
    gboolean written = FALSE;
    const VasVfRule expected = {4, TRUE, igb};

    g_assert_true(write_rule(world, 4, TRUE));
    g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &before), ==, 0);
    short_files = (struct rlimit){100, before.rlim_max};
    (void) signal(SIGXFSZ, SIG_IGN);
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &short_files), ==, 0);
    written = write_rule(world, 7, FALSE);
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &before), ==, 0);
    g_assert_false(written);
    testing_assert_error(&world->base.error, VAS_ERROR_FAILED, "No space left");
    g_assert_true(vas_vf_rule_read(world->base.host, pf, &world->rule, &world->base.error));
    g_assert_true(vas_vf_rule_equal(world->rule, &expected));
    g_assert_cmpuint(count_files(world), ==, 2);
}

static void
test_driver_that_is_no_name(RuleWorld *world, gconstpointer data)
{
    static const char *const drivers[] = {"", "igb\", RUN+=\"/bin/sh", "igb\nRUN", "*", "a b"};

    for (guint i = 0; i < G_N_ELEMENTS(drivers); i++) {
        g_autofree char *driver = g_strdup(drivers[i]);
        const VasVfRule rule = {4, TRUE, driver};

        g_assert_false(vas_vf_rule_write(world->base.host, pf, &rule, &world->base.error));
        testing_assert_error(&world->base.error, VAS_ERROR_INVALID, "is not a name of a driver");
    }
    g_assert_false(g_file_test(world->path, G_FILE_TEST_EXISTS));
}

#define ADD(name, function)                                                                        \
    g_test_add("/vf-rule/" name, RuleWorld, NULL, set_up, function, tear_down)

/* More text stands behind what is ours, which a look at the text as a string does not see. */
static void
test_hidden(RuleWorld *world, gconstpointer data)
{
    static const char hidden[] = "\0\nRUN+=\"/bin/true\"\n";
    g_autofree char *driver = g_strnfill(4096, 'd');
    g_autofree char *ours = NULL;
    g_autoptr(GString) text = NULL;
    const VasVfRule rule = {4, TRUE, driver};
    gsize length = 0;

    g_assert_true(write_rule(world, 4, TRUE));
    g_assert_true(g_file_get_contents(world->path, &ours, &length, NULL));
    text = g_string_new_len(ours, (gssize) length);
    g_string_append_len(text, hidden, sizeof hidden - 1);
    g_assert_true(g_file_set_contents(world->path, text->str, (gssize) text->len, NULL));
    g_assert_false(vas_vf_rule_read(world->base.host, pf, &world->rule, &world->base.error));
    testing_assert_error(&world->base.error, VAS_ERROR_CONFLICT, RULES "/" FILE_NAME);

    driver[4096 - (length - strlen(igb))] = '\0';
    g_assert_cmpint(unlink(world->path), ==, 0);
    g_assert_true(vas_vf_rule_write(world->base.host, pf, &rule, &world->base.error));
    g_assert_true(vas_vf_rule_read(world->base.host, pf, &world->rule, &world->base.error));
    g_clear_pointer(&ours, g_free);
    g_assert_true(g_file_get_contents(world->path, &ours, &length, NULL));
    g_assert_cmpuint(length, ==, 4096);
    g_string_assign(text, ours);
    g_string_append(text, hidden + 1);
    g_assert_true(g_file_set_contents(world->path, text->str, (gssize) text->len, NULL));
    g_assert_false(vas_vf_rule_write(world->base.host, pf, NULL, &world->base.error));
    testing_assert_error(&world->base.error, VAS_ERROR_CONFLICT, RULES "/" FILE_NAME);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("text", test_text);
    ADD("round-trip", test_round_trip);
    ADD("foreign", test_foreign);
    ADD("hidden", test_hidden);
    ADD("driver-that-is-no-name", test_driver_that_is_no_name);
    ADD("no-plain-file", test_no_plain_file);
    ADD("no-folder", test_no_folder);
    ADD("half-written", test_half_written);
    return g_test_run();
}
