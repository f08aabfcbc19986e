/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Bounded calls are calls that may never come back: a guest can stop its QEMU, and libvirt waits
 * for the answer without end. Each runs in a thread of its own, with all that it works with, and is
 * waited for as long as there is patience. A call that is given up is left behind, with its thread:
 * the process may end meanwhile. */
typedef struct VasBoundedCalls VasBoundedCalls;

/* Does the call with its @data, in another thread. */
typedef gboolean (*VasBoundedFunc)(gpointer data, GError **error);

/* Their patience is @patience seconds. Returns full. */
VasBoundedCalls *vas_bounded_calls_new(guint patience);
/* Calls that were given up may still be under way. */
void vas_bounded_calls_free(VasBoundedCalls *calls);

/* Gives calls that are under way, and those to come, @patience seconds from now, or from their
 * begin if that is later. Any thread may call it. */
void vas_bounded_calls_set_patience(VasBoundedCalls *calls, guint patience);

/* Calls @act on @subject, a guest's UUID or a node device's name, with @data, which is taken and
 * freed by
 * @free in the end. VAS_ERROR_TIMED_OUT: it was given up, and may still happen. The same at once,
 * with nothing done, as long as an earlier call on @subject has not come back: libvirt lets no
 * other change the guest meanwhile, and of some versions nobody read it. @what tells people the
 * subject: "guest db1". */
gboolean vas_bounded_calls_run(VasBoundedCalls *calls, const char *subject, const char *what,
                               VasBoundedFunc act, gpointer data, GDestroyNotify free,
                               GError **error);

/* Whether a call on @subject would be made; else VAS_ERROR_TIMED_OUT. */
gboolean vas_bounded_calls_check(VasBoundedCalls *calls, const char *subject, GError **error);

/* Does the same as vas_bounded_calls_run with a call that changes nothing, which is waited for at
 * most @seconds. */
gboolean vas_bounded_calls_read(VasBoundedCalls *calls, const char *subject, const char *what,
                                guint seconds, VasBoundedFunc act, gpointer data,
                                GDestroyNotify free, GError **error);

G_END_DECLS
