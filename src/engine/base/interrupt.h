/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "virt/hypervisor.h"

G_BEGIN_DECLS

/* An interrupt tells a command to come to its end, as a signal asks: the caller raises it, in a
 * thread of its own; the engine looks at it before each step and while it waits, and takes back
 * what it did. */
typedef struct VasInterrupt VasInterrupt;

/* @hypervisor, which is borrowed, is what the command waits with. Returns full. */
VasInterrupt *vas_interrupt_new(VasHypervisor *hypervisor);
/* An interrupt for one of several workers of a command, each in a thread of its own with a
 * @hypervisor of its own: it is raised with @leader, before or later, and has a shield of its own.
 * @leader is borrowed; NULL: nobody will raise it. Returns full. */
VasInterrupt *vas_interrupt_new_follower(VasInterrupt *leader, VasHypervisor *hypervisor);
void vas_interrupt_free(VasInterrupt *interrupt);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasInterrupt, vas_interrupt_free)

/* Raises it by @signal, a number of signal(7), from any thread, but not from a signal handler. Ends
 * a wait that is under way. Only the first signal counts. */
void vas_interrupt_raise(VasInterrupt *interrupt, int signal);

/* The signal that it was raised by; 0: none. */
int vas_interrupt_signal(VasInterrupt *interrupt);

/* Keeps the interrupt from being due, raised or not: an undo that has begun goes on to its end. */
void vas_interrupt_shield(VasInterrupt *interrupt);

/* Ends the shield: an interrupt that was raised meanwhile is due now. */
void vas_interrupt_expose(VasInterrupt *interrupt);

/* Whether the command is to end. FALSE for NULL. */
gboolean vas_interrupt_is_due(VasInterrupt *interrupt);

/* Sleeps until @deadline (g_get_monotonic_time), or until it is due. NULL just sleeps. */
void vas_interrupt_sleep(VasInterrupt *interrupt, gint64 deadline);

/* FALSE with VAS_ERROR_INTERRUPTED, "interrupted by SIGINT", if it is due. */
gboolean vas_interrupt_check(VasInterrupt *interrupt, GError **error);

/* A wait that ended early because it is due, *@error with VAS_ERROR_TIMED_OUT, is the interrupt's
 * doing: VAS_ERROR_INTERRUPTED. Any other error (NULL: none) stays as it is. */
void vas_interrupt_claim(VasInterrupt *interrupt, GError **error);

G_END_DECLS
