/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* Our files in /run/virt-assign, root's own folder, are about the host alone; they outlive a
 * command, and go at a reboot with the state that they tell of. A folder that is a link, belongs to
 * somebody else or is open to others is not used (EPERM), nor is a file that is not a plain one.
 * All return 0 or an errno. */

/* "/run/virt-assign/@name". Returns full. */
char *vas_run_file_path(const char *name);

/* Puts @text in the place of the earlier one, whole or not at all; the folder is made if need
 * be. */
int vas_run_file_write(const VasHost *host, const char *name, const char *text);

/* ENOENT: there is none. EFBIG: it has more than @limit bytes. *ret_text is full. */
int vas_run_file_read(const VasHost *host, const char *name, gsize limit, char **ret_text);

/* ENOENT: there is none. */
int vas_run_file_remove(const VasHost *host, const char *name);

/* The names of all files that begin with @prefix, sorted; none where there is no folder. *ret_names
 * is full. */
int vas_run_file_list(const VasHost *host, const char *prefix, GStrv *ret_names);

G_END_DECLS
