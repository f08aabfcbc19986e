/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xml/identity-xml.h"

#include "core/value/error.h"
#include "xml/document.h"

#include <string.h>

/* A field of VPD is at most this long (PCI Local Bus Specification 3.0, appendix I). */
#define KEY_MAX 255
#define FUNCTION_MAX 0xff

static void
fill(xmlNode *root, const VasIdentity *identity)
{
    vas_node_set_attribute(root, "vendor", "0x%04x", identity->vendor_id);
    vas_node_set_attribute(root, "product", "0x%04x", identity->product_id);
    if (identity->has_subsystem) {
        vas_node_set_attribute(root, "subsystem-vendor", "0x%04x", identity->subsystem_vendor_id);
        vas_node_set_attribute(root, "subsystem", "0x%04x", identity->subsystem_id);
    }
    for (guint i = 0; i < VAS_N_CARD_KEYS; i++) {
        if (identity->keys[i] != NULL)
            vas_node_set_attribute(root, vas_card_key_name(i), "%s", identity->keys[i]);
    }
    if (identity->place != NULL) {
        vas_node_set_attribute(root, "place", "%s", identity->place);
        vas_node_set_attribute(root, "function", "%u", identity->function);
    }
    if (identity->vf_index >= 0)
        vas_node_set_attribute(root, "vf", "%d", identity->vf_index);
}

char *
vas_identity_xml_format(const VasIdentity *identity)
{
    g_autoptr(xmlDoc) document = vas_document_new(VAS_IDENTITY_ELEMENT);
    xmlNode *root = xmlDocGetRootElement(document);

    fill(root, identity);
    return vas_node_serialize(root);
}

void
vas_identity_xml_append(xmlNode *parent, const VasIdentity *identity)
{
    fill(vas_node_append(parent, VAS_IDENTITY_ELEMENT), identity);
}

static gboolean
has_attribute(const xmlNode *node, const char *name)
{
    g_autofree char *value = vas_node_attribute(node, name);

    return value != NULL;
}

/* Two attributes that come together or not at all. */
static gboolean
read_subsystem(const xmlNode *root, VasIdentity *identity)
{
    guint64 vendor = 0, subsystem = 0;

    if (!has_attribute(root, "subsystem-vendor") && !has_attribute(root, "subsystem"))
        return TRUE;
    identity->has_subsystem =
        vas_node_attribute_uint(root, "subsystem-vendor", G_MAXUINT16, &vendor) &&
        vas_node_attribute_uint(root, "subsystem", G_MAXUINT16, &subsystem);
    identity->subsystem_vendor_id = (guint16) vendor;
    identity->subsystem_id = (guint16) subsystem;
    return identity->has_subsystem;
}

static gboolean
read_keys(const xmlNode *root, VasIdentity *identity)
{
    for (guint i = 0; i < VAS_N_CARD_KEYS; i++) {
        g_autofree char *value = vas_node_attribute(root, vas_card_key_name(i));

        vas_identity_set_key(identity, i, value);
        if (value != NULL && (identity->keys[i] == NULL || strlen(value) > KEY_MAX))
            return FALSE;
    }
    return TRUE;
}

static gboolean
read_place(const xmlNode *root, VasIdentity *identity)
{
    guint64 function = 0;

    identity->place = vas_node_attribute(root, "place");
    if (identity->place == NULL)
        return !has_attribute(root, "function");
    if (!vas_identity_place_is_valid(identity->place) ||
        !vas_node_attribute_uint(root, "function", FUNCTION_MAX, &function))
        return FALSE;
    identity->function = (guint) function;
    return TRUE;
}

static gboolean
read_vf(const xmlNode *root, VasIdentity *identity)
{
    guint64 vf = 0;

    if (!has_attribute(root, "vf"))
        return TRUE;
    if (!vas_node_attribute_uint(root, "vf", G_MAXUINT16, &vf))
        return FALSE;
    identity->vf_index = (int) vf;
    return TRUE;
}

static gboolean
read_model(const xmlNode *root, VasIdentity *identity)
{
    guint64 vendor = 0, product = 0;

    if (!vas_node_attribute_uint(root, "vendor", G_MAXUINT16, &vendor) ||
        !vas_node_attribute_uint(root, "product", G_MAXUINT16, &product))
        return FALSE;
    identity->vendor_id = (guint16) vendor;
    identity->product_id = (guint16) product;
    return read_subsystem(root, identity);
}

VasIdentity *
vas_identity_xml_read(const xmlNode *node)
{
    g_autoptr(VasIdentity) identity = g_new0(VasIdentity, 1);

    identity->vf_index = -1;
    return read_model(node, identity) && read_keys(node, identity) && read_place(node, identity) &&
                   read_vf(node, identity)
               ? g_steal_pointer(&identity)
               : NULL;
}

VasIdentity *
vas_identity_xml_parse(const char *text, GError **error)
{
    g_autoptr(xmlDoc) document =
        vas_document_parse_root(text, "identity", VAS_IDENTITY_ELEMENT, error);
    VasIdentity *identity = NULL;

    if (document == NULL)
        return NULL;
    identity = vas_identity_xml_read(xmlDocGetRootElement(document));
    if (identity != NULL)
        return identity;
    g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED,
                "the identity is without vendor or product, or has a malformed part");
    return NULL;
}
