/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xml/network-xml.h"

#include "core/value/error.h"
#include "xml/address-xml.h"

static gboolean
malformed(const char *network, const char *part, GError **error)
{
    g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED,
                "XML of network %s has no <%s>, or a malformed one",
                network != NULL ? network : "without a name", part);
    return FALSE;
}

static gboolean
read_devices(VasPool *pool, const xmlNode *forward, GError **error)
{
    for (const xmlNode *node = vas_node_child(forward, "address"); node != NULL;
         node = vas_node_next(node, "address")) {
        VasHostAddress device;

        if (!vas_address_xml_read(node, &device.pci))
            return malformed(pool->name, "address", error);
        g_array_append_val(pool->devices, device);
    }
    return TRUE;
}

gboolean
vas_network_xml_parse(const char *xml, VasPool **ret_pool, GError **error)
{
    g_autoptr(xmlDoc) document = vas_document_parse_root(xml, "network XML", "network", error);
    g_autoptr(VasPool) pool = vas_pool_new(NULL);
    const xmlNode *root = NULL;
    const xmlNode *name = NULL;
    const xmlNode *forward = NULL;
    const xmlNode *pf = NULL;

    if (document == NULL)
        return FALSE;
    root = xmlDocGetRootElement(document);
    name = vas_node_child(root, "name");
    forward = vas_node_child(root, "forward");
    if (forward == NULL || !vas_node_attribute_is(forward, "mode", "hostdev")) {
        *ret_pool = NULL;
        return TRUE;
    }
    pool->name = name != NULL ? vas_node_text(name) : NULL;
    if (pool->name == NULL)
        return malformed(NULL, "name", error);
    pf = vas_node_child(forward, "pf");
    if (pf != NULL) {
        pool->pf = vas_node_attribute(pf, "dev");
        if (pool->pf == NULL)
            return malformed(pool->name, "pf", error);
    }
    if (!read_devices(pool, forward, error))
        return FALSE;
    *ret_pool = g_steal_pointer(&pool);
    return TRUE;
}
