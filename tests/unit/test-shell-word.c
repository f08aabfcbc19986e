/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/shell-word.h"

/* Each is one word for the shell, and that word is the text. */
static void
test_quoted(void)
{
    static const char *const texts[] = {"win11 (Gamer PC)",
                                        "it's",
                                        "$HOME",
                                        "a;b",
                                        "a`b`",
                                        "~root",
                                        "=ls",
                                        "a\"b\"",
                                        "*",
                                        "g\\x",
                                        "a&&b",
                                        "g\xc3\xa4",
                                        "qemu+ssh://h/system?x=y"};

    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *word = vas_shell_word(texts[i]);
        g_autofree char *line = g_strconcat("detach ", word, " x", NULL);
        g_auto(GStrv) words = NULL;

        g_assert_true(g_shell_parse_argv(line, NULL, &words, NULL));
        g_assert_cmpuint(g_strv_length(words), ==, 3);
        g_assert_cmpstr(words[1], ==, texts[i]);
        g_assert_cmpint(word[0], ==, '\'');
    }
}

static void
test_plain(void)
{
    static const char *const texts[] = {"db1", "0000:01:10.0", "enp1s0", "web.example.com",
                                        "qemu+ssh://root@h/system"};

    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *word = vas_shell_word(texts[i]);

        g_assert_cmpstr(word, ==, texts[i]);
    }
}

static void
test_impossible(void)
{
    g_assert_true(vas_shell_word_is_impossible("--force"));
    g_assert_true(vas_shell_word_is_impossible("a\033[2J"));
    g_assert_true(vas_shell_word_is_impossible("a\nb"));
    g_assert_true(vas_shell_word_is_impossible("a\xff"));
    g_assert_false(vas_shell_word_is_impossible("g\xc3\xa4st (a-b)"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/shell-word/quoted", test_quoted);
    g_test_add_func("/shell-word/plain", test_plain);
    g_test_add_func("/shell-word/impossible", test_impossible);
    return g_test_run();
}
