/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov.h"

#include "core/error.h"
#include "testing.h"

#define PF "/sys/bus/pci/devices/0000:01:00.0"

static const VasHostAddress pf = {.pci = {.bus = 1}};

static void
write_interface(const TestingScratch *scratch, const char *name, const char *flags)
{
    g_autofree char *of_device = g_strdup_printf(PF "/net/%s/flags", name);
    g_autofree char *of_class = g_strdup_printf("/sys/class/net/%s/flags", name);

    testing_scratch_write(scratch, of_device, flags);
    testing_scratch_write(scratch, of_class, flags);
}

static void
test_up(void)
{
    static const struct {
        const char *flags;
        gboolean up;
    } rows[] = {
        {"0x1003\n", TRUE},  /* up, with or without a carrier */
        {"0x1002\n", FALSE}, /* BROADCAST, MULTICAST */
        {"0x1\n", TRUE},
        {"0x0\n", FALSE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(TestingScratch) scratch = testing_scratch_new();
        g_autoptr(VasHost) host = vas_host_new(scratch->path);
        g_autoptr(GError) error = NULL;
        g_autofree char *interface = NULL;
        gboolean up = !rows[i].up;

        write_interface(scratch, "enp1s0f0", rows[i].flags);
        g_assert_true(vas_sriov_read_link(host, pf, &interface, &up, &error));
        g_assert_no_error(error);
        g_assert_cmpstr(interface, ==, "enp1s0f0");
        g_assert_cmpint(up, ==, rows[i].up);
    }
}

static void
test_several_interfaces(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autoptr(GError) error = NULL;
    g_autofree char *interface = NULL;
    gboolean up = TRUE;

    write_interface(scratch, "enp1s0d1", "0x1003\n");
    write_interface(scratch, "enp1s0", "0x1002\n");
    g_assert_true(vas_sriov_read_link(host, pf, &interface, &up, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(interface, ==, "enp1s0");
    g_assert_false(up);
}

static void
test_no_interface(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autoptr(GError) error = NULL;
    char *interface = scratch->path;
    gboolean up = TRUE;

    testing_scratch_write(scratch, PF "/class", "0x020000\n");
    g_assert_true(vas_sriov_read_link(host, pf, &interface, &up, &error));
    g_assert_no_error(error);
    g_assert_null(interface);
    g_assert_false(up);
}

static void
test_errors(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autoptr(GError) error = NULL;
    char *interface = NULL;
    gboolean up;

    g_assert_false(vas_sriov_read_link(host, pf, &interface, &up, &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, "0000:01:00.0");
    testing_scratch_write(scratch, PF "/net/enp1s0f0/flags", "0x1003\n");
    g_assert_false(vas_sriov_read_link(host, pf, &interface, &up, &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, "/sys/class/net/enp1s0f0/flags");
    testing_scratch_write(scratch, "/sys/class/net/enp1s0f0/flags", "up\n");
    g_assert_false(vas_sriov_read_link(host, pf, &interface, &up, &error));
    testing_assert_error(&error, VAS_ERROR_FAILED, "\"up\"");
    g_assert_null(interface);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sriov/up", test_up);
    g_test_add_func("/sriov/several-interfaces", test_several_interfaces);
    g_test_add_func("/sriov/no-interface", test_no_interface);
    g_test_add_func("/sriov/errors", test_errors);
    return g_test_run();
}
