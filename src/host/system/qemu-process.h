/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* Tells how much memory the QEMU of the running guest @name may lock now, in bytes (G_MAXUINT64:
 * any), from /proc/PID/limits with the PID of libvirt's /run/libvirt/qemu/NAME.pid. *ret_evidence:
 * that file and its line; full. VAS_ERROR_DENIED for a caller who is not root;
 * VAS_ERROR_NOT_FOUND. */
gboolean vas_qemu_memory_lock(const VasHost *host, const char *name, guint64 *ret_bytes,
                              char **ret_evidence, GError **error);

G_END_DECLS
