/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xml/host-wish-xml.h"

#include "core/value/error.h"
#include "testing.h"

#include <string.h>

#define BEGIN "<host xmlns='urn:virt-assign:host:1' version='1'>\n"
#define PF "<pf address='0000:01:00.0'><vfs count='4' autoprobe='on' driver='igb'/></pf>\n"
#define DEVICE "<device address='0000:03:00.0'><driver name='vfio-pci'/></device>\n"

static const VasHostAddress pf = {.pci = {.bus = 1}};
static const VasHostAddress later_pf = {.pci = {.bus = 2}};
static const VasHostAddress device = {.pci = {.bus = 3}};

static void
test_round_trip(void)
{
    char driver[] = "ice";
    char mac[] = "52:54:00:00:01:00";
    char place[] = "0000:00/1c.0/00.0";
    const VasVfRule rule = {7, FALSE, driver};
    const VasIdentity nic = {.vendor_id = 0x8086,
                             .product_id = 0x10c9,
                             .keys = {[VAS_CARD_KEY_MAC] = mac},
                             .vf_index = -1};
    const VasIdentity controller = {
        .vendor_id = 0x1b36, .product_id = 0xd, .place = place, .vf_index = -1};
    g_autoptr(VasHostWish) wish = vas_host_wish_new();
    g_autoptr(VasHostWish) read = NULL;
    g_autofree char *text = NULL;
    g_autofree char *again = NULL;

    vas_host_wish_set_driver(wish, device, "mlx5_vfio_pci");
    vas_host_wish_set_vfs(wish, later_pf, &rule);
    vas_host_wish_set_vfs(wish, pf, &rule);
    vas_host_wish_set_identity(wish->vfs, pf, &nic);
    vas_host_wish_set_identity(wish->drivers, device, &controller);
    vas_host_wish_set_identity(wish->drivers, pf, &nic); /* there is no such wish */
    text = vas_host_wish_xml_format(wish);
    testing_assert_golden("xml/host-wish.xml", text);
    read = vas_host_wish_xml_parse(text, NULL);
    g_assert_nonnull(read);
    g_assert_cmpuint(read->vfs->len, ==, 2);
    g_assert_true(vas_vf_rule_equal(vas_host_wish_vfs(read, pf), &rule));
    g_assert_true(vas_vf_rule_equal(vas_host_wish_vfs(read, later_pf), &rule));
    g_assert_cmpstr(vas_host_wish_driver(read, device), ==, "mlx5_vfio_pci");
    g_assert_null(vas_host_wish_driver(read, pf));
    g_assert_null(vas_host_wish_vfs(read, device));
    g_assert_cmpstr(vas_host_wish_identity(read->vfs, pf)->keys[VAS_CARD_KEY_MAC], ==,
                    "52:54:00:00:01:00");
    g_assert_cmpstr(vas_host_wish_identity(read->drivers, device)->place, ==, "0000:00/1c.0/00.0");
    g_assert_null(vas_host_wish_identity(read->vfs, later_pf));
    again = vas_host_wish_xml_format(read);
    g_assert_cmpstr(again, ==, text);
}

static void
test_replaced_and_dropped(void)
{
    char driver[] = "ice";
    const VasVfRule first = {7, FALSE, driver};
    const VasVfRule second = {3, TRUE, driver};
    const VasIdentity nic = {.vendor_id = 0x8086, .vf_index = -1};
    g_autoptr(VasHostWish) wish = vas_host_wish_new();

    g_assert_true(vas_host_wish_is_empty(wish));
    vas_host_wish_set_vfs(wish, pf, &first);
    vas_host_wish_set_vfs(wish, pf, &second);
    g_assert_true(vas_vf_rule_equal(vas_host_wish_vfs(wish, pf), &second));
    g_assert_cmpuint(wish->vfs->len, ==, 1);
    vas_host_wish_set_identity(wish->vfs, pf, &nic);
    vas_host_wish_set_vfs(wish, pf, &first);
    g_assert_cmphex(vas_host_wish_identity(wish->vfs, pf)->vendor_id, ==, 0x8086);
    vas_host_wish_set_identity(wish->vfs, pf, NULL);
    g_assert_null(vas_host_wish_identity(wish->vfs, pf));
    vas_host_wish_set_vfs(wish, pf, NULL);
    vas_host_wish_set_vfs(wish, pf, NULL);
    vas_host_wish_set_driver(wish, device, "vfio-pci");
    g_assert_false(vas_host_wish_is_empty(wish));
    vas_host_wish_set_driver(wish, device, NULL);
    g_assert_true(vas_host_wish_is_empty(wish));
}

/* A comment and blanks of an administrator's are fine, and so is a short address. */
static void
test_by_hand(void)
{
    g_autoptr(VasHostWish) wish = vas_host_wish_xml_parse(
        "<?xml version='1.0'?>\n<!-- ours -->\n" BEGIN "<!-- the GPU -->\n"
        "  <device address=' 03:00.0 '>\n <!-- x --> <driver name='vfio-pci'/>\n</device></host>\n",
        NULL);

    g_assert_nonnull(wish);
    g_assert_cmpstr(vas_host_wish_driver(wish, device), ==, "vfio-pci");
}

typedef struct {
    const char *text;
    VasError code;
    const char *cause;
} Refused;

static void
assert_refused(const Refused *cases, guint length)
{
    for (guint i = 0; i < length; i++) {
        GError *error = NULL;

        g_test_message("%s", cases[i].text);
        g_assert_null(vas_host_wish_xml_parse(cases[i].text, &error));
        testing_assert_error(&error, (int) cases[i].code, cases[i].cause);
    }
}

