/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/print/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#define DEFAULT_WIDTH 80

static guint
terminal_width(int descriptor)
{
    const char *columns = g_getenv("COLUMNS");
    struct winsize size;
    guint64 width;

    if (columns != NULL && g_ascii_string_to_unsigned(columns, 10, 20, 10000, &width, NULL))
        return (guint) width;
    if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return DEFAULT_WIDTH;
}

/* no-color.org: set and not empty, whatever the value. */
static gboolean
colour_is_wanted(void)
{
    const char *no_color = g_getenv("NO_COLOR");

    if (no_color != NULL && no_color[0] != '\0')
        return FALSE;
    return g_strcmp0(g_getenv("TERM"), "dumb") != 0;
}

VasTerminal
vas_terminal_of(int descriptor)
{
    VasTerminal terminal = {0};

    terminal.utf8 = g_get_charset(NULL);
    terminal.is_terminal = isatty(descriptor);
    if (terminal.is_terminal) {
        terminal.width = terminal_width(descriptor);
        terminal.colour = colour_is_wanted();
    }
    return terminal;
}

/* The separators end a line as well (UAX 14), for GLib they are spaces. */
static gboolean
is_printable(gunichar letter)
{
    GUnicodeType type = g_unichar_type(letter);

    return g_unichar_isprint(letter) && type != G_UNICODE_LINE_SEPARATOR &&
           type != G_UNICODE_PARAGRAPH_SEPARATOR;
}

char *
vas_terminal_text(const char *text, gboolean utf8)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *safe = g_string_new(NULL);

    for (const char *at = valid; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar letter = g_utf8_get_char(at);

        if (letter == '\n' || letter == '\t')
            g_string_append_c(safe, ' ');
        else if (letter < 0x80 && !g_unichar_isprint(letter))
            g_string_append_printf(safe, "\\x%02x", letter);
        else if (!is_printable(letter))
            g_string_append_printf(safe, "\\u%04x", letter);
        else if (letter >= 0x80 && !utf8)
            g_string_append_c(safe, '?');
        else
            g_string_append_unichar(safe, letter);
    }
    return g_string_free(safe, FALSE);
}

void
vas_terminal_add_line(GString *text, const VasTerminal *terminal, const char *format, ...)
{
    g_autofree char *line = NULL;
    g_autofree char *safe = NULL;
    va_list arguments;

    va_start(arguments, format);
    line = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    safe = vas_terminal_text(line, terminal->utf8);
    g_string_append_printf(text, "%s\n", safe);
}

static guint
letter_width(gunichar letter)
{
    if (g_unichar_iszerowidth(letter))
        return 0;
    return g_unichar_iswide(letter) ? 2 : 1;
}

guint
vas_terminal_text_width(const char *text)
{
    guint width = 0;

    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at))
        width += letter_width(g_utf8_get_char(at));
    return width;
}

char *
vas_terminal_cut(const char *text, guint width, gboolean utf8)
{
    const char *ellipsis = utf8 ? "…" : "~";
    const char *end = text;
    guint used = 0;

    if (vas_terminal_text_width(text) <= width)
        return g_strdup(text);
    for (; *end != '\0'; end = g_utf8_next_char(end)) {
        guint next = letter_width(g_utf8_get_char(end));

        if (used + next > width - 1)
            break;
        used += next;
    }
    return g_strdup_printf("%.*s%s", (int) (end - text), text, ellipsis);
}
