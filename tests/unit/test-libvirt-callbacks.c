/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/libvirt-events.h"

#include "core/value/error.h"
#include "testing.h"

#include <libvirt/virterror.h>

/* libvirt's test driver has this guest. It tells of starts and stops only, so the callbacks are
 * called here as libvirtd's driver calls them. */
#define GUEST "6695eb01-f6a4-8304-79aa-97f2502e193f"

typedef void (*OnDevice)(virConnectPtr, virDomainPtr, const char *, void *);
typedef void (*OnLifecycle)(virConnectPtr, virDomainPtr, int, int, void *);

typedef struct {
    virConnectDomainEventGenericCallback callback; /* NULL: not registered */
    void *queue;
    virFreeCallback release;
} Registered;

static struct {
    Registered events[VIR_DOMAIN_EVENT_ID_DEVICE_REMOVAL_FAILED + 1]; /* the last of ours */
    virConnectCloseFunc on_close;
    void *close_queue;
    int refused; /* this event cannot be registered; -1: each can */
} driver;

int
virConnectDomainEventRegisterAny(virConnectPtr connection, virDomainPtr domain, int event,
                                 virConnectDomainEventGenericCallback callback, void *queue,
                                 virFreeCallback release)
{
    g_assert_nonnull(domain);
    if (event == driver.refused) {
        g_assert_null(virDomainLookupByName(connection, "refused")); /* has libvirt set an error */
        return -1;
    }
    g_assert_true(driver.events[event].callback == NULL);
    driver.events[event] = (Registered){callback, queue, release};
    return event;
}

int
virConnectDomainEventDeregisterAny(virConnectPtr connection, int event)
{
    Registered registered = driver.events[event];

    g_assert_nonnull(connection);
    g_assert_true(registered.callback != NULL);
    driver.events[event] = (Registered){NULL, NULL, NULL};
    registered.release(registered.queue);
    return 0;
}

int
virConnectRegisterCloseCallback(virConnectPtr connection, virConnectCloseFunc callback, void *queue,
                                virFreeCallback release)
{
    g_assert_nonnull(connection);
    g_assert_null(release);
    driver.on_close = callback;
    driver.close_queue = queue;
    return 0;
}

int
virConnectUnregisterCloseCallback(virConnectPtr connection, virConnectCloseFunc callback)
{
    g_assert_nonnull(connection);
    g_assert_true(callback == driver.on_close);
    driver.on_close = NULL;
    return 0;
}

static guint
count_registered(void)
{
    guint count = 0;

    for (gsize i = 0; i < G_N_ELEMENTS(driver.events); i++)
        count += driver.events[i].callback != NULL ? 1 : 0;
    return count;
}

typedef struct {
    virConnectPtr connection;
    virDomainPtr domain;
    VasLibvirtEvents *events;
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    (void) data;
    driver.refused = -1;
    fixture->connection = virConnectOpen("test:///default");
    fixture->domain = virDomainLookupByUUIDString(fixture->connection, GUEST);
    fixture->events = vas_libvirt_events_new();
    g_assert_true(vas_libvirt_events_join(fixture->events, fixture->connection, &error));
    g_assert_no_error(error);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    (void) data;
    vas_libvirt_events_leave(fixture->events);
    g_assert_cmpuint(count_registered(), ==, 0);
    g_assert_true(driver.on_close == NULL);
    vas_libvirt_events_free(fixture->events);
    virDomainFree(fixture->domain);
    virConnectClose(fixture->connection);
}

static void
watch(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;

    g_assert_true(vas_libvirt_events_watch(fixture->events, GUEST, &error));
    g_assert_no_error(error);
}

static void
tell_device(Fixture *fixture, int event, const char *alias)
{
    OnDevice on_device = (OnDevice) (void (*)(void)) driver.events[event].callback;

    on_device(fixture->connection, fixture->domain, alias, driver.events[event].queue);
}

static void
tell_lifecycle(Fixture *fixture, int event)
{
    Registered *registered = &driver.events[VIR_DOMAIN_EVENT_ID_LIFECYCLE];
    OnLifecycle on_lifecycle = (OnLifecycle) (void (*)(void)) registered->callback;

    on_lifecycle(fixture->connection, fixture->domain, event, 0, registered->queue);
}

static void
assert_next(Fixture *fixture, VasEventKind kind, const char *guest, const char *alias)
{
    g_autoptr(VasEvent) event = vas_libvirt_events_next(fixture->events, 0);

    g_assert_nonnull(event);
    g_assert_cmpint(event->kind, ==, kind);
    g_assert_cmpstr(event->guest, ==, guest);
    g_assert_cmpstr(event->alias, ==, alias);
}

static void
assert_none(Fixture *fixture)
{
    g_assert_null(vas_libvirt_events_next(fixture->events, 0));
}

static void
test_device(Fixture *fixture, gconstpointer data)
{
    (void) data;
    watch(fixture);
    tell_device(fixture, VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED, "ua-web");
    tell_device(fixture, VIR_DOMAIN_EVENT_ID_DEVICE_REMOVAL_FAILED, "hostdev0");
    assert_next(fixture, VAS_EVENT_DEVICE_REMOVED, GUEST, "ua-web");
    assert_next(fixture, VAS_EVENT_DEVICE_REMOVAL_FAILED, GUEST, "hostdev0");
    assert_none(fixture);
}

