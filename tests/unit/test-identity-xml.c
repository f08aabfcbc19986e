/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xml/identity-xml.h"

#include "core/value/error.h"
#include "testing.h"

static VasIdentity vf = {
    .vendor_id = 0x8086,
    .product_id = 0x10ca,
    .has_subsystem = TRUE,
    .subsystem_vendor_id = 0x8086,
    .subsystem_id = 0xa03c,
    .keys = {(char *) "52:54:00:12:34:56", (char *) "52-54-00-ff-ff-12-34-56", (char *) "SN <1>"},
    .function = 17,
    .place = (char *) "10000:e0/01.0/02.1",
    .vf_index = 6};
static VasIdentity bare = {.vendor_id = 1, .vf_index = -1};

static void
assert_round_trip(const VasIdentity *identity)
{
    g_autofree char *text = vas_identity_xml_format(identity);
    g_autoptr(GError) error = NULL;
    g_autoptr(VasIdentity) again = vas_identity_xml_parse(text, &error);

    g_assert_no_error(error);
    g_assert_cmphex(again->vendor_id, ==, identity->vendor_id);
    g_assert_cmphex(again->product_id, ==, identity->product_id);
    g_assert_cmpint(again->has_subsystem, ==, identity->has_subsystem);
    g_assert_cmphex(again->subsystem_vendor_id, ==, identity->subsystem_vendor_id);
    g_assert_cmphex(again->subsystem_id, ==, identity->subsystem_id);
    for (guint i = 0; i < VAS_N_CARD_KEYS; i++)
        g_assert_cmpstr(again->keys[i], ==, identity->keys[i]);
    g_assert_cmpuint(again->function, ==, identity->function);
    g_assert_cmpstr(again->place, ==, identity->place);
    g_assert_cmpint(again->vf_index, ==, identity->vf_index);
}

static void
test_round_trip(void)
{
    assert_round_trip(&vf);
    assert_round_trip(&bare);
}

/* The text is kept over updates of the program and compared byte by byte. */
static void
test_format(void)
{
    g_autofree char *text = vas_identity_xml_format(&vf);
    g_autofree char *least = vas_identity_xml_format(&bare);

    g_assert_cmpstr(text, ==,
                    "<identity vendor=\"0x8086\" product=\"0x10ca\" subsystem-vendor=\"0x8086\" "
                    "subsystem=\"0xa03c\" permanent-mac=\"52:54:00:12:34:56\" "
                    "pcie-serial=\"52-54-00-ff-ff-12-34-56\" vpd-serial=\"SN &lt;1&gt;\" "
                    "place=\"10000:e0/01.0/02.1\" function=\"17\" vf=\"6\"/>\n");
    g_assert_cmpstr(least, ==, "<identity vendor=\"0x0001\" product=\"0x0000\"/>\n");
}

#define MODEL "vendor='0x8086' product='0x10ca' "

static void
test_errors(void)
{
    static const char *const rows[] = {
        "<identity product='0x10ca'/>",
        "<identity vendor='0x8086'/>",
        "<identity vendor='0x18086' product='0x10ca'/>",
        "<identity " MODEL "subsystem='0x1'/>",
        "<identity " MODEL "subsystem-vendor='0x1'/>",
        "<identity " MODEL "permanent-mac='00:00:00:00:00:00'/>",
        "<identity " MODEL "vpd-serial=''/>",
        "<identity " MODEL "function='0'/>",
        "<identity " MODEL "place='0000:00/01.0'/>",
        "<identity " MODEL "place='0000:00/01.0' function='256'/>",
        "<identity " MODEL "place='0000:00' function='0'/>",
        "<identity " MODEL "place='00/01.0' function='0'/>",
        "<identity " MODEL "place='0000:00/1.0' function='0'/>",
        "<identity " MODEL "place='0000:00/01.8' function='0'/>",
        "<identity " MODEL "place='0000:00/1F.0' function='0'/>",
        "<identity " MODEL "place='0000:00/01.0/' function='0'/>",
        "<identity " MODEL "vf='-1'/>",
        "<identity " MODEL "vf='65536'/>",
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(vas_identity_xml_parse(rows[i], &error));
        testing_assert_error(&error, VAS_ERROR_FAILED, "malformed part");
    }
}

static void
test_long_key(void)
{
    g_autofree char *key = g_strnfill(256, 'a');
    g_autofree char *text = NULL;
    g_autoptr(VasIdentity) longest = NULL;
    g_autoptr(GError) error = NULL;

    key[0] = key[1] = 'b';
    text = g_strdup_printf("<identity " MODEL "vpd-serial='%s'/>", key + 1);
    longest = vas_identity_xml_parse(text, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(longest->keys[VAS_CARD_KEY_VPD], ==, key + 1);
    g_free(text);
    text = g_strdup_printf("<identity " MODEL "vpd-serial='%s'/>", key);
    g_assert_null(vas_identity_xml_parse(text, &error));
    testing_assert_error(&error, VAS_ERROR_FAILED, "malformed part");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/identity-xml/round-trip", test_round_trip);
    g_test_add_func("/identity-xml/format", test_format);
    g_test_add_func("/identity-xml/errors", test_errors);
    g_test_add_func("/identity-xml/long-key", test_long_key);
    return g_test_run();
}
