/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"
#include "core/journal/operation.h"
#include "core/report/recovery.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* Sees what became of the host-detach or host-reattach that @operation is the record of: FINISHED
 * if all of its devices are where they were to go, else all are put back to the drivers and
 * driver_overrides they had, and proven: UNDONE. The caller holds the locks on them and has read
 * @inventory after that. Nothing is moved if one of them cannot be: a guest or a process has it,
 * its driver is not to be had, it has become critical. */
gboolean vas_recover_binding(const VasContext *context, const VasInventory *inventory,
                             const VasOperation *operation, VasRecoveryOutcome *ret_outcome,
                             GError **error);

G_END_DECLS
