/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzzing.h"

#include "xml/network-xml.h"

const char fuzzing_corpus[] = "network-xml";

static void
assert_same(const VasPool *a, const VasPool *b)
{
    g_assert_cmpstr(a->name, ==, b->name);
    g_assert_cmpstr(a->pf, ==, b->pf);
    g_assert_cmpuint(a->devices->len, ==, b->devices->len);
    for (guint i = 0; i < a->devices->len; i++)
        g_assert_true(vas_host_address_equal(g_array_index(a->devices, VasHostAddress, i),
                                             g_array_index(b->devices, VasHostAddress, i)));
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autofree char *xml = fuzzing_text(data, size);
    g_autofree char *respelt = fuzzing_respell_xml(xml);
    g_autoptr(GError) error = NULL;
    g_autoptr(VasPool) pool = NULL;
    g_autoptr(VasPool) again = NULL;
    gboolean is_network = vas_network_xml_parse(xml, &pool, &error);

    fuzzing_assert_outcome(is_network, error);
    if (!is_network) {
        g_assert_null(pool);
        return 0;
    }
    g_assert_true(vas_network_xml_parse(respelt, &again, &error));
    g_assert_true((pool == NULL) == (again == NULL));
    if (pool == NULL)
        return 0;
    g_assert_nonnull(pool->name);
    fuzzing_assert_utf8(pool->name);
    fuzzing_assert_utf8(pool->pf);
    assert_same(pool, again);
    return 0;
}
