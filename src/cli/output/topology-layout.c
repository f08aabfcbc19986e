/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/output/topology-layout.h"

#include "cli/print/terminal.h"

#include <stdlib.h>

/* A picture shows on machines whose fonts are not known here: no common font of the sizes that are
 * used, bold ones included, needs more pixels for a column. */
#define COLUMN 8
#define TITLE_COLUMN 9

#define BOX_HEAD 32         /* with the title only */
#define BOX_HEAD_DETAILS 52 /* with a second line */
#define NODE_HEAD 34        /* with the title only */
#define NODE_GAP 6
#define BOX_GAP 26
#define BETWEEN_WORDS 24 /* of a title and the address beside it */
#define LINKS_WIDTH 220  /* between the two sides, and */
#define LINKS_MORE 6     /* so much more for each link, up to */
#define LINKS_WIDEST 420
#define LEGEND_GAP 22

static int
text_width(const char *text, int column)
{
    return (int) MIN(vas_terminal_text_width(text), VAS_LAYOUT_CUT) * column;
}

static int
node_indent(const VasTopologyNode *node)
{
    return node->kind == VAS_TOPOLOGY_VF ? VAS_LAYOUT_INDENT : 0;
}

static int
node_width(const VasTopologyNode *node)
{
    int width = text_width(node->title, TITLE_COLUMN);

    if (node->address != NULL)
        width += BETWEEN_WORDS + text_width(node->address, COLUMN);
    for (guint i = 0; i < node->lines->len; i++)
        width = MAX(width, text_width(g_ptr_array_index(node->lines, i), COLUMN));
    return node_indent(node) + width + 2 * VAS_LAYOUT_PADDING;
}

static int
box_width(const VasTopologyBox *box)
{
    int width = text_width(box->title, TITLE_COLUMN);

    for (guint i = 0; i < box->nodes->len; i++)
        width = MAX(width, node_width(g_ptr_array_index(box->nodes, i)));
    return width + 2 * VAS_LAYOUT_PADDING;
}

static int
head_height(const VasTopologyBox *box)
{
    return box->details != NULL ? BOX_HEAD_DETAILS : BOX_HEAD;
}

/* Makes all boxes of a side as wide as the widest. */
static int
set_sizes(const GPtrArray *boxes, int x)
{
    int width = 0;

    for (guint i = 0; i < boxes->len; i++)
        width = MAX(width, box_width(g_ptr_array_index(boxes, i)));
    for (guint i = 0; i < boxes->len; i++) {
        VasTopologyBox *box = g_ptr_array_index(boxes, i);

        box->x = x;
        box->width = width;
        box->height = head_height(box) + VAS_LAYOUT_PADDING - NODE_GAP;
        for (guint j = 0; j < box->nodes->len; j++) {
            VasTopologyNode *node = g_ptr_array_index(box->nodes, j);

            node->x = x + VAS_LAYOUT_PADDING + node_indent(node);
            node->width = x + width - VAS_LAYOUT_PADDING - node->x;
            node->height = NODE_HEAD + (int) node->lines->len * VAS_LAYOUT_LINE;
            box->height += node->height + NODE_GAP;
        }
    }
    return width;
}

static void
put_box(VasTopologyBox *box, int y)
{
    box->y = y;
    y += head_height(box);
    for (guint i = 0; i < box->nodes->len; i++) {
        VasTopologyNode *node = g_ptr_array_index(box->nodes, i);

        node->y = y;
        y += node->height + NODE_GAP;
    }
}

/* Returns where the side ends. */
static int
put_one_below_another(const GPtrArray *boxes, int y)
{
    for (guint i = 0; i < boxes->len; i++) {
        VasTopologyBox *box = g_ptr_array_index(boxes, i);

        put_box(box, y);
        y += box->height + BOX_GAP;
    }
    return boxes->len > 0 ? y - BOX_GAP : y;
}

static int
middle(const VasTopologyNode *node)
{
    return node->y + node->height / 2;
}

