/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/report/result.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

typedef struct {
    guint timeout; /* seconds for all of it */
    gboolean dry_run;
} VasBootRequest;

/* Sees that the host has what is wished for each boot (engine/journal/wish-file.h): VFs are made of
 * PFs that have none, and devices are taken from their host drivers, by the steps of vfs and
 * host-detach. A number of VFs other than 0 is never changed, and nothing that was made is taken
 * back. A PF or driver that is not there yet, and a PF that makes no VFs as long as its interface
 * is down, are tried again when they have changed, until the time is over. libvirt is not asked:
 * @context->hypervisor is NULL. A device that is not the one which is meant (VasWished) is not
 * touched: it has failed, with what to do.
 *
 * *ret_results has one for each wish, *ret_steps with dry_run only. FALSE, with both set if the
 * wishes could be read: VAS_ERROR_PARTIAL when some of it is there, else vas_results_error. */
gboolean vas_boot(const VasContext *context, const VasBootRequest *request, GPtrArray **ret_results,
                  GPtrArray **ret_steps, GError **error);

G_END_DECLS
