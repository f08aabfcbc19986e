/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xml/numa-xml.h"

/* The one node that the nodeset is; -1: a list, a range, or no nodeset. */
static int
single_node(const xmlNode *memory)
{
    guint64 node = 0;

    return vas_node_attribute_uint(memory, "nodeset", G_MAXINT, &node) ? (int) node : -1;
}

/* This key stands for the guest nodes that have no binding of their own. */
#define OTHERS GUINT_TO_POINTER(G_MAXUINT)

/* The first one counts. */
static void
add_binding(GHashTable *bindings, gpointer guest_node, const xmlNode *memory)
{
    if (!g_hash_table_contains(bindings, guest_node))
        g_hash_table_insert(bindings, guest_node, GINT_TO_POINTER(single_node(memory)));
}

/* <numatune><memory nodeset=''/><memnode cellid='' nodeset=''/></numatune>: memnode for one guest
 * node, memory for those without. */
GHashTable *
vas_numa_xml_bindings(const xmlNode *domain)
{
    GHashTable *bindings = g_hash_table_new(NULL, NULL);
    const xmlNode *tune = vas_node_child(domain, "numatune");
    guint64 cell = 0;

    if (tune == NULL)
        return bindings;
    for (const xmlNode *memory = vas_node_first(tune); memory != NULL;
         memory = vas_node_following(memory)) {
        if (vas_node_is(memory, "memory"))
            add_binding(bindings, OTHERS, memory);
        else if (vas_node_is(memory, "memnode") &&
                 vas_node_attribute_uint(memory, "cellid", G_MAXINT, &cell))
            add_binding(bindings, GUINT_TO_POINTER((guint) cell), memory);
    }
    return bindings;
}

int
vas_numa_xml_host_node(GHashTable *bindings, const xmlNode *target)
{
    const xmlNode *node = target != NULL ? vas_node_child(target, "node") : NULL;
    gpointer host_node = NULL;
    guint64 guest_node = 0;

    if (node == NULL || !vas_node_text_uint(node, G_MAXINT, &guest_node))
        return -1;
    if (g_hash_table_lookup_extended(bindings, GUINT_TO_POINTER((guint) guest_node), NULL,
                                     &host_node) ||
        g_hash_table_lookup_extended(bindings, OTHERS, NULL, &host_node))
        return GPOINTER_TO_INT(host_node);
    return (int) guest_node;
}
