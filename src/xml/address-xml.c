/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xml/address-xml.h"

#include <string.h>

#define BUS_MAX 0xff
#define SLOT_MAX 0x1f
#define FUNCTION_MAX 7

static gboolean
read_part(const xmlNode *address, const char *name, guint64 max, guint64 *ret_part,
          gboolean *ret_any)
{
    *ret_part = 0;
    if (xmlHasNsProp(address, BAD_CAST name, NULL) == NULL)
        return TRUE;
    *ret_any = TRUE;
    return vas_node_attribute_uint(address, name, max, ret_part);
}

gboolean
vas_address_xml_read(const xmlNode *address, VasPciAddress *ret_address)
{
    guint64 domain = 0, bus = 0, slot = 0, function = 0;
    gboolean any = FALSE;

    if (address == NULL || !read_part(address, "domain", G_MAXUINT32, &domain, &any) ||
        !read_part(address, "bus", BUS_MAX, &bus, &any) ||
        !read_part(address, "slot", SLOT_MAX, &slot, &any) ||
        !read_part(address, "function", FUNCTION_MAX, &function, &any) || !any)
        return FALSE;
    *ret_address =
        (VasPciAddress){(guint32) domain, (guint8) bus, (guint8) slot, (guint8) function};
    return TRUE;
}

void
vas_address_xml_write(xmlNode *address, VasPciAddress pci)
{
    vas_node_set_attribute(address, "domain", "0x%04x", pci.domain);
    vas_node_set_attribute(address, "bus", "0x%02x", pci.bus);
    vas_node_set_attribute(address, "slot", "0x%02x", pci.slot);
    vas_node_set_attribute(address, "function", "0x%x", pci.function);
}

gboolean
vas_address_xml_read_host(const xmlNode *source, VasHostAddress *ret_address)
{
    const xmlNode *address = source != NULL ? vas_node_child(source, "address") : NULL;
    g_autofree char *type = address != NULL ? vas_node_attribute(address, "type") : NULL;

    return (type == NULL || strcmp(type, "pci") == 0) &&
           vas_address_xml_read(address, &ret_address->pci);
}
