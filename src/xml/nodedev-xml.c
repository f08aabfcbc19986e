/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xml/nodedev-xml.h"

#include "core/value/error.h"
#include "xml/address-xml.h"

#define CLASS_MAX 0xffffff
#define CLASS_PCI_BRIDGE 0x0604
/* PCI Express Base Specification 5.0, 9.3.3.6: TotalVFs is a 16-bit field. */
#define VFS_MAX G_MAXUINT16

static char *
child_text(const xmlNode *parent, const char *name)
{
    const xmlNode *child = vas_node_child(parent, name);

    return child != NULL ? vas_node_text(child) : NULL;
}

static gboolean
child_uint(const xmlNode *parent, const char *name, guint64 max, guint64 *ret_value)
{
    const xmlNode *child = vas_node_child(parent, name);

    return child != NULL && vas_node_text_uint(child, max, ret_value);
}

static const xmlNode *
find_capability(const xmlNode *parent, const char *type)
{
    const xmlNode *capability = vas_node_child(parent, "capability");

    while (capability != NULL && !vas_node_attribute_is(capability, "type", type))
        capability = vas_node_next(capability, "capability");
    return capability;
}

static gboolean
malformed(const char *name, const char *part, GError **error)
{
    g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED,
                "XML of node device %s has no <%s>, or a malformed one", name, part);
    return FALSE;
}

static gboolean
read_address(VasDevice *device, const xmlNode *pci, GError **error)
{
    guint64 domain = 0, bus = 0, slot = 0, function = 0;

    if (!child_uint(pci, "domain", G_MAXUINT32, &domain))
        return malformed(device->nodedev, "domain", error);
    if (!child_uint(pci, "bus", 0xff, &bus))
        return malformed(device->nodedev, "bus", error);
    if (!child_uint(pci, "slot", 0x1f, &slot))
        return malformed(device->nodedev, "slot", error);
    if (!child_uint(pci, "function", 7, &function))
        return malformed(device->nodedev, "function", error);
    device->address.pci =
        (VasPciAddress){(guint32) domain, (guint8) bus, (guint8) slot, (guint8) function};
    return TRUE;
}

/* <vendor id='0x8086'>Intel Corporation</vendor>; the text is empty when libvirt has no name. */
static gboolean
read_identity(const VasDevice *device, const xmlNode *pci, const char *part, guint16 *ret_id,
              char **ret_name, GError **error)
{
    const xmlNode *node = vas_node_child(pci, part);
    g_autofree char *name = NULL;
    guint64 id = 0;

    if (node == NULL || !vas_node_attribute_uint(node, "id", G_MAXUINT16, &id))
        return malformed(device->nodedev, part, error);
    name = vas_node_text(node);
    *ret_id = (guint16) id;
    if (*name != '\0')
        *ret_name = g_steal_pointer(&name);
    return TRUE;
}

/* A list with a member that cannot be read is no list. */
static void
read_group_members(VasDevice *device, const xmlNode *group)
{
    for (const xmlNode *node = vas_node_child(group, "address"); node != NULL;
         node = vas_node_next(node, "address")) {
        VasHostAddress member;

        if (!vas_address_xml_read(node, &member.pci)) {
            g_array_set_size(device->group_members, 0);
            return;
        }
        g_array_append_val(device->group_members, member);
    }
}

/* Only a card has it whose VPD libvirt could read (virNodeDeviceCapVPDFormat in
 * node_device_conf.c). */
static void
read_vpd_serial(VasDevice *device, const xmlNode *pci)
{
    const xmlNode *vpd = find_capability(pci, "vpd");
    const xmlNode *fields = vpd != NULL ? vas_node_child(vpd, "fields") : NULL;

    while (fields != NULL && !vas_node_attribute_is(fields, "access", "readonly"))
        fields = vas_node_next(fields, "fields");
    if (fields != NULL)
        device->vpd_serial = child_text(fields, "serial_number");
}

static void
read_host_side(VasDevice *device, const xmlNode *root, const xmlNode *pci)
{
    const xmlNode *driver = vas_node_child(root, "driver");
    const xmlNode *group = vas_node_child(pci, "iommuGroup");
    const xmlNode *numa = vas_node_child(pci, "numa");
    guint64 number = 0;

    if (driver != NULL)
        device->driver = child_text(driver, "name");
    device->kernel_path = child_text(root, "path");
    read_vpd_serial(device, pci);
    if (group != NULL && vas_node_attribute_uint(group, "number", G_MAXINT, &number))
        device->iommu_group = (int) number;
    if (device->iommu_group >= 0)
        read_group_members(device, group);
    if (numa != NULL && vas_node_attribute_uint(numa, "node", G_MAXINT, &number))
        device->numa_node = (int) number;
}

