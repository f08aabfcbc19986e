/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzzing.h"

#include "xml/capabilities-xml.h"

const char fuzzing_corpus[] = "capabilities-xml";

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autofree char *xml = fuzzing_text(data, size);
    g_autofree char *respelt = fuzzing_respell_xml(xml);
    g_autoptr(GError) error = NULL;
    g_auto(VasAssignmentCapabilities) capabilities = {0};
    g_auto(VasAssignmentCapabilities) again = {0};
    gboolean are_some = vas_capabilities_xml_parse(xml, &capabilities, &error);

    fuzzing_assert_outcome(are_some, error);
    if (!are_some) {
        g_assert_true(capabilities.domain_type == NULL && !capabilities.has_hostdev &&
                      !capabilities.has_vfio);
        return 0;
    }
    fuzzing_assert_utf8(capabilities.domain_type);
    g_assert_true(vas_capabilities_xml_parse(respelt, &again, &error));
    g_assert_cmpstr(again.domain_type, ==, capabilities.domain_type);
    g_assert_cmpint(again.has_hostdev, ==, capabilities.has_hostdev);
    g_assert_cmpint(again.has_vfio, ==, capabilities.has_vfio);
    return 0;
}
