/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/sriov/sriov-map.h"

G_BEGIN_DECLS

/* Adds to @writers (VasVfWriter) the line "options DRIVER max_vfs=N" of modprobe.d(5) for the
 * driver of @pf: an option of drivers outside the kernel's tree, and of a few in it. It counts for
 * all PFs of the driver. */
void vas_writer_modprobe_find(const VasHost *host, const VasMappedPf *pf, GPtrArray *writers);

G_END_DECLS
