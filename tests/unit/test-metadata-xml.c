/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "testing.h"

#include "core/value/error.h"
#include "xml/metadata-xml.h"

#include <string.h>

#define RELEASE "<release alias='ua-vf0' device='0000:01:10.0' run='3' asked='1700000000'/>"

static void
add_release(VasGuestRecord *record, const char *alias, const char *device, int run_id,
            gint64 asked_at)
{
    VasPendingRelease *pending = g_new0(VasPendingRelease, 1);

    pending->alias = g_strdup(alias);
    g_assert_true(vas_host_address_parse(device, &pending->device, NULL));
    pending->run_id = run_id;
    pending->asked_at = asked_at;
    g_ptr_array_add(record->releases, pending);
}

static VasGuestRecord *
two_of_each(void)
{
    VasGuestRecord *record = vas_guest_record_new();
    add_release(record, "ua-vf0", "0000:01:10.0", 3, G_GINT64_CONSTANT(1700000000));
    add_release(record, "hostdev<&\"'>", "10000:e1:00.0", G_MAXINT, G_MAXINT64);
    return record;
}

static void
test_round_trip(void)
{
    g_autoptr(VasGuestRecord) record = two_of_each();
    g_autofree char *xml = vas_metadata_xml_format(record);
    g_autoptr(GError) error = NULL;
    g_autoptr(VasGuestRecord) again = vas_metadata_xml_parse(xml, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(again->releases->len, ==, record->releases->len);
    for (guint i = 0; i < record->releases->len; i++) {
        const VasPendingRelease *before = g_ptr_array_index(record->releases, i);
        const VasPendingRelease *after = g_ptr_array_index(again->releases, i);

        g_assert_cmpstr(after->alias, ==, before->alias);
        g_assert_true(vas_host_address_equal(after->device, before->device));
        g_assert_cmpint(after->run_id, ==, before->run_id);
        g_assert_cmpint(after->asked_at, ==, before->asked_at);
    }
}

/* The format is stored in guests: what changes here has to raise the version. */
static void
test_format(void)
{
    g_autoptr(VasGuestRecord) record = two_of_each();
    g_autofree char *xml = vas_metadata_xml_format(record);

    g_assert_cmpstr(xml, ==,
                    "<assignments version=\"1\">\n"
                    "  <release alias=\"ua-vf0\" device=\"0000:01:10.0\" run=\"3\" "
                    "asked=\"1700000000\"/>\n"
                    "  <release alias=\"hostdev&lt;&amp;&quot;'&gt;\" device=\"10000:e1:00.0\" "
                    "run=\"2147483647\" asked=\"9223372036854775807\"/>\n"
                    "</assignments>\n");
}

static void
test_nothing(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(VasGuestRecord) none = vas_metadata_xml_parse(NULL, &error);
    g_autoptr(VasGuestRecord) empty = NULL;

    g_assert_no_error(error);
    g_assert_true(vas_guest_record_is_empty(none));
    g_assert_null(vas_metadata_xml_format(none));
    empty = vas_metadata_xml_parse("<assignments version='1'/>", &error);
    g_assert_no_error(error);
    g_assert_true(vas_guest_record_is_empty(empty));
}

#define IDENTITY                                                                                   \
    "<identity vendor=\"0x8086\" product=\"0x10ca\" permanent-mac=\"52:54:00:00:00:01\" "          \
    "vf=\"3\"/>"
#define WISHES                                                                                     \
    "<assignments version=\"1\">\n"                                                                \
    "  <wish device=\"0000:01:10.0\" required=\"yes\" qos=\"3\" max-rate=\"1000\" "                \
    "spoof-check=\"0\" trust=\"1\" link-state=\"2\" seal=\"5ea1\">\n"                              \
    "    " IDENTITY "\n"                                                                           \
    "  </wish>\n"                                                                                  \
    "  <wish device=\"0000:03:00.0\" required=\"no\"/>\n"                                          \
    "</assignments>\n"

/* A wish stands in guests as long as their devices: what changes here has to raise the version. */
static void
test_wishes(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(VasGuestRecord) record = vas_metadata_xml_parse(WISHES, &error);
    g_autofree char *again = NULL;
    g_autofree char *sealed = NULL;
    const VasWish *wish = NULL;

    g_assert_no_error(error);
    g_assert_false(vas_guest_record_is_empty(record));
    g_assert_cmpuint(record->wishes->len, ==, 2);
    wish = g_ptr_array_index(record->wishes, 0);
    g_assert_true(wish->is_required);
    g_assert_false(wish->is_proven);
    g_assert_cmpstr(wish->seal, ==, "5ea1");
    g_assert_cmpint(wish->settings.qos, ==, 3);
    g_assert_cmpint(wish->settings.max_rate, ==, 1000);
    g_assert_cmpint(wish->settings.spoof_check, ==, 0);
    g_assert_cmpint(wish->settings.trust, ==, 1);
    g_assert_cmpint(wish->settings.link_state, ==, VAS_VF_LINK_DISABLE);
    g_assert_cmpint(wish->identity->vf_index, ==, 3);
    sealed = vas_metadata_xml_format_wish(wish);
    g_assert_null(strstr(sealed, "seal"));
    g_assert_nonnull(strstr(sealed, IDENTITY));
    wish = g_ptr_array_index(record->wishes, 1);
    g_assert_null(wish->identity);
    g_assert_true(vas_vf_wish_is_empty(&wish->settings));
    again = vas_metadata_xml_format(record);
    g_assert_cmpstr(again, ==, WISHES);
}

/* A later virt-assign of the same version may know more. */
static void
test_unknown_parts(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(VasGuestRecord) record = vas_metadata_xml_parse(
        "<assignments version='1' owner='x'><parked/>text<release alias='a' device='0000:01:10.0' "
        "run='0' asked='0' why='x'><more/></release></assignments>",
        &error);

    g_assert_no_error(error);
    g_assert_cmpuint(record->releases->len, ==, 1);
}

/* A domain's XML has the record with a namespace prefix; virDomainGetMetadata gives it back
 * without. */
static void
test_with_namespace(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(VasGuestRecord) record =
        vas_metadata_xml_parse("<v:assignments xmlns:v='" VAS_METADATA_URI
                               "' version='1'><v:release alias='ua-vf0' device='0000:01:10.0' "
                               "run='3' asked='1'/></v:assignments>",
                               &error);

    g_assert_no_error(error);
    g_assert_cmpuint(record->releases->len, ==, 1);
    g_clear_pointer(&record, vas_guest_record_free);
    record = vas_metadata_xml_parse(
        "<v:assignments xmlns:v='" VAS_METADATA_URI "' version='1'>"
        "<v:wish device='0000:01:10.0'><v:identity vendor='1' product='2'/></v:wish>"
        "</v:assignments>",
        &error);
    g_assert_no_error(error);
    g_assert_cmpint(((const VasWish *) g_ptr_array_index(record->wishes, 0))->identity->product_id,
                    ==, 2);
}

static void
test_errors(void)
{
    static const struct {
        const char *xml;
        int code;
        const char *part;
    } rows[] = {
        {"<assignments", VAS_ERROR_FAILED, "guest metadata urn:virt-assign:domain:1 is not XML"},
        {"<other version='1'/>", VAS_ERROR_FAILED, "is a <other>, expected a <assignments>"},
        {"<assignments/>", VAS_ERROR_FAILED, "no version"},
        {"<assignments version='one'/>", VAS_ERROR_FAILED, "no version, or a malformed one"},
        {"<assignments version='0'/>", VAS_ERROR_FAILED, "no version, or a malformed one"},
        {"<assignments version='2'><new/></assignments>", VAS_ERROR_UNSUPPORTED,
         "is of version 2, this virt-assign knows only 1"},
        {"<assignments version='1'><release/></assignments>", VAS_ERROR_FAILED, "a <release>"},
        {"<assignments version='1'>" RELEASE
         "<release alias='' device='0000:01:10.0' run='3' asked='1'/></assignments>",
         VAS_ERROR_FAILED, "a <release>"},
        {"<assignments version='1'><release alias='a' device='vf' run='3' "
         "asked='1'/></assignments>",
         VAS_ERROR_FAILED, "a <release>"},
        {"<assignments version='1'><release alias='a' device='0000:01:10.0' run='-1' asked='1'/>"
         "</assignments>",
         VAS_ERROR_FAILED, "a <release>"},
        {"<assignments version='1'><release alias='a' device='0000:01:10.0' run='1' "
         "asked='9223372036854775808'/></assignments>",
         VAS_ERROR_FAILED, "a <release>"},
        {"<assignments version='1'><wish/></assignments>", VAS_ERROR_FAILED, "a <wish>"},
        {"<assignments version='1'><wish device='vf'/></assignments>", VAS_ERROR_FAILED,
         "a <wish>"},
        {"<assignments version='1'><wish device='0000:01:10.0' qos='8'/></assignments>",
         VAS_ERROR_FAILED, "a <wish>"},
        {"<assignments version='1'><wish device='0000:01:10.0' link-state='3'/></assignments>",
         VAS_ERROR_FAILED, "a <wish>"},
        {"<assignments version='1'><wish device='0000:01:10.0'><identity/></wish></assignments>",
         VAS_ERROR_FAILED, "a <wish>"},
        {"<assignments version='1'><wish device='0000:01:10.0'/><wish device='0000:01:10.0'/>"
         "</assignments>",
         VAS_ERROR_FAILED, "a second one for its device"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(vas_metadata_xml_parse(rows[i].xml, &error));
        testing_assert_error(&error, rows[i].code, rows[i].part);
    }
}

static void
test_bounded(void)
{
    g_autoptr(GString) xml = g_string_new("<assignments version='1'>");
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < 10000; i++)
        g_string_append(xml, RELEASE);
    g_string_append(xml, "</assignments>");
    g_assert_null(vas_metadata_xml_parse(xml->str, &error));
    testing_assert_error(&error, VAS_ERROR_FAILED, "too many entries");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/metadata-xml/round-trip", test_round_trip);
    g_test_add_func("/metadata-xml/format", test_format);
    g_test_add_func("/metadata-xml/nothing", test_nothing);
    g_test_add_func("/metadata-xml/wishes", test_wishes);
    g_test_add_func("/metadata-xml/unknown-parts", test_unknown_parts);
    g_test_add_func("/metadata-xml/with-namespace", test_with_namespace);
    g_test_add_func("/metadata-xml/errors", test_errors);
    g_test_add_func("/metadata-xml/bounded", test_bounded);
    return g_test_run();
}
