/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/nic/guest-nics.h"
#include "core/report/finding.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* A guest calls its NICs by these names. */
typedef struct {
    VasInventory *inventory;
    const VasGuest *guest; /* borrowed from it */
    GPtrArray *nics;       /* VasGuestNic */
    GPtrArray *findings;   /* VasFinding: vas_nic_name_find, names.actual when verified, and
                              names.scheme: the scheme is newer than any known here */
} VasNames;

void vas_names_free(VasNames *names);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasNames, vas_names_free)

/* Predicts the names of @guest's NICs under the naming scheme called @scheme_name (NULL: the scheme
 * is not known, as in vas_nic_name_predict). With @verify the guest's agent is asked what they
 * really are, by MAC; a difference is a problem in the findings, not an error. VAS_ERROR_INVALID:
 * there is no such scheme; VAS_ERROR_WRONG_STATE: the guest does not run; VAS_ERROR_UNSUPPORTED: it
 * has no channel for an agent; VAS_ERROR_NOT_READY: no agent answers. Returns full. */
VasNames *vas_names(const VasContext *context, const char *guest, const char *scheme_name,
                    gboolean verify, GError **error);

G_END_DECLS
