/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/sriov/sriov-map.h"

G_BEGIN_DECLS

/* Finds what makes the VFs of @pf again at the next boot, "FILE: LINE": a udev rule, a systemd
 * .link file, a NetworkManager connection, a service or a script that writes sriov_numvfs, a
 * driver's max_vfs option. It has to name the PF by address, interface or MAC (an option: by
 * driver). Only the administrator's files, below /etc, are looked at. NULL: nothing. Returns
 * full. */
char *vas_saved_vfs_find(const VasHost *host, const VasMappedPf *pf);

G_END_DECLS
