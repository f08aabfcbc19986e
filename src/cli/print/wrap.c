/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/print/wrap.h"

#include "cli/print/terminal.h"

void
vas_wrap_append(GString *out, const char *text, guint width, guint column, guint indent)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    guint at = column;

    for (guint i = 0; words[i] != NULL; i++) {
        guint length = vas_terminal_text_width(words[i]);

        if (i > 0 && width > 0 && at + 1 + length > width) {
            g_string_append_printf(out, "\n%*s", (int) indent, "");
            at = indent;
        } else if (i > 0) {
            g_string_append_c(out, ' ');
            at++;
        }
        g_string_append(out, words[i]);
        at += length;
    }
    g_string_append_c(out, '\n');
}
