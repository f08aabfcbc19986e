/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/pci/endpoint.h"

#include "core/value/error.h"
#include "testing.h"

#define DEVICE "/sys/bus/pci/devices/0000:01:00.0"

static const VasHostAddress device = {.pci = {.bus = 1}};

static void
test_reset_methods(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autofree char *old_kernel = NULL;
    g_autofree char *methods = NULL;

    g_assert_null(vas_endpoint_reset_methods(host, device));
    testing_scratch_write(scratch, DEVICE "/reset", "");
    old_kernel = vas_endpoint_reset_methods(host, device);
    g_assert_cmpstr(old_kernel, ==, "unknown");
    testing_scratch_write(scratch, DEVICE "/reset_method", "flr pm bus\n");
    methods = vas_endpoint_reset_methods(host, device);
    g_assert_cmpstr(methods, ==, "flr pm bus");
    /* The administrator can switch all of them off. */
    testing_scratch_write(scratch, DEVICE "/reset_method", "\n");
    g_assert_null(vas_endpoint_reset_methods(host, device));
}

static void
test_modalias(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autoptr(GError) error = NULL;
    g_autofree char *modalias = NULL;

    g_assert_null(vas_endpoint_modalias(host, device, &error));
    testing_assert_error(&error, VAS_ERROR_NOT_FOUND, DEVICE "/modalias");
    testing_scratch_write(scratch, DEVICE "/modalias", "pci:v00008086d000010C9\n");
    modalias = vas_endpoint_modalias(host, device, &error);
    g_assert_cmpstr(modalias, ==, "pci:v00008086d000010C9");
}

/* 16 GiB and 32 MiB count; 32-bit, I/O and unset BARs, the ROM and the BARs of VFs do not. */
static void
test_large_bars(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    guint64 largest = 1;

    g_assert_cmpuint(vas_endpoint_large_bars(host, device, &largest), ==, 0);
    g_assert_cmpuint(largest, ==, 0);
    testing_scratch_write(scratch, DEVICE "/resource",
                          "0x00000000fb000000 0x00000000fbffffff 0x0000000000042208\n"
                          "0x0000004000000000 0x00000043ffffffff 0x000000000014220c\n"
                          "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
                          "0x0000004400000000 0x0000004401ffffff 0x000000000014220c\n"
                          "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
                          "0x000000000000e000 0x000000000000e07f 0x0000000000040101\n"
                          "0x0000005000000000 0x00000057ffffffff 0x000000000014220c\n");
    g_assert_cmpuint(vas_endpoint_large_bars(host, device, &largest), ==,
                     (G_GUINT64_CONSTANT(16) << 30) + (32 << 20));
    g_assert_cmpuint(largest, ==, G_GUINT64_CONSTANT(16) << 30);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/endpoint/reset-methods", test_reset_methods);
    g_test_add_func("/endpoint/large-bars", test_large_bars);
    g_test_add_func("/endpoint/modalias", test_modalias);
    return g_test_run();
}
