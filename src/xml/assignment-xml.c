/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xml/assignment-xml.h"

#include "xml/address-xml.h"
#include "xml/device-xml.h"

static gboolean
recognize(const xmlNode *device, VasAssignmentType *ret_type)
{
    const xmlNode *source = vas_node_child(device, "source");

    if (vas_node_is(device, "interface") && vas_node_attribute_is(device, "type", "hostdev")) {
        *ret_type = VAS_ASSIGNMENT_INTERFACE;
        return TRUE;
    }
    *ret_type = VAS_ASSIGNMENT_HOSTDEV;
    if (vas_node_is(device, "hostdev"))
        return vas_node_attribute_is(device, "type", "pci");
    return vas_node_is(device, "disk") && vas_node_attribute_is(device, "type", "nvme") &&
           source != NULL && vas_node_attribute_is(source, "type", "pci");
}

/* -1: none, or a trunk, which a VF cannot have. */
static int
read_vlan(const xmlNode *device)
{
    const xmlNode *vlan = vas_node_child(device, "vlan");
    const xmlNode *tag = vlan != NULL ? vas_node_child(vlan, "tag") : NULL;
    guint64 id = 0;

    if (tag == NULL || vas_node_next(tag, "tag") != NULL ||
        !vas_node_attribute_uint(tag, "id", VAS_VLAN_MAX, &id))
        return -1;
    return (int) id;
}

/* Reads what all elements have. Returns full. */
static VasAssignment *
read_element(xmlNode *device, VasAssignmentType type)
{
    VasAssignment *assignment = vas_assignment_new(type);

    assignment->alias = vas_device_xml_alias(device);
    assignment->has_guest_address =
        vas_device_xml_guest_address(device, &assignment->guest_address);
    assignment->acpi_index = vas_device_xml_acpi_index(device);
    assignment->boot_order = vas_device_xml_boot_order(device);
    if (type == VAS_ASSIGNMENT_INTERFACE) {
        assignment->has_mac = vas_device_xml_mac(device, &assignment->mac);
        assignment->vlan = read_vlan(device);
    }
    assignment->element = vas_node_serialize(device);
    return assignment;
}

VasAssignment *
vas_assignment_xml_read_network(xmlNode *device)
{
    const xmlNode *source = vas_node_child(device, "source");
    g_autofree char *network = source != NULL ? vas_node_attribute(source, "network") : NULL;
    VasAssignment *assignment = NULL;

    if (network == NULL || !vas_node_is(device, "interface") ||
        !vas_node_attribute_is(device, "type", "network"))
        return NULL;
    assignment = read_element(device, VAS_ASSIGNMENT_INTERFACE);
    assignment->network = g_steal_pointer(&network);
    return assignment;
}

VasAssignment *
vas_assignment_xml_read(xmlNode *device)
{
    const xmlNode *source = vas_node_child(device, "source");
    g_autoptr(VasAssignment) assignment = NULL;
    VasAssignmentType type;
    VasHostAddress host;

    if (!recognize(device, &type) || !vas_address_xml_read_host(source, &host))
        return NULL;
    assignment = read_element(device, type);
    assignment->has_device = TRUE;
    assignment->device = host;
    assignment->unmanaged = vas_device_xml_unmanaged(vas_node_is(device, "disk") ? source : device);
    if (type == VAS_ASSIGNMENT_INTERFACE)
        assignment->network = vas_node_attribute(source, "network");
    if (vas_node_is(device, "disk") && vas_node_child(device, "target") != NULL)
        assignment->disk = vas_node_attribute(vas_node_child(device, "target"), "dev");
    return g_steal_pointer(&assignment);
}
