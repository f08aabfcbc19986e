/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/libvirt-hypervisor.h"

#include "core/value/error.h"
#include "virt/libvirt-domains.h"
#include "virt/libvirt-events.h"
#include "virt/libvirt-networks.h"
#include "virt/libvirt-objects.h"
#include "virt/libvirt-requests.h"
#include "virt/libvirt-try-start.h"
#include "virt/libvirt-uri.h"
#include "virt/virt-error.h"
#include "virt/virt-loop.h"

#include <libvirt/libvirt.h>

/* A daemon that hangs is given up after KEEPALIVE_COUNT + 1 intervals. */
#define KEEPALIVE_SECONDS 5
#define KEEPALIVE_COUNT 3

/* Seconds for a call that a guest can delay: at first, and when the command is to end. */
#define PATIENCE_SECONDS 60
#define HURRY_SECONDS 10

/* Thread-safety: libvirt's connection is safe to use from several threads, so every function that
 * only uses it is; @connection itself changes in libvirt_reopen alone, during which nobody else may
 * be in here. */
typedef struct {
    VasHypervisor port; /* first: the port's functions are called with it */
    char *uri;          /* NULL: libvirt's own choice */
    gboolean read_only;
    virConnectPtr connection;
    VasLibvirtEvents *events;
    VasLibvirtDomains *domains;
    VasBoundedCalls *calls;
    guint patience; /* seconds, of @calls without hurry */
} VasLibvirtHypervisor;

static VasLibvirtHypervisor *
libvirt_of(VasHypervisor *self)
{
    return (VasLibvirtHypervisor *) self;
}

static virConnectPtr
connection_of(VasHypervisor *self)
{
    return libvirt_of(self)->connection;
}

/* Finds the guest of a call that needs no more of it than its UUID. Returns full. */
static VasVirDomain *
domain_of(VasHypervisor *self, const char *guest, GError **error)
{
    return vas_libvirt_domains_find(libvirt_of(self)->domains, connection_of(self), guest, error);
}

/* libvirt's flags for one scope are the same bits for domains and for device changes
 * (VIR_DOMAIN_AFFECT_*, VIR_DOMAIN_DEVICE_MODIFY_* in libvirt-domain.h). */
static unsigned int
impact_of(VasScope scope)
{
    return scope == VAS_SCOPE_LIVE ? VIR_DOMAIN_AFFECT_LIVE : VIR_DOMAIN_AFFECT_CONFIG;
}

static void
keep_silent(void *data G_GNUC_UNUSED, virErrorPtr cause G_GNUC_UNUSED)
{
}

/* libvirt cannot be reached, whatever keeps the connection from opening. */
static virConnectPtr
open_connection(const char *uri, gboolean read_only, GError **error)
{
    g_autoptr(GError) refusal = NULL;
    virConnectPtr connection = virConnectOpenAuth(uri, NULL, read_only ? VIR_CONNECT_RO : 0);

    if (connection == NULL) {
        vas_virt_error_set(&refusal, "connect to libvirt%s%s", uri != NULL ? " at " : "",
                           uri != NULL ? uri : "");
        if (g_error_matches(refusal, VAS_ERROR, VAS_ERROR_DENIED))
            g_propagate_error(error, g_steal_pointer(&refusal));
        else
            g_propagate_error(error, vas_error_recode(refusal, VAS_ERROR_UNREACHABLE));
        return NULL;
    }
    /* Drivers without a daemon have none to watch over, and say so. */
    virConnectSetKeepAlive(connection, KEEPALIVE_SECONDS, KEEPALIVE_COUNT);
    return connection;
}

static void
libvirt_free(VasHypervisor *port)
{
    VasLibvirtHypervisor *self = libvirt_of(port);

    vas_libvirt_events_leave(self->events);
    vas_libvirt_domains_free(self->domains);
    vas_bounded_calls_free(self->calls);
    virConnectClose(self->connection);
    vas_libvirt_events_free(self->events);
    vas_virt_loop_release();
    g_free(self->uri);
    g_free(self);
}

static gboolean
libvirt_is_local(VasHypervisor *self)
{
    g_autofree char *uri = vas_libvirt_hypervisor_uri(self);

    return uri != NULL && vas_libvirt_uri_is_local(uri);
}

static gulong
libvirt_version(VasHypervisor *self)
{
    unsigned long version = 0;

    return virConnectGetLibVersion(connection_of(self), &version) < 0 ? 0 : version;
}

