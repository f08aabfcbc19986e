/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"
#include "core/journal/operation.h"
#include "core/report/recovery.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* Sees what became of the `vfs` that @operation is the record of, and puts back what is neither as
 * it was to be nor as it was: count, autoprobe and udev rule, as far as that command was to change
 * them. *ret_outcome FINISHED or UNDONE. The caller holds the locks on the PF and has read
 * @inventory after that. VFs that a guest or a process has are not removed: VAS_ERROR_IN_USE, and
 * the errors of vas_rules_check_vf_count. */
gboolean vas_recover_vfs(const VasContext *context, const VasInventory *inventory,
                         const VasOperation *operation, VasRecoveryOutcome *ret_outcome,
                         GError **error);

G_END_DECLS
