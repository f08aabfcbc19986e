/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xml/operation-xml.h"

#include "core/value/error.h"
#include "xml/address-xml.h"
#include "xml/document.h"
#include "xml/vf-settings-xml.h"
#include "xml/wish-xml.h"

#include <string.h>

#define ROOT "operation"
#define VERSION 1
/* A host has fewer functions than this. */
#define HOST_PARTS_MAX 4096
#define ALL_FIELDS ((1u << VAS_VF_FIELDS) - 1)

static const struct {
    const char *name;
    VasScope scope;
} scopes[] = {
    {"live", VAS_SCOPE_LIVE},
    {"config", VAS_SCOPE_CONFIG},
};

/* These are of the whole form only. A driver's name becomes a path below /sys, and is written
 * there.
 */
static const struct {
    const char *name;
    gsize offset;
    gboolean is_driver;
} texts[] = {
    {"identity", G_STRUCT_OFFSET(VasOperationDevice, identity), FALSE},
    {"driver", G_STRUCT_OFFSET(VasOperationDevice, driver), TRUE},
    {"override", G_STRUCT_OFFSET(VasOperationDevice, override), TRUE},
    {"wanted", G_STRUCT_OFFSET(VasOperationDevice, wanted), TRUE},
    {"wanted-override", G_STRUCT_OFFSET(VasOperationDevice, wanted_override), TRUE},
    {"wish", G_STRUCT_OFFSET(VasOperationDevice, wish), TRUE},
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
is_driver_name(const char *name)
{
    return *name != '\0' && *name != '.' && strpbrk(name, "/\n") == NULL;
}

static gboolean
read_texts(const xmlNode *node, VasOperationDevice *device)
{
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        char **text = &G_STRUCT_MEMBER(char *, device, texts[i].offset);

        *text = vas_node_attribute(node, texts[i].name);
        if (texts[i].is_driver && *text != NULL && !is_driver_name(*text))
            return FALSE;
    }
    return TRUE;
}

static gboolean
read_flag(const xmlNode *node, const char *name, gboolean *ret_flag)
{
    *ret_flag = vas_node_attribute_is(node, name, "yes");
    return *ret_flag || vas_node_attribute_is(node, name, "no");
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
    device->concerned = (guint) concerned;
    device->has_settings = TRUE;
    return TRUE;
}

