/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/virt-loop.h"

#include "virt/virt-error.h"

#include <libvirt/libvirt-event.h>

#define TIMER_OFF (-1)
#define TIMER_NOW 0

typedef struct {
    GMutex lock; /* guards all but @stopping */
    guint users;
    gboolean registered;
    GThread *thread;
    int wakeup; /* libvirt timer: gets the thread out of poll() */
    gint stopping;
} VirtLoop;

static VirtLoop loop;

/* The timer is there to make poll() return, and has nothing else to do. */
static void
on_wakeup(int timer, void *opaque)
{
    (void) opaque;
    virEventUpdateTimeout(timer, TIMER_OFF);
}

static gpointer
run_loop(gpointer data)
{
    (void) data;
    /* It fails when poll() does, and then would at every turn. */
    while (!g_atomic_int_get(&loop.stopping) && virEventRunDefaultImpl() == 0)
        continue;
    return NULL;
}

static gboolean
start_loop(GError **error)
{
    if (!loop.registered && virEventRegisterDefaultImpl() < 0) {
        vas_virt_error_set(error, "set up libvirt's event loop");
        return FALSE;
    }
    loop.registered = TRUE;
    loop.wakeup = virEventAddTimeout(TIMER_OFF, on_wakeup, NULL, NULL);
    if (loop.wakeup < 0) {
        vas_virt_error_set(error, "set up libvirt's event loop");
        return FALSE;
    }
    g_atomic_int_set(&loop.stopping, 0);
    loop.thread = g_thread_new("libvirt-events", run_loop, NULL);
    return TRUE;
}

static void
stop_loop(void)
{
    g_atomic_int_set(&loop.stopping, 1);
    virEventUpdateTimeout(loop.wakeup, TIMER_NOW);
    g_thread_join(g_steal_pointer(&loop.thread));
    virEventRemoveTimeout(loop.wakeup);
}

gboolean
vas_virt_loop_acquire(GError **error)
{
    gboolean running;

    g_mutex_lock(&loop.lock);
    running = loop.users > 0 || start_loop(error);
    if (running)
        loop.users++;
    g_mutex_unlock(&loop.lock);
    return running;
}

void
vas_virt_loop_release(void)
{
    g_mutex_lock(&loop.lock);
    if (--loop.users == 0)
        stop_loop();
    g_mutex_unlock(&loop.lock);
}
