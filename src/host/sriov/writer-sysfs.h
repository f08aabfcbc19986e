/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/sriov/sriov-map.h"

G_BEGIN_DECLS

/* Adds to @writers (VasVfWriter) the lines that write the sriov_numvfs of @pf, of sysfsutils
 * (/etc/sysfs.conf, /etc/sysfs.d) and of systemd-tmpfiles (tmpfiles.d(5), type w). The last one of
 * either counts. */
void vas_writer_sysfs_find(const VasHost *host, const VasMappedPf *pf, GPtrArray *writers);

G_END_DECLS
