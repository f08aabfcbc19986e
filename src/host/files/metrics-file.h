/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* Writes @text, behind a first line that says whose the file is, into the file at @path below the
 * host's root, whole or not at all, for everybody to read. A file there that is neither empty nor
 * ours, and anything but a plain file, stays: VAS_ERROR_CONFLICT. VAS_ERROR_LOCKED: another command
 * writes there. VAS_ERROR_DENIED, VAS_ERROR_FAILED. */
gboolean vas_metrics_file_write(const VasHost *host, const char *path, const char *text,
                                GError **error);

G_END_DECLS
