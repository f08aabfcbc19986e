/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"
#include "core/journal/operation.h"
#include "core/report/recovery.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* A recovery works on this, as it is now; all of it is borrowed. The locks are the caller's. */
typedef struct {
    const VasContext *context;
    const VasInventory *inventory;
    const VasGuest *guest;
    guint timeout;       /* seconds, for the release of what is undone */
    const GArray *spare; /* VasHostAddress: devices to let be; NULL: none */
    gboolean only_looks; /* --adopt --dry-run: says what would be done, and does nothing */
} VasRecoverRun;

/* A recovery of @operation, with all of its devices; @guest is NULL for one of the host. Returns
 * full. */
VasRecovery *vas_recovery_of_operation(const VasOperation *operation, const VasGuest *guest);

/* A recovery of @guest that @failure, which it takes, kept from being begun. Returns full. */
VasRecovery *vas_recovery_of_failure(const VasGuest *guest, GError *failure);

/* Finishes or undoes one command by its record, and drops the record, but for what is pending,
 * failed, or spared. NULL: the record holds only devices to be let be. Returns full. */
VasRecovery *vas_recover_operation(const VasRecoverRun *run, const VasOperation *operation);

/* Puts back the settings of a VF that the guest has no more though they are on its record. NULL:
 * what is on record is out of date, and dropped. */
VasRecovery *vas_recover_settings(const VasRecoverRun *run, VasHostAddress device);

G_END_DECLS
