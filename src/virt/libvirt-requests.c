/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/libvirt-requests.h"

#include "core/value/error.h"
#include "virt/hypervisor.h"
#include "virt/virt-error.h"

/* libvirt waits for an agent without end, unless it is told a number of seconds (since 5.10). */
#define AGENT_SECONDS 10

/* A guest is read in some milliseconds, by a busy host in a second. libvirt itself waits 30 s for
 * the end of another request about the guest (QEMU_JOB_WAIT_TIME in src/qemu/qemu_domain.c). */
#define READ_SECONDS 10

/* XML that was read. Who asked and the call share it, as only one of the two may be there yet. */
typedef struct {
    char *xml;
} Reading;

/* A request owns all that its call works with, which may outlive the connection's owner. */
typedef struct {
    char *name;               /* the guest's UUID, or the node device's name */
    char *what;               /* for people: "guest db1" */
    VasVirDomain *domain;     /* NULL: it is about @device */
    VasVirNodeDevice *device; /* NULL: it is about @domain */
    char *text;               /* XML, alias, or driver */
    char *uri;
    char *prefix;
    unsigned int impact;   /* or flags */
    GPtrArray *interfaces; /* VasAgentInterface: the answer */
    Reading *reading;      /* the answer */
} Request;

static void
reading_clear(gpointer data)
{
    Reading *reading = data;

    g_free(reading->xml);
}

static void
reading_unref(Reading *reading)
{
    g_atomic_rc_box_release_full(reading, reading_clear);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reading, reading_unref)

static void
request_free(gpointer data)
{
    Request *request = data;

    g_free(request->name);
    g_free(request->what);
    vas_libvirt_domain_free(request->domain);
    vas_libvirt_node_device_free(request->device);
    g_free(request->text);
    g_free(request->uri);
    g_free(request->prefix);
    g_clear_pointer(&request->interfaces, g_ptr_array_unref);
    g_clear_pointer(&request->reading, reading_unref);
    g_free(request);
}

static Request *
request_new(const char *name, VasVirDomain *domain, VasVirNodeDevice *device, const char *text,
            unsigned int impact)
{
    Request *request = g_new0(Request, 1);

    request->name = g_strdup(name);
    request->what = domain != NULL ? g_strdup_printf("guest %s", virDomainGetName(domain))
                                   : g_strdup_printf("node device %s", name);
    request->domain = domain;
    request->device = device;
    request->text = g_strdup(text);
    request->impact = impact;
    return request;
}

static gboolean
read_xml(gpointer data, GError **error)
{
    const Request *request = data;
    virConnectPtr connection = virDomainGetConnect(request->domain);

    request->reading->xml = virDomainGetXMLDesc(request->domain, request->impact);
    if (request->reading->xml != NULL)
        return TRUE;
    vas_libvirt_set_reply_error(connection, "guest", request->name, error);
    return FALSE;
}

/* Takes @request, which may be gone while it is still told of. */
static gboolean
run(VasBoundedCalls *calls, Request *request, VasBoundedFunc act, GError **error)
{
    g_autofree char *name = g_strdup(request->name);
    g_autofree char *what = g_strdup(request->what);

    return vas_bounded_calls_run(calls, name, what, act, request, request_free, error);
}

/* Takes @request. *ret_xml: what it read. */
static gboolean
read_guest(VasBoundedCalls *calls, Request *request, VasBoundedFunc act, char **ret_xml,
           GError **error)
{
    g_autofree char *name = g_strdup(request->name);
    g_autofree char *what = g_strdup(request->what);
    g_autoptr(Reading) reading = g_atomic_rc_box_new0(Reading);

    request->reading = g_atomic_rc_box_acquire(reading);
    if (!vas_bounded_calls_read(calls, name, what, READ_SECONDS, act, request, request_free, error))
        return FALSE;
    *ret_xml = g_steal_pointer(&reading->xml);
    return TRUE;
}

char *
vas_libvirt_request_guest_xml(VasBoundedCalls *calls, const char *guest, VasVirDomain *domain,
                              unsigned int flags, GError **error)
{
    char *xml = NULL;

    (void) read_guest(calls, request_new(guest, domain, NULL, NULL, flags), read_xml, &xml, error);
    return xml;
}