static gboolean
read_device(const xmlNode *node, VasOperationForm form, VasOperation *operation)
{
    g_autofree char *address = vas_node_attribute(node, "device");
    g_autofree char *mac = vas_node_attribute(node, "mac");
    VasOperationDevice *device = NULL;
    VasHostAddress parsed;

    if (address == NULL || !vas_host_address_parse(address, &parsed, NULL) ||
        vas_operation_find_device(operation, parsed) != NULL)
        return FALSE;
    device = vas_operation_add(operation, parsed);
    for (guint i = 0; i < G_N_ELEMENTS(scopes); i++) {
        if (vas_node_attribute_is(node, scopes[i].name, "yes"))
            device->scope |= scopes[i].scope;
    }
    device->alias = vas_node_attribute(node, "alias");
    device->network = vas_node_attribute(node, "network");
    device->has_mac = mac != NULL;
    if (mac != NULL && !vas_mac_address_parse(mac, &device->mac, NULL))
        return FALSE;
    return form == VAS_OPERATION_NAMED || (read_texts(node, device) && read_settings(node, device));
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
read_wish(const xmlNode *node, VasOperation *operation)
{
    g_autoptr(VasWish) wish = vas_wish_xml_read(node);

    if (wish == NULL || vas_operation_find_device(operation, wish->device) == NULL ||
        vas_operation_find_wish(operation, wish->device) != NULL)
        return FALSE;
    g_ptr_array_add(operation->wishes, g_steal_pointer(&wish));
    return TRUE;
}

static gboolean
read_part(const xmlNode *part, VasOperationForm form, VasOperation *operation)
{
    if (is_named(part, "device"))
        return read_device(part, form, operation);
    if (is_named(part, "wish"))
        return read_wish(part, operation);
    return !is_named(part, "port") || read_port(part, operation);
}

static gboolean
read_parts(const xmlNode *node, VasOperationForm form, VasOperation *operation)
{
    guint limit =
        vas_operation_is_of_host(operation) ? HOST_PARTS_MAX : VAS_OPERATION_GUEST_PARTS_MAX;
    guint count = 0;

    for (const xmlNode *part = vas_node_first(node); part != NULL;
         part = vas_node_following(part)) {
        /* A wish is for a device of the operation, and one: these are bounded. */
        if ((!is_named(part, "wish") && ++count > limit) || !read_part(part, form, operation))
            return FALSE;
    }
    return TRUE;
}

static gboolean
read_vfs(const xmlNode *node, guint *ret_count, gboolean *ret_autoprobe)
{
    guint64 count = 0;

    if (!vas_node_attribute_uint(node, "count", G_MAXUINT16, &count) ||
        !read_flag(node, "autoprobe", ret_autoprobe))
        return FALSE;
    *ret_count = (guint) count;
    return TRUE;
}

static gboolean
read_state(const xmlNode *node, VasVfsState *state)
{
    const xmlNode *rule = node != NULL ? find_part(node, "rule") : NULL;

    if (node == NULL || !read_vfs(node, &state->count, &state->autoprobe))
        return FALSE;
    if (rule == NULL)
        return TRUE;
    state->rule = g_new0(VasVfRule, 1);
    state->rule->driver = vas_node_attribute(rule, "driver");
    return state->rule->driver != NULL && is_driver_name(state->rule->driver) &&
           read_vfs(rule, &state->rule->count, &state->rule->autoprobe);
}

VasOperation *
vas_operation_xml_read(const xmlNode *node, VasOperationForm form)
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
    operation->persist = vas_node_attribute_is(node, "persist", "yes");
    operation->is_proven = form == VAS_OPERATION_WHOLE;
    if (form == VAS_OPERATION_WHOLE)
        operation->driver = vas_node_attribute(node, "driver");
    else
        operation->seal = vas_node_attribute(node, VAS_SEAL_ATTRIBUTE);
    if ((operation->driver != NULL && !is_driver_name(operation->driver)) ||
        (kind == VAS_OPERATION_VFS &&
         (!read_state(find_part(node, "before"), &operation->vfs_before) ||
          !read_state(find_part(node, "wished"), &operation->vfs_wished))))
        return NULL;
    return read_parts(node, form, operation) ? g_steal_pointer(&operation) : NULL;
}

static void
set_text(xmlNode *node, const char *name, const char *text)
{
    if (text != NULL)
        vas_node_set_attribute(node, name, "%s", text);
}

