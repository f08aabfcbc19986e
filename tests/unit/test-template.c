/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "testing.h"

#include "core/value/error.h"
#include "xml/template.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const VasAssignmentType type_interface = VAS_ASSIGNMENT_INTERFACE;
static const VasAssignmentType type_hostdev = VAS_ASSIGNMENT_HOSTDEV;

static VasTemplate *
load(const char *folder, const char *name, const VasAssignmentType *type)
{
    g_autoptr(GError) error = NULL;
    VasTemplate *template = vas_template_load(folder, name, type, &error);

    g_assert_no_error(error);
    return template;
}

static VasTemplate *
load_data(const char *name)
{
    g_autofree char *path = testing_data_path(name);

    return load(NULL, path, NULL);
}

/* Loads a template of @xml, in @scratch. */
static VasTemplate *
load_text(const TestingScratch *scratch, const char *xml)
{
    g_autofree char *path = g_build_filename(scratch->path, "own.xml", NULL);

    testing_scratch_write(scratch, "own.xml", xml);
    return load(NULL, path, NULL);
}

static VasAssignment *
bare_assignment(VasAssignmentType type)
{
    VasAssignment *assignment = vas_assignment_new(type);

    assignment->has_device = TRUE;
    g_assert_true(vas_host_address_parse("0000:01:10.3", &assignment->device, NULL));
    return assignment;
}

static VasAssignment *
full_assignment(VasAssignmentType type)
{
    VasAssignment *assignment = bare_assignment(type);

    assignment->alias = g_strdup("ua-new");
    assignment->has_guest_address = TRUE;
    g_assert_true(vas_guest_address_parse("0000:02:00.0", &assignment->guest_address, NULL));
    assignment->acpi_index = 7;
    assignment->boot_order = 1;
    if (type == VAS_ASSIGNMENT_INTERFACE) {
        assignment->has_mac = TRUE;
        g_assert_true(vas_mac_address_parse("52:54:00:12:34:56", &assignment->mac, NULL));
        assignment->vlan = 42;
    }
    return assignment;
}

static char *
fill(const VasTemplate *template, const VasAssignment *assignment)
{
    g_autoptr(GError) error = NULL;
    char *xml = vas_template_fill(template, assignment, &error);

    g_assert_no_error(error);
    return xml;
}

static void
test_shipped(void)
{
    g_autoptr(VasTemplate) interface = load(NULL, NULL, &type_interface);
    g_autoptr(VasTemplate) hostdev = load("/no/such/folder", NULL, &type_hostdev);
    g_autoptr(VasAssignment) vf = full_assignment(VAS_ASSIGNMENT_INTERFACE);
    g_autoptr(VasAssignment) device = full_assignment(VAS_ASSIGNMENT_HOSTDEV);
    g_autofree char *interface_xml = fill(interface, vf);
    g_autofree char *hostdev_xml = fill(hostdev, device);

    g_assert_cmpint(vas_template_type(interface), ==, VAS_ASSIGNMENT_INTERFACE);
    g_assert_cmpint(vas_template_type(hostdev), ==, VAS_ASSIGNMENT_HOSTDEV);
    g_assert_cmpstr(
        interface_xml, ==,
        "<interface type=\"hostdev\" managed=\"yes\">\n"
        "  <driver name=\"vfio\"/>\n"
        "  <mac address=\"52:54:00:12:34:56\"/>\n"
        "  <source>\n"
        "    <address type=\"pci\" domain=\"0x0000\" bus=\"0x01\" slot=\"0x10\" "
        "function=\"0x3\"/>\n"
        "  </source>\n"
        "  <vlan>\n"
        "    <tag id=\"42\"/>\n"
        "  </vlan>\n"
        "  <boot order=\"1\"/>\n"
        "  <alias name=\"ua-new\"/>\n"
        "  <acpi index=\"7\"/>\n"
        "  <address type=\"pci\" domain=\"0x0000\" bus=\"0x02\" slot=\"0x00\" function=\"0x0\"/>\n"
        "</interface>\n");
    g_assert_cmpstr(
        hostdev_xml, ==,
        "<hostdev mode=\"subsystem\" type=\"pci\" managed=\"yes\">\n"
        "  <driver name=\"vfio\"/>\n"
        "  <source>\n"
        "    <address domain=\"0x0000\" bus=\"0x01\" slot=\"0x10\" function=\"0x3\"/>\n"
        "  </source>\n"
        "  <boot order=\"1\"/>\n"
        "  <alias name=\"ua-new\"/>\n"
        "  <acpi index=\"7\"/>\n"
        "  <address type=\"pci\" domain=\"0x0000\" bus=\"0x02\" slot=\"0x00\" function=\"0x0\"/>\n"
        "</hostdev>\n");
}

