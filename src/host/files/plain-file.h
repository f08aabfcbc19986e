/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

#include <sys/types.h>

G_BEGIN_DECLS

/* Reads the file at @path below the host's root, which has to be a plain one: no link, no FIFO. If
 * @forbidden is not 0, it also has to be the user's own, with none of these permissions. Returns 0
 * or an errno, EPERM: it is not such a file; EFBIG: it has more than @limit bytes. *ret_text is
 * full. */
int vas_read_plain_file(const VasHost *host, const char *path, gsize limit, mode_t forbidden,
                        char **ret_text);

G_END_DECLS
