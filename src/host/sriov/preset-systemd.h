/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/sriov/sriov-map.h"

G_BEGIN_DECLS

/* Adds to @presets (VasVfPreset) the [SR-IOV] sections for VFs of @pf: of .link files, which
 * systemd-udevd writes at each "add" or "bind" of the PF's interface, udevadm trigger -c add
 * included, and of .network files, which systemd-networkd writes as it configures the interface. */
void vas_preset_systemd_find(const VasHost *host, const VasMappedPf *pf, GPtrArray *presets);

G_END_DECLS