static gboolean
read_metadata(gpointer data, GError **error)
{
    const Request *request = data;
    virConnectPtr connection = virDomainGetConnect(request->domain);
    g_autoptr(GError) refusal = NULL;

    request->reading->xml = virDomainGetMetadata(request->domain, VIR_DOMAIN_METADATA_ELEMENT,
                                                 request->uri, request->impact);
    if (request->reading->xml != NULL)
        return TRUE;
    vas_libvirt_set_reply_error(connection, "the metadata of guest", request->name, &refusal);
    if (vas_error_libvirt_code(refusal) == VIR_ERR_NO_DOMAIN_METADATA)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&refusal));
    return FALSE;
}

gboolean
vas_libvirt_request_get_metadata(VasBoundedCalls *calls, const char *guest, VasVirDomain *domain,
                                 const char *uri, unsigned int impact, char **ret_xml,
                                 GError **error)
{
    Request *request = request_new(guest, domain, NULL, NULL, impact);

    request->uri = g_strdup(uri);
    return read_guest(calls, request, read_metadata, ret_xml, error);
}

static gboolean
attach(gpointer data, GError **error)
{
    const Request *request = data;

    if (virDomainAttachDeviceFlags(request->domain, request->text, request->impact) >= 0)
        return TRUE;
    vas_virt_error_set(error, "libvirt");
    return FALSE;
}

gboolean
vas_libvirt_request_attach(VasBoundedCalls *calls, const char *guest, VasVirDomain *domain,
                           const char *xml, unsigned int impact, GError **error)
{
    return run(calls, request_new(guest, domain, NULL, xml, impact), attach, error);
}

/* Whether QEMU said it: libvirt hands QEMU's error on as an internal one of its driver
 * (qemuMonitorJSON in src/qemu/qemu_monitor_json.c), and refuses with other numbers itself. */
static gboolean
is_of_qemu(const GError *refusal)
{
    return vas_error_libvirt_domain(refusal) == VIR_FROM_QEMU &&
           vas_error_libvirt_code(refusal) == VIR_ERR_INTERNAL_ERROR;
}

/* virDomainDetachDeviceFlags would wait for the guest for up to 5 s, and hold up every other change
 * to it meanwhile (qemuDomainDetachDeviceLive in src/qemu/qemu_hotplug.c). */
static gboolean
unplug(gpointer data, GError **error)
{
    const Request *request = data;
    g_autoptr(GError) refusal = NULL;

    if (virDomainDetachDeviceAlias(request->domain, request->text, request->impact) >= 0)
        return TRUE;
    vas_virt_error_set(&refusal, "libvirt");
    g_propagate_error(error, is_of_qemu(refusal) ? vas_error_recode(refusal, VAS_ERROR_NOT_READY)
                                                 : g_error_copy(refusal));
    return FALSE;
}

gboolean
vas_libvirt_request_unplug(VasBoundedCalls *calls, const char *guest, VasVirDomain *domain,
                           const char *alias, GError **error)
{
    return run(calls, request_new(guest, domain, NULL, alias, VIR_DOMAIN_AFFECT_LIVE), unplug,
               error);
}

static gboolean
detach(gpointer data, GError **error)
{
    const Request *request = data;

    if (virDomainDetachDeviceFlags(request->domain, request->text, request->impact) >= 0)
        return TRUE;
    vas_virt_error_set(error, "libvirt");
    return FALSE;
}

gboolean
vas_libvirt_request_detach_config(VasBoundedCalls *calls, const char *guest, VasVirDomain *domain,
                                  const char *xml, GError **error)
{
    return run(calls, request_new(guest, domain, NULL, xml, VIR_DOMAIN_AFFECT_CONFIG), detach,
               error);
}

static gboolean
set_metadata(gpointer data, GError **error)
{
    const Request *request = data;

    if (virDomainSetMetadata(request->domain, VIR_DOMAIN_METADATA_ELEMENT, request->text,
                             request->prefix, request->uri, request->impact) >= 0)
        return TRUE;
    vas_virt_error_set(error, "write the metadata of guest %s", request->name);
    return FALSE;
}

