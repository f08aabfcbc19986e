/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/base/interrupt.h"

#include "core/value/error.h"

#include <signal.h>

struct VasInterrupt {
    VasHypervisor *hypervisor;
    VasInterrupt *leader; /* NULL: none */
    GPtrArray *followers; /* VasInterrupt, borrowed; @mutex guards them, too */
    GMutex mutex; /* of signal; who changes @shielded, the command's thread alone, holds it, too */
    GCond raised;
    int signal; /* 0: not raised */
    gboolean shielded;
};

VasInterrupt *
vas_interrupt_new(VasHypervisor *hypervisor)
{
    VasInterrupt *interrupt = g_new0(VasInterrupt, 1);

    interrupt->hypervisor = hypervisor;
    interrupt->followers = g_ptr_array_new();
    g_mutex_init(&interrupt->mutex);
    g_cond_init(&interrupt->raised);
    return interrupt;
}

/* The leader's lock comes before a follower's. */
static void
follow(VasInterrupt *interrupt, VasInterrupt *leader)
{
    g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&leader->mutex);

    interrupt->leader = leader;
    g_ptr_array_add(leader->followers, interrupt);
    if (leader->signal != 0)
        vas_interrupt_raise(interrupt, leader->signal);
}

VasInterrupt *
vas_interrupt_new_follower(VasInterrupt *leader, VasHypervisor *hypervisor)
{
    VasInterrupt *interrupt = vas_interrupt_new(hypervisor);

    if (leader != NULL)
        follow(interrupt, leader);
    return interrupt;
}

static void
leave(VasInterrupt *interrupt, VasInterrupt *leader)
{
    g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&leader->mutex);

    g_ptr_array_remove(leader->followers, interrupt);
}

void
vas_interrupt_free(VasInterrupt *interrupt)
{
    if (interrupt == NULL)
        return;
    if (interrupt->leader != NULL)
        leave(interrupt, interrupt->leader);
    g_ptr_array_unref(interrupt->followers);
    g_mutex_clear(&interrupt->mutex);
    g_cond_clear(&interrupt->raised);
    g_free(interrupt);
}

/* The lock is held: whether there is any hurry is told in the order of what made it so. */
static void
tell_hurry(const VasInterrupt *interrupt)
{
    if (interrupt->hypervisor != NULL)
        interrupt->hypervisor->hurry(interrupt->hypervisor,
                                     interrupt->signal != 0 && !interrupt->shielded);
}

static void
set_shielded(VasInterrupt *interrupt, gboolean shielded)
{
    if (interrupt == NULL)
        return;
    g_mutex_lock(&interrupt->mutex);
    interrupt->shielded = shielded;
    tell_hurry(interrupt);
    g_mutex_unlock(&interrupt->mutex);
}

/* The signal is set before anybody is woken: the thread that wakes up looks at it. */
void
vas_interrupt_raise(VasInterrupt *interrupt, int signal)
{
    g_mutex_lock(&interrupt->mutex);
    if (interrupt->signal == 0)
        interrupt->signal = signal;
    tell_hurry(interrupt);
    g_cond_signal(&interrupt->raised);
    for (guint i = 0; i < interrupt->followers->len; i++)
        vas_interrupt_raise(g_ptr_array_index(interrupt->followers, i), signal);
    g_mutex_unlock(&interrupt->mutex);
    if (interrupt->hypervisor != NULL)
        interrupt->hypervisor->wake(interrupt->hypervisor);
}

int
vas_interrupt_signal(VasInterrupt *interrupt)
{
    int signal;

    g_mutex_lock(&interrupt->mutex);
    signal = interrupt->signal;
    g_mutex_unlock(&interrupt->mutex);
    return signal;
}

void
vas_interrupt_shield(VasInterrupt *interrupt)
{
    set_shielded(interrupt, TRUE);
}

void
vas_interrupt_expose(VasInterrupt *interrupt)
{
    set_shielded(interrupt, FALSE);
}

gboolean
vas_interrupt_is_due(VasInterrupt *interrupt)
{
    return interrupt != NULL && !interrupt->shielded && vas_interrupt_signal(interrupt) != 0;
}

void
vas_interrupt_sleep(VasInterrupt *interrupt, gint64 deadline)
{
    gint64 left = deadline - g_get_monotonic_time();
    gboolean in_time = TRUE;

    if (interrupt == NULL || interrupt->shielded) {
        g_usleep((gulong) MAX(left, 0));
        return;
    }
    g_mutex_lock(&interrupt->mutex);
    while (interrupt->signal == 0 && in_time)
        in_time = g_cond_wait_until(&interrupt->raised, &interrupt->mutex, deadline);
    g_mutex_unlock(&interrupt->mutex);
}

static const char *
name_of(int signal)
{
    switch (signal) {
    case SIGHUP:
        return "SIGHUP";
    case SIGINT:
        return "SIGINT";
    case SIGTERM:
        return "SIGTERM";
    default:
        return "a signal";
    }
}

gboolean
vas_interrupt_check(VasInterrupt *interrupt, GError **error)
{
    if (!vas_interrupt_is_due(interrupt))
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_INTERRUPTED, "interrupted by %s",
                name_of(vas_interrupt_signal(interrupt)));
    return FALSE;
}

void
vas_interrupt_claim(VasInterrupt *interrupt, GError **error)
{
    g_autoptr(GError) timeout = NULL;

    if (error == NULL || !g_error_matches(*error, VAS_ERROR, VAS_ERROR_TIMED_OUT) ||
        !vas_interrupt_is_due(interrupt))
        return;
    timeout = g_steal_pointer(error);
    *error = vas_error_recode(timeout, VAS_ERROR_INTERRUPTED);
    g_prefix_error(error, "interrupted by %s: ", name_of(vas_interrupt_signal(interrupt)));
}
