/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/sriov/sriov-map.h"

G_BEGIN_DECLS

/* Adds to @writers (VasVfWriter) what NetworkManager has about the VFs of @pf: connection profiles
 * with [sriov], which give the PF total-vfs as they are activated, and sriov-num-vfs in
 * NetworkManager.conf(5). */
void vas_writer_network_manager_find(const VasHost *host, const VasMappedPf *pf,
                                     GPtrArray *writers);

G_END_DECLS
