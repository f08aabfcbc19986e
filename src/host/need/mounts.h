/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* A mounted file system, by /proc/PID/mountinfo (proc_pid_mountinfo(5)). */
typedef struct {
    char *number; /* "8:1", of its block device; "0:N" where the kernel made up one */
    char *point;
    char *source; /* "/dev/sda1", or whatever the file system calls it */
} VasMount;

/* Those of the machine's first process: the caller may have others. Shortest path first; of one on
 * top of another the upper one first. What is not to be had is VAS_ERROR; a host without /proc has
 * none. GPtrArray of VasMount. Returns full. */
GPtrArray *vas_mounts_read(const VasHost *host, GError **error);

/* The one that @path is on; NULL: none. Borrowed. */
const VasMount *vas_mounts_find(const GPtrArray *mounts, const char *path);

G_END_DECLS