static char *
libvirt_domain_capabilities(VasHypervisor *self, GError **error)
{
    char *xml = virConnectGetDomainCapabilities(connection_of(self), NULL, NULL, NULL, NULL, 0);

    if (xml == NULL)
        vas_virt_error_set(error, "ask what libvirt can do here");
    return xml;
}

static GStrv
libvirt_list_node_devices(VasHypervisor *self, VasNodeDeviceKind kind, GError **error)
{
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();
    g_autofree virNodeDevicePtr *devices = NULL;
    int n = virConnectListAllNodeDevices(connection_of(self), &devices,
                                         vas_libvirt_node_device_flag(kind));

    if (n < 0) {
        vas_virt_error_set(error, "list the host's devices");
        return NULL;
    }
    for (int i = 0; i < n; i++) {
        g_autoptr(VasVirNodeDevice) device = devices[i];

        g_strv_builder_add(names, virNodeDeviceGetName(device));
    }
    return g_strv_builder_end(names);
}

/* Returns full. */
static VasVirNodeDevice *
node_device_of(VasHypervisor *self, const char *name, GError **error)
{
    VasVirNodeDevice *device = virNodeDeviceLookupByName(connection_of(self), name);

    if (device == NULL)
        vas_virt_error_set(error, "node device %s", name);
    return device;
}

static char *
libvirt_node_device_xml(VasHypervisor *self, const char *name, GError **error)
{
    g_autoptr(VasVirNodeDevice) device = node_device_of(self, name, error);
    char *xml;

    if (device == NULL)
        return NULL;
    xml = virNodeDeviceGetXMLDesc(device, 0);
    if (xml == NULL)
        vas_libvirt_set_reply_error(connection_of(self), "node device", name, error);
    return xml;
}

static GStrv
libvirt_list_networks(VasHypervisor *self, GError **error)
{
    return vas_libvirt_networks_list(connection_of(self), error);
}

static char *
libvirt_network_xml(VasHypervisor *self, const char *name, GError **error)
{
    return vas_libvirt_network_xml(connection_of(self), name, error);
}

static gboolean
libvirt_network_state(VasHypervisor *self, const char *name, gboolean *ret_active,
                      gboolean *ret_autostarted, GError **error)
{
    return vas_libvirt_network_state(connection_of(self), name, ret_active, ret_autostarted, error);
}

static gboolean
libvirt_detach_node_device(VasHypervisor *self, const char *name, const char *driver,
                           GError **error)
{
    VasVirNodeDevice *device = node_device_of(self, name, error);

    return device != NULL &&
           vas_libvirt_request_node_detach(libvirt_of(self)->calls, name, device, driver, error);
}

static gboolean
libvirt_reattach_node_device(VasHypervisor *self, const char *name, GError **error)
{
    VasVirNodeDevice *device = node_device_of(self, name, error);

    return device != NULL &&
           vas_libvirt_request_node_reattach(libvirt_of(self)->calls, name, device, error);
}

static void
free_domains(virDomainPtr *domains, int n)
{
    for (int i = 0; i < n; i++)
        virDomainFree(domains[i]);
    g_free(domains);
}

static GPtrArray *
libvirt_list_guests(VasHypervisor *self, GError **error)
{
    g_autoptr(GPtrArray) guests =
        g_ptr_array_new_with_free_func((GDestroyNotify) vas_guest_listing_free);
    g_autoptr(GError) refusal = NULL;
    virDomainPtr *domains = NULL;
    int n = virConnectListAllDomains(connection_of(self), &domains, 0);

    if (n < 0) {
        vas_virt_error_set(error, "list guests");
        return NULL;
    }
    for (int i = 0; i < n && refusal == NULL; i++) {
        VasGuestListing *listing = vas_libvirt_listing_of(domains[i], &refusal);

        if (listing != NULL) {
            vas_libvirt_domains_add(libvirt_of(self)->domains, domains[i]);
            g_ptr_array_add(guests, listing);
        } else if (g_error_matches(refusal, VAS_ERROR, VAS_ERROR_NOT_FOUND))
            g_clear_error(&refusal);
    }
    free_domains(domains, n);
    if (refusal != NULL) {
        g_propagate_error(error, g_steal_pointer(&refusal));
        return NULL;
    }
    return g_steal_pointer(&guests);
}

