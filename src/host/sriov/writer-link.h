/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/sriov/sriov-map.h"

G_BEGIN_DECLS

/* Adds to @writers (VasVfWriter) the lines of systemd's .link files (systemd.link(5)) that give @pf
 * its VFs: SR-IOVVirtualFunctions=, or the highest VirtualFunction= of [SR-IOV]. The first file
 * that fits an interface is the only one that counts. */
void vas_writer_link_find(const VasHost *host, const VasMappedPf *pf, GPtrArray *writers);

G_END_DECLS
