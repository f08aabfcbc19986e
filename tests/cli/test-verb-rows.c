/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/frame/help.h"
#include "cli/frame/verb.h"
#include "core/value/error.h"
#include "testing.h"

#include <string.h>

#define MAX_HELP_WIDTH 80

static void
check_option(const char *verb, const VasOption *option)
{
    g_test_message("%s --%s", verb, option->name);
    g_assert_nonnull(option->help);
    g_assert_cmpstr(option->help, !=, "");
    g_assert_cmpuint(option->offset, <, sizeof(VasOptions));
    if (option->kind == VAS_OPTION_FLAG) {
        g_assert_null(option->placeholder);
        g_assert_cmpint(option->completer, ==, VAS_COMPLETE_UNSET);
        return;
    }
    g_assert_nonnull(option->placeholder);
    g_assert_cmpint(option->completer, !=, VAS_COMPLETE_UNSET);
    if (option->kind == VAS_OPTION_NUMBER)
        g_assert_cmpint(option->minimum, <, option->maximum);
}

/* Options are sorted within each table, and no name, letter or place is in two of them. */
static void
check_options(const VasVerb *verb)
{
    g_autofree const VasOption **tables = vas_verb_option_tables(verb);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; tables[i] != NULL; i++) {
        for (const VasOption *option = tables[i]; option->name != NULL; option++) {
            check_option(verb->name, option);
            if (option > tables[i])
                g_assert_cmpint(strcmp(option[-1].name, option->name), <, 0);
            g_assert_true(g_hash_table_add(seen, g_strdup(option->name)));
            g_assert_true(g_hash_table_add(seen, g_strdup_printf("@%zu", option->offset)));
            if (option->letter != '\0')
                g_assert_true(g_hash_table_add(seen, g_strdup_printf("-%c", option->letter)));
        }
    }
}

static void
check_arguments(const VasVerb *verb)
{
    g_auto(GStrv) names = g_strsplit(verb->arguments, " ", -1);
    int n_names = (int) g_strv_length(names);

    g_assert_cmpint(verb->min_arguments, <=, n_names);
    if (verb->max_arguments < 0)
        g_assert_true(g_str_has_suffix(verb->arguments, "..."));
    else
        g_assert_cmpint(verb->max_arguments, ==, n_names);
    for (guint i = 0; i < VAS_VERB_MAX_COMPLETERS; i++)
        g_assert_cmpint(verb->completers[i], !=, VAS_COMPLETE_UNSET);
}

static void
test_rows(void)
{
    for (const VasVerb *const *row = vas_verbs(); *row != NULL; row++) {
        const VasVerb *verb = *row;
        g_autofree char *call = g_strdup_printf("virt-assign %s", verb->name);

        g_test_message("%s", verb->name);
        g_assert_false(verb->is_hidden);
        g_assert_nonnull(verb->run);
        g_assert_true(verb->options == NULL || verb->options[0].name != NULL);
        g_assert_cmpstr(verb->summary, !=, "");
        g_assert_false(g_str_has_suffix(verb->summary, "."));
        g_assert_cmpuint(strlen(verb->description), >, strlen(verb->summary));
        g_assert_nonnull(verb->examples[0]);
        for (guint i = 0; verb->examples[i] != NULL; i++)
            g_assert_true(g_str_has_prefix(verb->examples[i], call));
        check_arguments(verb);
        check_options(verb);
    }
}

static void
check_help(const VasVerb *verb)
{
    g_autofree char *text = vas_help_text(verb);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    g_assert_true(g_str_has_prefix(text, "usage: virt-assign"));
    g_assert_true(g_str_has_suffix(text, "\n"));
    for (guint i = 0; lines[i] != NULL; i++) {
        g_test_message("%s", lines[i]);
        g_assert_cmpuint(strlen(lines[i]), <=, MAX_HELP_WIDTH);
        g_assert_false(g_str_has_suffix(lines[i], " "));
    }
    g_assert_nonnull(strstr(text, "--json"));
}

static void
test_help(void)
{
    check_help(NULL);
    for (const VasVerb *const *verb = vas_verbs(); *verb != NULL; verb++)
        check_help(*verb);
}

static void
test_find(void)
{
    static const struct {
        const char *name;
        const char *hint;
    } cases[] = {
        {"atach", "did you mean attach?"},   {"lsit", "did you mean list?"},
        {"detatch", "did you mean detach?"}, {"frobnicate", "see virt-assign --help"},
        {"", "see virt-assign --help"},
    };
    g_autoptr(GError) error = NULL;

    g_assert_true(vas_verb_find("list", NULL) == &vas_verb_list);
    g_assert_true(vas_verb_find("__complete", NULL) == &vas_verb_complete);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_assert_null(vas_verb_find(cases[i].name, &error));
        g_assert_cmpstr(vas_error_hint(error), ==, cases[i].hint);
        testing_assert_error(&error, VAS_ERROR_USAGE, "there is no verb");
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/verb-rows/rows", test_rows);
    g_test_add_func("/verb-rows/help", test_help);
    g_test_add_func("/verb-rows/find", test_find);
    return g_test_run();
}
