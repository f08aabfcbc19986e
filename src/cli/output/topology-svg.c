/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/output/topology-svg.h"

#include "cli/output/topology-layout.h"
#include "cli/print/terminal.h"

/* Every text keeps a contrast of at least 4.5:1 to what is below it, every line of 3:1 (WCAG 2.1,
 * 1.4.3 and 1.4.11). No custom properties: not all that show SVG know them. */
static const char style[] =
    "text{font:13px system-ui,'Segoe UI',Roboto,'DejaVu Sans',sans-serif;fill:#1d2733}\n"
    ".head{font-size:20px;font-weight:600}\n"
    ".title{font-weight:600}\n"
    ".name{font:600 13px ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace}\n"
    ".address{font:12px ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace;"
    "text-anchor:end;fill:#4b5866}\n"
    ".line{font-size:12px;fill:#4b5866}\n"
    ".ground{fill:#f6f8fa}\n"
    ".box{fill:#fff;stroke:#c3ccd6}\n"
    ".guest .box{stroke:#8fa3b8}\n"
    ".idle .box{stroke-dasharray:5 4}\n"
    ".node rect{fill:#eef2f6}\n"
    ".pf rect{fill:#d9e5f2}\n"
    ".free rect{fill:#fff;stroke:#dce2e9}\n"
    ".branch{fill:none;stroke:#a9b6c4}\n"
    ".halo{fill:none;stroke:#f6f8fa;stroke-width:6}\n"
    ".wire{fill:none;stroke-width:2}\n"
    ".sign{stroke-width:2}\n"
    ".link:hover .wire{stroke-width:4}\n"
    ".settled{stroke:#0b6e66;fill:#0b6e66}\n"
    ".next-start{stroke:#2259a8;fill:#fff}\n"
    ".until-stop{stroke:#7b3f9d;fill:#7b3f9d}\n"
    ".differs{stroke:#9a4d00;fill:#9a4d00}\n"
    ".pending{stroke:#b01f3a;fill:#b01f3a}\n"
    ".used{stroke:#5a6774;fill:#5a6774}\n"
    ".wire.next-start{stroke-dasharray:8 5}\n"
    ".wire.until-stop{stroke-dasharray:2 4}\n"
    ".wire.differs{stroke-dasharray:16 4}\n"
    ".wire.pending{stroke-dasharray:12 4 2 4}\n"
    ".wire.used{stroke-width:1}\n"
    ".wire{fill:none}\n"
    "text.state{stroke:none;font-weight:600}\n"
    "text.next-start{fill:#2259a8}\n"
    "@media(prefers-color-scheme:dark){\n"
    "text{fill:#e4eaf0}\n"
    ".address,.line{fill:#a9b5c1}\n"
    ".ground{fill:#12181f}\n"
    ".box{fill:#1a222b;stroke:#3c4956}\n"
    ".guest .box{stroke:#5d7186}\n"
    ".node rect{fill:#242e39}\n"
    ".pf rect{fill:#24394f}\n"
    ".free rect{fill:#1a222b;stroke:#303b47}\n"
    ".branch{stroke:#56646f}\n"
    ".halo{stroke:#12181f}\n"
    ".settled{stroke:#53c2b3;fill:#53c2b3}\n"
    ".next-start{stroke:#82b1f2;fill:#1a222b}\n"
    ".until-stop{stroke:#cb9be6;fill:#cb9be6}\n"
    ".differs{stroke:#eda65a;fill:#eda65a}\n"
    ".pending{stroke:#ff8a99;fill:#ff8a99}\n"
    ".used{stroke:#9aa7b4;fill:#9aa7b4}\n"
    ".wire{fill:none}\n"
    "text.next-start{fill:#82b1f2}\n"
    "}\n";

static const char heading[] = "Host devices and guests";

/* The signs at a link's end, around 0, 0: each state has a shape of its own. */
static const char *const signs[] = {
    [VAS_TOPOLOGY_SETTLED] = "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z",
    [VAS_TOPOLOGY_NEXT_START] = "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z",
    [VAS_TOPOLOGY_UNTIL_STOP] = "M-7 0L0-7L7 0L0 7z",
    [VAS_TOPOLOGY_DIFFERS] = "M-7 6L0-7L7 6z",
    [VAS_TOPOLOGY_PENDING] = "M-5-5h10v10h-10z",
    [VAS_TOPOLOGY_USED] = "M0-6v12",
};
G_STATIC_ASSERT(G_N_ELEMENTS(signs) == VAS_TOPOLOGY_N_STATES);

