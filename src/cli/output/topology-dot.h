/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli/output/topology.h"

G_BEGIN_DECLS

/* Writes @topology in Graphviz's language, to be laid out by dot. Returns full. */
char *vas_topology_dot(const VasTopology *topology);

G_END_DECLS
