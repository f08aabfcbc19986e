/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A target consists of these two: libFuzzer calls the function with bytes of its own, replay.c with
 * the files of tests/data/fuzz/@fuzzing_corpus. A property that does not hold aborts; only
 * g_assert_* checks, which nothing compiles out. */
extern const char fuzzing_corpus[];
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* Tells the bytes up to the first NUL, as a parser of C strings sees them. Returns full. */
char *fuzzing_text(const guint8 *data, gsize size);

/* An error is set if and only if it failed; it is ours, and says something. */
void fuzzing_assert_outcome(gboolean succeeded, const GError *error);

/* Fails unless @text is NULL or UTF-8. */
void fuzzing_assert_utf8(const char *text);

/* Tells the same XML written anew by our own writer, or as it is where that cannot write it; NULL:
 * it is not XML. Returns full. */
char *fuzzing_respell_xml(const char *xml);

/* Fails unless our own writer has written XML. FALSE: it has not, and is excused, since libxml2
 * escapes nothing in the name of a namespace (xmlNsDumpOutput in its xmlsave.c). */
gboolean fuzzing_assert_written(const char *xml);

/* Fails unless they are the same but for white space, which means nothing to libvirt: between a
 * text and an element it is kept or not by what else there is (areBlanks in libxml2's parser.c). */
void fuzzing_assert_same_words(const char *a, const char *b);

G_END_DECLS
