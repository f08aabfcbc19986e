/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xml/vf-record-xml.h"

#include "building.h"
#include "core/value/error.h"
#include "testing.h"

#define GUEST "11111111-0000-4000-8000-000000000001"
#define SETTINGS                                                                                   \
    "mac='52:54:00:00:00:01' vlan='0' qos='0' min-rate='0' max-rate='0' vlan-protocol='0x8100'"

static const VasVfSettings tagged = {.mac = {{0x52, 0x54, 0, 0, 0, 1}},
                                     .vlan = 4094,
                                     .qos = 7,
                                     .vlan_protocol = 0x88a8,
                                     .min_rate = 10,
                                     .max_rate = G_MAXINT,
                                     .spoof_check = 0,
                                     .trust = 1,
                                     .link_state = VAS_VF_LINK_DISABLE};
static const VasVfSettings untold = {
    .vlan_protocol = 0x8100, .spoof_check = -1, .trust = -1, .link_state = -1};

static void
assert_round_trip(const VasVfRecord *record)
{
    g_autofree char *text = vas_vf_record_xml_format(record);
    g_autoptr(GError) error = NULL;
    g_autoptr(VasVfRecord) again = vas_vf_record_xml_parse(text, &error);

    g_assert_no_error(error);
    g_assert_true(vas_host_address_equal(again->device, record->device));
    g_assert_cmpstr(again->identity, ==, record->identity);
    g_assert_cmpstr(again->guest, ==, record->guest);
    g_assert_cmpint(again->run_id, ==, record->run_id);
    g_assert_cmpuint(vas_vf_settings_differ(&again->before, &record->before), ==, 0);
    g_assert_cmpint(again->before.spoof_check, ==, record->before.spoof_check);
    g_assert_cmpint(again->before.trust, ==, record->before.trust);
    g_assert_cmpint(again->before.link_state, ==, record->before.link_state);
    g_assert_cmpuint(again->before.vlan_protocol, ==, record->before.vlan_protocol);
}

static void
test_round_trip(void)
{
    g_autoptr(VasVfRecord) one =
        vas_vf_record_new(building_host_address("0000:01:10.0"), "2f/1d", GUEST, 3, &tagged);
    g_autoptr(VasVfRecord) other =
        vas_vf_record_new(building_host_address("10000:e1:10.0"), NULL, GUEST, -1, &untold);

    assert_round_trip(one);
    assert_round_trip(other);
}

/* A newer virt-assign may find the file after an update: what changes here has to raise the
 * version. */
static void
test_format(void)
{
    g_autoptr(VasVfRecord) record =
        vas_vf_record_new(building_host_address("0000:01:10.0"), "2f/1d", GUEST, 3, &tagged);
    g_autofree char *text = vas_vf_record_xml_format(record);

    g_assert_cmpstr(text, ==,
                    "<vf version=\"1\" device=\"0000:01:10.0\" identity=\"2f/1d\" guest=\"" GUEST
                    "\" run=\"3\" mac=\"52:54:00:00:00:01\" vlan=\"4094\" qos=\"7\" "
                    "min-rate=\"10\" max-rate=\"2147483647\" spoof-check=\"0\" trust=\"1\" "
                    "link-state=\"2\" vlan-protocol=\"0x88a8\"/>\n");
}

static void
test_errors(void)
{
    static const struct {
        const char *text;
        int code;
        const char *part;
    } rows[] = {
        {"<vf", VAS_ERROR_FAILED, "it is not XML"},
        {"<operation version='1'/>", VAS_ERROR_FAILED, "expected a <vf>"},
        {"<vf version='2' new='x'/>", VAS_ERROR_UNSUPPORTED, "is of version 2"},
        {"<vf device='0000:01:10.0' guest='g' " SETTINGS "/>", VAS_ERROR_FAILED, "no version"},
        {"<vf version='1' guest='g' " SETTINGS "/>", VAS_ERROR_FAILED, "without device"},
        {"<vf version='1' device='vf' guest='g' " SETTINGS "/>", VAS_ERROR_FAILED, "malformed"},
        {"<vf version='1' device='0000:01:10.0' " SETTINGS "/>", VAS_ERROR_FAILED, "guest"},
        {"<vf version='1' device='0000:01:10.0' guest='g' run='-1' " SETTINGS "/>",
         VAS_ERROR_FAILED, "malformed"},
        {"<vf version='1' device='0000:01:10.0' guest='g'/>", VAS_ERROR_FAILED, "settings"},
        {"<vf version='1' device='0000:01:10.0' guest='g' mac='52:54:00:00:00:01' vlan='-1' "
         "qos='0' min-rate='0' max-rate='0' vlan-protocol='0x8100'/>",
         VAS_ERROR_FAILED, "malformed"},
        {"<vf version='1' device='0000:01:10.0' guest='g' mac='x' vlan='0' qos='0' min-rate='0' "
         "max-rate='0' vlan-protocol='0x8100'/>",
         VAS_ERROR_FAILED, "malformed"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(vas_vf_record_xml_parse(rows[i].text, &error));
        testing_assert_error(&error, rows[i].code, rows[i].part);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/vf-record-xml/round-trip", test_round_trip);
    g_test_add_func("/vf-record-xml/format", test_format);
    g_test_add_func("/vf-record-xml/errors", test_errors);
    return g_test_run();
}
