/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* This is what a stream for people can show. */
typedef struct {
    gboolean is_terminal;
    guint width;     /* columns; 0: no limit, nothing is cut */
    gboolean utf8;   /* the locale's character set is UTF-8 */
    gboolean colour; /* a terminal, and neither NO_COLOR (no-color.org) nor TERM=dumb */
} VasTerminal;

/* Describes the open file @descriptor. On a terminal COLUMNS goes before the terminal's own width.
 */
VasTerminal vas_terminal_of(int descriptor);

/* Makes @text safe to print: a character that is not printable (escape sequences from a device's
 * name, direction overrides) is spelled out as \x1b or \u202e, line breaks become spaces, and
 * without @utf8 each character beyond ASCII becomes '?'. Returns full. */
char *vas_terminal_text(const char *text, gboolean utf8);

/* Appends a line, and its end, made safe as by vas_terminal_text: names of guests and drivers,
 * aliases and libvirt's messages may hold anything. */
void vas_terminal_add_line(GString *text, const VasTerminal *terminal, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

/* The columns that printable UTF-8 @text takes. */
guint vas_terminal_text_width(const char *text);

/* Printable @text cut to at most @width columns (1 or more), with an ellipsis when something is
 * cut. Returns full. */
char *vas_terminal_cut(const char *text, guint width, gboolean utf8);

G_END_DECLS
