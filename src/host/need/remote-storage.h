/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* Storage that this machine has from another one. */
typedef struct {
    char *use;      /* "network file system /srv from 10.0.0.5" */
    char *evidence; /* the file that says so */
    char *address;  /* this machine's own end if the kernel tells it, else the server's */
} VasRemoteStorage;

/* Finds the servers of network file systems in @mounts (vas_mounts_read), of iSCSI sessions and of
 * NVMe over TCP and RDMA. The kernel does not tell the servers of NBD, RBD, FUSE and of the disks
 * that QEMU itself has from the network. GPtrArray of VasRemoteStorage. Returns full. */
GPtrArray *vas_remote_storage_read(const VasHost *host, const GPtrArray *mounts);

G_END_DECLS
