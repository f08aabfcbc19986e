/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/journal/vfs-state.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* Gives the PF, which has no VFs, those of @rule, and its autoprobe; done when the kernel lists
 * them all. VFs that are made stay, also if there are fewer.
 * VAS_ERROR_CONFLICT: it has another number of VFs; VAS_ERROR_NOT_READY: it is on another driver,
 * or not all VFs are there yet; those of vas_pf_find, vas_rules_check_vf_count and
 * vas_sriov_set_count. Results and steps as in vas_command_run. */
gboolean vas_boot_vfs(const VasContext *context, const char *pf, const VasVfRule *rule,
                      guint timeout, gboolean dry_run, GPtrArray **ret_results,
                      GPtrArray **ret_steps, GError **error);

G_END_DECLS
