/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xml/mate-xml.h"

#include "core/inventory/iommu-group.h"
#include "xml/domain-xml.h"

static void
test_format(void)
{
    g_autoptr(VasAssignment) mate = vas_assignment_new(VAS_ASSIGNMENT_HOSTDEV);
    g_autofree char *xml = NULL;

    mate->has_device = vas_host_address_parse("0000:05:02.0", &mate->device, NULL);
    mate->alias = vas_alias_for_mate(mate->device);
    xml = vas_mate_xml_format(mate);
    g_assert_cmpstr(xml, ==,
                    "<hostdev mode=\"subsystem\" type=\"pci\" managed=\"yes\">\n"
                    "  <driver name=\"vfio\"/>\n"
                    "  <source>\n"
                    "    <address domain=\"0x0000\" bus=\"0x05\" slot=\"0x02\" function=\"0x0\"/>\n"
                    "  </source>\n"
                    "  <alias name=\"ua-mate-pci_0000_05_02_0\"/>\n"
                    "  <address type=\"unassigned\"/>\n"
                    "</hostdev>\n");
}

static void
test_is_read_back_as_a_mate(void)
{
    g_autoptr(VasAssignment) mate = vas_assignment_new(VAS_ASSIGNMENT_HOSTDEV);
    g_autoptr(VasGuestDefinition) definition = NULL;
    g_autofree char *xml = NULL;
    g_autofree char *domain = NULL;

    mate->has_device = vas_host_address_parse("0000:05:02.0", &mate->device, NULL);
    mate->alias = vas_alias_for_mate(mate->device);
    xml = vas_mate_xml_format(mate);
    domain = g_strdup_printf("<domain><devices>%s</devices></domain>", xml);
    definition = vas_domain_xml_parse(domain, NULL);
    g_assert_nonnull(definition);
    g_assert_cmpuint(definition->assignments->len, ==, 1);
    g_assert_true(vas_assignment_is_mate(g_ptr_array_index(definition->assignments, 0)));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mate-xml/format", test_format);
    g_test_add_func("/mate-xml/is-read-back-as-a-mate", test_is_read_back_as_a_mate);
    return g_test_run();
}
