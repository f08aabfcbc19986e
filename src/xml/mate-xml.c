/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xml/mate-xml.h"

#include "xml/address-xml.h"
#include "xml/document.h"

char *
vas_mate_xml_format(const VasAssignment *mate)
{
    g_autoptr(xmlDoc) document = vas_document_new("hostdev");
    xmlNode *hostdev = xmlDocGetRootElement(document);

    vas_node_set_attribute(hostdev, "mode", "subsystem");
    vas_node_set_attribute(hostdev, "type", "pci");
    vas_node_set_attribute(hostdev, "managed", "yes");
    vas_node_set_attribute(vas_node_append(hostdev, "driver"), "name", "vfio");
    vas_address_xml_write(vas_node_append(vas_node_append(hostdev, "source"), "address"),
                          mate->device.pci);
    vas_node_set_attribute(vas_node_append(hostdev, "alias"), "name", "%s", mate->alias);
    vas_node_set_attribute(vas_node_append(hostdev, "address"), "type", "unassigned");
    return vas_node_serialize(hostdev);
}
