/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/frame/invocation.h"

#include "cli/print/json.h"
#include "core/value/error.h"

#include <string.h>

VasInvocation *
vas_invocation_new(VasTerminal terminal)
{
    VasInvocation *invocation = g_new0(VasInvocation, 1);

    invocation->options = vas_options_new();
    invocation->arguments = g_ptr_array_new_with_free_func(g_free);
    invocation->terminal = terminal;
    invocation->text = g_string_new(NULL);
    invocation->json = vas_json_begin();
    return invocation;
}

void
vas_invocation_free(VasInvocation *invocation)
{
    if (invocation == NULL)
        return;
    vas_options_free(invocation->options);
    g_ptr_array_unref(invocation->arguments);
    g_free(invocation->command);
    g_string_free(invocation->text, TRUE);
    g_object_unref(invocation->json);
    g_free(invocation);
}

/* No option is a number: "-1" stands for an argument or a value, and who reads that says what is
 * wrong with it. Behind the mark GOption takes it for no option. */
#define MARK "\001"

static void
mark_numbers(GStrv words)
{
    for (guint i = 0; words[i] != NULL; i++) {
        char *word = words[i];

        if (word[0] != '-' || !g_ascii_isdigit(word[1]))
            continue;
        words[i] = g_strconcat(MARK, word, NULL);
        g_free(word);
    }
}

static const char *
without_mark(const char *value)
{
    return value != NULL && g_str_has_prefix(value, MARK "-") ? value + strlen(MARK) : value;
}

/* A GOptionArgFunc. */
static gboolean
take_option(const char *name, const char *value, gpointer data, GError **error)
{
    VasInvocation *invocation = data;
    g_autofree const VasOption **tables = vas_verb_option_tables(invocation->verb);

    for (guint i = 0; tables[i] != NULL; i++) {
        const VasOption *option = vas_option_find(tables[i], name);

        if (option != NULL)
            return vas_option_store(option, without_mark(value), invocation->options, error);
    }
    g_set_error(error, VAS_ERROR, VAS_ERROR_USAGE, "there is no option %s", name);
    return FALSE;
}

/* A GOptionArgFunc for G_OPTION_REMAINING. */
static gboolean
take_argument(const char *name, const char *value, gpointer data, GError **error)
{
    VasInvocation *invocation = data;

    (void) name;
    (void) error;
    g_ptr_array_add(invocation->arguments, g_strdup(without_mark(value)));
    return TRUE;
}

/* All are callbacks: GOption's own strings would leak when a global option stands both before and
 * after the verb. FILENAME: the words come as they are, whatever the locale. */
static GArray *
option_entries(const VasVerb *verb)
{
    GArray *entries = g_array_new(TRUE, TRUE, sizeof(GOptionEntry));
    g_autofree const VasOption **tables = vas_verb_option_tables(verb);

    for (guint i = 0; tables[i] != NULL; i++) {
        for (const VasOption *option = tables[i]; option->name != NULL; option++) {
            GOptionEntry entry = {
                .long_name = option->name,
                .short_name = option->letter,
                .flags =
                    option->kind == VAS_OPTION_FLAG ? G_OPTION_FLAG_NO_ARG : G_OPTION_FLAG_FILENAME,
                .arg = G_OPTION_ARG_CALLBACK,
                .arg_data = (gpointer) take_option,
            };

            g_array_append_val(entries, entry);
        }
    }
    return entries;
}

/* GOption's own errors are English phrases that begin with a capital. */
static void
set_usage_error(const VasInvocation *invocation, const GError *cause, GError **error)
{
    g_autofree char *message = g_strdup(cause->message);

    if (cause->domain == VAS_ERROR) {
        g_propagate_error(error, g_error_copy(cause));
        return;
    }
    message[0] = g_ascii_tolower(message[0]);
    g_set_error(error, VAS_ERROR, VAS_ERROR_USAGE, "%s", message);
    if (invocation->verb != NULL)
        vas_error_set_hint(error, "see virt-assign %s --help", invocation->verb->name);
    else
        vas_error_set_hint(error, "see virt-assign --help");
}

