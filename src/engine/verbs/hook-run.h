/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/value/hook-call.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* libvirt runs the hook while it starts or ends a guest, and waits for it: libvirt is never called
 * from here (@context->hypervisor is NULL), nothing is waited for, and no lock is taken. The
 * guest's own metadata, which libvirt hands over, says what is wished; wishes that are not proven
 * (engine/journal/proof.h) or whose device the guest has not are passed over. */
typedef struct VasHookRun VasHookRun;

/* Reads what @phase of @guest has to see to, from the guest's @xml. VAS_ERROR_FAILED. Returns
 * full. */
VasHookRun *vas_hook_run_new(const VasContext *context, VasHookPhase phase, const char *guest,
                             const char *xml, GError **error);
void vas_hook_run_free(VasHookRun *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasHookRun, vas_hook_run_free)

/* Whether the guest is not to start without its settings. */
gboolean vas_hook_run_is_required(const VasHookRun *run);

/* Prepare: compares the devices with the wished ones, and notes what their PFs hold. Start: sets
 * the wished settings, and reads them back. Release: puts back what was noted of this guest, unless
 * the VF has a new owner. FALSE: the guest is not to start: a device is another than the wished
 * one, its PF is down, or settings that the start depends on could not be set. A failure that the
 * start does not depend on is told as a NOTE. */
gboolean vas_hook_run(const VasHookRun *run, GError **error);

/* Notes that libvirt's daemon has run the hook for the guest @probe (core/value/hook-call.h), and
 * refuses it: FALSE. */
gboolean vas_hook_answer(const VasContext *context, const char *probe, GError **error);

G_END_DECLS
