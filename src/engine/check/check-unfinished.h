/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"
#include "core/report/finding.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* These functions report commands on record that did not end, or still run, and what nothing
 * vouches for (engine/journal/proof.h): one finding for each, none where there is nothing. They
 * append to @findings (GPtrArray of VasFinding). */

/* Looks into the guest's metadata, which may be in a state that keeps every command from changing
 * the guest. */
void vas_check_unfinished_of_guest(const VasContext *context, const VasGuest *guest,
                                   GPtrArray *findings);

/* Looks below @context->host's /run/virt-assign. */
void vas_check_unfinished_of_host(const VasContext *context, GPtrArray *findings);

G_END_DECLS
