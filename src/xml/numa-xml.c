/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xml/numa-xml.h"

/* The one node that the nodeset is; -1: a list, a range, or no nodeset. */
static int
single_node(const xmlNode *memory)
{
    guint64 node = 0;

    return vas_node_attribute_uint(memory, "nodeset", G_MAXINT, &node) ? (int) node : -1;
}

/* <numatune><memory nodeset=''/><memnode cellid='' nodeset=''/></numatune>: memnode for one guest
 * node, memory for those without. */
static const xmlNode *
find_binding(const xmlNode *domain, guint64 guest_node)
{
    const xmlNode *tune = vas_node_child(domain, "numatune");
    const xmlNode *memory = tune != NULL ? vas_node_child(tune, "memnode") : NULL;
    guint64 cell = 0;

    for (; memory != NULL; memory = vas_node_next(memory, "memnode")) {
        if (vas_node_attribute_uint(memory, "cellid", G_MAXINT, &cell) && cell == guest_node)
            return memory;
    }
    return tune != NULL ? vas_node_child(tune, "memory") : NULL;
}

int
vas_numa_xml_host_node(const xmlNode *domain, const xmlNode *target)
{
    const xmlNode *node = target != NULL ? vas_node_child(target, "node") : NULL;
    const xmlNode *binding = NULL;
    guint64 guest_node = 0;

    if (node == NULL || !vas_node_text_uint(node, G_MAXINT, &guest_node))
        return -1;
    binding = find_binding(domain, guest_node);
    return binding != NULL ? single_node(binding) : (int) guest_node;
}
