/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/value/pci-address.h"
#include "core/value/vf-settings.h"

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
} VasPendingRelease;

/* A VasVfRecord keeps what the PF held about a VF before it went into the guest; the PF is to hold
 * it again when the guest has let go of the VF. */
typedef struct {
    VasHostAddress device;
    char
        *identity; /* what tells this VF from others that had, or get, its address; NULL: unknown */
    VasVfSettings before;
} VasVfRecord;

typedef struct {
    GPtrArray *releases;   /* VasPendingRelease */
    GPtrArray *vfs;        /* VasVfRecord, one a device */
    GPtrArray *operations; /* VasOperation (core/journal/operation.h) */
} VasGuestRecord;

void vas_pending_release_free(VasPendingRelease *pending);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasPendingRelease, vas_pending_release_free)

VasVfRecord *vas_vf_record_new(VasHostAddress device, const char *identity,
                               const VasVfSettings *before);
VasVfRecord *vas_vf_record_copy(const VasVfRecord *record);
void vas_vf_record_free(VasVfRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasVfRecord, vas_vf_record_free)

VasGuestRecord *vas_guest_record_new(void);
void vas_guest_record_free(VasGuestRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasGuestRecord, vas_guest_record_free)

gboolean vas_guest_record_is_empty(const VasGuestRecord *record);

/* NULL: none; @record may be NULL. Borrowed. */
const VasVfRecord *vas_guest_record_find_vf(const VasGuestRecord *record, VasHostAddress device);

/* Takes @vf, in the place of an earlier one of its device. */
void vas_guest_record_take_vf(VasGuestRecord *record, VasVfRecord *vf);
/* FALSE: there was none. */
gboolean vas_guest_record_drop_vf(VasGuestRecord *record, VasHostAddress device);

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

G_END_DECLS
