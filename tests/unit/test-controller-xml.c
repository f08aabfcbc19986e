/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xml/controller-xml.h"

#include "building.h"

static void
test_root_port(void)
{
    const VasPciController port = {.index = 5,
                                   .model = VAS_PCIE_ROOT_PORT,
                                   .chassis = 7,
                                   .has_address = TRUE,
                                   .address = building_guest_address("0000:00:03.0"),
                                   .multifunction = TRUE};
    g_autofree char *xml = vas_controller_xml_format(&port);

    g_assert_cmpstr(xml, ==,
                    "<controller type=\"pci\" index=\"5\" model=\"pcie-root-port\">\n"
                    "  <model name=\"pcie-root-port\"/>\n"
                    "  <target chassis=\"7\" port=\"0x18\"/>\n"
                    "  <address type=\"pci\" domain=\"0x0000\" bus=\"0x00\" slot=\"0x03\" "
                    "function=\"0x0\" multifunction=\"on\"/>\n"
                    "</controller>\n");
}

static void
test_bridge(void)
{
    const VasPciController bridge = {.index = 1,
                                     .model = VAS_PCI_BRIDGE,
                                     .chassis = 1,
                                     .has_address = TRUE,
                                     .address = building_guest_address("0000:00:0a.0")};
    g_autofree char *xml = vas_controller_xml_format(&bridge);

    g_assert_cmpstr(xml, ==,
                    "<controller type=\"pci\" index=\"1\" model=\"pci-bridge\">\n"
                    "  <model name=\"pci-bridge\"/>\n"
                    "  <target chassisNr=\"1\"/>\n"
                    "  <address type=\"pci\" domain=\"0x0000\" bus=\"0x00\" slot=\"0x0a\" "
                    "function=\"0x0\"/>\n"
                    "</controller>\n");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/controller-xml/root-port", test_root_port);
    g_test_add_func("/controller-xml/bridge", test_bridge);
    return g_test_run();
}