/* Parses the options that are known so far; takes the words that it understands from @ret_words. */
static gboolean
parse_options(VasInvocation *invocation, gboolean stop_at_argument, GStrv *words, GError **error)
{
    g_autoptr(GOptionContext) parser = g_option_context_new(NULL);
    GOptionGroup *group = g_option_group_new("virt-assign", "", "", invocation, NULL);
    g_autoptr(GArray) entries = option_entries(invocation->verb);
    g_autoptr(GError) cause = NULL;

    if (!stop_at_argument) {
        GOptionEntry rest = {
            .long_name = G_OPTION_REMAINING,
            .flags = G_OPTION_FLAG_FILENAME,
            .arg = G_OPTION_ARG_CALLBACK,
            .arg_data = (gpointer) take_argument,
        };

        g_array_append_val(entries, rest);
        mark_numbers(*words);
    }
    g_option_group_add_entries(group, (const GOptionEntry *) (gpointer) entries->data);
    g_option_context_set_main_group(parser, group);
    g_option_context_set_help_enabled(parser, FALSE);
    g_option_context_set_strict_posix(parser, stop_at_argument);
    if (g_option_context_parse_strv(parser, words, &cause))
        return TRUE;
    set_usage_error(invocation, cause, error);
    return FALSE;
}

static gboolean
check_arguments(const VasInvocation *invocation, GError **error)
{
    const VasVerb *verb = invocation->verb;
    int given = (int) invocation->arguments->len;
    g_auto(GStrv) names = g_strsplit(verb->arguments, " ", -1);

    if (given < verb->min_arguments) {
        g_autofree char *missing = g_strdelimit(g_strdup(names[given]), ".", '\0');

        g_set_error(error, VAS_ERROR, VAS_ERROR_USAGE, "%s: %s is missing", verb->name, missing);
    } else if (verb->max_arguments >= 0 && given > verb->max_arguments) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_USAGE, "%s: \"%s\" is one argument too many",
                    verb->name,
                    (char *) g_ptr_array_index(invocation->arguments, verb->max_arguments));
    } else {
        return TRUE;
    }
    vas_error_set_hint(error, "see virt-assign %s --help", verb->name);
    return FALSE;
}

static gboolean
check_utf8(const char *const *words, GError **error)
{
    for (guint i = 0; words[i] != NULL; i++) {
        if (g_utf8_validate(words[i], -1, NULL))
            continue;
        g_set_error(error, VAS_ERROR, VAS_ERROR_USAGE, "argument %u is not UTF-8", i + 1);
        return FALSE;
    }
    return TRUE;
}

/* Puts @program, which GOption takes for argv[0], before the words of the command line. */
static GStrv
words_behind(const char *program, const char *const *words)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    g_strv_builder_add(builder, program);
    for (guint i = 0; words[i] != NULL; i++)
        g_strv_builder_add(builder, words[i]);
    return g_strv_builder_end(builder);
}

static void
take_words(VasInvocation *invocation, const char *const *words)
{
    for (guint i = 0; words[i] != NULL; i++)
        g_ptr_array_add(invocation->arguments, g_strdup(words[i]));
}

static gboolean
parse_verb(VasInvocation *invocation, const char *const *words, GError **error)
{
    g_auto(GStrv) all = words_behind("virt-assign", words);
    g_auto(GStrv) rest = NULL;

    invocation->command = g_strjoinv(" ", all);
    if (!parse_options(invocation, TRUE, &all, error))
        return FALSE;
    if (all[1] == NULL)
        return TRUE;
    invocation->verb = vas_verb_find(all[1], error);
    if (invocation->verb == NULL)
        return FALSE;
    rest = words_behind(all[1], (const char *const *) all + 2);
    if (!invocation->verb->is_hidden)
        return parse_options(invocation, FALSE, &rest, error);
    take_words(invocation, (const char *const *) rest + 1);
    return TRUE;
}

gboolean
vas_invocation_parse(VasInvocation *invocation, const char *const *words, GError **error)
{
    const VasOptions *options = invocation->options;

    if (!check_utf8(words, error) || !parse_verb(invocation, words, error))
        return FALSE;
    if (options->quiet && options->verbose) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_USAGE, "--quiet and --verbose exclude each other");
        return FALSE;
    }
    if (options->help || options->version)
        return TRUE;
    if (invocation->verb == NULL) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_USAGE,
                    "VERB is missing, usage: virt-assign [-c URI] [--json] [-q|-v] VERB ...");
        vas_error_set_hint(error, "see virt-assign --help");
        return FALSE;
    }
    if (!check_arguments(invocation, error))
        return FALSE;
    g_ptr_array_add(invocation->arguments, NULL);
    return TRUE;
}
