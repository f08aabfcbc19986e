/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzzing.h"

#include "core/value/error.h"
#include "xml/identity-xml.h"

const char fuzzing_corpus[] = "identity-xml";

static void
assert_is_one(const VasIdentity *identity)
{
    for (guint i = 0; i < VAS_N_CARD_KEYS; i++) {
        fuzzing_assert_utf8(identity->keys[i]);
        g_assert_true(identity->keys[i] == NULL || *identity->keys[i] != '\0');
    }
    g_assert_true(identity->place == NULL || vas_identity_place_is_valid(identity->place));
    g_assert_cmpuint(identity->function, <=, 0xff);
    g_assert_cmpint(identity->vf_index, >=, -1);
    g_assert_cmpint(identity->vf_index, <=, G_MAXUINT16);
}

/* Identities are compared by their text: what was read is written in one way. */
int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autofree char *xml = fuzzing_text(data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(VasIdentity) identity = vas_identity_xml_parse(xml, &error);
    g_autoptr(VasIdentity) again = NULL;
    g_autofree char *written = NULL;
    g_autofree char *twice = NULL;

    fuzzing_assert_outcome(identity != NULL, error);
    if (identity == NULL) {
        g_assert_cmpint(error->code, ==, VAS_ERROR_FAILED);
        return 0;
    }
    assert_is_one(identity);
    written = vas_identity_xml_format(identity);
    again = vas_identity_xml_parse(written, &error);
    fuzzing_assert_outcome(again != NULL, error);
    g_assert_nonnull(again);
    twice = vas_identity_xml_format(again);
    g_assert_cmpstr(twice, ==, written);
    return 0;
}
