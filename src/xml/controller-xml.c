/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xml/controller-xml.h"

#include "xml/address-xml.h"
#include "xml/document.h"

/* <target port=''/> is what libvirt itself chooses (qemuDomainAssignPCIAddresses). */
static void
write_target(xmlNode *target, const VasPciController *controller)
{
    if (controller->model == VAS_PCI_BRIDGE) {
        vas_node_set_attribute(target, "chassisNr", "%d", controller->chassis);
        return;
    }
    vas_node_set_attribute(target, "chassis", "%d", controller->chassis);
    vas_node_set_attribute(target, "port", "0x%x",
                           (guint) controller->address.pci.slot << 3 |
                               controller->address.pci.function);
}

char *
vas_controller_xml_format(const VasPciController *controller)
{
    g_autoptr(xmlDoc) document = vas_document_new("controller");
    xmlNode *root = xmlDocGetRootElement(document);
    xmlNode *address = NULL;

    vas_node_set_attribute(root, "type", "pci");
    vas_node_set_attribute(root, "index", "%u", controller->index);
    vas_node_set_attribute(root, "model", "%s", vas_pci_model_name(controller->model));
    vas_node_set_attribute(vas_node_append(root, "model"), "name", "%s",
                           vas_pci_model_name(controller->model));
    write_target(vas_node_append(root, "target"), controller);
    address = vas_node_append(root, "address");
    vas_node_set_attribute(address, "type", "pci");
    vas_address_xml_write(address, controller->address.pci);
    if (controller->multifunction)
        vas_node_set_attribute(address, "multifunction", "on");
    return vas_node_serialize(root);
}
