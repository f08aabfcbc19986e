/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/sriov/sriov-map.h"

G_BEGIN_DECLS

/* Adds to @presets (VasVfPreset) what NetworkManager's profiles have for VFs of @pf: sriov.vfs,
 * which is written as the profile is activated, since 1.56 also as it is applied again. */
void vas_preset_network_manager_find(const VasHost *host, const VasMappedPf *pf,
                                     GPtrArray *presets);

G_END_DECLS
