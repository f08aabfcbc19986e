/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xml/capabilities-xml.h"

#include "core/value/error.h"
#include "testing.h"

/* libvirt 9.0 and 11.3 print this, on hosts with and without VFIO. */
#define HOSTDEV(backends)                                                                          \
    "<domainCapabilities><domain>kvm</domain><devices><hostdev supported='yes'>"                   \
    "<enum name='mode'><value>subsystem</value></enum>"                                            \
    "<enum name='subsysType'><value>usb</value><value>pci</value></enum>"                          \
    "<enum name='capsType'/><enum name='pciBackend'>" backends "</enum>"                           \
    "</hostdev></devices></domainCapabilities>"

static void
test_backends(void)
{
    static const struct {
        const char *xml;
        const char *domain_type;
        gboolean has_hostdev, has_vfio;
    } rows[] = {
        {HOSTDEV("<value>default</value><value>vfio</value>"), "kvm", TRUE, TRUE},
        {HOSTDEV(""), "kvm", TRUE, FALSE},
        {"<domainCapabilities><domain>qemu</domain><devices><hostdev supported='no'>"
         "<enum name='subsysType'><value>pci</value></enum></hostdev></devices>"
         "</domainCapabilities>",
         "qemu", FALSE, FALSE},
        {"<domainCapabilities><devices><hostdev supported='yes'>"
         "<enum name='subsysType'><value>usb</value></enum></hostdev></devices>"
         "</domainCapabilities>",
         NULL, FALSE, FALSE},
        {"<domainCapabilities/>", NULL, FALSE, FALSE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(VasAssignmentCapabilities) capabilities = {0};
        g_autoptr(GError) error = NULL;

        g_assert_true(vas_capabilities_xml_parse(rows[i].xml, &capabilities, &error));
        g_assert_no_error(error);
        g_assert_cmpstr(capabilities.domain_type, ==, rows[i].domain_type);
        g_assert_cmpint(capabilities.has_hostdev, ==, rows[i].has_hostdev);
        g_assert_cmpint(capabilities.has_vfio, ==, rows[i].has_vfio);
    }
}

static void
test_malformed(void)
{
    static const char *const texts[] = {"", "<domain/>", "<domainCapabilities>"};

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        VasAssignmentCapabilities capabilities = {.has_vfio = TRUE};
        g_autoptr(GError) error = NULL;

        g_assert_false(vas_capabilities_xml_parse(texts[i], &capabilities, &error));
        testing_assert_error(&error, VAS_ERROR_FAILED, "domain capabilities");
        g_assert_true(capabilities.has_vfio);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/capabilities-xml/backends", test_backends);
    g_test_add_func("/capabilities-xml/malformed", test_malformed);
    return g_test_run();
}
