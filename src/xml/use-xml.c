/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xml/use-xml.h"

#include "xml/device-xml.h"

#include <string.h>

/* Takes @source; NULL: the element names none. */
static VasGuestUse *
new_use(VasGuestUseKind kind, char *source)
{
    g_autofree char *own = source;

    return own != NULL ? vas_guest_use_new(kind, own) : NULL;
}

/* libvirt's mode is "vepa" where none is said (virDomainActualNetDefParseXML in
 * src/conf/domain_conf.c): in each but "passthrough" the interface serves others, too. */
static VasGuestUse *
read_interface(const xmlNode *device, const xmlNode *source)
{
    g_autoptr(VasGuestUse) use =
        new_use(VAS_GUEST_USE_INTERFACE, vas_node_attribute(source, "dev"));
    g_autofree char *mode = vas_node_attribute(source, "mode");
    VasMacAddress mac = {0};

    if (use == NULL)
        return NULL;
    use->shared = g_strcmp0(mode, "passthrough") != 0;
    use->means = use->shared ? g_strdup_printf("by macvtap (%s)", mode != NULL ? mode : "vepa")
                             : g_strdup("by macvtap");
    use->element = vas_device_xml_mac(device, &mac)
                       ? g_strdup_printf("<interface type='direct'> with MAC %s",
                                         vas_mac_address_text(mac).text)
                       : g_strdup_printf("<interface type='direct'> on %s", use->source);
    return g_steal_pointer(&use);
}

static VasGuestUse *
read_disk(const xmlNode *device, const xmlNode *source)
{
    g_autoptr(VasGuestUse) use = new_use(VAS_GUEST_USE_BLOCK, vas_node_attribute(source, "dev"));
    const xmlNode *target = vas_node_child(device, "target");
    g_autofree char *name = target != NULL ? vas_node_attribute(target, "dev") : NULL;

    if (use == NULL)
        return NULL;
    use->means = g_strdup_printf("its disk %s", name != NULL ? name : use->source);
    use->element = g_strdup_printf("<disk type='block'> on %s", use->source);
    return g_steal_pointer(&use);
}

static VasGuestUse *
read_mdev(const xmlNode *source)
{
    const xmlNode *address = vas_node_child(source, "address");
    g_autoptr(VasGuestUse) use =
        new_use(VAS_GUEST_USE_MDEV, address != NULL ? vas_node_attribute(address, "uuid") : NULL);

    if (use == NULL)
        return NULL;
    use->means = g_strdup_printf("by mdev %s", use->source);
    use->element = g_strdup("<hostdev type='mdev'>");
    return g_steal_pointer(&use);
}

/* The address counts where there is one: a running guest's element has it. */
static char *
read_usb_source(const xmlNode *source)
{
    const xmlNode *address = vas_node_child(source, "address");
    const xmlNode *vendor = vas_node_child(source, "vendor");
    const xmlNode *product = vas_node_child(source, "product");
    guint64 first = 0;
    guint64 second = 0;

    if (address != NULL && vas_node_attribute_uint(address, "bus", G_MAXUINT16, &first) &&
        vas_node_attribute_uint(address, "device", G_MAXUINT16, &second))
        return g_strdup_printf("%u/%u", (guint) first, (guint) second);
    if (vendor != NULL && product != NULL &&
        vas_node_attribute_uint(vendor, "id", G_MAXUINT16, &first) &&
        vas_node_attribute_uint(product, "id", G_MAXUINT16, &second))
        return g_strdup_printf("%04x:%04x", (guint) first, (guint) second);
    return NULL;
}

static VasGuestUse *
read_usb(const xmlNode *source)
{
    g_autoptr(VasGuestUse) use = new_use(VAS_GUEST_USE_USB, read_usb_source(source));

    if (use == NULL)
        return NULL;
    use->means = g_strdup_printf("its USB device %s", use->source);
    use->element = g_strdup("<hostdev type='usb'>");
    return g_steal_pointer(&use);
}

static VasGuestUse *
read_scsi(const xmlNode *source)
{
    const xmlNode *adapter = vas_node_child(source, "adapter");
    g_autofree char *name = adapter != NULL ? vas_node_attribute(adapter, "name") : NULL;
    g_autoptr(VasGuestUse) use = NULL;

    if (name == NULL || !g_str_has_prefix(name, "scsi_"))
        return NULL;
    use = vas_guest_use_new(VAS_GUEST_USE_SCSI_HOST, name + strlen("scsi_"));
    use->means = g_strdup_printf("a device of its SCSI %s", use->source);
    use->element = g_strdup("<hostdev type='scsi'>");
    return g_steal_pointer(&use);
}

static VasGuestUse *
read_hostdev(const xmlNode *device, const xmlNode *source)
{
    if (vas_node_attribute_is(device, "type", "mdev"))
        return read_mdev(source);
    if (vas_node_attribute_is(device, "type", "usb"))
        return read_usb(source);
    return vas_node_attribute_is(device, "type", "scsi") ? read_scsi(source) : NULL;
}

VasGuestUse *
vas_use_xml_read(const xmlNode *device)
{
    const xmlNode *source = vas_node_child(device, "source");

    if (source == NULL)
        return NULL;
    if (vas_node_is(device, "interface") && vas_node_attribute_is(device, "type", "direct"))
        return read_interface(device, source);
    if (vas_node_is(device, "disk") && vas_node_attribute_is(device, "type", "block"))
        return read_disk(device, source);
    return vas_node_is(device, "hostdev") ? read_hostdev(device, source) : NULL;
}
