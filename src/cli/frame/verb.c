/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/frame/verb.h"

#include "cli/frame/assignment-options.h"
#include "cli/frame/change-options.h"
#include "core/value/error.h"

#include <string.h>

/* A word further away than this was not meant to be the verb. */
#define MAX_TYPING_ERRORS 2

static const VasVerb *const visible_verbs[] = {
    &vas_verb_list,
    &vas_verb_show,
    &vas_verb_check,
    &vas_verb_names,
    &vas_verb_topology,
    &vas_verb_xml,
    &vas_verb_attach,
    &vas_verb_detach,
    &vas_verb_ports,
    &vas_verb_vfs,
    &vas_verb_host_detach,
    &vas_verb_host_reattach,
    &vas_verb_recover,
    &vas_verb_boot,
    &vas_verb_hook,
    &vas_verb_metrics,
    NULL,
};

static const VasVerb *const hidden_verbs[] = {&vas_verb_complete, &vas_verb_hooked};

const VasVerb *const *
vas_verbs(void)
{
    return visible_verbs;
}

/* Levenshtein's distance, one row of the matrix at a time. */
static guint
typing_errors(const char *typed, const char *meant)
{
    gsize length = strlen(meant);
    g_autofree guint *row = g_new(guint, length + 1);

    for (gsize j = 0; j <= length; j++)
        row[j] = (guint) j;
    for (gsize i = 1; typed[i - 1] != '\0'; i++) {
        guint diagonal = row[0];

        row[0] = (guint) i;
        for (gsize j = 1; j <= length; j++) {
            guint replaced = diagonal + (typed[i - 1] != meant[j - 1]);

            diagonal = row[j];
            row[j] = MIN(replaced, MIN(row[j], row[j - 1]) + 1);
        }
    }
    return row[length];
}

static const VasVerb *
most_similar(const char *name)
{
    const VasVerb *similar = NULL;
    guint fewest = MAX_TYPING_ERRORS + 1;

    for (const VasVerb *const *verb = visible_verbs; *verb != NULL; verb++) {
        guint errors = typing_errors(name, (*verb)->name);

        if (errors < fewest) {
            fewest = errors;
            similar = *verb;
        }
    }
    return similar;
}

const VasVerb *
vas_verb_find(const char *name, GError **error)
{
    const VasVerb *similar;

    for (const VasVerb *const *verb = visible_verbs; *verb != NULL; verb++) {
        if (strcmp((*verb)->name, name) == 0)
            return *verb;
    }
    for (guint i = 0; i < G_N_ELEMENTS(hidden_verbs); i++) {
        if (strcmp(hidden_verbs[i]->name, name) == 0)
            return hidden_verbs[i];
    }

    g_set_error(error, VAS_ERROR, VAS_ERROR_USAGE, "there is no verb \"%s\"", name);
    similar = most_similar(name);
    if (similar != NULL)
        vas_error_set_hint(error, "did you mean %s?", similar->name);
    else
        vas_error_set_hint(error, "see virt-assign --help");
    return NULL;
}

const VasOption **
vas_verb_option_tables(const VasVerb *verb)
{
    const VasOption **tables = g_new0(const VasOption *, 5);
    guint n = 0;

    if (verb != NULL && verb->options != NULL)
        tables[n++] = verb->options;
    if (verb != NULL && verb->takes_change_options)
        tables[n++] = vas_change_options;
    if (verb != NULL && verb->takes_assignment_options)
        tables[n++] = vas_assignment_options;
    tables[n] = vas_global_options;
    return tables;
}
