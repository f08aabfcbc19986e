/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/output/topology-dot.h"

/* The attributes of an edge in each state. */
static const char *const edges[] = {
    [VAS_TOPOLOGY_SETTLED] = "color=\"#0b6e66\", style=solid, arrowhead=dot",
    [VAS_TOPOLOGY_NEXT_START] = "color=\"#2259a8\", style=dashed, arrowhead=odot",
    [VAS_TOPOLOGY_UNTIL_STOP] = "color=\"#7b3f9d\", style=dotted, arrowhead=diamond",
    [VAS_TOPOLOGY_DIFFERS] = "color=\"#9a4d00\", style=bold, arrowhead=normal",
    [VAS_TOPOLOGY_PENDING] = "color=\"#b01f3a\", style=\"bold,dashed\", arrowhead=box",
    [VAS_TOPOLOGY_USED] = "color=\"#5a6774\", style=solid, arrowhead=tee",
};
G_STATIC_ASSERT(G_N_ELEMENTS(edges) == VAS_TOPOLOGY_N_STATES);

/* Dot takes a backslash in a label for the beginning of a sequence of its own. */
static void
append_escaped(GString *dot, const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '"' || *at == '\\')
            g_string_append_c(dot, '\\');
        g_string_append_c(dot, *at);
    }
}

static void
add_node(GString *dot, const VasTopologyNode *node, guint id)
{
    const char *look = "style=filled, fillcolor=\"#eef2f6\", color=\"#c3ccd6\"";

    if (node->kind == VAS_TOPOLOGY_PF)
        look = "style=filled, fillcolor=\"#d9e5f2\", color=\"#8fa3b8\"";
    else if (node->kind != VAS_TOPOLOGY_PORT && node->links == 0)
        look = "style=dashed, color=\"#8fa3b8\"";
    g_string_append_printf(dot, "    n%u [%s, label=\"", id, look);
    append_escaped(dot, node->title);
    if (node->address != NULL)
        g_string_append_printf(dot, "  %s", node->address);
    for (guint i = 0; i < node->lines->len; i++) {
        g_string_append(dot, "\\n");
        append_escaped(dot, g_ptr_array_index(node->lines, i));
    }
    g_string_append(dot, "\"];\n");
}

/* Adds a cluster for each of @boxes, whose nodes are numbered through from *id on. @ids: number by
 * VasTopologyNode. */
static void
add_boxes(GString *dot, const GPtrArray *boxes, GHashTable *ids, guint *id)
{
    for (guint i = 0; i < boxes->len; i++) {
        const VasTopologyBox *box = g_ptr_array_index(boxes, i);

        g_string_append_printf(dot, "  subgraph cluster_%u {\n    label=\"", *id);
        append_escaped(dot, box->title);
        if (box->details != NULL)
            g_string_append_printf(dot, "\\n%s", box->details);
        g_string_append_printf(dot, "\"; style=%s; color=\"#8fa3b8\";\n",
                               box->is_idle ? "\"rounded,dashed\"" : "rounded");
        /* A guest without a device is a cluster, too, and dot drops those without nodes. */
        if (box->nodes->len == 0)
            g_string_append_printf(dot, "    n%u [style=invis];\n", (*id)++);
        for (guint j = 0; j < box->nodes->len; j++) {
            VasTopologyNode *node = g_ptr_array_index(box->nodes, j);

            g_hash_table_insert(ids, node, GUINT_TO_POINTER(*id));
            add_node(dot, node, (*id)++);
        }
        g_string_append(dot, "  }\n");
    }
}

static void
add_edges(GString *dot, const VasTopologyBox *guest, GHashTable *ids)
{
    for (guint i = 0; i < guest->nodes->len; i++) {
        VasTopologyNode *port = g_ptr_array_index(guest->nodes, i);

        g_string_append_printf(dot, "  n%u -> n%u [%s, tooltip=\"%s\"];\n",
                               GPOINTER_TO_UINT(g_hash_table_lookup(ids, port->device)),
                               GPOINTER_TO_UINT(g_hash_table_lookup(ids, port)), edges[port->state],
                               vas_topology_state_meaning(port->state));
    }
}

char *
vas_topology_dot(const VasTopology *topology)
{
    g_autoptr(GHashTable) ids = g_hash_table_new(NULL, NULL);
    GString *dot = g_string_new("digraph topology {\n"
                                "  rankdir=LR; ranksep=2; nodesep=0.12; fontname=\"sans-serif\";\n"
                                "  node [shape=box, fontname=\"monospace\", fontsize=11];\n");
    guint id = 1;

    add_boxes(dot, topology->cards, ids, &id);
    add_boxes(dot, topology->guests, ids, &id);
    for (guint i = 0; i < topology->guests->len; i++)
        add_edges(dot, g_ptr_array_index(topology->guests, i), ids);
    g_string_append(dot, "}\n");
    return g_string_free(dot, FALSE);
}
