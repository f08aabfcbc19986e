/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/base/context.h"

G_BEGIN_DECLS

/* A crew works on several guests at once, so that a command takes the time of its slowest guest and
 * not of all together. Each job has a thread and a context to itself: a connection and a watch, an
 * interrupt with its own shield. All share the caller's host, which is only read, and locks, which
 * keep jobs off each other's devices as they do commands. */

/* This many jobs are at work at once: a call of each may stand still, and libvirtd has 20 workers
 * for all its clients, and works on 5 calls of a client (max_workers and max_client_requests in
 * src/remote/libvirtd.conf.in). */
#define VAS_CREW_MAX 5

/* Does @job. FALSE: libvirt is lost, @context of no further use. */
typedef gboolean (*VasCrewFunc)(const VasContext *context, gpointer job);

/* Has @work called once for each of @jobs, begun in their order, and returns when all are done.
 * Only one of them calls @context's progress at a time. One job alone is done in this thread, with
 * @context itself, and so are those that are left when all others have lost libvirt.
 * VAS_ERROR of VasHypervisor.clone: nothing was begun. */
gboolean vas_crew_run(const VasContext *context, const GPtrArray *jobs, VasCrewFunc work,
                      GError **error);

G_END_DECLS
