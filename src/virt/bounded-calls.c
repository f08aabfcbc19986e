/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/bounded-calls.h"

#include "core/value/error.h"

/* The calls' owner has a reference, and each call. */
struct VasBoundedCalls {
    GMutex lock; /* guards all of it, and what calls share */
    GCond changed;
    guint patience; /* seconds */
    gint64 patient_since;
    GHashTable *lost; /* subjects, and what they are, of calls that were given up and have not come
                         back: char * to char * */
};

/* Its thread owns a call that was given up; else the caller does. */
typedef struct {
    VasBoundedCalls *calls;
    char *subject;
    char *what;    /* for people: "guest db1" */
    guint at_most; /* seconds, whatever the patience is */
    VasBoundedFunc act;
    gpointer data;
    GDestroyNotify free;
    gboolean has_returned;
    gboolean is_lost;
    gboolean ok;
    GError *failure;
} Call;

static void
clear(gpointer data)
{
    VasBoundedCalls *calls = data;

    g_hash_table_unref(calls->lost);
    g_mutex_clear(&calls->lock);
    g_cond_clear(&calls->changed);
}

VasBoundedCalls *
vas_bounded_calls_new(guint patience)
{
    VasBoundedCalls *calls = g_atomic_rc_box_new0(VasBoundedCalls);

    g_mutex_init(&calls->lock);
    g_cond_init(&calls->changed);
    calls->patience = patience;
    calls->lost = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return calls;
}

void
vas_bounded_calls_free(VasBoundedCalls *calls)
{
    g_atomic_rc_box_release_full(calls, clear);
}

void
vas_bounded_calls_set_patience(VasBoundedCalls *calls, guint patience)
{
    g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&calls->lock);

    calls->patience = patience;
    calls->patient_since = g_get_monotonic_time();
    g_cond_broadcast(&calls->changed);
}

static void
call_free(Call *call)
{
    call->free(call->data);
    vas_bounded_calls_free(call->calls);
    g_free(call->subject);
    g_free(call->what);
    g_clear_error(&call->failure);
    g_free(call);
}

static gpointer
work(gpointer data)
{
    Call *call = data;
    VasBoundedCalls *calls = call->calls;
    gboolean is_lost;

    call->ok = call->act(call->data, &call->failure);
    g_mutex_lock(&calls->lock);
    call->has_returned = TRUE;
    is_lost = call->is_lost;
    if (is_lost)
        g_hash_table_remove(calls->lost, call->subject);
    g_cond_broadcast(&calls->changed);
    g_mutex_unlock(&calls->lock);
    if (is_lost)
        call_free(call);
    return NULL;
}

/* Waits for the call; FALSE: it is given up. */
static gboolean
await(Call *call)
{
    VasBoundedCalls *calls = call->calls;
    g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&calls->lock);
    gint64 begin = g_get_monotonic_time();
    gboolean in_time = TRUE;

    while (!call->has_returned && in_time) {
        guint seconds = MIN(calls->patience, call->at_most);
        gint64 deadline = MAX(begin, calls->patient_since) + (gint64) seconds * G_USEC_PER_SEC;

        in_time = g_get_monotonic_time() < deadline;
        if (in_time)
            (void) g_cond_wait_until(&calls->changed, &calls->lock, deadline);
    }
    call->is_lost = !call->has_returned;
    if (call->is_lost)
        g_hash_table_replace(calls->lost, g_strdup(call->subject), g_strdup(call->what));
    return !call->is_lost;
}

static void
hint_at_qemu(GError **error)
{
    vas_error_set_hint(error,
                       "see whether the guest's QEMU stands still (ps, virsh domstate) or is "
                       "busy: libvirt waits for its answer");
}

gboolean
vas_bounded_calls_check(VasBoundedCalls *calls, const char *subject, GError **error)
{
    g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&calls->lock);
    const char *what = g_hash_table_lookup(calls->lost, subject);

    if (what == NULL)
        return TRUE;
    g_set_error(
        error, VAS_ERROR, VAS_ERROR_TIMED_OUT,
        "libvirt has not answered an earlier request about %s yet, so this one was not sent", what);
    hint_at_qemu(error);
    return FALSE;
}

/* Takes @call, which has come back. */
static gboolean
end(Call *call, GError **error)
{
    gboolean ok = call->ok;

    if (call->failure != NULL)
        g_propagate_error(error, g_steal_pointer(&call->failure));
    call_free(call);
    return ok;
}

/* @may_act: what the caller is told of a call that was given up. */
static gboolean
run(VasBoundedCalls *calls, const char *subject, const char *what, guint at_most,
    VasBoundedFunc act, gpointer data, GDestroyNotify free, const char *may_act, GError **error)
{
    GThread *thread = NULL;
    Call *call = NULL;

    if (!vas_bounded_calls_check(calls, subject, error)) {
        free(data);
        return FALSE;
    }
    call = g_new0(Call, 1);
    call->calls = g_atomic_rc_box_acquire(calls);
    call->subject = g_strdup(subject);
    call->what = g_strdup(what);
    call->at_most = at_most;
    call->act = act;
    call->data = data;
    call->free = free;
    thread = g_thread_new("libvirt-call", work, call);
    if (await(call)) {
        g_thread_join(thread);
        return end(call, error);
    }
    g_thread_unref(thread);
    g_set_error(error, VAS_ERROR, VAS_ERROR_TIMED_OUT,
                "libvirt has not answered about %s in time%s", what, may_act);
    hint_at_qemu(error);
    return FALSE;
}

gboolean
vas_bounded_calls_run(VasBoundedCalls *calls, const char *subject, const char *what,
                      VasBoundedFunc act, gpointer data, GDestroyNotify free, GError **error)
{
    return run(calls, subject, what, G_MAXUINT, act, data, free, ", and may still do it", error);
}

gboolean
vas_bounded_calls_read(VasBoundedCalls *calls, const char *subject, const char *what, guint seconds,
                       VasBoundedFunc act, gpointer data, GDestroyNotify free, GError **error)
{
    return run(calls, subject, what, seconds, act, data, free, "", error);
}