/* Every element and attribute of an administrator's own template comes out again, the comments do
 * not; filling leaves the template as it was. */
static void
test_own(void)
{
    g_autoptr(VasTemplate) interface = load_data("xml/template-interface-own.xml");
    g_autoptr(VasTemplate) hostdev = load_data("xml/template-hostdev-own.xml");
    g_autoptr(VasAssignment) vf = full_assignment(VAS_ASSIGNMENT_INTERFACE);
    g_autoptr(VasAssignment) device = full_assignment(VAS_ASSIGNMENT_HOSTDEV);
    g_autofree char *interface_xml = fill(interface, vf);
    g_autofree char *again = fill(interface, vf);
    g_autofree char *hostdev_xml = fill(hostdev, device);

    testing_assert_golden("xml/template-interface-filled.xml", interface_xml);
    testing_assert_golden("xml/template-hostdev-filled.xml", hostdev_xml);
    g_assert_cmpstr(interface_xml, ==, again);
}

static void
test_left_as_it_is(void)
{
    g_autoptr(VasTemplate) template = load_data("xml/template-interface-own.xml");
    g_autoptr(VasAssignment) assignment = bare_assignment(VAS_ASSIGNMENT_INTERFACE);
    g_autofree char *xml = fill(template, assignment);

    g_assert_nonnull(strstr(xml, "bus=\"0x01\" slot=\"0x10\" function=\"0x3\""));
    g_assert_null(strstr(xml, "0x99"));
    g_assert_nonnull(strstr(xml, "52:54:00:aa:aa:aa"));
    g_assert_nonnull(strstr(xml, "<vlan trunk=\"yes\">"));
    g_assert_nonnull(strstr(xml, "<alias name=\"ua-old\"/>"));
    g_assert_nonnull(strstr(xml, "<acpi index=\"99\"/>"));
    g_assert_nonnull(strstr(xml, "<boot order=\"9\"/>"));
    g_assert_nonnull(strstr(xml, "bus=\"0x0f\" slot=\"0x1f\" function=\"0x7\""));
}

static void
test_unknown_parts(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasTemplate) template =
        load_text(scratch, "<interface type='hostdev' later='1' xmlns:x='urn:x'>"
                           "<new a='&lt;&amp;&#xe4;'><deep>text &amp; more</deep></new>"
                           "<x:other x:b='2'/><mac address='02:00:00:00:00:01' check='no'/>"
                           "<mac address='02:00:00:00:00:02'/><source><keep/></source>"
                           "<address type='ccw' cssid='0xfe' ssid='0x0' devno='0x0001'/>"
                           "</interface>");
    g_autoptr(VasAssignment) assignment = full_assignment(VAS_ASSIGNMENT_INTERFACE);
    g_autofree char *xml = fill(template, assignment);

    g_assert_true(g_str_has_prefix(xml,
                                   "<interface xmlns:x=\"urn:x\" type=\"hostdev\" later=\"1\">\n"
                                   "  <new a=\"&lt;&amp;\xc3\xa4\">\n"
                                   "    <deep>text &amp; more</deep>\n"
                                   "  </new>\n"
                                   "  <x:other x:b=\"2\"/>\n"
                                   "  <mac address=\"52:54:00:12:34:56\" check=\"no\"/>\n"
                                   "  <source>\n"
                                   "    <keep/>\n"
                                   "    <address type=\"pci\" domain="));
    /* One MAC only, and nothing of the other kind of address. */
    g_assert_null(strstr(xml, "02:00:00:00:00"));
    g_assert_null(strstr(xml, "cssid"));
}

