/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/sriov/sriov-map.h"

G_BEGIN_DECLS

/* Adds to @writers (VasVfWriter) the "virtual-function-count: N" of netplan's YAML files that means
 * @pf. Of YAML only nested "KEY: VALUE" lines are read; where a file has more than that about the
 * PF, a doubt says so. */
void vas_writer_netplan_find(const VasHost *host, const VasMappedPf *pf, GPtrArray *writers);

G_END_DECLS
