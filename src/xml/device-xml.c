/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xml/device-xml.h"

#include "xml/address-xml.h"

char *
vas_device_xml_alias(const xmlNode *device)
{
    const xmlNode *alias = vas_node_child(device, "alias");

    return alias != NULL ? vas_node_attribute(alias, "name") : NULL;
}

gboolean
vas_device_xml_guest_address(const xmlNode *device, VasGuestAddress *ret_address)
{
    const xmlNode *address = vas_node_child(device, "address");
    VasPciAddress pci;

    if (address == NULL || !vas_node_attribute_is(address, "type", "pci") ||
        !vas_address_xml_read(address, &pci))
        return FALSE;
    /* libvirt takes 0000:00:00 for "not chosen yet": virPCIDeviceAddressIsEmpty in
     * src/util/virpci.c. */
    if (pci.domain == 0 && pci.bus == 0 && pci.slot == 0)
        return FALSE;
    ret_address->pci = pci;
    return TRUE;
}

gboolean
vas_device_xml_unmanaged(const xmlNode *node)
{
    return !vas_node_attribute_is(node, "managed", "yes");
}

char *
vas_device_xml_other_place(const xmlNode *device)
{
    const xmlNode *address = vas_node_child(device, "address");
    g_autofree char *type = address != NULL ? vas_node_attribute(address, "type") : NULL;
    guint64 cssid, ssid, devno;

    if (g_strcmp0(type, "pci") == 0)
        return NULL;
    if (g_strcmp0(type, "ccw") == 0 && vas_node_attribute_uint(address, "cssid", 0xfe, &cssid) &&
        vas_node_attribute_uint(address, "ssid", 3, &ssid) &&
        vas_node_attribute_uint(address, "devno", G_MAXUINT16, &devno))
        return g_strdup_printf("%02x.%x.%04x", (guint) cssid, (guint) ssid, (guint) devno);
    return g_steal_pointer(&type);
}

gboolean
vas_device_xml_multifunction(const xmlNode *device)
{
    const xmlNode *address = vas_node_child(device, "address");

    return address != NULL && vas_node_attribute_is(address, "multifunction", "on");
}

gboolean
vas_device_xml_mac(const xmlNode *device, VasMacAddress *ret_mac)
{
    const xmlNode *mac = vas_node_child(device, "mac");
    g_autofree char *text = mac != NULL ? vas_node_attribute(mac, "address") : NULL;

    return text != NULL && vas_mac_address_parse(text, ret_mac, NULL);
}

static int
child_number(const xmlNode *device, const char *name, const char *attribute)
{
    const xmlNode *child = vas_node_child(device, name);
    guint64 number = 0;

    if (child == NULL || !vas_node_attribute_uint(child, attribute, G_MAXINT, &number))
        return 0;
    return (int) number;
}

int
vas_device_xml_acpi_index(const xmlNode *device)
{
    return child_number(device, "acpi", "index");
}

int
vas_device_xml_boot_order(const xmlNode *device)
{
    return child_number(device, "boot", "order");
}