/* The height at which the links of a guest would run level; a guest without any goes to the end. */
static int
level_of(const VasTopologyBox *guest)
{
    gint64 sum = 0;

    for (guint i = 0; i < guest->nodes->len; i++)
        sum += middle(((const VasTopologyNode *) g_ptr_array_index(guest->nodes, i))->device);
    return guest->nodes->len > 0 ? (int) (sum / guest->nodes->len) : G_MAXINT;
}

static int
compare_ports(gconstpointer a, gconstpointer b)
{
    const VasTopologyNode *first = *(const VasTopologyNode *const *) a;
    const VasTopologyNode *second = *(const VasTopologyNode *const *) b;

    return first->device->y - second->device->y;
}

static int
compare_guests(gconstpointer a, gconstpointer b)
{
    int first = level_of(*(const VasTopologyBox *const *) a);
    int second = level_of(*(const VasTopologyBox *const *) b);

    return (first > second) - (first < second);
}

/* Moves each guest down to its level as far as those behind it have room above @end. */
static void
put_level(const GPtrArray *guests, int start, int end)
{
    int room = end + BOX_GAP;

    for (guint i = 0; i < guests->len; i++)
        room -= ((const VasTopologyBox *) g_ptr_array_index(guests, i))->height + BOX_GAP;
    room -= start;
    for (guint i = 0; i < guests->len; i++) {
        VasTopologyBox *guest = g_ptr_array_index(guests, i);
        int level = level_of(guest);
        int down = level == G_MAXINT ? 0 : level - guest->height / 2 - start;

        down = CLAMP(down, 0, MAX(room, 0));
        put_box(guest, start + down);
        start += down + guest->height + BOX_GAP;
        room -= down;
    }
}

static guint
count_ports(const GPtrArray *guests)
{
    guint count = 0;

    for (guint i = 0; i < guests->len; i++)
        count += ((const VasTopologyBox *) g_ptr_array_index(guests, i))->nodes->len;
    return count;
}

gboolean
vas_topology_has_state(const VasTopology *topology, VasTopologyState state)
{
    for (guint i = 0; i < topology->guests->len; i++) {
        const VasTopologyBox *guest = g_ptr_array_index(topology->guests, i);

        for (guint j = 0; j < guest->nodes->len; j++) {
            if (((const VasTopologyNode *) g_ptr_array_index(guest->nodes, j))->state == state)
                return TRUE;
        }
    }
    return FALSE;
}

static void
set_picture_size(VasTopology *topology, int right, int bottom)
{
    int legend_width = 0;
    int legend_height = 0;

    for (int i = 0; i < VAS_TOPOLOGY_N_STATES; i++) {
        VasTopologyState state = (VasTopologyState) i;
        int width = VAS_LAYOUT_LEGEND_TEXT + text_width(vas_topology_state_meaning(state), COLUMN);

        if (!vas_topology_has_state(topology, state))
            continue;
        legend_height += VAS_LAYOUT_LEGEND_LINE;
        legend_width = MAX(legend_width, width);
    }
    topology->width = MAX(right, VAS_LAYOUT_MARGIN + legend_width) + VAS_LAYOUT_MARGIN;
    topology->height =
        bottom + (legend_height > 0 ? LEGEND_GAP + legend_height : 0) + VAS_LAYOUT_MARGIN;
}

void
vas_topology_lay_out(VasTopology *topology)
{
    GPtrArray *guests = topology->guests;
    int links = LINKS_WIDTH + (int) MIN(count_ports(guests), LINKS_WIDEST) * LINKS_MORE;
    int top = VAS_LAYOUT_MARGIN + VAS_LAYOUT_HEAD;
    int left = set_sizes(topology->cards, VAS_LAYOUT_MARGIN);
    int right_x = VAS_LAYOUT_MARGIN + left + MIN(links, LINKS_WIDEST);
    int right = set_sizes(guests, right_x);
    int bottom = put_one_below_another(topology->cards, top);

    for (guint i = 0; i < guests->len; i++)
        g_ptr_array_sort(((VasTopologyBox *) g_ptr_array_index(guests, i))->nodes, compare_ports);
    g_ptr_array_sort(guests, compare_guests);
    bottom = MAX(bottom, put_one_below_another(guests, top));
    put_level(guests, top, bottom);
    set_picture_size(topology, right_x + right, bottom);
}
