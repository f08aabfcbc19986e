/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "testing.h"

#include "xml/document.h"
#include "xml/template.h"

#include <libxml/relaxng.h>

#include <string.h>

/* Elements for libvirt are checked against its own grammar, as `virt-xml-validate` does it. */

#define NO_SCHEMAS                                                                                 \
    "%s is not there: install libvirt0 (Debian 12) or libvirt-common (Debian 13), or tell "        \
    "configure --with-libvirt-schemas=DIR"

/* domaincommon.rng defines the device elements but only <domain> is a start: these are one too. */
#define DEVICE_GRAMMAR                                                                             \
    "<grammar xmlns='http://relaxng.org/ns/structure/1.0'>"                                        \
    "<start><choice><ref name='hostdev'/><ref name='interface'/></choice></start>"                 \
    "<include href='" LIBVIRT_SCHEMAS "/domaincommon.rng'/></grammar>"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlRelaxNG, xmlRelaxNGFree)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlRelaxNGParserCtxt, xmlRelaxNGFreeParserCtxt)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlRelaxNGValidCtxt, xmlRelaxNGFreeValidCtxt)

/* Everything that can be there or not. */
enum {
    WITH_GUEST_ADDRESS = 1 << 0,
    WITH_ALIAS = 1 << 1,
    WITH_ACPI_INDEX = 1 << 2,
    WITH_BOOT_ORDER = 1 << 3,
    HOSTDEV_COMBINATIONS = 1 << 4,
    WITH_MAC = 1 << 4,
    WITH_VLAN = 1 << 5,
    INTERFACE_COMBINATIONS = 1 << 6,
};

static xmlRelaxNG *
parse_grammar(xmlRelaxNGParserCtxt *parser)
{
    xmlRelaxNG *grammar = NULL;

    if (!g_file_test(LIBVIRT_SCHEMAS "/domaincommon.rng", G_FILE_TEST_EXISTS))
        g_error(NO_SCHEMAS, LIBVIRT_SCHEMAS "/domaincommon.rng");
    grammar = xmlRelaxNGParse(parser);
    if (grammar == NULL)
        g_error("libxml2 cannot read the grammar in %s", LIBVIRT_SCHEMAS);
    return grammar;
}

static xmlRelaxNG *
device_grammar(void)
{
    g_autoptr(xmlRelaxNGParserCtxt) parser =
        xmlRelaxNGNewMemParserCtxt(DEVICE_GRAMMAR, (int) strlen(DEVICE_GRAMMAR));

    return parse_grammar(parser);
}

static void
ignore_message(void *data, const char *format, ...)
{
    (void) format;
}

static gboolean
is_valid(xmlRelaxNG *grammar, xmlDoc *document)
{
    g_autoptr(xmlRelaxNGValidCtxt) validation = xmlRelaxNGNewValidCtxt(grammar);

    xmlRelaxNGSetValidErrors(validation, ignore_message, ignore_message, NULL);
    return xmlRelaxNGValidateDoc(validation, document) == 0;
}

static gboolean
is_valid_text(xmlRelaxNG *grammar, const char *xml)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(xmlDoc) document = vas_document_parse(xml, "device", &error);

    g_assert_no_error(error);
    return is_valid(grammar, document);
}

static VasAssignment *
combination(VasAssignmentType type, guint with)
{
    VasAssignment *assignment = vas_assignment_new(type);

    assignment->has_device = TRUE;
    g_assert_true(vas_host_address_parse("10000:e1:1f.7", &assignment->device, NULL));
    assignment->has_guest_address = (with & WITH_GUEST_ADDRESS) != 0;
    g_assert_true(vas_guest_address_parse("0000:ff:1f.0", &assignment->guest_address, NULL));
    assignment->alias = (with & WITH_ALIAS) != 0 ? vas_alias_for_device(assignment->device) : NULL;
    assignment->acpi_index = (with & WITH_ACPI_INDEX) != 0 ? 16383 : 0;
    assignment->boot_order = (with & WITH_BOOT_ORDER) != 0 ? 1 : 0;
    assignment->has_mac = (with & WITH_MAC) != 0;
    assignment->mac = vas_mac_address_from_seed("schema", 0);
    assignment->vlan = (with & WITH_VLAN) != 0 ? 4094 : -1;
    return assignment;
}

static char *
fill(const VasTemplate *template, guint with)
{
    g_autoptr(VasAssignment) assignment = combination(vas_template_type(template), with);
    g_autoptr(GError) error = NULL;
    char *xml = vas_template_fill(template, assignment, &error);

    g_assert_no_error(error);
    return xml;
}

static void
assert_combinations_valid(const char *template_name, guint combinations)
{
    g_autoptr(xmlRelaxNG) grammar = device_grammar();
    g_autoptr(GError) error = NULL;
    g_autoptr(VasTemplate) template = vas_template_load(NULL, template_name, NULL, &error);

    g_assert_no_error(error);
    for (guint with = 0; with < combinations; with++) {
        g_autofree char *xml = fill(template, with);

        if (!is_valid_text(grammar, xml))
            g_error("not valid by %s:\n%s", LIBVIRT_SCHEMAS, xml);
    }
}

static void
test_shipped_interface(void)
{
    assert_combinations_valid("interface", INTERFACE_COMBINATIONS);
}

static void
test_shipped_hostdev(void)
{
    assert_combinations_valid("hostdev", HOSTDEV_COMBINATIONS);
}