/* @start is the element's tag with its attributes. */
static void
add_element(GString *svg, const char *start, const char *name, const char *text)
{
    g_autofree char *escaped = g_markup_escape_text(text, -1);

    g_string_append_printf(svg, "%s%s</%s>\n", start, escaped, name);
}

/* A text that is cut is whole where the pointer rests on it. */
static void
add_text(GString *svg, const char *class_name, int x, int y, const char *text)
{
    g_autofree char *cut = vas_terminal_cut(text, VAS_LAYOUT_CUT, TRUE);
    g_autofree char *escaped = g_markup_escape_text(cut, -1);

    g_string_append_printf(svg, "<text class=\"%s\" x=\"%d\" y=\"%d\">", class_name, x, y);
    if (!g_str_equal(cut, text))
        add_element(svg, "<title>", "title", text);
    g_string_append_printf(svg, "%s</text>\n", escaped);
}

static void
add_rectangle(GString *svg, const char *class_name, int x, int y, int width, int height, int radius)
{
    g_string_append_printf(svg,
                           "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
                           "rx=\"%d\"/>\n",
                           class_name, x, y, width, height, radius);
}

static void
add_sign(GString *svg, VasTopologyState state, int x, int y)
{
    g_string_append_printf(svg,
                           "<path class=\"sign %s\" transform=\"translate(%d %d)\" d=\"%s\"/>\n",
                           vas_topology_state_name(state), x, y, signs[state]);
}

static const char *
node_class(const VasTopologyNode *node)
{
    if (node->kind == VAS_TOPOLOGY_PF)
        return "node pf";
    return node->kind != VAS_TOPOLOGY_PORT && node->links == 0 ? "node free" : "node";
}

/* The last line of a port says its state, if there is something to say. */
static gboolean
is_state_line(const VasTopologyNode *node, guint line)
{
    return node->kind == VAS_TOPOLOGY_PORT && line == 1;
}

static void
add_node(GString *svg, const VasTopologyNode *node)
{
    int x = node->x + VAS_LAYOUT_PADDING;
    int y = node->y + VAS_LAYOUT_FIRST_LINE;

    g_string_append_printf(svg, "<g class=\"%s\">\n", node_class(node));
    add_rectangle(svg, "place", node->x, node->y, node->width, node->height, 5);
    add_text(svg, "name", x, y, node->title);
    if (node->address != NULL)
        add_text(svg, "address", node->x + node->width - VAS_LAYOUT_PADDING, y, node->address);
    for (guint i = 0; i < node->lines->len; i++) {
        g_autofree char *class_name = NULL;

        class_name = is_state_line(node, i)
                         ? g_strdup_printf("line state %s", vas_topology_state_name(node->state))
                         : g_strdup("line");
        y += VAS_LAYOUT_LINE;
        add_text(svg, class_name, x, y, g_ptr_array_index(node->lines, i));
    }
    g_string_append(svg, "</g>\n");
}

/* Draws the lines from a PF to its VFs. */
static void
add_branches(GString *svg, const VasTopologyBox *card)
{
    int top = 0;

    for (guint i = 0; i < card->nodes->len; i++) {
        const VasTopologyNode *node = g_ptr_array_index(card->nodes, i);
        int y = node->y + node->height / 2;

        if (node->kind == VAS_TOPOLOGY_VF) {
            int x = node->x - VAS_LAYOUT_INDENT / 2;

            g_string_append_printf(svg, "<path class=\"branch\" d=\"M%d %dV%dH%d\"/>\n", x, top, y,
                                   node->x);
            top = y;
        } else {
            top = node->y + node->height;
        }
    }
}

static void
add_boxes(GString *svg, const GPtrArray *boxes, const char *class_name)
{
    for (guint i = 0; i < boxes->len; i++) {
        const VasTopologyBox *box = g_ptr_array_index(boxes, i);
        int x = box->x + VAS_LAYOUT_PADDING;
        int y = box->y + VAS_LAYOUT_FIRST_LINE;

        g_string_append_printf(svg, "<g class=\"%s%s\">\n", class_name,
                               box->is_idle ? " idle" : "");
        add_rectangle(svg, "box", box->x, box->y, box->width, box->height, 8);
        add_text(svg, "title", x, y, box->title);
        if (box->details != NULL)
            add_text(svg, "line", x, y + VAS_LAYOUT_LINE, box->details);
        add_branches(svg, box);
        for (guint j = 0; j < box->nodes->len; j++)
            add_node(svg, g_ptr_array_index(box->nodes, j));
        g_string_append(svg, "</g>\n");
    }
}

