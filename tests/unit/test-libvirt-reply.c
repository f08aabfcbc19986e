/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/libvirt-hypervisor.h"

#include "core/value/error.h"
#include "testing.h"

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

#define GUEST "6695eb01-f6a4-8304-79aa-97f2502e193f" /* of test:///default */
#define DEVICE "computer"

/* The functions of libvirt's that give long answers are taken by these: a daemon that cannot send
 * the answer has the error of a broken transport (virNetMessageEncodePayload). */
static gboolean is_lost;

virErrorPtr
virGetLastError(void)
{
    static char message[] = "Unable to encode message payload";
    static virError error = {.code = VIR_ERR_RPC, .domain = VIR_FROM_RPC, .message = message};

    return &error;
}

char *
virDomainGetXMLDesc(virDomainPtr domain, unsigned int flags)
{
    (void) domain;
    (void) flags;
    return NULL;
}

char *
virNodeDeviceGetXMLDesc(virNodeDevicePtr device, unsigned int flags)
{
    (void) device;
    (void) flags;
    return NULL;
}

char *
virDomainGetMetadata(virDomainPtr domain, int type, const char *uri, unsigned int flags)
{
    (void) domain;
    (void) type;
    (void) uri;
    (void) flags;
    return NULL;
}

int
virConnectGetLibVersion(virConnectPtr connection, unsigned long *version)
{
    (void) connection;
    *version = 9007000;
    return is_lost ? -1 : 0;
}

static VasHypervisor *
open_default(gconstpointer lost)
{
    g_autoptr(GError) error = NULL;
    VasHypervisor *hypervisor = vas_libvirt_hypervisor_open("test:///default", TRUE, &error);

    g_assert_no_error(error);
    is_lost = lost != NULL;
    return hypervisor;
}

static void
assert_error(GError **error, const char *part)
{
    testing_assert_hint(*error, is_lost ? "the connection to libvirt was lost" : "still answers");
    testing_assert_error(error, is_lost ? VAS_ERROR_UNREACHABLE : VAS_ERROR_FAILED, part);
}

static void
test_guest(gconstpointer lost)
{
    g_autoptr(VasHypervisor) hypervisor = open_default(lost);
    g_autoptr(GError) error = NULL;

    g_assert_null(hypervisor->guest_xml(hypervisor, GUEST, VAS_SCOPE_CONFIG, &error));
    assert_error(&error, "read guest " GUEST ": Unable to encode");
}

static void
test_metadata(gconstpointer lost)
{
    g_autoptr(VasHypervisor) hypervisor = open_default(lost);
    g_autoptr(GError) error = NULL;
    char *xml = NULL;

    g_assert_false(
        hypervisor->get_metadata(hypervisor, GUEST, "urn:x", VAS_SCOPE_LIVE, &xml, &error));
    assert_error(&error, "read the metadata of guest " GUEST ": Unable to encode");
}

static void
test_node_device(gconstpointer lost)
{
    g_autoptr(VasHypervisor) hypervisor = open_default(lost);
    g_autoptr(GError) error = NULL;

    g_assert_null(hypervisor->node_device_xml(hypervisor, DEVICE, &error));
    assert_error(&error, "read node device " DEVICE ": Unable to encode");
}

static void
test_version(void)
{
    g_autoptr(VasHypervisor) hypervisor = open_default(NULL);

    g_assert_cmpuint(hypervisor->version(hypervisor), ==, 9007000);
    is_lost = TRUE;
    g_assert_cmpuint(hypervisor->version(hypervisor), ==, 0);
}

#define ADD(name, function)                                                                        \
    g_test_add_data_func("/libvirt-reply/too-long/" name, NULL, function);                         \
    g_test_add_data_func("/libvirt-reply/lost/" name, "lost", function)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("guest", test_guest);
    ADD("metadata", test_metadata);
    ADD("node-device", test_node_device);
    g_test_add_func("/libvirt-reply/version", test_version);
    return g_test_run();
}
