/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/base/interrupt.h"

G_BEGIN_DECLS

/* SIGHUP, SIGINT and SIGTERM raise an interrupt instead of ending the program, for as long as this
 * lives. One that is ignored (nohup, a shell's background job) stays ignored. */
typedef struct VasSignals VasSignals;

/* @interrupt is borrowed. Returns full. */
VasSignals *vas_signals_new(VasInterrupt *interrupt);
/* The signals end the program again. */
void vas_signals_free(VasSignals *signals);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasSignals, vas_signals_free)

G_END_DECLS
