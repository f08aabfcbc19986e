/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xml/template.h"

#include "core/value/error.h"
#include "xml/address-xml.h"
#include "xml/device-xml.h"
#include "xml/document.h"
#include "xml/template-file.h"

#include <string.h>

struct VasTemplate {
    char *origin; /* for messages */
    VasAssignmentType type;
    xmlDoc *document; /* without comments */
};

void
vas_template_free(VasTemplate *template)
{
    if (template == NULL)
        return;
    g_free(template->origin);
    xmlFreeDoc(template->document);
    g_free(template);
}

VasAssignmentType
vas_template_type(const VasTemplate *template)
{
    return template->type;
}

gboolean
vas_template_is_managed(const VasTemplate *template)
{
    return vas_node_attribute_is(xmlDocGetRootElement(template->document), "managed", "yes");
}

char *
vas_template_driver_model(const VasTemplate *template)
{
    const xmlNode *driver = vas_node_child(xmlDocGetRootElement(template->document), "driver");

    return driver != NULL ? vas_node_attribute(driver, "model") : NULL;
}

static xmlDoc *
parse(const char *text, const char *origin, GError **error)
{
    g_autofree char *what = g_strdup_printf("template %s", origin);
    g_autoptr(GError) parse_error = NULL;
    xmlDoc *document = vas_document_parse(text, what, &parse_error);

    if (document == NULL)
        g_propagate_error(error, vas_error_recode(parse_error, VAS_ERROR_INVALID));
    return document;
}

static gboolean
is_hostdev(const xmlNode *root)
{
    g_autofree char *mode = vas_node_attribute(root, "mode");

    return vas_node_is(root, "hostdev") && vas_node_attribute_is(root, "type", "pci") &&
           (mode == NULL || strcmp(mode, "subsystem") == 0);
}

static gboolean
recognize(const xmlNode *root, const char *origin, VasAssignmentType *ret_type, GError **error)
{
    if (vas_node_is(root, "interface") && vas_node_attribute_is(root, "type", "hostdev")) {
        *ret_type = VAS_ASSIGNMENT_INTERFACE;
        return TRUE;
    }
    if (is_hostdev(root)) {
        *ret_type = VAS_ASSIGNMENT_HOSTDEV;
        return TRUE;
    }
    g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID,
                "template %s is neither <interface type='hostdev'> nor "
                "<hostdev mode='subsystem' type='pci'>, but a <%s>",
                origin, (const char *) root->name);
    return FALSE;
}

static VasTemplate *
template_new(const char *text, const char *origin, GError **error)
{
    g_autoptr(VasTemplate) template = g_new0(VasTemplate, 1);

    template->origin = g_strdup(origin);
    template->document = parse(text, origin, error);
    if (template->document == NULL ||
        !recognize(xmlDocGetRootElement(template->document), origin, &template->type, error))
        return NULL;
    vas_node_remove_comments(xmlDocGetRootElement(template->document));
    return g_steal_pointer(&template);
}

static gboolean
check_type(const VasTemplate *template, VasAssignmentType type, GError **error)
{
    if (template->type == type)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID, "template %s is of type %s, not %s",
                template->origin, vas_assignment_type_name(template->type),
                vas_assignment_type_name(type));
    return FALSE;
}

VasTemplate *
vas_template_load(const char *folder, const char *name, const VasAssignmentType *type,
                  GError **error)
{
    g_autofree char *origin = NULL;
    g_autofree char *text = NULL;
    g_autoptr(VasTemplate) template = NULL;

    text = vas_template_file_read(folder, name != NULL ? name : vas_assignment_type_name(*type),
                                  &origin, error);
    if (text == NULL)
        return NULL;
    template = template_new(text, origin, error);
    if (template == NULL || (type != NULL && !check_type(template, *type, error)))
        return NULL;
    return g_steal_pointer(&template);
}

