/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzzing.h"

#include "core/value/error.h"
#include "xml/document.h"

#include <string.h>

char *
fuzzing_text(const guint8 *data, gsize size)
{
    return g_strndup((const char *) data, size);
}

void
fuzzing_assert_outcome(gboolean succeeded, const GError *error)
{
    if (succeeded) {
        g_assert_no_error(error);
        return;
    }
    g_assert_nonnull(error);
    g_assert_true(error->domain == VAS_ERROR);
    g_assert_cmpstr(error->message, !=, "");
}

void
fuzzing_assert_utf8(const char *text)
{
    g_assert_true(text == NULL || g_utf8_validate(text, -1, NULL));
}

gboolean
fuzzing_assert_written(const char *xml)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(xmlDoc) document = vas_document_parse(xml, "XML", &error);

    if (document == NULL && strstr(xml, "xmlns") != NULL)
        return FALSE;
    g_assert_no_error(error);
    return TRUE;
}

char *
fuzzing_respell_xml(const char *xml)
{
    g_autoptr(xmlDoc) document = vas_document_parse(xml, "XML", NULL);
    g_autofree char *respelt =
        document != NULL ? vas_node_serialize(xmlDocGetRootElement(document)) : NULL;

    if (respelt == NULL)
        return NULL;
    return fuzzing_assert_written(respelt) ? g_steal_pointer(&respelt) : g_strdup(xml);
}

static char *
without_blanks(const char *text)
{
    g_auto(GStrv) words = g_strsplit_set(text, " \t\n\r", -1);

    return g_strjoinv(NULL, words);
}

void
fuzzing_assert_same_words(const char *a, const char *b)
{
    g_autofree char *left = without_blanks(a);
    g_autofree char *right = without_blanks(b);

    g_assert_cmpstr(left, ==, right);
}