/* QEMU goes on, or is kept, after any other event of its life. */
static void
test_lifecycle(Fixture *fixture, gconstpointer data)
{
    static const int others[] = {
        VIR_DOMAIN_EVENT_DEFINED,   VIR_DOMAIN_EVENT_UNDEFINED, VIR_DOMAIN_EVENT_STARTED,
        VIR_DOMAIN_EVENT_SUSPENDED, VIR_DOMAIN_EVENT_RESUMED,   VIR_DOMAIN_EVENT_SHUTDOWN,
        VIR_DOMAIN_EVENT_CRASHED,
    };

    (void) data;
    watch(fixture);
    for (gsize i = 0; i < G_N_ELEMENTS(others); i++)
        tell_lifecycle(fixture, others[i]);
    assert_none(fixture);
    tell_lifecycle(fixture, VIR_DOMAIN_EVENT_STOPPED);
    assert_next(fixture, VAS_EVENT_GUEST_STOPPED, GUEST, NULL);
}

static void
test_close(Fixture *fixture, gconstpointer data)
{
    static const int lost[] = {VIR_CONNECT_CLOSE_REASON_ERROR, VIR_CONNECT_CLOSE_REASON_EOF,
                               VIR_CONNECT_CLOSE_REASON_KEEPALIVE};

    (void) data;
    driver.on_close(fixture->connection, VIR_CONNECT_CLOSE_REASON_CLIENT, driver.close_queue);
    assert_none(fixture);
    for (gsize i = 0; i < G_N_ELEMENTS(lost); i++) {
        driver.on_close(fixture->connection, lost[i], driver.close_queue);
        assert_next(fixture, VAS_EVENT_DISCONNECTED, NULL, NULL);
    }
}

/* Events of a guest that are still queued are dropped with it; a lost connection is told. */
static void
test_unwatch(Fixture *fixture, gconstpointer data)
{
    (void) data;
    watch(fixture);
    g_assert_cmpuint(count_registered(), ==, 3);
    tell_device(fixture, VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED, "ua-web");
    driver.on_close(fixture->connection, VIR_CONNECT_CLOSE_REASON_EOF, driver.close_queue);
    tell_lifecycle(fixture, VIR_DOMAIN_EVENT_STOPPED);
    vas_libvirt_events_unwatch(fixture->events);
    g_assert_cmpuint(count_registered(), ==, 0);
    assert_next(fixture, VAS_EVENT_DISCONNECTED, NULL, NULL);
    assert_none(fixture);
}

/* A guest that is watched in part is not watched. */
static void
test_refused(Fixture *fixture, gconstpointer data)
{
    static const int wanted[] = {VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED,
                                 VIR_DOMAIN_EVENT_ID_DEVICE_REMOVAL_FAILED,
                                 VIR_DOMAIN_EVENT_ID_LIFECYCLE};

    (void) data;
    for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++) {
        g_autoptr(GError) error = NULL;

        driver.refused = wanted[i];
        g_assert_false(vas_libvirt_events_watch(fixture->events, GUEST, &error));
        testing_assert_error(&error, VAS_ERROR_NOT_FOUND, "watch guest " GUEST);
        g_assert_cmpuint(count_registered(), ==, 0);
    }
    driver.refused = -1;
    watch(fixture);
}

/* A new connection takes over what is queued of the guest, and what is watched. */
static void
test_rejoin(Fixture *fixture, gconstpointer data)
{
    virConnectPtr next = virConnectOpen("test:///default");
    g_autoptr(GError) error = NULL;

    (void) data;
    watch(fixture);
    tell_device(fixture, VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED, "ua-web");
    driver.on_close(fixture->connection, VIR_CONNECT_CLOSE_REASON_EOF, driver.close_queue);
    vas_libvirt_events_leave(fixture->events);
    g_assert_cmpuint(count_registered(), ==, 0);
    g_assert_true(vas_libvirt_events_join(fixture->events, next, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(count_registered(), ==, 3);
    assert_next(fixture, VAS_EVENT_DEVICE_REMOVED, GUEST, "ua-web");
    assert_none(fixture);
    tell_lifecycle(fixture, VIR_DOMAIN_EVENT_STOPPED);
    assert_next(fixture, VAS_EVENT_GUEST_STOPPED, GUEST, NULL);
    vas_libvirt_events_leave(fixture->events);
    virConnectClose(next);
}

/* A guest that is gone when the connection is back has stopped. */
static void
test_rejoin_without_guest(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    (void) data;
    watch(fixture);
    vas_libvirt_events_leave(fixture->events);
    g_assert_cmpint(virDomainDestroy(fixture->domain), ==, 0);
    g_assert_cmpint(virDomainUndefine(fixture->domain), ==, 0);
    g_assert_true(vas_libvirt_events_join(fixture->events, fixture->connection, &error));
    g_assert_no_error(error);
    assert_next(fixture, VAS_EVENT_GUEST_STOPPED, GUEST, NULL);
    assert_none(fixture);
    g_assert_cmpuint(count_registered(), ==, 0);
}

#define ADD(name, function)                                                                        \
    g_test_add("/libvirt-callbacks/" name, Fixture, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("device", test_device);
    ADD("lifecycle", test_lifecycle);
    ADD("close", test_close);
    ADD("unwatch", test_unwatch);
    ADD("refused", test_refused);
    ADD("rejoin", test_rejoin);
    ADD("rejoin-without-guest", test_rejoin_without_guest);
    return g_test_run();
}
