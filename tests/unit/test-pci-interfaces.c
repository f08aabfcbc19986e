/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/pci/pci-interfaces.h"

#include "testing.h"

static void
add_interface(const TestingScratch *scratch, const char *name, const char *place)
{
    g_autofree char *path = g_strdup_printf("/sys/class/net/%s", name);
    g_autofree char *target = g_strdup_printf("../../devices/%s/net/%s", place, name);

    testing_scratch_link(scratch, path, target);
}

static void
test_parents(void)
{
    static const char *const expected[] = {
        "enp0s3 0000:00:03.0", "enp1s0 0000:01:00.0",   "enp1s0d1 0000:01:00.0",
        "sf4 10000:e1:00.0",   "wwan0usb 0000:05:00.0",
    };
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autoptr(GPtrArray) interfaces = NULL;

    add_interface(scratch, "enp1s0d1", "pci0000:00/0000:00:01.0/0000:01:00.0");
    add_interface(scratch, "enp1s0", "pci0000:00/0000:00:01.0/0000:01:00.0");
    add_interface(scratch, "enp0s3", "pci0000:00/0000:00:03.0/virtio0");
    add_interface(scratch, "enx00", "pci0000:00/0000:00:04.0/usb2/2-1/2-1:1.0");
    add_interface(scratch, "sf4", "pci10000:e0/10000:e0:01.0/10000:e1:00.0/mlx5_core.sf.4");
    add_interface(scratch, "wwan0usb", "pci0000:00/0000:05:00.0/usbnet");
    add_interface(scratch, "lo", "virtual");
    testing_scratch_write(scratch, "/sys/class/net/bonding_masters", "\n");

    interfaces = vas_pci_interfaces_list(host);
    g_assert_cmpuint(interfaces->len, ==, G_N_ELEMENTS(expected));
    for (guint i = 0; i < interfaces->len; i++) {
        const VasPciInterface *interface = g_ptr_array_index(interfaces, i);
        g_autofree char *text = g_strdup_printf("%s %s", interface->name,
                                                vas_host_address_text(interface->device).text);

        g_assert_cmpstr(text, ==, expected[i]);
    }
}

static void
test_none(void)
{
    g_autoptr(TestingScratch) scratch = testing_scratch_new();
    g_autoptr(VasHost) host = vas_host_new(scratch->path);
    g_autoptr(GPtrArray) interfaces = vas_pci_interfaces_list(host);

    g_assert_cmpuint(interfaces->len, ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pci-interfaces/parents", test_parents);
    g_test_add_func("/pci-interfaces/none", test_none);
    return g_test_run();
}
