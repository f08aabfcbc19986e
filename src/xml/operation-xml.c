/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xml/operation-xml.h"

#include "xml/address-xml.h"
#include "xml/vf-settings-xml.h"

#include <string.h>

/* A guest has fewer slots than this: a record with more entries of either kind is not ours. */
#define ENTRIES_MAX 4096
#define ALL_FIELDS ((1u << VAS_VF_FIELDS) - 1)

static const struct {
    const char *name;
    VasScope scope;
} scopes[] = {
    {"live", VAS_SCOPE_LIVE},
    {"config", VAS_SCOPE_CONFIG},
};

/* libvirt gives the namespace of the metadata to everything in it as it stands in a guest's XML
 * (virXMLInjectNamespace in src/util/virxml.c), and takes it away in what its API returns. */
static gboolean
is_named(const xmlNode *node, const char *name)
{
    return strcmp((const char *) node->name, name) == 0;
}

static const xmlNode *
find_part(const xmlNode *parent, const char *name)
{
    const xmlNode *part = vas_node_first(parent);

    while (part != NULL && !is_named(part, name))
        part = vas_node_following(part);
    return part;
}

static gboolean
read_settings(const xmlNode *node, VasOperationDevice *device)
{
    const xmlNode *before = find_part(node, "before");
    const xmlNode *target = find_part(node, "target");
    guint64 concerned = 0;

    if (before == NULL && target == NULL)
        return TRUE;
    if (before == NULL || target == NULL || !vas_vf_settings_xml_read(before, &device->before) ||
        !vas_vf_settings_xml_read(target, &device->target) ||
        !vas_node_attribute_uint(target, "concerned", ALL_FIELDS, &concerned))
        return FALSE;
    device->identity = vas_node_attribute(node, "identity");
    device->concerned = (guint) concerned;
    device->has_settings = TRUE;
    return TRUE;
}

static gboolean
read_device(const xmlNode *node, VasOperation *operation)
{
    g_autofree char *address = vas_node_attribute(node, "device");
    g_autofree char *alias = vas_node_attribute(node, "alias");
    g_autofree char *driver = vas_node_attribute(node, "driver");
    g_autofree char *mac = vas_node_attribute(node, "mac");
    g_autoptr(VasOperationDevice) device = NULL;
    VasHostAddress parsed;

    if (address == NULL || !vas_host_address_parse(address, &parsed, NULL) ||
        vas_operation_find_device(operation, parsed) != NULL)
        return FALSE;
    device = vas_operation_device_new(parsed, alias, driver);
    for (guint i = 0; i < G_N_ELEMENTS(scopes); i++) {
        if (vas_node_attribute_is(node, scopes[i].name, "yes"))
            device->scope |= scopes[i].scope;
    }
    if (mac != NULL && !vas_mac_address_parse(mac, &device->mac, NULL))
        return FALSE;
    device->has_mac = mac != NULL;
    if (!read_settings(node, device))
        return FALSE;
    g_ptr_array_add(operation->devices, g_steal_pointer(&device));
    return TRUE;
}

static gboolean
read_port(const xmlNode *node, VasOperation *operation)
{
    g_autofree VasPciController *port = g_new0(VasPciController, 1);
    g_autofree char *model = vas_node_attribute(node, "model");
    guint64 index = 0, chassis = 0;

    if (!vas_node_attribute_uint(node, "index", VAS_PCI_BUS_MAX, &index) ||
        !vas_node_attribute_uint(node, "chassis", G_MAXINT, &chassis) || model == NULL ||
        !vas_address_xml_read(node, &port->address.pci))
        return FALSE;
    port->index = (guint) index;
    port->model = vas_pci_model_from_name(model);
    port->chassis = (int) chassis;
    port->bus_number = -1;
    port->host_node = -1;
    port->has_address = TRUE;
    port->multifunction = vas_node_attribute_is(node, "multifunction", "on");
    g_ptr_array_add(operation->ports, g_steal_pointer(&port));
    return TRUE;
}

