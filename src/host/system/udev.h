/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* Whether udevd has events in hand: /run/udev/queue is there as long as it has (udev_queue_is_empty
 * in systemd's src/shared/udev-util.c). It takes the kernel's events a moment after they come: one
 * FALSE does not say that all are through. FALSE as well where there is no udevd. */
gboolean vas_udev_is_busy(const VasHost *host);

G_END_DECLS
