/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzzing.h"

#include "core/value/error.h"
#include "xml/metadata-xml.h"

const char fuzzing_corpus[] = "metadata";

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autofree char *xml = fuzzing_text(data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(VasGuestRecord) record = vas_metadata_xml_parse(xml, &error);
    g_autoptr(VasGuestRecord) again = NULL;
    g_autofree char *written = NULL;
    g_autofree char *rewritten = NULL;

    fuzzing_assert_outcome(record != NULL, error);
    if (record == NULL) {
        g_assert_true(error->code == VAS_ERROR_FAILED || error->code == VAS_ERROR_UNSUPPORTED);
        return 0;
    }
    written = vas_metadata_xml_format(record);
    g_assert_true((written == NULL) == vas_guest_record_is_empty(record));
    again = vas_metadata_xml_parse(written, &error);
    g_assert_no_error(error);
    rewritten = vas_metadata_xml_format(again);
    g_assert_cmpstr(rewritten, ==, written);
    return 0;
}
