/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* libvirt's own event loop, run by one thread for as long as somebody needs it: without it there
 * are no events and no keepalive (virConnectSetKeepAlive).
 *
 * libvirt has one event loop implementation a process, registered for good, and knows it in globals
 * of its own. What stands here is for that reason the one piece of process-wide state in the
 * library. */

/* Makes sure that the loop runs; each call has to be matched by one of vas_virt_loop_release. It
 * has to run before the first connection is opened: a connection without a loop stays without one.
 * VAS_ERROR_FAILED. Any thread but the loop's own. */
gboolean vas_virt_loop_acquire(GError **error);

/* The last one stops the thread and waits for it. */
void vas_virt_loop_release(void);

G_END_DECLS
