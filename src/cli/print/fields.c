/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/print/fields.h"

#include "cli/print/terminal.h"

/* Room for the longest key, its colon and a blank. */
#define VALUE_COLUMN 15

void
vas_fields_add(GString *text, gboolean utf8, const char *key, const char *value)
{
    g_autofree char *label = g_strconcat(key, ":", NULL);
    g_autofree char *safe = vas_terminal_text(value != NULL ? value : "none", utf8);

    g_string_append_printf(text, "%-*s%s\n", VALUE_COLUMN, label, safe);
}

void
vas_fields_add_format(GString *text, gboolean utf8, const char *key, const char *format, ...)
{
    g_autofree char *value = NULL;
    va_list arguments;

    va_start(arguments, format);
    value = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    vas_fields_add(text, utf8, key, value);
}
