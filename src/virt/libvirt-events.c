/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/libvirt-events.h"

#include "core/value/error.h"
#include "virt/libvirt-objects.h"
#include "virt/virt-error.h"

#include <glib-object.h>

enum {
    CALLBACK_REMOVED,
    CALLBACK_REMOVAL_FAILED,
    CALLBACK_LIFECYCLE,
    N_CALLBACKS,
};

#define NOT_REGISTERED (-1)

/* A watch is made of the callbacks that are registered with libvirt for one guest. */
typedef struct {
    int callbacks[N_CALLBACKS];
} GuestWatch;

static const GuestWatch no_watch = {{NOT_REGISTERED, NOT_REGISTERED, NOT_REGISTERED}};

struct VasLibvirtEvents {
    GAsyncQueue *queue;       /* VasEvent; each callback of a guest holds a reference */
    virConnectPtr connection; /* borrowed; NULL: none */
    char *guest;              /* UUID; NULL: none is watched */
    GuestWatch watch;
};

VasLibvirtEvents *
vas_libvirt_events_new(void)
{
    VasLibvirtEvents *events = g_new0(VasLibvirtEvents, 1);

    events->queue = g_async_queue_new_full((GDestroyNotify) vas_event_free);
    events->watch = no_watch;
    return events;
}

void
vas_libvirt_events_free(VasLibvirtEvents *events)
{
    if (events == NULL)
        return;
    g_free(events->guest);
    g_async_queue_unref(events->queue);
    g_free(events);
}

static void
release_queue(void *queue)
{
    g_async_queue_unref(queue);
}

/* The domain that libvirt hands to a callback is borrowed. */
static void
push_guest_event(GAsyncQueue *queue, VasEventKind kind, virDomainPtr domain, const char *alias)
{
    char uuid[VIR_UUID_STRING_BUFLEN];

    if (virDomainGetUUIDString(domain, uuid) == 0)
        g_async_queue_push(queue, vas_event_new(kind, uuid, alias));
}

static void
on_device_removed(virConnectPtr connection, virDomainPtr domain, const char *alias, void *queue)
{
    (void) connection;
    push_guest_event(queue, VAS_EVENT_DEVICE_REMOVED, domain, alias);
}

static void
on_device_removal_failed(virConnectPtr connection, virDomainPtr domain, const char *alias,
                         void *queue)
{
    (void) connection;
    push_guest_event(queue, VAS_EVENT_DEVICE_REMOVAL_FAILED, domain, alias);
}

/* Only STOPPED says that QEMU is gone and has let go of its devices. SHUTDOWN comes for a reboot by
 * libvirt too, after which the same QEMU goes on (qemuProcessFakeReboot), and a guest that CRASHED
 * may be kept with all it holds (<on_crash>preserve</on_crash>). */
static void
on_lifecycle(virConnectPtr connection, virDomainPtr domain, int event, int detail, void *queue)
{
    (void) connection;
    (void) detail;
    if (event == VIR_DOMAIN_EVENT_STOPPED)
        push_guest_event(queue, VAS_EVENT_GUEST_STOPPED, domain, NULL);
}

static void
on_close(virConnectPtr connection, int reason, void *queue)
{
    (void) connection;
    if (reason != VIR_CONNECT_CLOSE_REASON_CLIENT)
        g_async_queue_push(queue, vas_event_new(VAS_EVENT_DISCONNECTED, NULL, NULL));
}

static int
register_callback(GAsyncQueue *queue, virDomainPtr domain, virDomainEventID event,
                  GCallback callback)
{
    int id = virConnectDomainEventRegisterAny(virDomainGetConnect(domain), domain, (int) event,
                                              VIR_DOMAIN_EVENT_CALLBACK(callback),
                                              g_async_queue_ref(queue), release_queue);

    if (id < 0)
        g_async_queue_unref(queue);
    return id;
}

/* A connection that is lost fails here, but has dropped the callback all the same. */
static void
stop_watching(virConnectPtr connection, GuestWatch *watch)
{
    for (guint i = 0; i < N_CALLBACKS; i++) {
        if (watch->callbacks[i] != NOT_REGISTERED)
            virConnectDomainEventDeregisterAny(connection, watch->callbacks[i]);
    }
    *watch = no_watch;
}