static void
test_big_host_domain(void)
{
    g_autoptr(VasTemplate) template = load(NULL, NULL, &type_hostdev);
    g_autoptr(VasAssignment) assignment = bare_assignment(VAS_ASSIGNMENT_HOSTDEV);
    g_autofree char *xml = NULL;

    g_assert_true(vas_host_address_parse("10000:e1:1f.7", &assignment->device, NULL));
    xml = fill(template, assignment);
    g_assert_nonnull(
        strstr(xml, "<address domain=\"0x10000\" bus=\"0xe1\" slot=\"0x1f\" function=\"0x7\"/>"));
}

static void
test_vlan_zero(void)
{
    g_autoptr(VasTemplate) template = load_data("xml/template-interface-own.xml");
    g_autoptr(VasAssignment) assignment = bare_assignment(VAS_ASSIGNMENT_INTERFACE);
    g_autofree char *xml = NULL;

    assignment->vlan = 0;
    xml = fill(template, assignment);
    g_assert_nonnull(strstr(xml, "  <vlan>\n    <tag id=\"0\"/>\n  </vlan>\n"));
}

static void
test_fill_errors(void)
{
    g_autoptr(VasTemplate) interface = load(NULL, NULL, &type_interface);
    g_autoptr(VasTemplate) hostdev = load(NULL, NULL, &type_hostdev);
    g_autoptr(VasAssignment) assignment = full_assignment(VAS_ASSIGNMENT_HOSTDEV);
    g_autoptr(GError) error = NULL;

    g_assert_null(vas_template_fill(interface, assignment, &error));
    testing_assert_error(&error, VAS_ERROR_INVALID,
                         "template shipped interface.xml is of type interface, not hostdev");
    assignment->vlan = 5;
    g_assert_null(vas_template_fill(hostdev, assignment, &error));
    testing_assert_error(&error, VAS_ERROR_INVALID, "has no MAC and no VLAN");
    assignment->vlan = -1;
    assignment->has_mac = TRUE;
    g_assert_null(vas_template_fill(hostdev, assignment, &error));
    testing_assert_error(&error, VAS_ERROR_INVALID, "has no MAC and no VLAN");
    assignment->has_mac = FALSE;
    assignment->has_device = FALSE;
    g_assert_null(vas_template_fill(hostdev, assignment, &error));
    testing_assert_error(&error, VAS_ERROR_INVALID, "no host device");
}