/* Links of one device leave it one below another. */
static void
add_link(GString *svg, const VasTopologyBox *guest, const VasTopologyNode *port, guint place)
{
    const VasTopologyNode *device = port->device;
    int from_x = device->x + device->width;
    int from_y = device->y + device->height * (int) (place + 1) / (int) (device->links + 1);
    int to_y = port->y + port->height / 2;
    int bend = (port->x - from_x) / 2;
    g_autofree char *path =
        g_strdup_printf("M%d %dC%d %d %d %d %d %d", from_x, from_y, from_x + bend, from_y,
                        port->x - bend, to_y, port->x, to_y);
    g_autofree char *title = g_strdup_printf("%s: %s %s", guest->title, device->label,
                                             vas_topology_state_meaning(port->state));

    g_string_append(svg, "<g class=\"link\">\n");
    add_element(svg, "<title>", "title", title);
    g_string_append_printf(svg, "<path class=\"halo\" d=\"%s\"/>\n", path);
    g_string_append_printf(svg, "<path class=\"wire %s\" d=\"%s\"/>\n",
                           vas_topology_state_name(port->state), path);
    add_sign(svg, port->state, port->x, to_y);
    g_string_append(svg, "</g>\n");
}

static void
add_links(GString *svg, const VasTopology *topology)
{
    g_autoptr(GHashTable) places = g_hash_table_new(NULL, NULL);

    for (guint i = 0; i < topology->guests->len; i++) {
        const VasTopologyBox *guest = g_ptr_array_index(topology->guests, i);

        for (guint j = 0; j < guest->nodes->len; j++) {
            const VasTopologyNode *port = g_ptr_array_index(guest->nodes, j);
            guint place = GPOINTER_TO_UINT(g_hash_table_lookup(places, port->device));

            add_link(svg, guest, port, place);
            g_hash_table_insert(places, port->device, GUINT_TO_POINTER(place + 1));
        }
    }
}

static void
add_legend(GString *svg, const VasTopology *topology)
{
    int y = topology->height - VAS_LAYOUT_MARGIN + VAS_LAYOUT_LEGEND_LINE / 2;

    for (int i = VAS_TOPOLOGY_N_STATES - 1; i >= 0; i--) {
        VasTopologyState state = (VasTopologyState) i;
        int x = VAS_LAYOUT_MARGIN;

        if (!vas_topology_has_state(topology, state))
            continue;
        y -= VAS_LAYOUT_LEGEND_LINE;
        g_string_append_printf(svg, "<path class=\"wire %s\" d=\"M%d %dh42\"/>\n",
                               vas_topology_state_name(state), x, y);
        add_sign(svg, state, x + 42, y);
        add_text(svg, "line", x + VAS_LAYOUT_LEGEND_TEXT, y + 4, vas_topology_state_meaning(state));
    }
}

char *
vas_topology_svg(VasTopology *topology)
{
    g_autofree char *summary = vas_topology_summary(topology);
    g_autofree char *description = NULL;
    GString *svg = g_string_new("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");

    vas_topology_lay_out(topology);
    description = vas_topology_describe(topology);
    g_string_append_printf(svg,
                           "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
                           "viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"title desc\">\n",
                           topology->width, topology->height, topology->width, topology->height);
    add_element(svg, "<title id=\"title\">", "title", heading);
    add_element(svg, "<desc id=\"desc\">", "desc", description);
    add_element(svg, "<style>", "style", style);
    add_rectangle(svg, "ground", 0, 0, topology->width, topology->height, 0);
    add_text(svg, "head", VAS_LAYOUT_MARGIN, VAS_LAYOUT_MARGIN + 18, heading);
    add_text(svg, "line", VAS_LAYOUT_MARGIN, VAS_LAYOUT_MARGIN + 40, summary);
    add_boxes(svg, topology->cards, "card");
    add_boxes(svg, topology->guests, "guest");
    add_links(svg, topology);
    add_legend(svg, topology);
    g_string_append(svg, "</svg>\n");
    return g_string_free(svg, FALSE);
}