gboolean
vas_libvirt_request_set_metadata(VasBoundedCalls *calls, const char *guest, VasVirDomain *domain,
                                 const char *uri, const char *prefix, const char *xml,
                                 unsigned int impact, GError **error)
{
    Request *request = request_new(guest, domain, NULL, xml, impact);

    request->uri = g_strdup(uri);
    request->prefix = g_strdup(prefix);
    return run(calls, request, set_metadata, error);
}

/* libvirt checks the answer's form (qemuAgentGetInterfaces in src/qemu/qemu_agent.c); its texts are
 * still the guest's. The time is libvirt's for all who ask this agent: it is put back to libvirt's
 * own at once, since a freeze of file systems may take longer. */
static gboolean
ask_agent(gpointer data, GError **error)
{
    const Request *request = data;
    g_autofree virDomainInterfacePtr *told = NULL;
    g_autoptr(GError) failure = NULL;
    gboolean is_timed = virDomainAgentSetResponseTimeout(request->domain, AGENT_SECONDS, 0) >= 0;
    int n = virDomainInterfaceAddresses(request->domain, &told,
                                        VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_AGENT, 0);

    if (n < 0)
        vas_virt_error_set(&failure, "ask the guest's agent for its network interfaces");
    if (is_timed)
        (void) virDomainAgentSetResponseTimeout(request->domain,
                                                VIR_DOMAIN_AGENT_RESPONSE_TIMEOUT_BLOCK, 0);
    if (n < 0) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    for (int i = 0; i < n; i++) {
        VasAgentInterface *interface = vas_agent_interface_new(told[i]->name, told[i]->hwaddr);

        if (interface != NULL && request->interfaces->len < VAS_AGENT_INTERFACES_MAX)
            g_ptr_array_add(request->interfaces, interface);
        else
            vas_agent_interface_free(interface);
        virDomainInterfaceFree(told[i]);
    }
    return TRUE;
}

GPtrArray *
vas_libvirt_request_agent_interfaces(VasBoundedCalls *calls, const char *guest,
                                     VasVirDomain *domain, GError **error)
{
    g_autoptr(GPtrArray) interfaces =
        g_ptr_array_new_with_free_func((GDestroyNotify) vas_agent_interface_free);
    g_autoptr(GError) failure = NULL;
    Request *request = request_new(guest, domain, NULL, NULL, 0);

    request->interfaces = g_ptr_array_ref(interfaces);
    if (run(calls, request, ask_agent, &failure))
        return g_steal_pointer(&interfaces);
    g_propagate_error(error, g_error_matches(failure, VAS_ERROR, VAS_ERROR_TIMED_OUT)
                                 ? vas_error_recode(failure, VAS_ERROR_NOT_READY)
                                 : g_steal_pointer(&failure));
    return NULL;
}

static gboolean
detach_node(gpointer data, GError **error)
{
    const Request *request = data;

    if (virNodeDeviceDetachFlags(request->device, request->text, 0) >= 0)
        return TRUE;
    vas_virt_error_set(error, "take node device %s from its host driver", request->name);
    return FALSE;
}

gboolean
vas_libvirt_request_node_detach(VasBoundedCalls *calls, const char *name, VasVirNodeDevice *device,
                                const char *driver, GError **error)
{
    return run(calls, request_new(name, NULL, device, driver, 0), detach_node, error);
}

static gboolean
reattach_node(gpointer data, GError **error)
{
    const Request *request = data;

    if (virNodeDeviceReAttach(request->device) >= 0)
        return TRUE;
    vas_virt_error_set(error, "give node device %s back to its host driver", request->name);
    return FALSE;
}

gboolean
vas_libvirt_request_node_reattach(VasBoundedCalls *calls, const char *name,
                                  VasVirNodeDevice *device, GError **error)
{
    return run(calls, request_new(name, NULL, device, NULL, 0), reattach_node, error);
}