static void
append_device(xmlNode *root, const VasOperationDevice *device, VasOperationForm form)
{
    xmlNode *node = vas_node_append(root, "device");
    xmlNode *target = NULL;

    vas_node_set_attribute(node, "device", "%s", vas_host_address_text(device->device).text);
    if (device->has_mac)
        vas_node_set_attribute(node, "mac", "%s", vas_mac_address_text(device->mac).text);
    for (guint i = 0; i < G_N_ELEMENTS(scopes); i++) {
        if ((device->scope & scopes[i].scope) != 0)
            vas_node_set_attribute(node, scopes[i].name, "yes");
    }
    set_text(node, "alias", device->alias);
    set_text(node, "network", device->network);
    if (form == VAS_OPERATION_NAMED)
        return;
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        set_text(node, texts[i].name, G_STRUCT_MEMBER(char *, device, texts[i].offset));
    if (!device->has_settings)
        return;
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

static xmlNode *
append_vfs(xmlNode *root, const char *name, guint count, gboolean autoprobe)
{
    xmlNode *node = vas_node_append(root, name);

    vas_node_set_attribute(node, "count", "%u", count);
    vas_node_set_attribute(node, "autoprobe", "%s", autoprobe ? "yes" : "no");
    return node;
}

static void
append_state(xmlNode *root, const char *name, const VasVfsState *state)
{
    xmlNode *node = append_vfs(root, name, state->count, state->autoprobe);
    const VasVfRule *rule = state->rule;

    if (rule != NULL)
        set_text(append_vfs(node, "rule", rule->count, rule->autoprobe), "driver", rule->driver);
}

static void
fill(xmlNode *node, const VasOperation *operation, VasOperationForm form)
{
    vas_node_set_attribute(node, "id", "%s", operation->id);
    vas_node_set_attribute(node, "command", "%s", vas_operation_kind_name(operation->kind));
    set_text(node, "origin", operation->origin);
    vas_node_set_attribute(node, "started", "%" G_GINT64_FORMAT, operation->started_at);
    if (operation->each_alone)
        vas_node_set_attribute(node, "each-alone", "yes");
    if (operation->persist)
        vas_node_set_attribute(node, "persist", "yes");
    set_text(node, "driver", operation->driver);
    if (operation->kind == VAS_OPERATION_VFS) {
        append_state(node, "before", &operation->vfs_before);
        append_state(node, "wished", &operation->vfs_wished);
    }
    for (guint i = 0; i < operation->devices->len; i++)
        append_device(node, g_ptr_array_index(operation->devices, i), form);
    for (guint i = 0; i < operation->ports->len; i++)
        append_port(node, g_ptr_array_index(operation->ports, i));
    for (guint i = 0; i < operation->wishes->len; i++)
        (void) vas_wish_xml_append(node, g_ptr_array_index(operation->wishes, i));
}

xmlNode *
vas_operation_xml_append(xmlNode *root, const VasOperation *operation, VasOperationForm form)
{
    xmlNode *node = vas_node_append(root, ROOT);

    fill(node, operation, form);
    return node;
}

char *
vas_operation_xml_format(const VasOperation *operation)
{
    g_autoptr(xmlDoc) document = vas_document_new(ROOT);
    xmlNode *root = xmlDocGetRootElement(document);

    vas_operation_xml_set_version(root);
    fill(root, operation, VAS_OPERATION_WHOLE);
    return vas_node_serialize(root);
}

VasOperation *
vas_operation_xml_parse(const char *text, GError **error)
{
    g_autoptr(xmlDoc) document = vas_document_parse_root(text, "it", ROOT, error);
    const xmlNode *root = document != NULL ? xmlDocGetRootElement(document) : NULL;
    g_autoptr(VasOperation) operation = NULL;

    if (root == NULL || !vas_operation_xml_check_version(root, "it", error))
        return NULL;
    operation = vas_operation_xml_read(root, VAS_OPERATION_WHOLE);
    if (operation != NULL && vas_operation_is_of_host(operation) && operation->devices->len > 0)
        return g_steal_pointer(&operation);
    g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED,
                "it is without id, command of the host, start or device, or has malformed parts");
    return NULL;
}

gboolean
vas_operation_xml_check_version(const xmlNode *root, const char *what, GError **error)
{
    guint64 version = 0;

    if (!vas_node_attribute_uint(root, "version", G_MAXINT, &version) || version == 0) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "%s has no version, or a malformed one",
                    what);
        return FALSE;
    }
    if (version <= VERSION)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_UNSUPPORTED,
                "%s is of version %d, this virt-assign knows only %d", what, (int) version,
                VERSION);
    vas_error_set_hint(error, "use the virt-assign that wrote it, or a newer one");
    return FALSE;
}

void
vas_operation_xml_set_version(xmlNode *root)
{
    vas_node_set_attribute(root, "version", "%d", VERSION);
}
