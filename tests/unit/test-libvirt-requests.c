/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/libvirt-hypervisor.h"

#include "core/value/error.h"
#include "testing.h"

#include <libvirt/libvirt.h>

#define GUEST "6695eb01-f6a4-8304-79aa-97f2502e193f" /* of test:///default */
#define DEVICE "computer"

/* The calls of libvirt's that a guest can delay are taken by these. They do not come back before
 * the test lets them. */
static struct {
    GMutex mutex;
    GCond changed;
    VasHypervisor *hypervisor;
    gboolean is_open;
    guint returned;
    int agent_seconds[2]; /* of the answers, as they were told to libvirt */
    guint told;
} gate;

/* Patience ends when the call has begun. */
static int
stand_still(void)
{
    if (!gate.is_open)
        vas_libvirt_hypervisor_set_patience(gate.hypervisor, 0);
    g_mutex_lock(&gate.mutex);
    while (!gate.is_open)
        g_cond_wait(&gate.changed, &gate.mutex);
    gate.returned++;
    g_cond_broadcast(&gate.changed);
    g_mutex_unlock(&gate.mutex);
    return -1;
}

int
virDomainAttachDeviceFlags(virDomainPtr domain, const char *xml, unsigned int flags)
{
    (void) domain;
    (void) xml;
    (void) flags;
    return stand_still();
}

int
virDomainDetachDeviceFlags(virDomainPtr domain, const char *xml, unsigned int flags)
{
    (void) domain;
    (void) xml;
    (void) flags;
    return stand_still();
}

int
virDomainDetachDeviceAlias(virDomainPtr domain, const char *alias, unsigned int flags)
{
    (void) domain;
    (void) alias;
    (void) flags;
    return stand_still();
}

int
virDomainSetMetadata(virDomainPtr domain, int type, const char *metadata, const char *key,
                     const char *uri, unsigned int flags)
{
    (void) domain;
    (void) type;
    (void) metadata;
    (void) key;
    (void) uri;
    (void) flags;
    return stand_still();
}

int
virDomainAgentSetResponseTimeout(virDomainPtr domain, int timeout, unsigned int flags)
{
    (void) domain;
    (void) flags;
    if (gate.told < G_N_ELEMENTS(gate.agent_seconds))
        gate.agent_seconds[gate.told] = timeout;
    gate.told++;
    return 0;
}

int
virDomainInterfaceAddresses(virDomainPtr domain, virDomainInterfacePtr **interfaces,
                            unsigned int source, unsigned int flags)
{
    (void) domain;
    (void) interfaces;
    (void) source;
    (void) flags;
    return stand_still();
}

int
virNodeDeviceDetachFlags(virNodeDevicePtr device, const char *driver, unsigned int flags)
{
    (void) device;
    (void) driver;
    (void) flags;
    return stand_still();
}

int
virNodeDeviceReAttach(virNodeDevicePtr device)
{
    (void) device;
    return stand_still();
}

char *
virDomainGetXMLDesc(virDomainPtr domain, unsigned int flags)
{
    (void) domain;
    (void) flags;
    (void) stand_still();
    return NULL;
}

char *
virDomainGetMetadata(virDomainPtr domain, int type, const char *uri, unsigned int flags)
{
    (void) domain;
    (void) type;
    (void) uri;
    (void) flags;
    (void) stand_still();
    return NULL;
}

virDomainPtr
virDomainCreateXML(virConnectPtr connection, const char *xml, unsigned int flags)
{
    (void) connection;
    (void) xml;
    (void) flags;
    (void) stand_still();
    return NULL;
}

static gboolean
read_live(VasHypervisor *self, GError **error)
{
    return self->guest_xml(self, GUEST, VAS_SCOPE_LIVE, error) != NULL;
}

static gboolean
read_config(VasHypervisor *self, GError **error)
{
    return self->guest_xml(self, GUEST, VAS_SCOPE_CONFIG, error) != NULL;
}

static gboolean
get_metadata(VasHypervisor *self, GError **error)
{
    g_autofree char *xml = NULL;

    return self->get_metadata(self, GUEST, "urn:x", VAS_SCOPE_LIVE, &xml, error);
}

static gboolean
attach(VasHypervisor *self, GError **error)
{
    return self->attach(self, GUEST, "<hostdev/>", VAS_SCOPE_LIVE, error);
}

static gboolean
request_unplug(VasHypervisor *self, GError **error)
{
    return self->request_unplug(self, GUEST, "ua-x", error);
}

