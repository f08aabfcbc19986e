/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/shell-word.h"

#include <string.h>

#define PLAIN G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "_-+.,:/@%"

char *
vas_shell_word(const char *text)
{
    return text[strspn(text, PLAIN)] == '\0' ? g_strdup(text) : g_shell_quote(text);
}

gboolean
vas_shell_word_is_impossible(const char *text)
{
    if (text[0] == '-' || !g_utf8_validate(text, -1, NULL))
        return TRUE;
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        if (!g_unichar_isprint(g_utf8_get_char(at)))
            return TRUE;
    }
    return FALSE;
}
