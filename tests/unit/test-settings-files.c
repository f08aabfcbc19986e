/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/system/settings-files.h"

#include "host-world.h"
#include "host/files/plain-file.h"
#include "host/system/setting-lines.h"

#include <string.h>
#include <sys/stat.h>

static const char *const folders[] = {"/etc/x", "/run/x", "/usr/lib/x", NULL};

static void
test_list(HostWorld *world, gconstpointer data)
{
    static const char *const files[] = {"/usr/lib/x/10-a.conf", "/usr/lib/x/30-c.conf",
                                        "/run/x/20-b.conf", "/etc/x/30-c.conf", "/etc/x/40-d.txt"};
    g_autoptr(GPtrArray) paths = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(files); i++)
        testing_scratch_write(world->scratch, files[i], "\n");
    paths = vas_settings_files_list(world->host, folders, ".conf");
    g_assert_cmpuint(paths->len, ==, 3);
    g_assert_cmpstr(g_ptr_array_index(paths, 0), ==, "/usr/lib/x/10-a.conf");
    g_assert_cmpstr(g_ptr_array_index(paths, 1), ==, "/run/x/20-b.conf");
    g_assert_cmpstr(g_ptr_array_index(paths, 2), ==, "/etc/x/30-c.conf");
}

static void
assert_state(const HostWorld *world, const char *path, VasSettingsState state)
{
    g_autofree char *text = NULL;

    g_assert_cmpint(vas_read_settings_file(world->host, path, &text), ==, state);
    g_assert_cmpint(text != NULL, ==, state == VAS_SETTINGS_READ);
}

/* A FIFO would make the reader wait, and a huge file fill the memory. */
static void
test_read(HostWorld *world, gconstpointer data)
{
    g_autofree char *huge = g_strnfill(300000, 'x');
    g_autofree char *fifo = g_build_filename(world->scratch->path, "fifo", NULL);

    testing_scratch_write(world->scratch, "/a", "text\n");
    testing_scratch_write(world->scratch, "/empty", "");
    testing_scratch_write(world->scratch, "/huge", huge);
    testing_scratch_link(world->scratch, "/link", "a");
    testing_scratch_link(world->scratch, "/null", "/dev/null");
    testing_scratch_link(world->scratch, "/loop", "loop");
    g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
    assert_state(world, "/a", VAS_SETTINGS_READ);
    assert_state(world, "/link", VAS_SETTINGS_READ);
    assert_state(world, "/empty", VAS_SETTINGS_MASKED);
    assert_state(world, "/null", VAS_SETTINGS_MASKED);
    assert_state(world, "/huge", VAS_SETTINGS_UNREADABLE);
    assert_state(world, "/fifo", VAS_SETTINGS_UNREADABLE);
    assert_state(world, "/loop", VAS_SETTINGS_UNREADABLE);
    assert_state(world, "/none", VAS_SETTINGS_UNREADABLE);
}

static void
assert_lines(const char *text, VasSettingLinesForm form, const char *wanted)
{
    g_autoptr(GPtrArray) lines = vas_setting_lines_parse(text, form);
    g_autoptr(GString) actual = g_string_new(NULL);

    for (guint i = 0; i < lines->len; i++) {
        const VasSettingLine *line = g_ptr_array_index(lines, i);

        g_string_append_printf(actual, "%s@%u.%s=%s@%u;", line->section, line->section_line,
                               line->key, line->value, line->line);
    }
    g_assert_cmpstr(actual->str, ==, wanted);
}

static void
test_lines(void)
{
    assert_lines("x=0\n[A]\n# no\n ; no\n b = c d \n\n[A]\nb=\nnothing\n", VAS_SETTING_LINES_JOINED,
                 "A@2.b=c d@5;A@7.b=@8;");
    assert_lines("[A]\nb=1\\\n# no\n  2\nc=3\\\\\nd=4\\", VAS_SETTING_LINES_JOINED,
                 "A@1.b=1   2@2;A@1.c=3\\\\@5;A@1.d=4\\@6;");
    assert_lines("[A]\nb=1\\\nc=2\n", VAS_SETTING_LINES_SINGLE, "A@1.b=1\\@2;A@1.c=2@3;");
    assert_lines("[\n]\n[]\nb=1\n", VAS_SETTING_LINES_SINGLE, "@3.b=1@4;");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/settings-files/list", HostWorld, NULL, host_world_set_up, test_list,
               host_world_tear_down);
    g_test_add("/settings-files/read", HostWorld, NULL, host_world_set_up, test_read,
               host_world_tear_down);
    g_test_add_func("/settings-files/lines", test_lines);
    return g_test_run();
}