/* *ret_number stays as it is when the template does not say. */
static gboolean
read_number(const VasTemplate *template, const xmlNode *node, const char *attribute, int min,
            int max, int *ret_number, GError **error)
{
    g_autofree char *text = node != NULL ? vas_node_attribute(node, attribute) : NULL;
    guint64 number = 0;

    if (text == NULL)
        return TRUE;
    if (!vas_node_attribute_uint(node, attribute, (guint64) max, &number) || (int) number < min) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID,
                    "template %s: %s \"%s\" of <%s> is not a number from %d to %d",
                    template->origin, attribute, text, (const char *) node->name, min, max);
        return FALSE;
    }
    *ret_number = (int) number;
    return TRUE;
}

static gboolean
complete_mac(const VasTemplate *template, const xmlNode *root, VasAssignmentWish *wish,
             GError **error)
{
    const xmlNode *mac = vas_node_child(root, "mac");
    g_autofree char *text = mac != NULL ? vas_node_attribute(mac, "address") : NULL;

    if (wish->has_mac || text == NULL)
        return TRUE;
    wish->has_mac = vas_mac_address_parse(text, &wish->mac, error);
    if (!wish->has_mac)
        g_prefix_error(error, "template %s: ", template->origin);
    return wish->has_mac;
}

static gboolean
complete_vlan(const VasTemplate *template, const xmlNode *root, VasAssignmentWish *wish,
              GError **error)
{
    const xmlNode *vlan = vas_node_child(root, "vlan");
    const xmlNode *tag = vlan != NULL ? vas_node_child(vlan, "tag") : NULL;

    if (wish->vlan >= 0 || vlan == NULL)
        return TRUE;
    /* libvirt notices only after it took the device from the host: virNetDevSetNetConfig in
     * src/util/virnetdev.c. */
    if (vas_node_attribute_is(vlan, "trunk", "yes") ||
        (tag != NULL && vas_node_next(tag, "tag") != NULL)) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID,
                    "template %s: a VF takes one VLAN tag, not a trunk", template->origin);
        return FALSE;
    }
    return read_number(template, tag, "id", 0, VAS_VLAN_MAX, &wish->vlan, error);
}

static gboolean
complete_alias(const VasTemplate *template, const xmlNode *root, VasAssignmentWish *wish,
               GError **error)
{
    g_autofree char *alias = vas_device_xml_alias(root);

    if (wish->alias != NULL || alias == NULL)
        return TRUE;
    if (!vas_alias_check(alias, error)) {
        g_prefix_error(error, "template %s: ", template->origin);
        return FALSE;
    }
    wish->alias = g_steal_pointer(&alias);
    return TRUE;
}

static gboolean
complete_guest_address(const VasTemplate *template, const xmlNode *root, VasAssignmentWish *wish,
                       GError **error)
{
    const xmlNode *address = vas_node_child(root, "address");

    /* <address type='pci'/> leaves the choice open, as no address does. */
    if (wish->has_guest_address || address == NULL ||
        (vas_node_attribute_is(address, "type", "pci") && address->properties->next == NULL))
        return TRUE;
    wish->has_guest_address = vas_device_xml_guest_address(root, &wish->guest_address);
    if (!wish->has_guest_address)
        g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID,
                    "template %s: its <address> is not a guest's PCI address", template->origin);
    return wish->has_guest_address;
}

/* <teaming type='transient' persistent='ALIAS'/>. */
static void
complete_team(const xmlNode *root, VasAssignmentWish *wish)
{
    const xmlNode *teaming = vas_node_child(root, "teaming");

    if (wish->team == NULL && teaming != NULL)
        wish->team = vas_node_attribute(teaming, "persistent");
}

gboolean
vas_template_complete_wish(const VasTemplate *template, VasAssignmentWish *wish, GError **error)
{
    const xmlNode *root = xmlDocGetRootElement(template->document);

    if (template->type == VAS_ASSIGNMENT_INTERFACE &&
        (!complete_mac(template, root, wish, error) || !complete_vlan(template, root, wish, error)))
        return FALSE;
    if (wish->acpi_index == 0 && !read_number(template, vas_node_child(root, "acpi"), "index", 1,
                                              VAS_ACPI_INDEX_MAX, &wish->acpi_index, error))
        return FALSE;
    if (wish->boot_order == 0 && !read_number(template, vas_node_child(root, "boot"), "order", 1,
                                              G_MAXINT, &wish->boot_order, error))
        return FALSE;
    complete_team(root, wish);
    wish->unmanaged = vas_device_xml_unmanaged(root);
    return complete_alias(template, root, wish, error) &&
           complete_guest_address(template, root, wish, error);
}