/* The header type is there for a privileged libvirt only (udevProcessPCI in
 * src/node_device/node_device_udev.c); the class tells a bridge without it. */
static gboolean
is_bridge(const VasDevice *device, const xmlNode *pci)
{
    return find_capability(pci, "pci-bridge") != NULL ||
           find_capability(pci, "cardbus-bridge") != NULL ||
           device->class_code >> 8 == CLASS_PCI_BRIDGE;
}

/* The element is there for a privileged libvirt only (udevProcessPCI); SR-IOV is an extended
 * capability, which only PCI Express has (PCI Express Base Specification 5.0, 9.1). */
static gboolean
is_express(const VasDevice *device, const xmlNode *pci)
{
    return device->kind != VAS_DEVICE_FUNCTION || vas_node_child(pci, "pci-express") != NULL;
}

static gboolean
read_pf(VasDevice *device, const xmlNode *capability, GError **error)
{
    guint64 max_vfs = 0;

    for (const xmlNode *node = vas_node_child(capability, "address"); node != NULL;
         node = vas_node_next(node, "address")) {
        VasHostAddress vf;

        if (device->vfs->len == VFS_MAX || !vas_address_xml_read(node, &vf.pci))
            return malformed(device->nodedev, "address", error);
        g_array_append_val(device->vfs, vf);
    }
    device->kind = VAS_DEVICE_PF;
    if (!vas_node_attribute_uint(capability, "maxCount", VFS_MAX, &max_vfs))
        max_vfs = device->vfs->len;
    device->max_vfs = (guint) max_vfs;
    return TRUE;
}

static gboolean
read_sriov(VasDevice *device, const xmlNode *pci, GError **error)
{
    const xmlNode *vf = find_capability(pci, "phys_function");
    const xmlNode *pf = find_capability(pci, "virt_functions");

    if (vf != NULL) {
        device->kind = VAS_DEVICE_VF;
        return vas_address_xml_read_host(vf, &device->pf) ||
               malformed(device->nodedev, "address", error);
    }
    return pf == NULL || read_pf(device, pf, error);
}

VasDevice *
vas_nodedev_xml_parse_pci(const char *xml, GError **error)
{
    g_autoptr(xmlDoc) document = vas_document_parse_root(xml, "node device XML", "device", error);
    g_autoptr(VasDevice) device = NULL;
    const xmlNode *root = NULL;
    const xmlNode *pci = NULL;
    guint64 class_code = 0;

    if (document == NULL)
        return NULL;
    root = xmlDocGetRootElement(document);
    pci = find_capability(root, "pci");
    device = vas_device_new();
    device->nodedev = child_text(root, "name");
    if (device->nodedev == NULL || pci == NULL) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED,
                    "node device XML of %s is not a PCI device's",
                    device->nodedev != NULL ? device->nodedev : "a device without a name");
        return NULL;
    }
    if (!read_address(device, pci, error) ||
        !read_identity(device, pci, "vendor", &device->vendor_id, &device->vendor, error) ||
        !read_identity(device, pci, "product", &device->product_id, &device->product, error) ||
        !read_sriov(device, pci, error))
        return NULL;
    if (child_uint(pci, "class", CLASS_MAX, &class_code))
        device->class_code = (guint32) class_code;
    device->is_bridge = is_bridge(device, pci);
    device->is_express = is_express(device, pci);
    read_host_side(device, root, pci);
    return g_steal_pointer(&device);
}

gboolean
vas_nodedev_xml_parse_net(const char *xml, char **ret_interface, char **ret_parent, GError **error)
{
    g_autoptr(xmlDoc) document = vas_document_parse_root(xml, "node device XML", "device", error);
    g_autofree char *interface = NULL;
    g_autofree char *parent = NULL;
    const xmlNode *root = NULL;
    const xmlNode *net = NULL;

    if (document == NULL)
        return FALSE;
    root = xmlDocGetRootElement(document);
    net = find_capability(root, "net");
    if (net != NULL)
        interface = child_text(net, "interface");
    parent = child_text(root, "parent");
    if (interface == NULL || parent == NULL) {
        g_autofree char *name = child_text(root, "name");

        g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED,
                    "node device XML of %s is not a network interface's",
                    name != NULL ? name : "a device without a name");
        return FALSE;
    }
    *ret_interface = g_steal_pointer(&interface);
    *ret_parent = g_steal_pointer(&parent);
    return TRUE;
}

char *
vas_nodedev_xml_text(const char *xml, const char *capability, const char *element)
{
    g_autoptr(xmlDoc) document = vas_document_parse_root(xml, "node device XML", "device", NULL);
    const xmlNode *parent = document != NULL ? xmlDocGetRootElement(document) : NULL;

    if (parent != NULL && capability != NULL)
        parent = find_capability(parent, capability);
    return parent != NULL ? child_text(parent, element) : NULL;
}
