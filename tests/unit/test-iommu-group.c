/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/inventory/iommu-group.h"

#include "building.h"

static void
test_mates(void)
{
    g_autoptr(VasInventory) host = building_host();
    g_autoptr(GPtrArray) mates = NULL;

    building_device(host, "0000:00:01.0")->iommu_group = 9;
    building_device(host, "0000:04:00.0")->iommu_group = 9;
    building_device(host, "0000:06:00.0")->iommu_group = 9;
    mates = vas_iommu_group_mates(host, building_device(host, "0000:04:00.0"));
    g_assert_cmpuint(mates->len, ==, 1);
    g_assert_true(g_ptr_array_index(mates, 0) == building_device(host, "0000:06:00.0"));
}

static void
test_bridges(void)
{
    static const struct {
        guint32 class_code;
        const char *driver;
        gboolean is_bridge, counts;
    } rows[] = {
        {0x060100, "lpc_ich", FALSE, TRUE},  {0x060000, "skl_uncore", FALSE, TRUE},
        {0x060100, NULL, FALSE, FALSE},      {0x060100, "pci-stub", FALSE, FALSE},
        {0x060400, "pcieport", TRUE, FALSE}, {0x060400, "pcieport", FALSE, FALSE},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(VasInventory) host = building_host();
        VasDevice *bridge = building_device(host, "0000:00:01.0");
        g_autoptr(GPtrArray) mates = NULL;

        bridge->class_code = rows[i].class_code;
        bridge->is_bridge = rows[i].is_bridge;
        g_free(bridge->driver);
        bridge->driver = g_strdup(rows[i].driver);
        bridge->iommu_group = 9;
        building_device(host, "0000:04:00.0")->iommu_group = 9;
        mates = vas_iommu_group_mates(host, building_device(host, "0000:04:00.0"));
        g_assert_cmpuint(mates->len, ==, rows[i].counts ? 1 : 0);
    }
}

static void
test_no_iommu(void)
{
    g_autoptr(VasInventory) host = building_host();
    g_autoptr(GPtrArray) mates = NULL;

    building_device(host, "0000:04:00.0")->iommu_group = -1;
    building_device(host, "0000:06:00.0")->iommu_group = -1;
    mates = vas_iommu_group_mates(host, building_device(host, "0000:04:00.0"));
    g_assert_cmpuint(mates->len, ==, 0);
}

static void
test_blocked_by(void)
{
    static const struct {
        const char *driver;
        gboolean blocks;
    } cases[] = {{"ahci", TRUE},
                 {"vfio-pci", FALSE},
                 {"mlx5_vfio_pci", FALSE},
                 {"pci-stub", FALSE},
                 {NULL, FALSE}};
    g_autoptr(VasDevice) mate = vas_device_new();

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_free(mate->driver);
        mate->driver = g_strdup(cases[i].driver);
        g_assert_cmpint(vas_iommu_group_is_blocked_by(mate), ==, cases[i].blocks);
    }
}

/* db1 has the USB controller, and the PF of the same group is held for it. */
static void
test_idle_mate(void)
{
    g_autoptr(VasInventory) host = building_host();
    g_autoptr(VasGuestDefinition) definition = building_q35(4);
    g_autoptr(GPtrArray) leaving = g_ptr_array_new();
    g_autofree char *alias = vas_alias_for_mate(building_host_address("0000:06:00.0"));
    const VasAssignment *usb = building_add_assignment(
        definition, VAS_ASSIGNMENT_HOSTDEV, "0000:04:00.0", "ua-usb", NULL, "0000:02:00.0");
    const VasAssignment *mate = building_add_assignment(definition, VAS_ASSIGNMENT_HOSTDEV,
                                                        "0000:06:00.0", alias, NULL, NULL);

    building_device(host, "0000:04:00.0")->iommu_group = 9;
    building_device(host, "0000:06:00.0")->iommu_group = 9;
    g_assert_cmpstr(alias, ==, "ua-mate-pci_0000_06_00_0");
    g_assert_true(vas_assignment_is_mate(mate));
    g_assert_false(vas_assignment_is_mate(usb));
    g_assert_true(vas_iommu_group_is_shared(host, mate, usb));
    g_assert_true(vas_iommu_group_mate_needed_for(host, definition, mate, NULL) == usb);
    g_ptr_array_add(leaving, (gpointer) usb);
    g_assert_null(vas_iommu_group_mate_needed_for(host, definition, mate, leaving));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/iommu-group/mates", test_mates);
    g_test_add_func("/iommu-group/bridges", test_bridges);
    g_test_add_func("/iommu-group/no-iommu", test_no_iommu);
    g_test_add_func("/iommu-group/blocked-by", test_blocked_by);
    g_test_add_func("/iommu-group/idle-mate", test_idle_mate);
    return g_test_run();
}
