/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/report/recovery.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* Finishes or undoes the commands about the host alone (vfs, host-detach, host-reattach) that were
 * killed, by their records (engine/journal/record-file.h), if they are about one of @devices
 * (GArray of VasHostAddress; NULL: all). A command is finished if all is as it was to be; else all
 * is put back as it was before, by what the command's own undo does, and proven; what has gone from
 * the machine meanwhile counts for neither and is told as a NOTE. Whatever a guest or a process has
 * got since is left alone: the recovery has failed then, and the record stays.
 *
 * Takes the locks on the recorded devices, waiting up to @timeout seconds: a record whose command
 * still runs does not concern us, and it is gone when the command has ended. Not to be called with
 * locks held.
 *
 * Adds a VasRecovery for each to @recoveries, full. FALSE only when it cannot be told which records
 * there are: VAS_ERROR_DENIED, VAS_ERROR_FAILED. Where the host is another machine there are none.
 */
gboolean vas_recover_host(const VasContext *context, const GArray *devices, guint timeout,
                          GPtrArray *recoveries, GError **error);

/* Does the same before a command for the devices that @names (NULL-terminated) fit, with their PFs
 * and VFs and, with @whole_group, their IOMMU groups; each recovery that succeeded is told as a
 * NOTE. FALSE when one failed (vas_recoveries_error). Where records cannot be looked at (no root)
 * the command goes on. With @dry_run nothing is done: a NOTE says which command did not end. */
gboolean vas_recover_host_first(const VasContext *context, const char *const *names,
                                gboolean whole_group, guint timeout, gboolean dry_run,
                                GError **error);

G_END_DECLS
