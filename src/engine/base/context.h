/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/base/interrupt.h"
#include "host/system/host.h"
#include "virt/hypervisor.h"

G_BEGIN_DECLS

typedef enum {
    VAS_PROGRESS_STEP,    /* @text is what is being done now */
    VAS_PROGRESS_WAITING, /* @text is what is waited for; comes about once a second */
    VAS_PROGRESS_NOTE,    /* something the user should know, though nothing failed */
} VasProgressKind;

/* @elapsed and @limit are seconds, of a WAITING only. The text is borrowed. */
typedef void (*VasProgressFunc)(VasProgressKind kind, const char *text, guint elapsed, guint limit,
                                gpointer data);

/* The engine works with all of this, borrowed from the caller. The engine prints nothing. */
typedef struct {
    VasHypervisor *hypervisor;   /* NULL: libvirt is not to be asked (boot): no guest is known */
    VasHost *host;               /* NULL: the hypervisor is on another machine */
    const char *template_folder; /* the administrator's templates; NULL: none */
    VasProgressFunc progress;    /* NULL: nobody wants to know */
    gpointer progress_data;
    gboolean only_looks;     /* nothing is changed: nothing is opened that QEMU may want, either */
    VasInterrupt *interrupt; /* NULL: nothing interrupts the command */
    const char *lock_folder; /* where commands keep each other off; NULL: nowhere */
    gboolean must_lock;      /* a lock that cannot be had is an error; FALSE: it is said */
    const char *lock_realm;  /* tells locks on what is of another machine apart; NULL: ours */
    const char *origin;      /* whose locks they are: "uid 0 on hv1"; NULL: there are none */
    const char *command;     /* as it was called, for who waits for its locks */
    const char *virsh;       /* "virsh -c URI", for hints; NULL: plain virsh gets there */
} VasContext;

void vas_context_progress(const VasContext *context, VasProgressKind kind, guint elapsed,
                          guint limit, const char *format, ...) G_GNUC_PRINTF(5, 6);

/* Says, as a NOTE each, what was critical about @device and --force overrode (@overridden: char *).
 */
void vas_context_tell_overridden(const VasContext *context, VasHostAddress device,
                                 const GPtrArray *overridden);

/* Whether the host is the machine we run on, which @what (a phrase: "vfs") needs.
 * VAS_ERROR_UNSUPPORTED says that it must run there. */
gboolean vas_context_check_local(const VasContext *context, const char *what, GError **error);

/* The hypervisor's next event, in order; NULL when @deadline (g_get_monotonic_time) passes first.
 * Whoever waits for anything waits here: with an interrupt due it returns at once. Returns full. */
VasEvent *vas_context_next_event(const VasContext *context, gint64 deadline);

/* How long an undo waits for libvirt to come back: a restart of libvirtd takes some seconds. */
#define VAS_RECONNECT_SECONDS 30

/* Opens a lost connection again, trying until @deadline (g_get_monotonic_time): a restart of
 * libvirtd takes some seconds. Says so as a NOTE. VAS_ERROR_UNREACHABLE, VAS_ERROR_INTERRUPTED. */
gboolean vas_context_reconnect(const VasContext *context, gint64 deadline, GError **error);

G_END_DECLS