static void
test_own_interface(void)
{
    g_autofree char *path = testing_data_path("xml/template-interface-own.xml");

    assert_combinations_valid(path, INTERFACE_COMBINATIONS);
}

static void
test_own_hostdev(void)
{
    g_autofree char *path = testing_data_path("xml/template-hostdev-own.xml");

    assert_combinations_valid(path, HOSTDEV_COMBINATIONS);
}

static void
test_example(gconstpointer data)
{
    g_autofree char *path =
        g_test_build_filename(G_TEST_DIST, "examples", "templates", (const char *) data, NULL);
    guint combinations =
        g_str_has_prefix(data, "interface") ? INTERFACE_COMBINATIONS : HOSTDEV_COMBINATIONS;

    assert_combinations_valid(path, combinations);
}

/* However an administrator orders the elements, <source> comes where the schema wants it. */
static void
test_driver_first(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autofree char *path = g_build_filename(scratch->path, "driver-first.xml", NULL);

    testing_scratch_write(scratch, "driver-first.xml",
                          "<hostdev mode='subsystem' type='pci' managed='yes'>"
                          "<driver name='vfio'/><rom bar='off'/></hostdev>");
    assert_combinations_valid(path, HOSTDEV_COMBINATIONS);
}

/* The check can fail: each of these is one change away from what is valid. */
static void
test_refused(void)
{
    static const struct {
        const char *template, *from, *to;
    } rows[] = {
        {"interface", "<source>", "<sources/><source>"},
        {"interface", "<address type=\"pci\" domain=\"0x10000\"", "<address domain=\"0x10000\""},
        {"interface", "<tag id=\"4094\"/>", ""},
        {"interface", "tag id=\"4094\"", "tag id=\"4096\""},
        {"interface", "mac address=\"52:54:00", "mac address=\"53:54:00"},
        {"interface", "acpi index=\"16383\"", "acpi index=\"first\""},
        {"hostdev", "<address domain=\"0x10000\"", "<address type=\"pci\" domain=\"0x10000\""},
        {"hostdev", "slot=\"0x1f\"", "slot=\"0x20\""},
        {"hostdev", "boot order=\"1\"", "boot order=\"0\""},
        {"hostdev", "<boot ", "<mac address=\"52:54:00:12:34:56\"/><boot "},
        {"hostdev", "alias name=\"ua-", "alias name=\"ua "},
    };
    g_autoptr(xmlRelaxNG) grammar = device_grammar();

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        gboolean interface = strcmp(rows[i].template, "interface") == 0;
        g_autoptr(VasTemplate) template = vas_template_load(NULL, rows[i].template, NULL, NULL);
        g_autofree char *xml =
            fill(template, (interface ? INTERFACE_COMBINATIONS : HOSTDEV_COMBINATIONS) - 1);
        g_autoptr(GString) broken = g_string_new(xml);

        g_assert_cmpuint(g_string_replace(broken, rows[i].from, rows[i].to, 1), ==, 1);
        g_assert_true(is_valid_text(grammar, xml));
        if (is_valid_text(grammar, broken->str))
            g_error("valid though broken:\n%s", broken->str);
    }
}

static void
add_device(xmlDoc *domain, const char *template_name, guint with)
{
    g_autoptr(VasTemplate) template = vas_template_load(NULL, template_name, NULL, NULL);
    g_autofree char *xml = fill(template, with);
    g_autoptr(xmlDoc) device = vas_document_parse(xml, "device", NULL);
    xmlNode *devices = vas_node_child(xmlDocGetRootElement(domain), "devices");

    xmlAddChild(devices, xmlDocCopyNode(xmlDocGetRootElement(device), domain, 1));
}

static void
test_in_domain(void)
{
    g_autoptr(xmlRelaxNGParserCtxt) parser = xmlRelaxNGNewParserCtxt(LIBVIRT_SCHEMAS "/domain.rng");
    g_autoptr(xmlRelaxNG) grammar = parse_grammar(parser);
    g_autofree char *xml = testing_data("xml/domain-pc-config.xml");
    g_autoptr(xmlDoc) domain = vas_document_parse(xml, "domain XML", NULL);

    add_device(domain, "interface", INTERFACE_COMBINATIONS - 1);
    add_device(domain, "hostdev", HOSTDEV_COMBINATIONS - 1);
    g_assert_true(is_valid(grammar, domain));
    vas_node_append(vas_node_child(xmlDocGetRootElement(domain), "devices"), "unheard-of");
    g_assert_false(is_valid(grammar, domain));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/device-schema/shipped-interface", test_shipped_interface);
    g_test_add_func("/device-schema/shipped-hostdev", test_shipped_hostdev);
    g_test_add_func("/device-schema/own-interface", test_own_interface);
    g_test_add_func("/device-schema/own-hostdev", test_own_hostdev);
    g_test_add_func("/device-schema/driver-first", test_driver_first);
    g_test_add_data_func("/device-schema/example/no-rom", "hostdev-no-rom.xml", test_example);
    g_test_add_data_func("/device-schema/example/parked", "hostdev-parked.xml", test_example);
    g_test_add_data_func("/device-schema/example/storage-vlan", "interface-storage-vlan.xml",
                         test_example);
    g_test_add_func("/device-schema/refused", test_refused);
    g_test_add_func("/device-schema/in-domain", test_in_domain);
    return g_test_run();
}
