/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/error.h"
#include "testing.h"
#include "virt/libvirt-hypervisor.h"

static void
test_default(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(VasHypervisor) libvirt =
        vas_libvirt_hypervisor_open("test:///default", FALSE, &error);
    g_auto(GStrv) names = NULL;
    g_autofree char *xml = NULL;
    gboolean is_active = FALSE;
    gboolean is_autostarted = TRUE;

    g_assert_no_error(error);
    names = libvirt->list_networks(libvirt, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(g_strv_length(names), ==, 1);
    g_assert_cmpstr(names[0], ==, "default");
    xml = libvirt->network_xml(libvirt, "default", &error);
    g_assert_no_error(error);
    g_assert_nonnull(g_strstr_len(xml, -1, "<name>default</name>"));
    g_assert_true(libvirt->network_state(libvirt, "default", &is_active, &is_autostarted, &error));
    g_assert_true(is_active);
    g_assert_false(is_autostarted);
}

static void
test_missing(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(VasHypervisor) libvirt =
        vas_libvirt_hypervisor_open("test:///default", FALSE, &error);
    gboolean untouched = FALSE;

    g_assert_no_error(error);
    g_assert_null(libvirt->network_xml(libvirt, "gone", &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, "network gone");
    g_assert_false(libvirt->network_state(libvirt, "gone", &untouched, &untouched, &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, "network gone");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/libvirt-networks/default", test_default);
    g_test_add_func("/libvirt-networks/missing", test_missing);
    return g_test_run();
}
