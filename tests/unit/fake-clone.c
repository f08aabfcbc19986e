/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-private.h"

#include <string.h>

/* A clone calls the fake's own functions, and those that a test put in their place, with the fake's
 * lock held and with a connection of its own in the place of the fake's first one. */
typedef struct {
    VasHypervisor port; /* first: the port's functions are called with it */
    Fake *fake;
    FakeConnection aside; /* its own; while a call is under way, the first one */
    GAsyncQueue *events;  /* its own, for callers without the lock */
} FakeClone;

static FakeClone *
clone_of(VasHypervisor *port)
{
    return (FakeClone *) port;
}

static void
swap(FakeClone *clone)
{
    FakeConnection current = clone->fake->connection;

    clone->fake->connection = clone->aside;
    clone->aside = current;
}

static VasHypervisor *
enter(VasHypervisor *port)
{
    FakeClone *clone = clone_of(port);

    g_rec_mutex_lock(&clone->fake->lock);
    swap(clone);
    return &clone->fake->public.port;
}

static void
leave(VasHypervisor *port)
{
    FakeClone *clone = clone_of(port);

    swap(clone);
    g_rec_mutex_unlock(&clone->fake->lock);
}

#define CALL(type, name, parameters, ...)                                                          \
    static type name parameters                                                                    \
    {                                                                                              \
        VasHypervisor *fake = enter(port);                                                         \
        type result = fake->name(fake, ##__VA_ARGS__);                                             \
                                                                                                   \
        leave(port);                                                                               \
        return result;                                                                             \
    }

typedef char *Text;
typedef GPtrArray *List;
typedef VasGuestListing *Listing;

CALL(gboolean, is_local, (VasHypervisor * port))
CALL(Text, domain_capabilities, (VasHypervisor * port, GError **error), error)
CALL(GStrv, list_node_devices, (VasHypervisor * port, VasNodeDeviceKind kind, GError **error), kind,
     error)
CALL(Text, node_device_xml, (VasHypervisor * port, const char *name, GError **error), name, error)
CALL(gboolean, detach_node_device,
     (VasHypervisor * port, const char *name, const char *driver, GError **error), name, driver,
     error)
CALL(gboolean, reattach_node_device, (VasHypervisor * port, const char *name, GError **error), name,
     error)
CALL(gulong, version, (VasHypervisor * port))
CALL(GStrv, list_networks, (VasHypervisor * port, GError **error), error)
CALL(Text, network_xml, (VasHypervisor * port, const char *name, GError **error), name, error)
CALL(gboolean, network_state,
     (VasHypervisor * port, const char *name, gboolean *ret_active, gboolean *ret_autostarted,
      GError **error),
     name, ret_active, ret_autostarted, error)
CALL(List, list_guests, (VasHypervisor * port, GError **error), error)
CALL(Listing, find_guest, (VasHypervisor * port, const char *uuid, GError **error), uuid, error)
CALL(Text, guest_xml, (VasHypervisor * port, const char *uuid, VasScope scope, GError **error),
     uuid, scope, error)
CALL(List, agent_interfaces, (VasHypervisor * port, const char *uuid, GError **error), uuid, error)
CALL(gboolean, attach,
     (VasHypervisor * port, const char *uuid, const char *xml, VasScope scope, GError **error),
     uuid, xml, scope, error)
CALL(gboolean, request_unplug,
     (VasHypervisor * port, const char *uuid, const char *alias, GError **error), uuid, alias,
     error)
CALL(gboolean, detach_config,
     (VasHypervisor * port, const char *uuid, const char *xml, GError **error), uuid, xml, error)
CALL(gboolean, get_metadata,
     (VasHypervisor * port, const char *uuid, const char *uri, VasScope scope, char **ret_xml,
      GError **error),
     uuid, uri, scope, ret_xml, error)
CALL(gboolean, set_metadata,
     (VasHypervisor * port, const char *uuid, const char *uri, const char *prefix, const char *xml,
      VasScope scope, GError **error),
     uuid, uri, prefix, xml, scope, error)
CALL(gboolean, watch, (VasHypervisor * port, const char *uuid, GError **error), uuid, error)
CALL(gboolean, reopen, (VasHypervisor * port, GError **error), error)

static void
unwatch(VasHypervisor *port)
{
    VasHypervisor *fake = enter(port);

    fake->unwatch(fake);
    leave(port);
}

/* Whatever happens at a wait of the first connection happens at one of any clone. */
static void
let_happen(Fake *fake)
{
    g_autoptr(GRecMutexLocker) locker G_GNUC_UNUSED = g_rec_mutex_locker_new(&fake->lock);
    FakeHappening on_wait = g_steal_pointer(&fake->public.on_wait);

    if (on_wait != NULL)
        on_wait(&fake->public);
}

/* The lock is not held by a thread that waits. */
static VasEvent *
next_event(VasHypervisor *port, gint64 deadline)
{
    const FakeClone *clone = clone_of(port);
    VasEvent *event = g_async_queue_try_pop(clone->events);
    gint64 left = deadline - g_get_monotonic_time();

    if (event != NULL || left <= 0)
        return fake_unless_woken(event);
    let_happen(clone->fake);
    if (clone->fake->public.pass_time == NULL)
        return fake_unless_woken(g_async_queue_timeout_pop(clone->events, (guint64) left));
    event = g_async_queue_try_pop(clone->events);
    if (event == NULL)
        clone->fake->public.pass_time(deadline);
    return fake_unless_woken(event);
}

static void
wake(VasHypervisor *port)
{
    g_async_queue_push_front(clone_of(port)->events,
                             vas_event_new(VAS_EVENT_GUEST_STOPPED, NULL, NULL));
}

/* Whether a clone hurries is nobody's question; the lock may not be taken: the interrupt's is held.
 */
static void
hurry(VasHypervisor *port, gboolean hurries)
{
    (void) port;
    (void) hurries;
}

static void
clone_free(VasHypervisor *port)
{
    FakeClone *clone = clone_of(port);

    g_rec_mutex_lock(&clone->fake->lock);
    g_assert_true(g_ptr_array_remove(clone->fake->clones, clone));
    g_rec_mutex_unlock(&clone->fake->lock);
    g_free(clone->aside.watched);
    g_async_queue_unref(clone->events);
    g_free(clone);
}

/* Complains of a function of the port that clones lack; a clone is not cloned. */
static void
assert_whole(const VasHypervisor *port, const VasHypervisor *functions)
{
    VasHypervisor expected = *port;
    void (*own[sizeof expected / sizeof(void (*)(void))])(void);
    void (*of_clone[G_N_ELEMENTS(own)])(void);

    G_STATIC_ASSERT(sizeof own == sizeof expected);
    expected.clone = NULL;
    memcpy(own, &expected, sizeof own);
    memcpy(of_clone, functions, sizeof of_clone);
    for (guint i = 0; i < G_N_ELEMENTS(own); i++)
        g_assert_true((own[i] == NULL) == (of_clone[i] == NULL));
}

VasHypervisor *
fake_clone(VasHypervisor *port, GError **error)
{
    static const VasHypervisor functions = {
        .free = clone_free,
        .is_local = is_local,
        .domain_capabilities = domain_capabilities,
        .list_node_devices = list_node_devices,
        .node_device_xml = node_device_xml,
        .detach_node_device = detach_node_device,
        .reattach_node_device = reattach_node_device,
        .version = version,
        .list_networks = list_networks,
        .network_xml = network_xml,
        .network_state = network_state,
        .list_guests = list_guests,
        .find_guest = find_guest,
        .guest_xml = guest_xml,
        .agent_interfaces = agent_interfaces,
        .attach = attach,
        .request_unplug = request_unplug,
        .detach_config = detach_config,
        .get_metadata = get_metadata,
        .set_metadata = set_metadata,
        .watch = watch,
        .unwatch = unwatch,
        .next_event = next_event,
        .wake = wake,
        .hurry = hurry,
        .reopen = reopen,
    };
    Fake *fake = fake_of(port);
    FakeClone *clone = NULL;

    assert_whole(port, &functions);
    if (fake_begin_call(fake, FAKE_CLONE, error) != GO_ON)
        return NULL;
    clone = g_new0(FakeClone, 1);
    clone->port = functions;
    clone->fake = fake;
    clone->events = g_async_queue_new_full((GDestroyNotify) vas_event_free);
    clone->aside.events = clone->events;
    g_ptr_array_add(fake->clones, clone);
    return &clone->port;
}

static void
tell(const FakeConnection *connection, VasEventKind kind, const char *uuid, const char *alias)
{
    if (!connection->disconnected && g_strcmp0(connection->watched, uuid) == 0)
        g_async_queue_push(connection->events, vas_event_new(kind, uuid, alias));
}

void
fake_push_event(FakeHypervisor *public, VasEventKind kind, const char *guest, const char *alias)
{
    Fake *fake = (Fake *) public;
    const char *uuid = guest == NULL ? NULL : fake_find_guest(public, guest)->uuid;

    if (kind == VAS_EVENT_DISCONNECTED) {
        fake_disconnect(fake);
        return;
    }
    tell(&fake->connection, kind, uuid, alias);
    for (guint i = 0; i < fake->clones->len; i++)
        tell(&((const FakeClone *) g_ptr_array_index(fake->clones, i))->aside, kind, uuid, alias);
}