static gboolean
detach_config(VasHypervisor *self, GError **error)
{
    return self->detach_config(self, GUEST, "<hostdev/>", error);
}

static gboolean
set_metadata(VasHypervisor *self, GError **error)
{
    return self->set_metadata(self, GUEST, "urn:x", "x", "<x/>", VAS_SCOPE_CONFIG, error);
}

static gboolean
ask_agent(VasHypervisor *self, GError **error)
{
    return self->agent_interfaces(self, GUEST, error) != NULL;
}

static gboolean
detach_node(VasHypervisor *self, GError **error)
{
    return self->detach_node_device(self, DEVICE, "vfio-pci", error);
}

static gboolean
reattach_node(VasHypervisor *self, GError **error)
{
    return self->reattach_node_device(self, DEVICE, error);
}

static gboolean
try_start(VasHypervisor *self, GError **error)
{
    return self->try_start(self, "test", "<domain/>", error);
}

typedef struct {
    const char *name;
    gboolean (*call)(VasHypervisor *self, GError **error);
    VasError code;
    const char *said;
} Delayed;

static const Delayed delayed[] = {
    {"read-live", read_live, VAS_ERROR_TIMED_OUT, "not answered about guest test in time"},
    {"read-config", read_config, VAS_ERROR_TIMED_OUT, "not answered about guest test in time"},
    {"get-metadata", get_metadata, VAS_ERROR_TIMED_OUT, "not answered about guest test in time"},
    {"attach", attach, VAS_ERROR_TIMED_OUT, "not answered about guest test in time"},
    {"request-unplug", request_unplug, VAS_ERROR_TIMED_OUT,
     "not answered about guest test in time"},
    {"detach-config", detach_config, VAS_ERROR_TIMED_OUT, "not answered about guest test in time"},
    {"set-metadata", set_metadata, VAS_ERROR_TIMED_OUT, "not answered about guest test in time"},
    {"try-start", try_start, VAS_ERROR_TIMED_OUT, "not answered about guest test in time"},
    {"agent", ask_agent, VAS_ERROR_NOT_READY, "not answered about guest test in time"},
    {"detach-node", detach_node, VAS_ERROR_TIMED_OUT,
     "not answered about node device computer in time"},
    {"reattach-node", reattach_node, VAS_ERROR_TIMED_OUT,
     "not answered about node device computer in time"},
};

/* The connection can be closed, and the program end, while libvirt is still at it. */
static void
test_delayed(gconstpointer data)
{
    const Delayed *request = data;
    g_autoptr(GError) error = NULL;
    VasHypervisor *hypervisor = vas_libvirt_hypervisor_open("test:///default", FALSE, &error);

    g_assert_no_error(error);
    gate.hypervisor = hypervisor;
    gate.is_open = FALSE;
    gate.returned = 0;
    g_assert_false(request->call(hypervisor, &error));
    testing_assert_error(&error, (int) request->code, request->said);
    g_assert_false(request->call(hypervisor, &error));
    testing_assert_error(&error, (int) request->code, "so this one was not sent");
    vas_hypervisor_free(hypervisor);
    g_mutex_lock(&gate.mutex);
    gate.is_open = TRUE;
    g_cond_broadcast(&gate.changed);
    while (gate.returned == 0)
        g_cond_wait(&gate.changed, &gate.mutex);
    g_mutex_unlock(&gate.mutex);
}

/* The agent has its time, and libvirt's own is put back for others who ask it. */
static void
test_agent_time(void)
{
    g_autoptr(GError) error = NULL;
    VasHypervisor *hypervisor = vas_libvirt_hypervisor_open("test:///default", FALSE, &error);

    gate.hypervisor = hypervisor;
    gate.is_open = TRUE;
    gate.told = 0;
    g_assert_false(ask_agent(hypervisor, &error));
    vas_hypervisor_free(hypervisor);
    testing_assert_error(&error, VAS_ERROR_FAILED, "ask the guest's agent");
    g_assert_cmpuint(gate.told, ==, 2);
    g_assert_cmpint(gate.agent_seconds[0], ==, 10);
    g_assert_cmpint(gate.agent_seconds[1], ==, VIR_DOMAIN_AGENT_RESPONSE_TIMEOUT_BLOCK);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(delayed); i++) {
        g_autofree char *path = g_strdup_printf("/libvirt-requests/%s", delayed[i].name);

        g_test_add_data_func(path, &delayed[i], test_delayed);
    }
    g_test_add_func("/libvirt-requests/agent-time", test_agent_time);
    return g_test_run();
}
