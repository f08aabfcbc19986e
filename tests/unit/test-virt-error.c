/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/virt-error.h"

#include "core/value/error.h"
#include "testing.h"

#include <errno.h>
#include <libvirt/libvirt.h>

#define SOCKET "Failed to connect socket to '/var/run/libvirt/libvirt-sock': "

typedef struct {
    int number;
    int domain;
    const char *message;
    VasError code;
    const char *hint; /* a part of it; NULL: none */
    int system;       /* errno; 0: not said */
} Row;

/* libvirt 9.0 and 11.3 have these words. */
static const Row rows[] = {
    {42, 10, "Domain not found: no domain with matching uuid '...'", VAS_ERROR_NOT_FOUND, NULL},
    {53, 22, "no node device with matching name 'pci_0000_01_10_0'", VAS_ERROR_NOT_FOUND, NULL},
    {99, 10, "device not found: host device 0000:01:10.0 not found", VAS_ERROR_NOT_FOUND, NULL},
    {55, 0,
     "Requested operation is not valid: PCI device 0000:01:10.0 is in use by driver QEMU, domain q",
     VAS_ERROR_WRONG_STATE, NULL},
    {55, 10, "Requested operation is not valid: domain is not running", VAS_ERROR_WRONG_STATE,
     NULL},
    {55, 10,
     "Requested operation is not valid: transient domains do not have any persistent config",
     VAS_ERROR_WRONG_STATE, NULL},
    {55, 10, "Requested operation is not valid: device is already in the domain configuration",
     VAS_ERROR_WRONG_STATE, NULL},
    {74, 10, "argument unsupported: QEMU guest agent is not configured", VAS_ERROR_UNSUPPORTED,
     "org.qemu.guest_agent.0"},
    {86, 10, "Guest agent is not responding: QEMU guest agent is not connected",
     VAS_ERROR_NOT_READY, "start qemu-guest-agent"},
    {97, 10, "guest agent replied with wrong id to guest-sync command", VAS_ERROR_NOT_READY,
     "start qemu-guest-agent"},
    {8, 10, "invalid argument: unknown driver name 'vfio-pci'", VAS_ERROR_UNSUPPORTED, NULL},
    {27, 20, "XML error: Attempted double use of PCI Address 0000:02:00.0", VAS_ERROR_FAILED, NULL},
    {27, 20, "XML error: Invalid PCI address 0000:02:01.0. slot must be <= 0", VAS_ERROR_FAILED,
     NULL},
    {67, 20, "unsupported configuration: non unique alias detected: ua-x", VAS_ERROR_UNSUPPORTED,
     NULL},
    {67, 10, "unsupported configuration: host doesn't support passthrough of host PCI devices",
     VAS_ERROR_UNSUPPORTED, NULL},
    {29, 20, "operation forbidden: read only access prevents virDomainAttachDeviceFlags",
     VAS_ERROR_DENIED, "read-write"},
    {29, 10, "Operation not permitted: changing device 'acpi index' is not allowed",
     VAS_ERROR_DENIED, NULL},
    {88, 18, "access denied: 'QEMU' denied access", VAS_ERROR_DENIED, "polkit"},
    {45, 7, "authentication failed: access denied by policy", VAS_ERROR_DENIED, "polkit"},
    {79, 7, "authentication cancelled: user cancelled authentication process", VAS_ERROR_DENIED,
     "polkit"},
    {94, 7, "authentication unavailable: no polkit agent available", VAS_ERROR_DENIED, "polkit"},
    {38, 7, SOCKET "Permission denied", VAS_ERROR_DENIED, "root", EACCES},
    {38, 7, SOCKET "Keine Berechtigung", VAS_ERROR_DENIED, "root", EACCES},
    {38, 7, SOCKET "No such file or directory", VAS_ERROR_UNREACHABLE, "systemctl start libvirtd"},
    {38, 7, SOCKET "Connection refused", VAS_ERROR_UNREACHABLE, "virtqemud"},
    {38, 7, "unable to connect to server at '127.0.0.1:1': Connection refused",
     VAS_ERROR_UNREACHABLE, NULL},
    {38, 7, "Cannot write data: Broken pipe", VAS_ERROR_UNREACHABLE, "was lost"},
    {38, 7, "End of file while reading data: Input/output error", VAS_ERROR_UNREACHABLE,
     "was lost"},
    {38, 0, "Cannot set interface MAC to 52:54:00:00:00:01: Permission denied", VAS_ERROR_FAILED,
     NULL},
    {39, 7, "Cannot send request", VAS_ERROR_UNREACHABLE, "was lost"},
    {5, 0, "no connection driver available for nosuch:///", VAS_ERROR_UNREACHABLE,
     "qemu:///system"},
    {1, 7, "internal error: client socket is closed", VAS_ERROR_UNREACHABLE, "was lost"},
    {1, 7, "client socket is closed", VAS_ERROR_UNREACHABLE, "was lost"},
    {1, 7, "internal error: received hangup event on socket", VAS_ERROR_UNREACHABLE, "was lost"},
    {1, 7, "internal error: connection closed due to keepalive timeout", VAS_ERROR_UNREACHABLE,
     "was lost"},
    {1, 10, "internal error: End of file while reading data from monitor", VAS_ERROR_FAILED, NULL},
    {3, 20, "this function is not supported by the connection driver: virDomainDetachDeviceFlags",
     VAS_ERROR_UNSUPPORTED, NULL},
    {74, 10, "argument unsupported: VFIO device assignment is currently not supported",
     VAS_ERROR_UNSUPPORTED, NULL},
    {84, 10, "Operation not supported: 'pci' controller cannot be hot plugged.",
     VAS_ERROR_UNSUPPORTED, NULL},
    {68, 10,
     "Timed out during operation: cannot acquire state change lock (held by "
     "monitor=remoteDispatch)",
     VAS_ERROR_FAILED, "domjobinfo"},
    {9, 10, "operation failed: unplug of device was rejected by the guest", VAS_ERROR_FAILED, NULL},
    {1, 10, "internal error: unable to execute QEMU command 'device_add': vfio 0000:01:10.0: no",
     VAS_ERROR_FAILED, NULL},
};

