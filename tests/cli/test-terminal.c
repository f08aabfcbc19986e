/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/print/terminal.h"

static void
test_text(void)
{
    static const struct {
        const char *text;
        gboolean utf8;
        const char *safe;
    } cases[] = {
        {"82576 Virtual Function", TRUE, "82576 Virtual Function"},
        {"two\nlines\tand tab", TRUE, "two lines and tab"},
        {"\033[2J\177", TRUE, "\\x1b[2J\\x7f"},
        {"c1 \302\233 rtl \342\200\256", TRUE, "c1 \\u009b rtl \\u202e"},
        {"isolate \342\201\246 \342\201\251", TRUE, "isolate \\u2066 \\u2069"},
        {"separators \342\200\250 \342\200\251", TRUE, "separators \\u2028 \\u2029"},
        {"Société", TRUE, "Société"},
        {"Société", FALSE, "Soci?t?"},
        {"\377", TRUE, "\357\277\275"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *safe = vas_terminal_text(cases[i].text, cases[i].utf8);

        g_assert_cmpstr(safe, ==, cases[i].safe);
    }
}

static void
test_add_line(void)
{
    const VasTerminal terminal = {.utf8 = FALSE};
    g_autoptr(GString) text = g_string_new("first\n");

    vas_terminal_add_line(text, &terminal, "%s: %d", "\033]0;db1\a\nover", 1);
    g_assert_cmpstr(text->str, ==, "first\n\\x1b]0;db1\\x07 over: 1\n");
}

static void
test_width(void)
{
    g_assert_cmpuint(vas_terminal_text_width(""), ==, 0);
    g_assert_cmpuint(vas_terminal_text_width("├─ é"), ==, 4);
    g_assert_cmpuint(vas_terminal_text_width("e\314\201"), ==, 1);
    g_assert_cmpuint(vas_terminal_text_width("網卡"), ==, 4);
}

static void
test_cut(void)
{
    static const struct {
        const char *text;
        guint width;
        gboolean utf8;
        const char *cut;
    } cases[] = {
        {"Ethernet", 8, TRUE, "Ethernet"}, {"Ethernet", 7, TRUE, "Ethern…"},
        {"Ethernet", 7, FALSE, "Ethern~"}, {"Ethernet", 1, TRUE, "…"},
        {"網卡網卡", 6, TRUE, "網卡…"},    {"ééééé", 3, TRUE, "éé…"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *cut = vas_terminal_cut(cases[i].text, cases[i].width, cases[i].utf8);

        g_assert_cmpstr(cut, ==, cases[i].cut);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/terminal/text", test_text);
    g_test_add_func("/terminal/width", test_width);
    g_test_add_func("/terminal/cut", test_cut);
    g_test_add_func("/terminal/add-line", test_add_line);
    return g_test_run();
}
