/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* A mounted file system, by /proc/PID/mountinfo (proc_pid_mountinfo(5)). */
typedef struct {
    char *number; /* "8:1", of its block device; "0:N" where the kernel made up one */
    char *point;
    char *type;    /* "ext4", "fuse.sshfs" */
    char *source;  /* "/dev/sda1", or whatever the file system calls it */
    char *options; /* of the file system: "rw,vers=4.2,addr=10.0.0.5" */
} VasMount;

/* Reads the mounts of the machine's first process: the caller may have others. Shortest path first;
 * of several on one path the uppermost first. A table that cannot be read is VAS_ERROR; a host
 * without /proc has no mounts. GPtrArray of VasMount. Returns full. */
GPtrArray *vas_mounts_read(const VasHost *host, GError **error);

/* The mount that @path is on; NULL: none. Borrowed. */
const VasMount *vas_mounts_find(const GPtrArray *mounts, const char *path);

G_END_DECLS
