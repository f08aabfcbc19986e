/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/value/pci-address.h"
#include "core/value/vf-settings.h"

G_BEGIN_DECLS

/* A VasVfRecord keeps what the PF held about a VF before it went into a guest; the PF is to hold it
 * again when the guest has let go of the VF. */
typedef struct {
    VasHostAddress device;
    char
        *identity; /* what tells this VF from others that had, or get, its address; NULL: unknown */
    char *guest;   /* UUID */
    int run_id; /* VasGuest.run_id that it ends with, since libvirt puts back all that was changed;
                   -1: it outlives the guest's run */
    VasVfSettings before;
} VasVfRecord;

VasVfRecord *vas_vf_record_new(VasHostAddress device, const char *identity, const char *guest,
                               int run_id, const VasVfSettings *before);
void vas_vf_record_free(VasVfRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasVfRecord, vas_vf_record_free)

G_END_DECLS
