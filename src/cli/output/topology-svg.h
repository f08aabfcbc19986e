/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli/output/topology.h"

G_BEGIN_DECLS

/* Draws @topology, which it lays out, as an SVG document that needs nothing beside it: its colours
 * follow the reader's choice of light or dark, its text can be selected, and its description says
 * in words what it shows. Returns full. */
char *vas_topology_svg(VasTopology *topology);

G_END_DECLS
