/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli/output/topology.h"

G_BEGIN_DECLS

/* Pixels that the drawing keeps to. */
#define VAS_LAYOUT_MARGIN 28      /* around the picture */
#define VAS_LAYOUT_HEAD 64        /* height of the picture's title */
#define VAS_LAYOUT_PADDING 14     /* within a box and a node, from side to side */
#define VAS_LAYOUT_FIRST_LINE 23  /* from the top of a node, or box, to the base of its title */
#define VAS_LAYOUT_LINE 18        /* from there to the next line, and so on */
#define VAS_LAYOUT_LEGEND_LINE 24 /* height of a line of the legend */
#define VAS_LAYOUT_LEGEND_TEXT 62 /* from the legend's left to its text */
#define VAS_LAYOUT_INDENT 22      /* of a VF below its PF */
#define VAS_LAYOUT_CUT 64         /* columns of the longest text that is not cut */

/* Gives boxes and nodes their places: cards on the left, guests on the right, each near the devices
 * that it has, nothing above another. Guests are put in that order. */
void vas_topology_lay_out(VasTopology *topology);

/* Whether @topology has a port in @state: the legend explains no others. */
gboolean vas_topology_has_state(const VasTopology *topology, VasTopologyState state);

G_END_DECLS
