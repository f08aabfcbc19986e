/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/rules/decision.h"
#include "core/value/error.h"

G_BEGIN_DECLS

/* A case holds everything that one decision is made of: the rules work on it, one after the other.
 * All of it is borrowed. */
typedef struct {
    const VasInventory *inventory;
    const VasGuest *guest;
    const VasDevice *device;
    const VasAssignmentWish *wish;
    const VasPfLink *pf_link;
    const GPtrArray *earlier; /* VasAttachDecision; may be NULL */
    VasHolding own; /* what the guest itself has of the device; live and config NULL: nothing */
    VasScope scope;
    VasScope missing;
} VasAttachCase;

/* The definitions that the device is added to. NULL: not to that one. Borrowed. */
const VasGuestDefinition *vas_attach_case_missing_live(const VasAttachCase *c);
const VasGuestDefinition *vas_attach_case_missing_config(const VasAttachCase *c);

/* The assignments that the same command has decided before this one. Borrowed. */
guint vas_attach_case_count_earlier(const VasAttachCase *c);
const VasAssignment *vas_attach_case_earlier(const VasAttachCase *c, guint i);

/* Returns FALSE with the error that @what ("alias ua-x") was given to @promised, which is one of
 * these assignments. */
gboolean vas_attach_case_refuse_promised(const VasAssignment *promised, VasError code,
                                         const char *what, GError **error);

G_END_DECLS