/* libvirt itself answers this whatever it waits for. Beside a call that has not come back, though,
 * libvirt 9.0 was seen to need KEEPALIVE_SECONDS for every other answer (threads of its client hand
 * on the reading of the socket, virNetClientIOEventLoop in src/rpc/virnetclient.c), and what is
 * known of a guest without its XML serves nobody. */
static VasGuestListing *
libvirt_find_guest(VasHypervisor *self, const char *guest, GError **error)
{
    g_autoptr(VasVirDomain) domain = NULL;

    if (!vas_bounded_calls_check(libvirt_of(self)->calls, guest, error))
        return NULL;
    domain =
        vas_libvirt_domains_look_up(libvirt_of(self)->domains, connection_of(self), guest, error);
    return domain != NULL ? vas_libvirt_listing_of(domain, error) : NULL;
}

static char *
libvirt_guest_xml(VasHypervisor *self, const char *guest, VasScope scope, GError **error)
{
    VasVirDomain *domain = domain_of(self, guest, error);

    return domain != NULL ? vas_libvirt_request_guest_xml(
                                libvirt_of(self)->calls, guest, domain,
                                scope == VAS_SCOPE_LIVE ? 0 : VIR_DOMAIN_XML_INACTIVE, error)
                          : NULL;
}

static GPtrArray *
libvirt_agent_interfaces(VasHypervisor *self, const char *guest, GError **error)
{
    VasVirDomain *domain = domain_of(self, guest, error);

    return domain != NULL
               ? vas_libvirt_request_agent_interfaces(libvirt_of(self)->calls, guest, domain, error)
               : NULL;
}

static gboolean
libvirt_attach(VasHypervisor *self, const char *guest, const char *xml, VasScope scope,
               GError **error)
{
    VasVirDomain *domain = domain_of(self, guest, error);

    return domain != NULL && vas_libvirt_request_attach(libvirt_of(self)->calls, guest, domain, xml,
                                                        impact_of(scope), error);
}

static gboolean
libvirt_request_unplug(VasHypervisor *self, const char *guest, const char *alias, GError **error)
{
    VasVirDomain *domain = domain_of(self, guest, error);

    return domain != NULL &&
           vas_libvirt_request_unplug(libvirt_of(self)->calls, guest, domain, alias, error);
}

static gboolean
libvirt_detach_config(VasHypervisor *self, const char *guest, const char *xml, GError **error)
{
    VasVirDomain *domain = domain_of(self, guest, error);

    return domain != NULL &&
           vas_libvirt_request_detach_config(libvirt_of(self)->calls, guest, domain, xml, error);
}

static gboolean
libvirt_get_metadata(VasHypervisor *self, const char *guest, const char *uri, VasScope scope,
                     char **ret_xml, GError **error)
{
    VasVirDomain *domain = domain_of(self, guest, error);

    return domain != NULL &&
           vas_libvirt_request_get_metadata(libvirt_of(self)->calls, guest, domain, uri,
                                            impact_of(scope), ret_xml, error);
}

static gboolean
libvirt_set_metadata(VasHypervisor *self, const char *guest, const char *uri, const char *prefix,
                     const char *xml, VasScope scope, GError **error)
{
    VasVirDomain *domain = domain_of(self, guest, error);

    return domain != NULL &&
           vas_libvirt_request_set_metadata(libvirt_of(self)->calls, guest, domain, uri, prefix,
                                            xml, impact_of(scope), error);
}

static gboolean
libvirt_try_start(VasHypervisor *self, const char *name, const char *xml, GError **error)
{
    return vas_libvirt_try_start(libvirt_of(self)->calls, connection_of(self), name, xml, error);
}

static gboolean
libvirt_watch(VasHypervisor *self, const char *guest, GError **error)
{
    return vas_libvirt_events_watch(libvirt_of(self)->events, guest, error);
}

static void
libvirt_unwatch(VasHypervisor *self)
{
    vas_libvirt_events_unwatch(libvirt_of(self)->events);
}

static VasEvent *
libvirt_next_event(VasHypervisor *self, gint64 deadline)
{
    return vas_libvirt_events_next(libvirt_of(self)->events, deadline);
}

static void
libvirt_wake(VasHypervisor *self)
{
    vas_libvirt_events_wake(libvirt_of(self)->events);
}

static void
libvirt_hurry(VasHypervisor *port, gboolean hurries)
{
    VasLibvirtHypervisor *self = libvirt_of(port);

    vas_bounded_calls_set_patience(self->calls,
                                   hurries ? MIN(HURRY_SECONDS, self->patience) : self->patience);
}

