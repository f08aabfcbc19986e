/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/print/table.h"

#include <string.h>

static const VasTableColumn columns[] = {
    {.heading = "ADDRESS"},
    {.heading = "GROUP", .right = TRUE},
    {.heading = "NAME", .flexible = TRUE},
    {.heading = "GUEST"},
};

static VasTable *
sample_table(void)
{
    static const struct {
        guint depth;
        VasTableStyle style;
        const char *cells[4];
    } rows[] = {
        {0, VAS_TABLE_PLAIN, {"0000:01:00.0", "1", "Intel 82576", NULL}},
        {1, VAS_TABLE_LIVE, {"0000:01:10.0", "12", "Intel 82576 Virtual Function", "db1"}},
        {2, VAS_TABLE_PLAIN, {"db1", "", "a note", ""}},
        {1, VAS_TABLE_PLAIN, {"0000:01:10.2", NULL, "Intel\0332J", NULL}},
        {0, VAS_TABLE_DIFFERENT, {"0000:02:00.0", "3", "Société", NULL}},
    };
    VasTable *table = vas_table_new(columns, G_N_ELEMENTS(columns));

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
        vas_table_add(table, rows[i].depth, rows[i].style, rows[i].cells);
    return table;
}

static void
assert_formats(const VasTerminal *terminal, const char *expected)
{
    g_autoptr(VasTable) table = sample_table();
    g_autofree char *text = vas_table_format(table, terminal);

    g_assert_cmpstr(text, ==, expected);
}

static void
test_no_terminal(void)
{
    const VasTerminal terminal = {.utf8 = TRUE};

    assert_formats(&terminal, "ADDRESS          GROUP  NAME                          GUEST\n"
                              "0000:01:00.0         1  Intel 82576                   -\n"
                              "├─ 0000:01:10.0     12  Intel 82576 Virtual Function  db1\n"
                              "│  └─ db1               a note\n"
                              "└─ 0000:01:10.2      -  Intel\\x1b2J                   -\n"
                              "0000:02:00.0         3  Société                       -\n");
}

static void
test_ascii(void)
{
    const VasTerminal terminal = {0};

    assert_formats(&terminal, "ADDRESS          GROUP  NAME                          GUEST\n"
                              "0000:01:00.0         1  Intel 82576                   -\n"
                              "|- 0000:01:10.0     12  Intel 82576 Virtual Function  db1\n"
                              "|  `- db1               a note\n"
                              "`- 0000:01:10.2      -  Intel\\x1b2J                   -\n"
                              "0000:02:00.0         3  Soci?t?                       -\n");
}

static void
test_narrow(void)
{
    const VasTerminal terminal = {.is_terminal = TRUE, .utf8 = TRUE, .width = 42};

    assert_formats(&terminal, "ADDRESS          GROUP  NAME         GUEST\n"
                              "0000:01:00.0         1  Intel 82576  -\n"
                              "├─ 0000:01:10.0     12  Intel 8257…  db1\n"
                              "│  └─ db1               a note\n"
                              "└─ 0000:01:10.2      -  Intel\\x1b2J  -\n"
                              "0000:02:00.0         3  Société      -\n");
}

/* Only flexible columns are cut, and not to nothing. */
static void
test_too_narrow(void)
{
    const VasTerminal terminal = {.is_terminal = TRUE, .utf8 = TRUE, .width = 10};
    g_autoptr(VasTable) table = sample_table();
    g_autofree char *text = vas_table_format(table, &terminal);

    g_assert_nonnull(strstr(text, "├─ 0000:01:10.0     12  Intel 8…  db1\n"));
}

static void
test_colour(void)
{
    const VasTerminal terminal = {.is_terminal = TRUE, .utf8 = TRUE, .width = 80, .colour = TRUE};
    g_autoptr(VasTable) table = sample_table();
    g_autofree char *text = vas_table_format(table, &terminal);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    g_assert_true(g_str_has_prefix(lines[0], "\033[1mADDRESS"));
    g_assert_true(g_str_has_suffix(lines[0], "GUEST\033[0m"));
    g_assert_true(g_str_has_prefix(lines[1], "0000:01:00.0"));
    g_assert_true(g_str_has_prefix(lines[2], "\033[32m├─"));
    g_assert_true(g_str_has_prefix(lines[5], "\033[33m0000:02:00.0"));
}

static void
test_empty(void)
{
    const VasTerminal terminal = {0};
    g_autoptr(VasTable) table = vas_table_new(columns, G_N_ELEMENTS(columns));
    g_autofree char *text = vas_table_format(table, &terminal);

    g_assert_cmpstr(text, ==, "");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/table/no-terminal", test_no_terminal);
    g_test_add_func("/table/ascii", test_ascii);
    g_test_add_func("/table/narrow", test_narrow);
    g_test_add_func("/table/too-narrow", test_too_narrow);
    g_test_add_func("/table/colour", test_colour);
    g_test_add_func("/table/empty", test_empty);
    return g_test_run();
}
