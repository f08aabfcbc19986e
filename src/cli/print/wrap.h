/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Appends the words of printable @text, breaking lines at @width columns (0: never); the first line
 * goes on at @column, later ones begin at @indent. Ends with a line break. */
void vas_wrap_append(GString *out, const char *text, guint width, guint column, guint indent);

G_END_DECLS
