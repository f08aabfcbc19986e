/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xml/document.h"

G_BEGIN_DECLS

/* The host's NUMA node that an expander bus of @domain is near, given its <target> (or NULL): the
 * one that the memory of its guest node is bound to (<numatune>), or, when nothing is bound, the
 * one with the same number. -1: it has no <node>, or the memory may be on several. */
int vas_numa_xml_host_node(const xmlNode *domain, const xmlNode *target);

G_END_DECLS