/* The new connection is opened first: as long as there is none, calls fail on the old one as they
 * did. A local socket answers at once, or in some seconds when it is what starts the daemon
 * (libvirtd.socket). */
static gboolean
libvirt_reopen(VasHypervisor *port, GError **error)
{
    VasLibvirtHypervisor *self = libvirt_of(port);
    virConnectPtr connection = open_connection(self->uri, self->read_only, error);

    if (connection == NULL)
        return FALSE;
    if (!vas_libvirt_events_join(self->events, connection, error)) {
        virConnectClose(connection);
        return FALSE;
    }
    vas_libvirt_domains_forget(self->domains);
    virConnectClose(self->connection);
    self->connection = connection;
    return TRUE;
}

/* The URI is the one that libvirt has chosen: a second choice could fall upon another libvirt. */
static VasHypervisor *
libvirt_clone(VasHypervisor *port, GError **error)
{
    const VasLibvirtHypervisor *self = libvirt_of(port);
    g_autofree char *uri = vas_libvirt_hypervisor_uri(port);
    VasHypervisor *clone = vas_libvirt_hypervisor_open(uri, self->read_only, error);

    if (clone != NULL)
        vas_libvirt_hypervisor_set_patience(clone, self->patience);
    return clone;
}

static const VasHypervisor libvirt_port = {
    .free = libvirt_free,
    .clone = libvirt_clone,
    .is_local = libvirt_is_local,
    .version = libvirt_version,
    .domain_capabilities = libvirt_domain_capabilities,
    .list_node_devices = libvirt_list_node_devices,
    .node_device_xml = libvirt_node_device_xml,
    .list_networks = libvirt_list_networks,
    .network_xml = libvirt_network_xml,
    .network_state = libvirt_network_state,
    .detach_node_device = libvirt_detach_node_device,
    .reattach_node_device = libvirt_reattach_node_device,
    .list_guests = libvirt_list_guests,
    .find_guest = libvirt_find_guest,
    .guest_xml = libvirt_guest_xml,
    .agent_interfaces = libvirt_agent_interfaces,
    .attach = libvirt_attach,
    .request_unplug = libvirt_request_unplug,
    .detach_config = libvirt_detach_config,
    .get_metadata = libvirt_get_metadata,
    .set_metadata = libvirt_set_metadata,
    .try_start = libvirt_try_start,
    .watch = libvirt_watch,
    .unwatch = libvirt_unwatch,
    .next_event = libvirt_next_event,
    .wake = libvirt_wake,
    .hurry = libvirt_hurry,
    .reopen = libvirt_reopen,
};

/* Runs with the event loop held; hands it over on success. */
static VasHypervisor *
open_with_loop(const char *uri, gboolean read_only, GError **error)
{
    g_autoptr(VasLibvirtEvents) events = vas_libvirt_events_new();
    virConnectPtr connection = open_connection(uri, read_only, error);
    VasLibvirtHypervisor *self;

    if (connection == NULL)
        return NULL;
    if (!vas_libvirt_events_join(events, connection, error)) {
        virConnectClose(connection);
        return NULL;
    }
    self = g_new0(VasLibvirtHypervisor, 1);
    self->port = libvirt_port;
    self->uri = g_strdup(uri);
    self->read_only = read_only;
    self->connection = connection;
    self->events = g_steal_pointer(&events);
    self->domains = vas_libvirt_domains_new();
    self->patience = PATIENCE_SECONDS;
    self->calls = vas_bounded_calls_new(self->patience);
    return &self->port;
}

VasHypervisor *
vas_libvirt_hypervisor_open(const char *uri, gboolean read_only, GError **error)
{
    VasHypervisor *self;

    /* libvirt's own global; the default handler prints each error to stderr. */
    virSetErrorFunc(NULL, keep_silent);
    if (!vas_virt_loop_acquire(error))
        return NULL;
    self = open_with_loop(uri, read_only, error);
    if (self == NULL)
        vas_virt_loop_release();
    return self;
}

void
vas_libvirt_hypervisor_set_patience(VasHypervisor *self, guint seconds)
{
    libvirt_of(self)->patience = seconds;
    libvirt_hurry(self, FALSE);
}

char *
vas_libvirt_hypervisor_uri(VasHypervisor *self)
{
    return virConnectGetURI(connection_of(self));
}