static void
test_codes(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *words = g_strdup(rows[i].message);
        virError cause = {.code = rows[i].number,
                          .domain = rows[i].domain,
                          .message = words,
                          .int1 = rows[i].system};
        g_autoptr(GError) error = vas_virt_error_convert(&cause, "attach");
        const char *hint = vas_error_hint(error);

        g_assert_cmpint(vas_error_libvirt_code(error), ==, rows[i].number);
        g_assert_cmpint(vas_error_libvirt_domain(error), ==, rows[i].domain);
        if (rows[i].hint == NULL)
            g_assert_cmpstr(hint, ==, NULL);
        else if (hint == NULL || strstr(hint, rows[i].hint) == NULL)
            g_error("\"%s\" has no hint on %s", rows[i].message, rows[i].hint);
        testing_assert_error(&error, (int) rows[i].code, rows[i].message);
    }
}

/* A number means the same in any language; words make better hints only. */
static void
test_codes_of_a_german_daemon(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        char words[] = "das ging nicht";
        virError cause = {.code = rows[i].number,
                          .domain = rows[i].domain,
                          .message = words,
                          .int1 = rows[i].system};
        g_autoptr(GError) error = vas_virt_error_convert(&cause, "attach");

        testing_assert_error(&error, (int) rows[i].code, "attach: das ging nicht");
    }
}

static void
test_message(void)
{
    char words[] = "internal error: QEMU says\nno \n\n";
    virError cause = {.code = VIR_ERR_INTERNAL_ERROR, .domain = VIR_FROM_QEMU, .message = words};
    g_autoptr(GError) error = vas_virt_error_convert(&cause, "read guest db1");

    g_assert_cmpstr(error->message, ==, "read guest db1: internal error: QEMU says\nno");
}

static void
test_no_reason(void)
{
    virError cause = {.code = VIR_ERR_NO_DOMAIN};
    g_autoptr(GError) none = vas_virt_error_convert(NULL, "list guests");
    g_autoptr(GError) silent = vas_virt_error_convert(&cause, "list guests");

    g_assert_cmpint(vas_error_libvirt_code(none), ==, 0);
    testing_assert_error(&none, VAS_ERROR_FAILED, "list guests: libvirt gave no reason");
    testing_assert_error(&silent, VAS_ERROR_FAILED, "list guests: libvirt gave no reason");
}

static void
ignore(void *data, virErrorPtr cause)
{
    (void) cause;
}

/* The error is taken from the thread that made the call. */
static void
test_last_error(void)
{
    virConnectPtr connection = virConnectOpen("test:///default");
    g_autoptr(GError) error = NULL;

    g_assert_nonnull(connection);
    virSetErrorFunc(NULL, ignore);
    g_assert_null(virDomainLookupByName(connection, "nobody"));
    vas_virt_error_set(&error, "guest %s", "nobody");
    g_assert_cmpint(vas_error_libvirt_code(error), ==, VIR_ERR_NO_DOMAIN);
    g_assert_cmpint(vas_error_libvirt_domain(error), ==, VIR_FROM_TEST);
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, "guest nobody: Domain not found");
    virConnectClose(connection);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/virt-error/codes", test_codes);
    g_test_add_func("/virt-error/codes/german", test_codes_of_a_german_daemon);
    g_test_add_func("/virt-error/message", test_message);
    g_test_add_func("/virt-error/no-reason", test_no_reason);
    g_test_add_func("/virt-error/last-error", test_last_error);
    return g_test_run();
}
