/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Lines "KEY=VALUE" below "[SECTION]", as systemd and NetworkManager read them, each with its
 * place. GKeyFile has no line numbers, and forgets all but the last line of a key. */

typedef struct {
    char *section;
    guint section_line; /* tells two sections of one name apart */
    char *key;
    char *value;
    guint line; /* from 1: the first one, if it goes on in others */
} VasSettingLine;

typedef enum {
    VAS_SETTING_LINES_SINGLE, /* GKeyFile: a line is a setting */
    VAS_SETTING_LINES_JOINED, /* systemd: a backslash at its end joins the next line to it */
} VasSettingLinesForm;

/* GPtrArray of VasSettingLine. Lines that are neither a section nor a setting in one are left out.
 * Returns full. */
GPtrArray *vas_setting_lines_parse(const char *text, VasSettingLinesForm form);

G_END_DECLS
