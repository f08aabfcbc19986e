/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/sriov/sriov-map.h"
#include "host/sriov/vf-writer.h"

G_BEGIN_DECLS

/* Reads what other programs than virt-assign keep about the VFs of @pf for the next boot. GPtrArray
 * of VasVfWriter; those that are certain come first. Returns full. */
GPtrArray *vas_saved_vfs_list(const VasHost *host, const VasMappedPf *pf);

/* The first of @writers that is certain; NULL: none. Borrowed. */
const VasVfWriter *vas_saved_vfs_certain(const GPtrArray *writers);

G_END_DECLS