static void
test_complete_wish(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasTemplate) template =
        load_text(scratch, "<interface type='hostdev'><mac address='52:54:00:aa:aa:aa'/>"
                           "<vlan><tag id='100'/></vlan><boot order='9'/><alias name='ua-old'/>"
                           "<acpi index='99'/><address type='pci' bus='15' slot='0x1f'/>"
                           "<teaming type='transient' persistent='ua-stays'/></interface>");
    g_autoptr(VasAssignmentWish) wish = vas_assignment_wish_new();
    g_autoptr(VasAssignmentWish) own = vas_assignment_wish_new();
    g_autoptr(GError) error = NULL;

    g_assert_true(vas_template_complete_wish(template, wish, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(vas_mac_address_text(wish->mac).text, ==, "52:54:00:aa:aa:aa");
    g_assert_cmpint(wish->vlan, ==, 100);
    g_assert_cmpint(wish->boot_order, ==, 9);
    g_assert_cmpstr(wish->team, ==, "ua-stays");
    g_assert_cmpstr(wish->alias, ==, "ua-old");
    g_assert_cmpint(wish->acpi_index, ==, 99);
    g_assert_true(wish->has_guest_address);
    g_assert_cmpstr(vas_guest_address_text(wish->guest_address).text, ==, "0000:0f:1f.0");
    g_assert_true(wish->unmanaged);

    own->has_mac = TRUE;
    own->vlan = 0;
    own->boot_order = 1;
    own->alias = g_strdup("ua-own");
    own->acpi_index = 2;
    own->has_guest_address = TRUE;
    g_assert_true(vas_template_complete_wish(template, own, &error));
    g_assert_true(vas_mac_address_is_zero(own->mac));
    g_assert_cmpint(own->vlan, ==, 0);
    g_assert_cmpint(own->boot_order, ==, 1);
    g_assert_cmpstr(own->alias, ==, "ua-own");
    g_assert_cmpint(own->acpi_index, ==, 2);
    g_assert_cmpint(own->guest_address.pci.bus, ==, 0);
}

static void
test_complete_wish_managed(void)
{
    g_autoptr(VasTemplate) template = load(NULL, NULL, &type_interface);
    g_autoptr(VasAssignmentWish) wish = vas_assignment_wish_new();
    g_autoptr(GError) error = NULL;

    g_assert_true(vas_template_complete_wish(template, wish, &error));
    g_assert_no_error(error);
    g_assert_false(wish->unmanaged);
}

static void
test_complete_wish_nothing(void)
{
    static const char *const templates[] = {
        "<interface type='hostdev'/>",
        "<hostdev type='pci'><mac address='52:54:00:aa:aa:aa'/><vlan><tag "
        "id='9'/></vlan></hostdev>",
        "<interface type='hostdev'><mac/><vlan/><boot/><alias/><acpi/><address type='pci'/>"
        "</interface>",
    };
    g_autoptr(TestingScratch) scratch = testing_scratch_new();

    for (guint i = 0; i < G_N_ELEMENTS(templates); i++) {
        g_autoptr(VasTemplate) template = load_text(scratch, templates[i]);
        g_autoptr(VasAssignmentWish) wish = vas_assignment_wish_new();
        g_autoptr(GError) error = NULL;

        g_assert_true(vas_template_complete_wish(template, wish, &error));
        g_assert_no_error(error);
        g_assert_false(wish->has_mac || wish->has_guest_address || wish->has_type);
        g_assert_cmpint(wish->vlan, ==, -1);
        g_assert_cmpint(wish->boot_order, ==, 0);
        g_assert_null(wish->alias);
        g_assert_cmpint(wish->acpi_index, ==, 0);
    }
}

static void
test_complete_wish_errors(void)
{
    static const struct {
        const char *child;
        const char *part;
    } rows[] = {
        {"<mac address='52:54'/>", "\"52:54\" is not a MAC address"},
        {"<vlan><tag id='4095'/></vlan>", "id \"4095\" of <tag> is not a number from 0 to 4094"},
        {"<vlan><tag id='x'/></vlan>", "id \"x\" of <tag> is not a number from 0 to 4094"},
        {"<vlan trunk='yes'><tag id='1'/></vlan>", "a VF takes one VLAN tag, not a trunk"},
        {"<vlan><tag id='1'/><tag id='2'/></vlan>", "a VF takes one VLAN tag, not a trunk"},
        {"<alias name='net0'/>", "\"net0\" cannot be an alias"},
        {"<acpi index='0'/>", "index \"0\" of <acpi> is not a number from 1 to 16383"},
        {"<acpi index='16384'/>", "index \"16384\" of <acpi> is not a number from 1 to 16383"},
        {"<boot order='0'/>", "order \"0\" of <boot> is not a number from 1 to "},
        {"<boot order='99999999999'/>", "order \"99999999999\" of <boot> is not a number"},
        {"<address type='unassigned'/>", "its <address> is not a guest's PCI address"},
        {"<address bus='1'/>", "its <address> is not a guest's PCI address"},
        {"<address type='pci' slot='0x20'/>", "its <address> is not a guest's PCI address"},
    };
    g_autoptr(TestingScratch) scratch = testing_scratch_new();

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *xml =
            g_strconcat("<interface type='hostdev'>", rows[i].child, "</interface>", NULL);
        g_autofree char *part =
            g_strdup_printf("template %s/own.xml: %s", scratch->path, rows[i].part);
        g_autoptr(VasTemplate) template = load_text(scratch, xml);
        g_autoptr(VasAssignmentWish) wish = vas_assignment_wish_new();
        g_autoptr(GError) error = NULL;

        g_assert_false(vas_template_complete_wish(template, wish, &error));
        testing_assert_error(&error, VAS_ERROR_INVALID, part);
    }
}

