/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/libvirt-hypervisor.h"

#include "core/value/error.h"
#include "testing.h"

#include <libvirt/libvirt.h>

/* libvirt's test driver plays the agent too: it tells the NICs of the definition, eth0 and on. */

#define GUEST "d0000000-0000-4000-8000-0000000000bb"
#define NOBODY "d0000000-0000-4000-8000-00000000dead"
#define GUEST_XML                                                                                  \
    "<domain type='test'><name>asked</name><uuid>" GUEST "</uuid>"                                 \
    "<memory>1024</memory><os><type>hvm</type></os><devices>"                                      \
    "<interface type='network'><mac address='52:54:00:00:00:01'/><source network='default'/>"      \
    "<target dev='eth0'/></interface></devices></domain>"

static VasHypervisor *
open_default(gboolean read_only)
{
    g_autoptr(GError) error = NULL;
    VasHypervisor *hypervisor = vas_libvirt_hypervisor_open("test:///default", read_only, &error);

    g_assert_no_error(error);
    return hypervisor;
}

static void
test_interfaces(void)
{
    g_autoptr(VasHypervisor) hypervisor = open_default(FALSE);
    virConnectPtr other = virConnectOpen("test:///default");
    virDomainPtr domain = virDomainCreateXML(other, GUEST_XML, 0);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) interfaces = NULL;
    const VasAgentInterface *interface = NULL;

    g_assert_nonnull(domain);
    interfaces = hypervisor->agent_interfaces(hypervisor, GUEST, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(interfaces->len, ==, 1);
    interface = g_ptr_array_index(interfaces, 0);
    g_assert_cmpstr(interface->name, ==, "eth0");
    g_assert_true(interface->has_mac);
    g_assert_cmpstr(vas_mac_address_text(interface->mac).text, ==, "52:54:00:00:00:01");
    virDomainDestroy(domain);
    virDomainFree(domain);
    virConnectClose(other);
}

static void
test_refusals(void)
{
    g_autoptr(VasHypervisor) hypervisor = open_default(FALSE);
    g_autoptr(VasHypervisor) reader = open_default(TRUE);
    g_autoptr(GError) error = NULL;

    g_assert_null(hypervisor->agent_interfaces(hypervisor, NOBODY, &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, "guest " NOBODY);
    g_assert_null(reader->agent_interfaces(reader, "6695eb01-f6a4-8304-79aa-97f2502e193f", &error));
    testing_assert_error(&error, VAS_ERROR_DENIED, "ask the guest's agent");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/libvirt-agent/interfaces", test_interfaces);
    g_test_add_func("/libvirt-agent/refusals", test_refusals);
    return g_test_run();
}
