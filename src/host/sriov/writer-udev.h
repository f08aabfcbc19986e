/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/sriov/sriov-map.h"

G_BEGIN_DECLS

/* Adds to @writers (VasVfWriter) the rules of udev(7) that write the sriov_numvfs of @pf, or may,
 * but not that of the file at @own_path (NULL: none). The last one that certainly does counts. */
void vas_writer_udev_find(const VasHost *host, const VasMappedPf *pf, const char *own_path,
                          GPtrArray *writers);

G_END_DECLS
