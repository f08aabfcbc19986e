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

typedef enum {
    VAS_SETTINGS_READ,
    VAS_SETTINGS_MASKED, /* empty, or a link to /dev/null: it only hides others of its name */
    VAS_SETTINGS_UNREADABLE,
} VasSettingsState;

/* Reads the settings of another program, at most 256 KiB from the plain file at @path or the one
 * that links there lead to. *ret_text is full, and NULL unless it was read. */
VasSettingsState vas_read_settings_file(const VasHost *host, const char *path, char **ret_text);

G_END_DECLS
