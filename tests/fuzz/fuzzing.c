/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzzing.h"

#include "core/error.h"
#include "xml/document.h"

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

char *
fuzzing_respell_xml(const char *xml)
{
    g_autoptr(xmlDoc) document = vas_document_parse(xml, "XML", NULL);

    return document != NULL ? vas_node_serialize(xmlDocGetRootElement(document)) : NULL;
}