static gboolean
check_assignment(const VasTemplate *template, const VasAssignment *assignment, GError **error)
{
    if (!check_type(template, assignment->type, error))
        return FALSE;
    if (!assignment->has_device) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID, "template %s: no host device to fill in",
                    template->origin);
        return FALSE;
    }
    if (assignment->type == VAS_ASSIGNMENT_HOSTDEV &&
        (assignment->has_mac || assignment->vlan >= 0)) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID,
                    "template %s: a <hostdev> has no MAC and no VLAN", template->origin);
        return FALSE;
    }
    return TRUE;
}

/* The source's address has a type in <interface>, and has none in <hostdev> (includeTypeInAddr in
 * libvirt's src/conf/domain_conf.c). */
/* libvirt's schema wants <driver> and <source> of a <hostdev> next to one another (hostdevsubsyspci
 * in domaincommon.rng), whatever else a template has. */
static xmlNode *
ensure_source(xmlNode *root, VasAssignmentType type)
{
    if (type == VAS_ASSIGNMENT_INTERFACE || vas_node_child(root, "source") != NULL)
        return vas_node_ensure_child(root, "source");
    return vas_node_insert_behind(root, vas_node_child(root, "driver"), "source");
}

static void
fill_source(xmlNode *root, const VasAssignment *assignment)
{
    xmlNode *source = ensure_source(root, assignment->type);
    xmlNode *address = vas_node_ensure_child(source, "address");

    vas_node_clear(address);
    if (assignment->type == VAS_ASSIGNMENT_INTERFACE)
        vas_node_set_attribute(address, "type", "pci");
    vas_address_xml_write(address, assignment->device.pci);
}

static void
fill_vlan(xmlNode *root, int vlan)
{
    xmlNode *node = vas_node_ensure_child(root, "vlan");

    vas_node_clear(node);
    vas_node_set_attribute(vas_node_append(node, "tag"), "id", "%d", vlan);
}

static void
fill_guest_address(xmlNode *root, VasGuestAddress guest_address)
{
    xmlNode *address = vas_node_ensure_child(root, "address");

    /* The attributes of another type of address mean nothing in a PCI one. */
    if (!vas_node_attribute_is(address, "type", "pci"))
        vas_node_clear(address);
    vas_node_set_attribute(address, "type", "pci");
    vas_address_xml_write(address, guest_address.pci);
}

char *
vas_template_fill(const VasTemplate *template, const VasAssignment *assignment, GError **error)
{
    g_autoptr(xmlDoc) document = NULL;
    xmlNode *root = NULL;

    if (!check_assignment(template, assignment, error))
        return NULL;
    document = xmlCopyDoc(template->document, 1);
    root = xmlDocGetRootElement(document);
    if (assignment->has_mac)
        vas_node_set_attribute(vas_node_ensure_child(root, "mac"), "address", "%s",
                               vas_mac_address_text(assignment->mac).text);
    fill_source(root, assignment);
    if (assignment->vlan >= 0)
        fill_vlan(root, assignment->vlan);
    if (assignment->boot_order > 0)
        vas_node_set_attribute(vas_node_ensure_child(root, "boot"), "order", "%d",
                               assignment->boot_order);
    if (assignment->alias != NULL)
        vas_node_set_attribute(vas_node_ensure_child(root, "alias"), "name", "%s",
                               assignment->alias);
    if (assignment->acpi_index > 0)
        vas_node_set_attribute(vas_node_ensure_child(root, "acpi"), "index", "%d",
                               assignment->acpi_index);
    if (assignment->has_guest_address)
        fill_guest_address(root, assignment->guest_address);
    return vas_node_serialize(root);
}
