/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/need/mounts.h"

G_BEGIN_DECLS

/* A disk that something lies on, and the way down to it. */
typedef struct {
    char *chain;       /* "dm-0 (vg-root) on md0 on sda1 on sda" */
    GArray *functions; /* VasHostAddress: the PCI functions above the disk, the outermost first */
} VasBlockPath;

/* The disks below a mounted file system: through partitions, device mapper (LVM, dm-crypt,
 * multipath), md, bcache, loop devices on files, several devices of one btrfs, several controllers
 * of one NVMe namespace. Empty: none on this machine (network, memory, and ZFS, whose devices only
 * its own tools know). GPtrArray of VasBlockPath. Return full. */
GPtrArray *vas_block_paths_of_mount(const VasHost *host, const GPtrArray *mounts,
                                    const VasMount *mount);
/* The same below a device node, or else below a file on a mounted file system. */
GPtrArray *vas_block_paths_of_node(const VasHost *host, const GPtrArray *mounts, const char *path);

/* Opens the block device at @path for itself alone, and closes it at once: the kernel refuses that
 * as long as somebody else has it so (bd_prepare_to_claim in block/bdev.c). It is for commands that
 * are about to take the device. A VasClaimReader; @data is not used. */
gboolean vas_block_device_is_claimed(const char *path, gpointer data);

G_END_DECLS