static void
test_find(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autofree char *folder = g_build_filename(scratch->path, "templates", NULL);
    g_autofree char *file = g_build_filename(scratch->path, "file", NULL);
    g_autoptr(VasTemplate) named = NULL;
    g_autoptr(VasTemplate) by_path = NULL;
    g_autoptr(VasTemplate) own_default = NULL;
    g_autoptr(VasTemplate) shipped = NULL;
    g_autoptr(VasAssignment) assignment = bare_assignment(VAS_ASSIGNMENT_INTERFACE);
    g_autofree char *xml = NULL;

    testing_scratch_write(scratch, "templates/fast.net-1.xml", "<interface type='hostdev'/>");
    testing_scratch_write(scratch, "templates/interface.xml",
                          "<interface type='hostdev'><mine/></interface>");
    testing_scratch_write(scratch, "file", "<hostdev type='pci'/>");
    named = load(folder, "fast.net-1", NULL);
    g_assert_cmpint(vas_template_type(named), ==, VAS_ASSIGNMENT_INTERFACE);
    by_path = load(folder, file, &type_hostdev);
    g_assert_cmpint(vas_template_type(by_path), ==, VAS_ASSIGNMENT_HOSTDEV);
    own_default = load(folder, NULL, &type_interface);
    xml = fill(own_default, assignment);
    g_assert_nonnull(strstr(xml, "<mine/>"));
    shipped = load(folder, "hostdev", NULL);
    g_assert_cmpint(vas_template_type(shipped), ==, VAS_ASSIGNMENT_HOSTDEV);
}

static void
test_find_errors(void)
{
    static const struct {
        const char *name;
        int code;
        const char *part;
    } rows[] = {
        {"fast", VAS_ERROR_NOT_FOUND, "/fast.xml nor shipped (hostdev.xml, interface.xml)"},
        {"./none", VAS_ERROR_NOT_FOUND, "template ./none: No such file"},
        {"none.xml", VAS_ERROR_NOT_FOUND, "template none.xml: No such file"},
        {"/etc/passwd/x", VAS_ERROR_NOT_FOUND, "template /etc/passwd/x: Not a directory"},
        {"/", VAS_ERROR_INVALID, "template /: Is a directory"},
        {"/dev/zero", VAS_ERROR_INVALID, "template /dev/zero is not text, or longer than 1 MiB"},
        {"", VAS_ERROR_INVALID, "\"\" cannot be a template name"},
        {"a b", VAS_ERROR_INVALID, "\"a b\" cannot be a template name"},
        {"a\nb", VAS_ERROR_INVALID, "cannot be a template name"},
        {"..", VAS_ERROR_NOT_FOUND, "/...xml nor shipped"},
        {"../templates/interface", VAS_ERROR_NOT_FOUND, "template ../templates/interface: No such"},
    };
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autofree char *folder = g_get_current_dir();
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(chdir(scratch->path), ==, 0);
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_assert_null(vas_template_load(scratch->path, rows[i].name, NULL, &error));
        testing_assert_error(&error, rows[i].code, rows[i].part);
    }
    g_assert_null(vas_template_load(NULL, "fast", NULL, &error));
    g_assert_nonnull(strstr(vas_error_hint(error), "./fast"));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND,
                         "no template fast: not shipped (hostdev.xml, interface.xml)");
    g_assert_cmpint(chdir(folder), ==, 0);
}

