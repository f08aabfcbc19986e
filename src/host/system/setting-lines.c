/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/system/setting-lines.h"

#include <string.h>

static void
setting_line_free(VasSettingLine *line)
{
    g_free(line->section);
    g_free(line->key);
    g_free(line->value);
    g_free(line);
}

static gboolean
is_comment(const char *text)
{
    while (g_ascii_isspace(*text))
        text++;
    return text[0] == '#' || text[0] == ';';
}

/* One more than a pair at the end: the last one escapes the line's end. */
static gboolean
goes_on(const GString *text)
{
    gsize backslashes = 0;

    while (backslashes < text->len && text->str[text->len - 1 - backslashes] == '\\')
        backslashes++;
    return backslashes % 2 == 1;
}

/* Appends the lines from @lines[*at] on that make one, and leaves *at at the last of them. Comments
 * between are no part of it, nor its end (config_parse in systemd's src/shared/conf-parser.c). */
static void
append_joined(GString *text, GStrv lines, guint *at)
{
    g_string_append(text, lines[*at]);
    while (goes_on(text) && lines[*at + 1] != NULL) {
        (*at)++;
        if (is_comment(lines[*at]))
            continue;
        text->str[text->len - 1] = ' ';
        g_string_append(text, lines[*at]);
    }
}

static void
add_setting(GPtrArray *settings, const char *section, guint section_line, const char *text,
            guint number)
{
    const char *equals = strchr(text, '=');
    VasSettingLine *line = NULL;

    if (section == NULL || equals == NULL)
        return;
    line = g_new0(VasSettingLine, 1);
    line->section = g_strdup(section);
    line->section_line = section_line;
    line->key = g_strchomp(g_strndup(text, (gsize) (equals - text)));
    line->value = g_strstrip(g_strdup(equals + 1));
    line->line = number;
    g_ptr_array_add(settings, line);
}

GPtrArray *
vas_setting_lines_parse(const char *text, VasSettingLinesForm form)
{
    GPtrArray *settings = g_ptr_array_new_with_free_func((GDestroyNotify) setting_line_free);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autofree char *section = NULL;
    guint section_line = 0;

    for (guint i = 0; lines[i] != NULL; i++) {
        g_autoptr(GString) whole = g_string_new(NULL);
        guint number = i + 1;
        char *setting = NULL;

        if (is_comment(lines[i]))
            continue;
        if (form == VAS_SETTING_LINES_JOINED)
            append_joined(whole, lines, &i);
        else
            g_string_append(whole, lines[i]);
        setting = g_strstrip(whole->str);
        if (setting[0] == '[' && g_str_has_suffix(setting, "]")) {
            g_free(section);
            section = g_strndup(setting + 1, strlen(setting) - 2);
            section_line = number;
        } else {
            add_setting(settings, section, section_line, setting, number);
        }
    }
    return settings;
}