static gboolean
read_parts(const xmlNode *node, VasOperation *operation)
{
    guint count = 0;

    for (const xmlNode *part = vas_node_first(node); part != NULL;
         part = vas_node_following(part)) {
        if (++count > ENTRIES_MAX)
            return FALSE;
        if (is_named(part, "device") && !read_device(part, operation))
            return FALSE;
        if (is_named(part, "port") && !read_port(part, operation))
            return FALSE;
    }
    return TRUE;
}

VasOperation *
vas_operation_xml_read(const xmlNode *node)
{
    g_autofree char *id = vas_node_attribute(node, "id");
    g_autofree char *command = vas_node_attribute(node, "command");
    g_autofree char *origin = vas_node_attribute(node, "origin");
    g_autoptr(VasOperation) operation = NULL;
    VasOperationKind kind;
    guint64 started = 0;

    if (id == NULL || *id == '\0' || command == NULL || !vas_operation_kind_parse(command, &kind) ||
        !vas_node_attribute_uint(node, "started", G_MAXINT64, &started))
        return NULL;
    operation = vas_operation_new(kind, origin);
    g_free(operation->id);
    operation->id = g_steal_pointer(&id);
    operation->started_at = (gint64) started;
    operation->each_alone = vas_node_attribute_is(node, "each-alone", "yes");
    return read_parts(node, operation) ? g_steal_pointer(&operation) : NULL;
}

static void
append_device(xmlNode *root, const VasOperationDevice *device)
{
    xmlNode *node = vas_node_append(root, "device");
    xmlNode *target = NULL;

    vas_node_set_attribute(node, "device", "%s", vas_host_address_text(device->device).text);
    if (device->alias != NULL)
        vas_node_set_attribute(node, "alias", "%s", device->alias);
    if (device->has_mac)
        vas_node_set_attribute(node, "mac", "%s", vas_mac_address_text(device->mac).text);
    for (guint i = 0; i < G_N_ELEMENTS(scopes); i++) {
        if ((device->scope & scopes[i].scope) != 0)
            vas_node_set_attribute(node, scopes[i].name, "yes");
    }
    if (device->driver != NULL)
        vas_node_set_attribute(node, "driver", "%s", device->driver);
    if (!device->has_settings)
        return;
    if (device->identity != NULL)
        vas_node_set_attribute(node, "identity", "%s", device->identity);
    vas_vf_settings_xml_write(vas_node_append(node, "before"), &device->before);
    target = vas_node_append(node, "target");
    vas_vf_settings_xml_write(target, &device->target);
    vas_node_set_attribute(target, "concerned", "%u", device->concerned);
}

static void
append_port(xmlNode *root, const VasPciController *port)
{
    xmlNode *node = vas_node_append(root, "port");

    vas_node_set_attribute(node, "index", "%u", port->index);
    vas_node_set_attribute(node, "model", "%s", vas_pci_model_name(port->model));
    vas_node_set_attribute(node, "chassis", "%d", port->chassis);
    vas_address_xml_write(node, port->address.pci);
    if (port->multifunction)
        vas_node_set_attribute(node, "multifunction", "on");
}

void
vas_operation_xml_append(xmlNode *root, const VasOperation *operation)
{
    xmlNode *node = vas_node_append(root, "operation");

    vas_node_set_attribute(node, "id", "%s", operation->id);
    vas_node_set_attribute(node, "command", "%s", vas_operation_kind_name(operation->kind));
    if (operation->origin != NULL)
        vas_node_set_attribute(node, "origin", "%s", operation->origin);
    vas_node_set_attribute(node, "started", "%" G_GINT64_FORMAT, operation->started_at);
    if (operation->each_alone)
        vas_node_set_attribute(node, "each-alone", "yes");
    for (guint i = 0; i < operation->devices->len; i++)
        append_device(node, g_ptr_array_index(operation->devices, i));
    for (guint i = 0; i < operation->ports->len; i++)
        append_port(node, g_ptr_array_index(operation->ports, i));
}
