/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xml/vf-settings-xml.h"

/* A value that a driver does not tell is left out. The range of a value is the driver's business:
 * it is told again the value that it told. */
static const struct {
    const char *name;
    gsize offset;
    gboolean may_lack;
} numbers[] = {
    {"vlan", G_STRUCT_OFFSET(VasVfSettings, vlan), FALSE},
    {"qos", G_STRUCT_OFFSET(VasVfSettings, qos), FALSE},
    {"min-rate", G_STRUCT_OFFSET(VasVfSettings, min_rate), FALSE},
    {"max-rate", G_STRUCT_OFFSET(VasVfSettings, max_rate), FALSE},
    {"spoof-check", G_STRUCT_OFFSET(VasVfSettings, spoof_check), TRUE},
    {"trust", G_STRUCT_OFFSET(VasVfSettings, trust), TRUE},
    {"link-state", G_STRUCT_OFFSET(VasVfSettings, link_state), TRUE},
};

static gboolean
read_numbers(const xmlNode *node, VasVfSettings *settings)
{
    guint64 protocol = 0;

    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
        guint64 value = 0;
        g_autofree char *text = vas_node_attribute(node, numbers[i].name);
        gboolean lacks = text == NULL && numbers[i].may_lack;

        if (!lacks && !vas_node_attribute_uint(node, numbers[i].name, G_MAXINT, &value))
            return FALSE;
        G_STRUCT_MEMBER(int, settings, numbers[i].offset) = lacks ? -1 : (int) value;
    }
    if (!vas_node_attribute_uint(node, "vlan-protocol", G_MAXUINT16, &protocol))
        return FALSE;
    settings->vlan_protocol = (guint16) protocol;
    return TRUE;
}

gboolean
vas_vf_settings_xml_read(const xmlNode *node, VasVfSettings *ret_settings)
{
    g_autofree char *mac = vas_node_attribute(node, "mac");
    VasVfSettings settings = {0};

    if (mac == NULL || !vas_mac_address_parse(mac, &settings.mac, NULL) ||
        !read_numbers(node, &settings))
        return FALSE;
    *ret_settings = settings;
    return TRUE;
}

void
vas_vf_settings_xml_write(xmlNode *node, const VasVfSettings *settings)
{
    vas_node_set_attribute(node, "mac", "%s", vas_mac_address_text(settings->mac).text);
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
        int value = G_STRUCT_MEMBER(int, settings, numbers[i].offset);

        if (value >= 0)
            vas_node_set_attribute(node, numbers[i].name, "%d", value);
    }
    vas_node_set_attribute(node, "vlan-protocol", "0x%04x", settings->vlan_protocol);
}
