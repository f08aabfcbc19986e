/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/output/check-text.h"

#include "cli/print/wrap.h"

#include <string.h>

/* The text behind a level starts in this column: it leaves room for the longest level and a gap. */
#define INDENT 9

/* The colours (ECMA-48 SGR) mean the same as in the tables: green is well, yellow needs a look, red
 * fails. */
static const char *
colour_of(VasFindingLevel level)
{
    switch (level) {
    case VAS_FINDING_OK:
        return "\033[32m";
    case VAS_FINDING_WARNING:
        return "\033[33m";
    case VAS_FINDING_PROBLEM:
        return "\033[31m";
    }
    return "";
}

static void
append_level(GString *text, const VasTerminal *terminal, VasFindingLevel level)
{
    const char *name = vas_finding_level_name(level);

    g_string_append_printf(text, "%s%s%s%*s", terminal->colour ? colour_of(level) : "", name,
                           terminal->colour ? "\033[0m" : "", INDENT - (int) strlen(name), "");
}

/* "         do: ..." */
static void
append_detail(GString *text, const VasTerminal *terminal, const char *label, const char *detail)
{
    g_autofree char *safe = NULL;
    guint column = INDENT + (guint) strlen(label);

    if (detail == NULL)
        return;
    safe = vas_terminal_text(detail, terminal->utf8);
    g_string_append_printf(text, "%*s%s", INDENT, "", label);
    vas_wrap_append(text, safe, terminal->width, column, column);
}

static void
append_finding(GString *text, const VasTerminal *terminal, const VasFinding *finding)
{
    g_autofree char *line = g_strdup_printf("%s: %s", finding->id, finding->summary);
    g_autofree char *safe = vas_terminal_text(line, terminal->utf8);

    append_level(text, terminal, finding->level);
    vas_wrap_append(text, safe, terminal->width, INDENT, INDENT);
    if (finding->level != VAS_FINDING_OK)
        append_detail(text, terminal, "seen: ", finding->evidence);
    append_detail(text, terminal, "do:   ", finding->advice);
}

static void
append_count(GString *text, guint count, const char *one, const char *several)
{
    g_string_append_printf(text, "%u %s", count, count == 1 ? one : several);
}

void
vas_check_text_findings(GString *text, const VasTerminal *terminal, const GPtrArray *findings)
{
    for (guint i = 0; i < findings->len; i++)
        append_finding(text, terminal, g_ptr_array_index(findings, i));
}

void
vas_check_text(GString *text, const VasTerminal *terminal, const GPtrArray *findings)
{
    vas_check_text_findings(text, terminal, findings);
    append_count(text, vas_findings_count(findings, VAS_FINDING_PROBLEM), "problem, ",
                 "problems, ");
    append_count(text, vas_findings_count(findings, VAS_FINDING_WARNING), "warning, ",
                 "warnings, ");
    g_string_append_printf(text, "%u ok\n", vas_findings_count(findings, VAS_FINDING_OK));
}