/* An administrator's template that cannot be read is not passed over for the shipped one. */
static void
test_unreadable(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autofree char *path = g_build_filename(scratch->path, "interface.xml", NULL);
    g_autoptr(GError) error = NULL;
    uid_t user = geteuid();

    testing_scratch_write(scratch, "interface.xml", "<interface type='hostdev'/>");
    g_assert_cmpint(chmod(path, 0), ==, 0);
    /* root may read everything */
    if (user == 0)
        g_assert_cmpint(seteuid(65534), ==, 0);
    g_assert_null(vas_template_load(scratch->path, NULL, &type_interface, &error));
    g_assert_cmpint(seteuid(user), ==, 0);
    testing_assert_error(&error, VAS_ERROR_DENIED, path);
}

static void
test_not_text(void)
{
    static const char with_nul[] = "<interface type='hostdev'/>\0<!-- more -->";
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autofree char *path = g_build_filename(scratch->path, "own.xml", NULL);
    g_autofree char *spaces = g_strnfill(1024 * 1024, ' ');
    g_autofree char *too_long = g_strconcat("<interface type='hostdev'/>", spaces, NULL);
    g_autoptr(GError) error = NULL;

    g_assert_true(g_file_set_contents(path, with_nul, sizeof with_nul - 1, NULL));
    g_assert_null(vas_template_load(NULL, path, NULL, &error));
    testing_assert_error(&error, VAS_ERROR_INVALID, "is not text, or longer than 1 MiB");
    testing_scratch_write(scratch, "own.xml", too_long);
    g_assert_null(vas_template_load(NULL, path, NULL, &error));
    testing_assert_error(&error, VAS_ERROR_INVALID, "is not text, or longer than 1 MiB");
}

static void
test_unsuitable(void)
{
    static const struct {
        const char *xml;
        const char *part;
    } rows[] = {
        {"<interface type='hostdev'>", "is not XML: line 1: "},
        {"", "is not XML: "},
        {"<interface type='bridge'/>", "neither <interface type='hostdev'> nor "},
        {"<interface/>", ", but a <interface>"},
        {"<hostdev mode='subsystem' type='usb'/>", ", but a <hostdev>"},
        {"<hostdev mode='capabilities' type='pci'/>", ", but a <hostdev>"},
        {"<domain/>", ", but a <domain>"},
        {"<!DOCTYPE interface><interface type='hostdev'/>", "document type declaration"},
        {"<hostdev mode='subsystem' type='pci'/>", "is of type hostdev, not interface"},
    };
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autofree char *path = g_build_filename(scratch->path, "interface.xml", NULL);
    g_autofree char *named = g_strconcat("template ", path, " ", NULL);

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;

        testing_scratch_write(scratch, "interface.xml", rows[i].xml);
        g_assert_null(vas_template_load(scratch->path, NULL, &type_interface, &error));
        g_assert_true(g_str_has_prefix(error->message, named));
        testing_assert_error(&error, VAS_ERROR_INVALID, rows[i].part);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/template/shipped", test_shipped);
    g_test_add_func("/template/own", test_own);
    g_test_add_func("/template/left-as-it-is", test_left_as_it_is);
    g_test_add_func("/template/unknown-parts", test_unknown_parts);
    g_test_add_func("/template/big-host-domain", test_big_host_domain);
    g_test_add_func("/template/vlan-zero", test_vlan_zero);
    g_test_add_func("/template/fill-errors", test_fill_errors);
    g_test_add_func("/template/complete-wish", test_complete_wish);
    g_test_add_func("/template/complete-wish-managed", test_complete_wish_managed);
    g_test_add_func("/template/complete-wish-nothing", test_complete_wish_nothing);
    g_test_add_func("/template/complete-wish-errors", test_complete_wish_errors);
    g_test_add_func("/template/find", test_find);
    g_test_add_func("/template/find-errors", test_find_errors);
    g_test_add_func("/template/unreadable", test_unreadable);
    g_test_add_func("/template/not-text", test_not_text);
    g_test_add_func("/template/unsuitable", test_unsuitable);
    return g_test_run();
}
