/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xml/wish-xml.h"

#include "xml/identity-xml.h"

#include <string.h>

static const struct {
    const char *name;
    gsize offset;
    int max;
} settings[] = {
    {"qos", G_STRUCT_OFFSET(VasVfWish, qos), VAS_QOS_MAX},
    {"max-rate", G_STRUCT_OFFSET(VasVfWish, max_rate), G_MAXINT},
    {"spoof-check", G_STRUCT_OFFSET(VasVfWish, spoof_check), 1},
    {"trust", G_STRUCT_OFFSET(VasVfWish, trust), 1},
    {"link-state", G_STRUCT_OFFSET(VasVfWish, link_state), VAS_VF_LINK_DISABLE},
};

static gboolean
read_settings(const xmlNode *node, VasVfWish *wished)
{
    for (guint i = 0; i < G_N_ELEMENTS(settings); i++) {
        g_autofree char *text = vas_node_attribute(node, settings[i].name);
        guint64 value = 0;

        if (text == NULL)
            continue;
        if (!vas_node_attribute_uint(node, settings[i].name, (guint64) settings[i].max, &value))
            return FALSE;
        G_STRUCT_MEMBER(int, wished, settings[i].offset) = (int) value;
    }
    return TRUE;
}

static gboolean
read_identity(const xmlNode *node, VasWish *wish)
{
    const xmlNode *child = vas_node_first(node);

    while (child != NULL && strcmp((const char *) child->name, VAS_IDENTITY_ELEMENT) != 0)
        child = vas_node_following(child);
    if (child == NULL)
        return TRUE;
    wish->identity = vas_identity_xml_read(child);
    return wish->identity != NULL;
}

VasWish *
vas_wish_xml_read(const xmlNode *node)
{
    g_autofree char *device = vas_node_attribute(node, "device");
    g_autoptr(VasWish) wish = NULL;
    VasHostAddress address;

    if (device == NULL || !vas_host_address_parse(device, &address, NULL))
        return NULL;
    wish = vas_wish_new(address);
    wish->is_proven = FALSE;
    wish->is_required = vas_node_attribute_is(node, "required", "yes");
    return read_settings(node, &wish->settings) && read_identity(node, wish)
               ? g_steal_pointer(&wish)
               : NULL;
}

xmlNode *
vas_wish_xml_append(xmlNode *root, const VasWish *wish)
{
    xmlNode *node = vas_node_append(root, "wish");

    vas_node_set_attribute(node, "device", "%s", vas_host_address_text(wish->device).text);
    vas_node_set_attribute(node, "required", "%s", wish->is_required ? "yes" : "no");
    for (guint i = 0; i < G_N_ELEMENTS(settings); i++) {
        int value = G_STRUCT_MEMBER(int, &wish->settings, settings[i].offset);

        if (value >= 0)
            vas_node_set_attribute(node, settings[i].name, "%d", value);
    }
    if (wish->identity != NULL)
        vas_identity_xml_append(node, wish->identity);
    return node;
}