static void
test_refused_identity(void)
{
    static const Refused cases[] = {
        {BEGIN "<pf address='1:0.0'><vfs count='4' autoprobe='on' driver='igb'/>\n"
               "<identity vendor='0x8086'/></pf></host>",
         VAS_ERROR_INVALID, "line 3: an <identity> without vendor or product"},
        {BEGIN "<pf address='1:0.0'><vfs count='4' autoprobe='on' driver='igb'/>"
               "<identity vendor='1' product='2' permanent-mca='x'/></pf></host>",
         VAS_ERROR_INVALID, "no attribute permanent-mca"},
        {BEGIN "<pf address='1:0.0'><vfs count='4' autoprobe='on' driver='igb'/>"
               "<identity vendor='1' product='2'><x/></identity></pf></host>",
         VAS_ERROR_INVALID, "<x> is not known here"},
        {BEGIN "<device address='1:0.0'><driver name='vfio-pci'/>"
               "<identity vendor='1' product='2'/><identity vendor='1' product='2'/></device>"
               "</host>",
         VAS_ERROR_INVALID, "<identity> is not known here"},
    };

    assert_refused(cases, G_N_ELEMENTS(cases));
}

static void
test_refused(void)
{
    static const Refused cases[] = {
        {"", VAS_ERROR_FAILED, "not XML"},
        {"<host>", VAS_ERROR_FAILED, "line 1"},
        {"<host version='1'/>", VAS_ERROR_INVALID, "line 1: <host> is not known here"},
        {"<guest xmlns='urn:virt-assign:host:1'/>", VAS_ERROR_INVALID, "expected <host>"},
        {"<host xmlns='urn:virt-assign:host:1'/>", VAS_ERROR_INVALID, "version of <host>"},
        {"<host xmlns='urn:virt-assign:host:1' version='0'/>", VAS_ERROR_INVALID, "version"},
        {"<host xmlns='urn:virt-assign:host:1' version='2'/>", VAS_ERROR_UNSUPPORTED,
         "of version 2, this virt-assign knows only 1"},
        {"<host xmlns='urn:virt-assign:host:1' version='1' x='1'/>", VAS_ERROR_INVALID,
         "no attribute x"},
        {BEGIN PF "<bridge/></host>", VAS_ERROR_INVALID, "line 3: <bridge> is not known here"},
        {BEGIN "text</host>", VAS_ERROR_INVALID, "a <host> has no text"},
        {BEGIN PF PF "</host>", VAS_ERROR_INVALID, "line 3: the PF 0000:01:00.0 is there twice"},
        {BEGIN DEVICE DEVICE "</host>", VAS_ERROR_INVALID, "line 3: the device 0000:03:00.0 is"},
        {BEGIN "<pf/></host>", VAS_ERROR_INVALID, "line 2: a <pf> without address"},
        {BEGIN "<device address='x'/></host>", VAS_ERROR_INVALID, "\"x\" is not a PCI address"},
        {BEGIN "<pf address='1:0.0'/></host>", VAS_ERROR_INVALID, "a <pf> without <vfs>"},
        {BEGIN "<pf address='1:0.0' bus='1'/></host>", VAS_ERROR_INVALID, "no attribute bus"},
        {BEGIN "<pf address='1:0.0'><driver name='vfio-pci'/></pf></host>", VAS_ERROR_INVALID,
         "<driver> is not known here, expected <vfs>"},
        {BEGIN "<pf address='1:0.0'><vfs count='4' autoprobe='on' driver='igb'/>\n<x/></pf></host>",
         VAS_ERROR_INVALID, "line 3: <x> is not known here"},
        {BEGIN "<pf address='1:0.0'><vfs count='4' autoprobe='on' driver='igb'><x/></vfs></pf>"
               "</host>",
         VAS_ERROR_INVALID, "<x> is not known here"},
        {BEGIN "<pf address='1:0.0'><vfs count='0' autoprobe='on' driver='igb'/></pf></host>",
         VAS_ERROR_INVALID, "count of <vfs> is not a number from 1 to 65535"},
        {BEGIN "<pf address='1:0.0'><vfs count='65536' autoprobe='on' driver='igb'/></pf></host>",
         VAS_ERROR_INVALID, "count of <vfs>"},
        {BEGIN "<pf address='1:0.0'><vfs count='4' autoprobe='yes' driver='igb'/></pf></host>",
         VAS_ERROR_INVALID, "autoprobe of <vfs> is not on or off"},
        {BEGIN "<pf address='1:0.0'><vfs count='4' autoprobe='on'/></pf></host>", VAS_ERROR_INVALID,
         "driver of <vfs> is not a driver's name"},
        {BEGIN "<pf address='1:0.0'><vfs count='4' autoprobe='on' driver='../x'/></pf></host>",
         VAS_ERROR_INVALID, "driver of <vfs> is not a driver's name"},
        {BEGIN "<device address='1:0.0'><driver name='igb'/></device></host>", VAS_ERROR_INVALID,
         "igb is not a VFIO driver"},
        {BEGIN "<device address='1:0.0'><driver/></device></host>", VAS_ERROR_INVALID,
         "name of <driver> is not a driver's name"},
    };

    assert_refused(cases, G_N_ELEMENTS(cases));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/host-wish-xml/round-trip", test_round_trip);
    g_test_add_func("/host-wish-xml/replaced-and-dropped", test_replaced_and_dropped);
    g_test_add_func("/host-wish-xml/by-hand", test_by_hand);
    g_test_add_func("/host-wish-xml/refused", test_refused);
    g_test_add_func("/host-wish-xml/refused-identity", test_refused_identity);
    return g_test_run();
}
