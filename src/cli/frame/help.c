/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/frame/help.h"

#include "cli/frame/assignment-options.h"
#include "cli/frame/change-options.h"
#include "cli/print/wrap.h"

#include <string.h>

#define WIDTH 79
#define OPTION_COLUMN 27
#define VERB_COLUMN 17

/* "  term      text": the text begins at @indent, on a line of its own if the term is too long. */
static void
append_term(GString *out, const char *term, const char *text, guint indent)
{
    if (strlen(term) + 2 <= indent)
        g_string_append_printf(out, "%-*s", (int) indent, term);
    else
        g_string_append_printf(out, "%s\n%*s", term, (int) indent, "");
    vas_wrap_append(out, text, WIDTH, indent, indent);
}

/* @heading is NULL when the options go on under the heading before. */
static void
append_options(GString *out, const char *heading, const VasOption *options)
{
    if (heading != NULL)
        g_string_append_printf(out, "\n%s:\n", heading);
    for (const VasOption *option = options; option->name != NULL; option++) {
        g_autoptr(GString) term = g_string_new("  ");

        if (option->letter != '\0')
            g_string_append_printf(term, "-%c, ", option->letter);
        else
            g_string_append(term, "    ");
        g_string_append_printf(term, "--%s", option->name);
        if (option->placeholder != NULL)
            g_string_append_printf(term, " %s", option->placeholder);
        append_term(out, term->str, option->help, OPTION_COLUMN);
    }
}

static void
append_program_help(GString *out)
{
    g_string_append(out, "usage: virt-assign [-c URI] [--json] [-q|-v] VERB ...\n\n"
                         "Assigns host PCI devices, SR-IOV virtual functions above all, to "
                         "libvirt guests.\n\nverbs:\n");
    for (const VasVerb *const *verb = vas_verbs(); *verb != NULL; verb++) {
        g_autofree char *term = g_strdup_printf("  %s", (*verb)->name);

        append_term(out, term, (*verb)->summary, VERB_COLUMN);
    }
    append_options(out, "options, before or after the verb", vas_global_options);
    g_string_append(
        out, "\n"
             "A device is named 0000:03:10.3, 03:10.3, pci_0000_03_10_3, by its network\n"
             "interface (enp3s0f3v0), or by its PF and number (enp3s0f3/vf0).\n"
             "\n"
             "exit status: 0 done, 1 failure, 2 usage, 3 not found, 4 conflict or in use,\n"
             "5 timed out with the release still pending, 6 partly done, 7 an undo failed,\n"
             "128 and the number of the signal that interrupted it.\n"
             "\n"
             "virt-assign VERB --help tells all about a verb, man virt-assign about the rest.\n");
}

static void
append_verb_help(GString *out, const VasVerb *verb)
{
    g_auto(GStrv) paragraphs = g_strsplit(verb->description, "\n\n", -1);

    g_string_append_printf(out, "usage: virt-assign %s%s%s [options]\n", verb->name,
                           verb->arguments[0] != '\0' ? " " : "", verb->arguments);
    for (guint i = 0; paragraphs[i] != NULL; i++) {
        g_string_append_c(out, '\n');
        vas_wrap_append(out, paragraphs[i], WIDTH, 0, 0);
    }
    if (verb->takes_change_options)
        append_options(out, "options", vas_change_options);
    if (verb->options != NULL)
        append_options(out, verb->takes_change_options ? NULL : "options", verb->options);
    if (verb->takes_assignment_options)
        append_options(out, "assignment options", vas_assignment_options);
    append_options(out, "options of every verb", vas_global_options);
    g_string_append(out, "\nexamples:\n");
    for (guint i = 0; verb->examples[i] != NULL; i++)
        g_string_append_printf(out, "  %s\n", verb->examples[i]);
}

char *
vas_help_text(const VasVerb *verb)
{
    GString *out = g_string_new(NULL);

    if (verb != NULL && !verb->is_hidden)
        append_verb_help(out, verb);
    else
        append_program_help(out);
    return g_string_free(out, FALSE);
}
