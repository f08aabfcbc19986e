/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xml/hook-probe-xml.h"

#include "xml/document.h"

/* The host need not have KVM. */
char *
vas_hook_probe_xml_format(const char *name)
{
    g_autoptr(xmlDoc) document = vas_document_new("domain");
    xmlNode *domain = xmlDocGetRootElement(document);
    xmlNode *memory = NULL;
    xmlNode *disk = NULL;

    vas_node_set_attribute(domain, "type", "qemu");
    xmlNodeSetContent(vas_node_append(domain, "name"), BAD_CAST name);
    memory = vas_node_append(domain, "memory");
    vas_node_set_attribute(memory, "unit", "MiB");
    xmlNodeSetContent(memory, BAD_CAST "64");
    xmlNodeSetContent(vas_node_append(vas_node_append(domain, "os"), "type"), BAD_CAST "hvm");
    disk = vas_node_append(vas_node_append(domain, "devices"), "disk");
    vas_node_set_attribute(disk, "type", "file");
    vas_node_set_attribute(disk, "device", "disk");
    vas_node_set_attribute(vas_node_append(disk, "source"), "file", "/nonexistent/virt-assign");
    vas_node_set_attribute(vas_node_append(disk, "target"), "dev", "vda");
    return vas_node_serialize(domain);
}
