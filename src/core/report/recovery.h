/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/value/pci-address.h"

G_BEGIN_DECLS

typedef enum {
    VAS_RECOVERY_FINISHED, /* the command's work is done now, or was but for its record */
    VAS_RECOVERY_UNDONE,   /* all is as it was before the command */
    VAS_RECOVERY_PENDING,  /* a guest was asked to release a device and has not yet: record kept */
    VAS_RECOVERY_FAILED,   /* record kept */
} VasRecoveryOutcome;

/* A recovery says what became of a command that had been begun and not seen to end. */
typedef struct {
    char *command;     /* "attach"; NULL: not known */
    char *guest;       /* NULL: it was about the host only */
    gint64 started_at; /* seconds since the epoch; 0: not known */
    GArray *devices;   /* VasHostAddress */
    VasRecoveryOutcome outcome;
    gboolean is_planned; /* --dry-run: nothing was done, and the outcome is what it would be */
    GError *error;       /* NULL unless failed or pending */
} VasRecovery;

/* A new recovery has no devices and the outcome FINISHED. @command and @guest may be NULL. Returns
 * full. */
VasRecovery *vas_recovery_new(const char *command, const char *guest, gint64 started_at);
void vas_recovery_free(VasRecovery *recovery);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasRecovery, vas_recovery_free)

/* "finished", "undone", "pending", "failed". Static. */
const char *vas_recovery_outcome_name(VasRecoveryOutcome outcome);

/* The error that stands for all of @recoveries (GPtrArray of VasRecovery): NULL when each is
 * finished or undone; the one error where there is one; where there are several VAS_ERROR_PARTIAL
 * when others succeeded, else the first one's code; VAS_ERROR_TIMED_OUT when nothing failed but
 * some are pending; before these VAS_ERROR_INTERRUPTED when one was. Its message ends with that
 * one's vas_recovery_text. Returns full. */
GError *vas_recoveries_error(const GPtrArray *recoveries);

/* Says of @recovery what happened, in one line: "attach of 0000:01:10.0 for guest db1,
 * begun 2026-01-02 03:04:05, did not end: undone". Returns full. */
char *vas_recovery_text(const VasRecovery *recovery);

G_END_DECLS
