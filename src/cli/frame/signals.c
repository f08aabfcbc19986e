/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/frame/signals.h"

#include <glib-unix.h>
#include <signal.h>

static const int watched[] = {SIGHUP, SIGINT, SIGTERM};

/* GLib's handler only notes the signal; what is to be done is done in this thread, which has
 * nothing else to do, so that no call of the library's thread is in its way. */
struct VasSignals {
    VasInterrupt *interrupt;
    GMainContext *context;
    GMainLoop *loop;
    GThread *thread;
    GSource *sources[G_N_ELEMENTS(watched)]; /* NULL: ignored */
};

typedef struct {
    VasInterrupt *interrupt;
    int signal;
} Call;

static gboolean
raise_interrupt(gpointer data)
{
    const Call *call = data;

    vas_interrupt_raise(call->interrupt, call->signal);
    return G_SOURCE_CONTINUE;
}

static gpointer
run_loop(gpointer data)
{
    g_main_loop_run(data);
    return NULL;
}

static gboolean
is_ignored(int signal)
{
    struct sigaction action;

    return sigaction(signal, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

static GSource *
watch(VasSignals *signals, int signal)
{
    GSource *source = g_unix_signal_source_new(signal);
    Call *call = g_new0(Call, 1);

    call->interrupt = signals->interrupt;
    call->signal = signal;
    g_source_set_callback(source, raise_interrupt, call, g_free);
    g_source_attach(source, signals->context);
    return source;
}

VasSignals *
vas_signals_new(VasInterrupt *interrupt)
{
    VasSignals *signals = g_new0(VasSignals, 1);

    signals->interrupt = interrupt;
    signals->context = g_main_context_new();
    signals->loop = g_main_loop_new(signals->context, FALSE);
    for (guint i = 0; i < G_N_ELEMENTS(watched); i++) {
        if (!is_ignored(watched[i]))
            signals->sources[i] = watch(signals, watched[i]);
    }
    signals->thread = g_thread_new("signals", run_loop, signals->loop);
    return signals;
}

static gboolean
quit(gpointer loop)
{
    g_main_loop_quit(loop);
    return G_SOURCE_REMOVE;
}

void
vas_signals_free(VasSignals *signals)
{
    g_autoptr(GSource) end = NULL;

    if (signals == NULL)
        return;
    /* The quit comes from within the loop: one before the loop runs would be forgotten. */
    end = g_idle_source_new();
    g_source_set_callback(end, quit, signals->loop, NULL);
    g_source_attach(end, signals->context);
    g_thread_join(signals->thread);
    for (guint i = 0; i < G_N_ELEMENTS(watched); i++) {
        if (signals->sources[i] == NULL)
            continue;
        g_source_destroy(signals->sources[i]);
        g_source_unref(signals->sources[i]);
    }
    g_main_loop_unref(signals->loop);
    g_main_context_unref(signals->context);
    g_free(signals);
}
