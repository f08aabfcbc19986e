/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Makes one word of a shell's command line of @text, which may be anything but empty: as it is
 * where shells leave it alone, else in quotes. For commands in hints, which users copy. Returns
 * full. */
char *vas_shell_word(const char *text);

/* Whether no quoting makes @text safe to copy: it would be taken for an option, or has characters
 * that are spelled out where they are shown. */
gboolean vas_shell_word_is_impossible(const char *text);

G_END_DECLS
