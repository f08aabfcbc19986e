/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/journal/operation.h"
#include "engine/steps/detach-steps.h"

G_BEGIN_DECLS

/* A detach whose steps were run tells by its results what of it is unfinished. */

/* A mate is not waited for when its device was not taken out: it shares that failure. FALSE: there
 * is none. */
gboolean vas_detach_settle_mates(const VasDetachRun *run);

/* Takes off @operation, which is the record of @run, every device that is finished. */
void vas_detach_cut_finished(const VasDetachRun *run, VasOperation *operation);

G_END_DECLS
