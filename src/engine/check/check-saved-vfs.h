/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/sriov/sriov-map.h"

G_BEGIN_DECLS

/* Adds the findings host.saved-vfs about @pfs (VasMappedPf): whether the next boot makes the VFs
 * again that are there now, and host.vf-writers where programs get in each other's way about VFs.
 */
void vas_check_saved_vfs(const VasHost *host, const GPtrArray *pfs, GPtrArray *findings);

G_END_DECLS
