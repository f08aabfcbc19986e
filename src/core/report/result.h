/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/device/assignment.h"
#include "core/journal/wish.h"
#include "core/value/vf-settings.h"

G_BEGIN_DECLS

typedef enum {
    VAS_OUTCOME_DONE,
    VAS_OUTCOME_ALREADY, /* was so before */
    VAS_OUTCOME_PENDING, /* asked, not released in time */
    VAS_OUTCOME_FAILED,
    VAS_OUTCOME_UNDONE,  /* was done, then taken back because another part failed */
    VAS_OUTCOME_PLANNED, /* --dry-run */
} VasOutcome;

/* A result says what became of one device of a changing command. */
typedef struct {
    gboolean has_device;
    VasHostAddress device;
    char *name; /* as the command was given it; NULL unless it fits no device */
    char *guest;
    char *alias;
    gboolean has_guest_address;
    VasGuestAddress guest_address;
    gboolean has_mac;
    VasMacAddress mac;
    VasOutcome outcome;
    gboolean live;         /* is it in the running guest, now */
    gboolean config;       /* is it in the config, now */
    char *driver;          /* host driver it is on, now; NULL: none or unknown */
    char *driver_before;   /* the one before; only of verbs that move it on the host */
    char *predicted_name;  /* NULL: no NIC, or cannot be told */
    char *predicted_older; /* the name that systemd before 257 gives; NULL: the same, or no NIC */
    char *predicted_why;   /* NULL: no NIC */
    gboolean has_vf_settings;
    VasVfSettings vf_settings; /* what the PF holds about it, now */
    guint vf_fields;           /* of these, set of VasVfField: what libvirt did not set */
    VasWish
        *wish; /* attach: what it keeps for each start; NULL: nothing that was not kept before */
    guint vfs; /* boot: the number of VFs wished for a PF; 0: it is a driver */
    GError *error; /* NULL unless failed, pending or undone */
    /* char *: what was critical about the device and overridden; NULL or empty: nothing. */
    GPtrArray *overridden;
} VasResult;

VasResult *vas_result_new(const char *guest, const VasAssignment *assignment);
void vas_result_free(VasResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasResult, vas_result_free)

/* "done", "already", "pending", "failed", "undone", "planned". Static. */
const char *vas_outcome_name(VasOutcome outcome);

/* Marks the planned results of a command that could not begin as failed for @cause. */
void vas_results_fail(const GPtrArray *results, const GError *cause);

/* The error that stands for all of @results (GPtrArray of VasResult): NULL when none failed, was
 * undone or is pending; VAS_ERROR_UNDO_FAILED when an undo failed; VAS_ERROR_PARTIAL when some
 * failed and others are done, planned or pending; the one error when only one failed; the first
 * one's code when several did; VAS_ERROR_TIMED_OUT when nothing failed but some are pending; before
 * these VAS_ERROR_INTERRUPTED when one was. Returns full. */
GError *vas_results_error(const GPtrArray *results);

/* FALSE with vas_results_error unless that is NULL. */
gboolean vas_results_check(const GPtrArray *results, GError **error);

G_END_DECLS
