/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A "key: value" line; values stand below one another. @value NULL: "none". Control characters are
 * spelled out. */
void vas_fields_add(GString *text, gboolean utf8, const char *key, const char *value);

/* Adds the same line, its value made from a format. */
void vas_fields_add_format(GString *text, gboolean utf8, const char *key, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

G_END_DECLS
