/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

#include <sys/types.h>

G_BEGIN_DECLS

/* Writes @text into the file at @path below the host's root, with @mode: another file in its place,
 * so that whoever reads it finds the old text or the new one, also after a crash; a link there is
 * replaced, not followed. Whoever writes it holds its lock. Its folder has to be there. Returns 0
 * or an errno. */
int vas_replace_file(const VasHost *host, const char *path, const char *text, mode_t mode);

/* Makes the file in the same way, unless there is one already (EEXIST): of several that make it at
 * once, one does. No lock is needed. */
int vas_create_file(const VasHost *host, const char *path, const char *text, mode_t mode);

/* Removes the file at @path. A file that is not there gives an errno, too. */
int vas_remove_file(const VasHost *host, const char *path);

G_END_DECLS
