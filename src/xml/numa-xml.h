/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xml/document.h"

G_BEGIN_DECLS

/* The host's NUMA nodes that <numatune> binds the memory of @domain to, by guest node. Returns
 * full. */
GHashTable *vas_numa_xml_bindings(const xmlNode *domain);

/* The host's NUMA node that an expander bus is near, given its <target> (or NULL): the one that the
 * memory of its guest node is bound to, or, when nothing is bound, the one with the same number.
 * -1: it has no <node>, or the memory may be on several. */
int vas_numa_xml_host_node(GHashTable *bindings, const xmlNode *target);

G_END_DECLS