static gboolean
start_watching(VasLibvirtEvents *events, virConnectPtr connection, const char *guest,
               GuestWatch *ret_watch, GError **error)
{
    static const struct {
        virDomainEventID event;
        GCallback callback;
    } wanted[N_CALLBACKS] = {
        [CALLBACK_REMOVED] = {VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED, G_CALLBACK(on_device_removed)},
        [CALLBACK_REMOVAL_FAILED] = {VIR_DOMAIN_EVENT_ID_DEVICE_REMOVAL_FAILED,
                                     G_CALLBACK(on_device_removal_failed)},
        [CALLBACK_LIFECYCLE] = {VIR_DOMAIN_EVENT_ID_LIFECYCLE, G_CALLBACK(on_lifecycle)},
    };
    g_autoptr(VasVirDomain) domain = vas_libvirt_find_domain(connection, guest, error);
    GuestWatch watch = no_watch;

    if (domain == NULL)
        return FALSE;
    for (guint i = 0; i < N_CALLBACKS; i++) {
        watch.callbacks[i] =
            register_callback(events->queue, domain, wanted[i].event, wanted[i].callback);
        if (watch.callbacks[i] < 0) {
            vas_virt_error_set(error, "watch guest %s", guest);
            stop_watching(connection, &watch);
            return FALSE;
        }
    }
    *ret_watch = watch;
    return TRUE;
}

/* Drops the queued events of the guest, or the connection's. */
static void
drop_queued(GAsyncQueue *queue, gboolean of_guest)
{
    g_async_queue_lock(queue);
    for (int left = g_async_queue_length_unlocked(queue); left > 0; left--) {
        VasEvent *event = g_async_queue_try_pop_unlocked(queue);

        if ((event->guest != NULL) == of_guest)
            vas_event_free(event);
        else
            g_async_queue_push_unlocked(queue, event);
    }
    g_async_queue_unlock(queue);
}

gboolean
vas_libvirt_events_join(VasLibvirtEvents *events, virConnectPtr connection, GError **error)
{
    GuestWatch watch = no_watch;
    g_autoptr(GError) refusal = NULL;

    if (events->guest != NULL &&
        !start_watching(events, connection, events->guest, &watch, &refusal)) {
        if (!g_error_matches(refusal, VAS_ERROR, VAS_ERROR_NOT_FOUND)) {
            g_propagate_error(error, g_steal_pointer(&refusal));
            return FALSE;
        }
        g_async_queue_push(events->queue,
                           vas_event_new(VAS_EVENT_GUEST_STOPPED, events->guest, NULL));
    }
    vas_libvirt_events_leave(events);
    drop_queued(events->queue, FALSE);
    events->connection = connection;
    events->watch = watch;
    /* The callback gets no reference of its own: a driver that has no connection to lose takes the
     * callback and forgets it, and with it the function that would free the reference. After
     * unregistering, libvirt does not call any more (virConnectCloseCallbackDataCall holds the lock
     * while it calls). */
    virConnectRegisterCloseCallback(connection, on_close, events->queue, NULL);
    return TRUE;
}

void
vas_libvirt_events_leave(VasLibvirtEvents *events)
{
    if (events->connection == NULL)
        return;
    stop_watching(events->connection, &events->watch);
    virConnectUnregisterCloseCallback(events->connection, on_close);
    events->connection = NULL;
}

gboolean
vas_libvirt_events_watch(VasLibvirtEvents *events, const char *guest, GError **error)
{
    vas_libvirt_events_unwatch(events);
    if (!start_watching(events, events->connection, guest, &events->watch, error))
        return FALSE;
    events->guest = g_strdup(guest);
    return TRUE;
}

void
vas_libvirt_events_unwatch(VasLibvirtEvents *events)
{
    stop_watching(events->connection, &events->watch);
    drop_queued(events->queue, TRUE);
    g_clear_pointer(&events->guest, g_free);
}

/* A wake is a stop of no guest, which libvirt never tells: vas_libvirt_events_wake queues it. */
static gboolean
is_wake(const VasEvent *event)
{
    return event->kind != VAS_EVENT_DISCONNECTED && event->guest == NULL;
}

VasEvent *
vas_libvirt_events_next(VasLibvirtEvents *events, gint64 deadline)
{
    gint64 left = deadline - g_get_monotonic_time();
    g_autoptr(VasEvent) event = left <= 0
                                    ? g_async_queue_try_pop(events->queue)
                                    : g_async_queue_timeout_pop(events->queue, (guint64) left);

    if (event == NULL || is_wake(event))
        return NULL;
    return g_steal_pointer(&event);
}

void
vas_libvirt_events_wake(VasLibvirtEvents *events)
{
    g_async_queue_push_front(events->queue, vas_event_new(VAS_EVENT_GUEST_STOPPED, NULL, NULL));
}
