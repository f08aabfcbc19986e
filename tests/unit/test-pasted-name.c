/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/inventory/pasted-name.h"

static void
test_pasted_names(void)
{
    static const struct {
        const char *text;
        const char *name;
    } rows[] = {
        {"/sys/bus/pci/devices/0000:03:10.3", "0000:03:10.3"},
        {"/sys/bus/pci/devices/0000:03:10.3/", "0000:03:10.3"},
        {"/sys/bus/pci/devices/0000:03:10.3/driver_override", "0000:03:10.3"},
        {"/sys/bus/pci/drivers/vfio-pci/0000:03:10.3", "0000:03:10.3"},
        {"/sys/kernel/iommu_groups/7/devices/0000:03:10.3", "0000:03:10.3"},
        {"/sys/devices/pci0000:00/0000:00:01.0/0000:03:10.3/net/eth0", "0000:03:10.3"},
        {"/sys/bus/pci/devices/10000:e1:00.0", "10000:e1:00.0"},
        {"/sys/class/net/enp3s0", "enp3s0"},
        {"/sys/class/net/enp3s0/device", "enp3s0"},
        {"/sys/class/net/enp3s0/device/virtfn3", "enp3s0/vf3"},
        {"/sys/bus/pci/devices/0000:03:00.0/virtfn12/driver", "0000:03:00.0/vf12"},
        {"/sys/class/net/enp3s0v1/device/physfn", NULL},
        {"/sys/class/net/", NULL},
        {"/sys/block/nvme0n1/device", NULL},
        {"pci@0000:03:10.3", "0000:03:10.3"},
        {"pci/0000:03:10.3", "0000:03:10.3"},
        {"pci-0000:03:10.3", "0000:03:10.3"},
        {"pci@eth0", NULL},
        {"pci_0000_03_10_3", NULL},
        {"0000:03:10.3", NULL},
        {"enp3s0/vf3", NULL},
        {"", NULL},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *name = vas_pasted_name(rows[i].text);

        g_assert_cmpstr(name, ==, rows[i].name);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pasted-name/names", test_pasted_names);
    return g_test_run();
}
