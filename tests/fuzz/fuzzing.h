/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a target consists of: libFuzzer calls the function with bytes of its own, replay.c with the
 * files of tests/data/fuzz/@fuzzing_corpus. A property that does not hold aborts; only g_assert_*
 * checks, which nothing compiles out. */
extern const char fuzzing_corpus[];
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* The bytes up to the first NUL, as a parser of C strings sees them. Returns full. */
char *fuzzing_text(const guint8 *data, gsize size);

/* An error is set if and only if it failed; it is ours, and says something. */
void fuzzing_assert_outcome(gboolean succeeded, const GError *error);

/* Fails unless @text is NULL or UTF-8. */
void fuzzing_assert_utf8(const char *text);

/* The same XML written anew by our own writer; NULL: it is none. Returns full. */
char *fuzzing_respell_xml(const char *xml);

G_END_DECLS
