/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/device/device.h"
#include "host/system/host.h"

G_BEGIN_DECLS

/* Finds the processes of the host that use @device through its driver: those that have a device
 * node open which the kernel made for it or below it (/dev/dri/card0, /dev/nvme0n1p1, /dev/uio0),
 * those with a packet socket for all that comes on its network interfaces, and the kernel itself
 * where it has a block device for itself alone (VasHost.is_claimed). An unbind of the driver would
 * wait for them. All of /proc is looked through once, and only if there is such a node or socket.
 * *ret_all is FALSE where not all processes may be looked at. GPtrArray of char *, "Xorg (812) has
 * /dev/dri/card0 open". Returns full. */
GPtrArray *vas_device_users_find(const VasHost *host, const VasDevice *device, gboolean *ret_all);

G_END_DECLS
