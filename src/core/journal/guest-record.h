/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/journal/wish.h"

G_BEGIN_DECLS

struct VasOperation;

/* virt-assign keeps this record in a guest's own metadata, since libvirt has no place for it and it
 * has to outlive the command. */

/* A release that is asked of the running guest, written before libvirt is, and has not been seen
 * to happen. It stands in the live metadata only: it ends with the guest's run as the request
 * itself does. */
typedef struct {
    char *alias; /* live alias */
    VasHostAddress device;
    int run_id;      /* VasGuest.run_id it was asked in: another run knows nothing of it */
    gint64 asked_at; /* seconds since the epoch */
    char *seal;      /* as of VasOperation, both */
    gboolean is_proven;
} VasPendingRelease;

/* A guest has at most this many of each on record: a record with more is not ours. */
#define VAS_GUEST_RECORD_RELEASES_MAX 64
#define VAS_GUEST_RECORD_OPERATIONS_MAX 32
#define VAS_GUEST_RECORD_WISHES_MAX 64

typedef struct {
    GPtrArray *releases;   /* VasPendingRelease */
    GPtrArray *operations; /* VasOperation (core/journal/operation.h) */
    GPtrArray *wishes;     /* VasWish, one a device */
} VasGuestRecord;

void vas_pending_release_free(VasPendingRelease *pending);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasPendingRelease, vas_pending_release_free)

VasGuestRecord *vas_guest_record_new(void);
void vas_guest_record_free(VasGuestRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasGuestRecord, vas_guest_record_free)

gboolean vas_guest_record_is_empty(const VasGuestRecord *record);

/* Takes @operation in the place of an earlier state of it. Devices that an earlier operation has on
 * record too are dropped from that one. */
void vas_guest_record_take_operation(VasGuestRecord *record, struct VasOperation *operation);
/* NULL: none. @record may be NULL. Borrowed. */
const struct VasOperation *vas_guest_record_find_operation(const VasGuestRecord *record,
                                                           const char *id);
/* Drops from the record of @operation the devices that @operation has no more, and its ports when
 * it has none; an operation with nothing left is dropped itself. A device that a later operation
 * has taken over does not come back. FALSE: nothing was dropped. */
gboolean vas_guest_record_cut_operation(VasGuestRecord *record,
                                        const struct VasOperation *operation);

/* NULL: none. @record may be NULL. Borrowed. */
const VasWish *vas_guest_record_find_wish(const VasGuestRecord *record, VasHostAddress device);
/* Takes @wish in the place of an earlier one for its device. */
void vas_guest_record_take_wish(VasGuestRecord *record, VasWish *wish);
/* FALSE: there was none. */
gboolean vas_guest_record_drop_wish(VasGuestRecord *record, VasHostAddress device);

G_END_DECLS
