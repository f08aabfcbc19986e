/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xml/capabilities-xml.h"

#include "xml/document.h"

/* Whether <enum name='@name'> has <value>@value</value>. */
static gboolean
enum_has(const xmlNode *parent, const char *name, const char *value)
{
    const xmlNode *list = vas_node_child(parent, "enum");

    for (; list != NULL; list = vas_node_next(list, "enum")) {
        if (!vas_node_attribute_is(list, "name", name))
            continue;
        for (const xmlNode *item = vas_node_child(list, "value"); item != NULL;
             item = vas_node_next(item, "value")) {
            g_autofree char *text = vas_node_text(item);

            if (g_strcmp0(text, value) == 0)
                return TRUE;
        }
    }
    return FALSE;
}

gboolean
vas_capabilities_xml_parse(const char *xml, VasAssignmentCapabilities *ret_capabilities,
                           GError **error)
{
    g_autoptr(xmlDoc) document =
        vas_document_parse_root(xml, "domain capabilities", "domainCapabilities", error);
    VasAssignmentCapabilities capabilities = {0};
    const xmlNode *root = NULL;
    const xmlNode *domain = NULL;
    const xmlNode *devices = NULL;
    const xmlNode *hostdev = NULL;

    if (document == NULL)
        return FALSE;
    root = xmlDocGetRootElement(document);
    domain = vas_node_child(root, "domain");
    devices = vas_node_child(root, "devices");
    hostdev = devices != NULL ? vas_node_child(devices, "hostdev") : NULL;
    if (domain != NULL)
        capabilities.domain_type = vas_node_text(domain);
    if (hostdev != NULL) {
        capabilities.has_hostdev = vas_node_attribute_is(hostdev, "supported", "yes") &&
                                   enum_has(hostdev, "subsysType", "pci");
        capabilities.has_vfio = enum_has(hostdev, "pciBackend", "vfio");
    }
    *ret_capabilities = capabilities;
    return TRUE;
}

void
vas_assignment_capabilities_clear(VasAssignmentCapabilities *capabilities)
{
    g_clear_pointer(&capabilities->domain_type, g_free);
}
