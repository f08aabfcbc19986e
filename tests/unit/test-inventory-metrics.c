/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/inventory/inventory-metrics.h"

#include "building.h"
#include "measuring.h"
#include "testing.h"

#define VF "0000:01:10.0"
#define OTHER_VF "0000:01:10.2"

static void
test_devices(void)
{
    g_autoptr(VasInventory) inventory = building_host();
    g_autoptr(GPtrArray) metrics = NULL;

    building_device(inventory, VF)->iommu_group = 26;
    building_device(inventory, "0000:02:10.0")->pf = building_host_address("0000:0f:00.0");
    metrics = vas_inventory_metrics(inventory);
    measuring_assert(metrics, "virt_assign_device_info",
                     "0000:01:00.0|||igb|102 1\n"
                     "0000:01:10.0|enp1s0|0|igbvf|26 1\n"
                     "0000:01:10.2|enp1s0|1|igbvf|104 1\n"
                     "0000:01:10.4|enp1s0|2|vfio-pci|105 1\n"
                     "0000:01:10.6|enp1s0|3||106 1\n"
                     "0000:02:00.0|||igb|107 1\n"
                     "0000:02:10.0|0000:0f:00.0|0|igbvf|108 1\n"
                     "0000:03:00.0|||igb|109 1\n"
                     "0000:04:00.0|||xhci_hcd|110 1\n"
                     "0000:05:00.0|||nvme|111 1\n"
                     "0000:05:00.1|0000:05:00.0|0|nvme|112 1\n"
                     "0000:06:00.0|||vfio-pci|113 1\n");
}

/* A guest has a part of the chipset, too: it is told as any other device. */
static void
test_chipset_of_a_guest(void)
{
    g_autoptr(VasInventory) inventory = building_host();
    VasGuestDefinition *config = building_q35(1);
    g_autoptr(GPtrArray) metrics = NULL;
    const VasMetric *devices = NULL;
    guint before;

    metrics = vas_inventory_metrics(inventory);
    before = ((const VasMetric *) g_ptr_array_index(metrics, 0))->samples->len;
    g_clear_pointer(&metrics, g_ptr_array_unref);
    building_add_assignment(config, VAS_ASSIGNMENT_HOSTDEV, "0000:00:01.0", NULL, NULL, NULL);
    vas_inventory_take_guest(inventory, building_guest("web", NULL, config));
    metrics = vas_inventory_metrics(inventory);
    devices = g_ptr_array_index(metrics, 0);
    g_assert_cmpuint(devices->samples->len, ==, before + 1);
}

static void
test_vfs(void)
{
    g_autoptr(VasInventory) inventory = building_host();
    VasGuestDefinition *live = building_q35(2);
    VasGuestDefinition *config = building_q35(2);
    VasGuest *guest = building_guest("web", live, config);
    g_autoptr(GPtrArray) metrics = NULL;
    g_autofree char *uses = NULL;

    building_add_assignment(live, VAS_ASSIGNMENT_HOSTDEV, VF, NULL, NULL, NULL);
    building_add_assignment(config, VAS_ASSIGNMENT_HOSTDEV, OTHER_VF, NULL, NULL, NULL);
    building_add_use(config, "0000:02:10.0", FALSE);
    building_add_use(live, "0000:02:10.0", FALSE);
    vas_inventory_take_guest(inventory, guest);
    metrics = vas_inventory_metrics(inventory);
    measuring_assert(metrics, "virt_assign_vfs",
                     "enp1s0|0000:01:00.0 4\nenp2s0|0000:02:00.0 1\nenp3s0|0000:03:00.0 0\n"
                     "0000:05:00.0|0000:05:00.0 1\n0000:06:00.0|0000:06:00.0 0\n");
    measuring_assert(metrics, "virt_assign_vfs_free",
                     "enp1s0|0000:01:00.0 2\nenp2s0|0000:02:00.0 0\nenp3s0|0000:03:00.0 0\n"
                     "0000:05:00.0|0000:05:00.0 1\n0000:06:00.0|0000:06:00.0 0\n");
    uses = g_strdup_printf("0000:02:10.0|web|%s|by macvtap|live 1\n"
                           "0000:02:10.0|web|%s|by macvtap|config 1\n",
                           guest->uuid, guest->uuid);
    measuring_assert(metrics, "virt_assign_use_info", uses);
}

/* A config may have a device that is not there. */
static void
test_assignments(void)
{
    g_autoptr(VasInventory) inventory = building_host();
    VasGuestDefinition *live = building_q35(2);
    VasGuestDefinition *config = building_q35(2);
    VasGuest *guest = NULL;
    g_autoptr(GPtrArray) metrics = NULL;
    g_autofree char *expected = NULL;

    building_add_assignment(live, VAS_ASSIGNMENT_INTERFACE, VF, "ua-x", "52:54:00:00:00:01",
                            "0000:01:00.0");
    building_add_assignment(config, VAS_ASSIGNMENT_HOSTDEV, "0000:0f:00.0", NULL, NULL, NULL);
    building_add_assignment(config, VAS_ASSIGNMENT_INTERFACE, NULL, NULL, "52:54:00:00:00:02",
                            NULL);
    guest = building_guest("web", live, config);
    vas_inventory_take_guest(inventory, guest);
    metrics = vas_inventory_metrics(inventory);
    expected = g_strdup_printf(VF "|web|%s|ua-x|0000:01:00.0|52:54:00:00:00:01|live 1\n"
                                  "0000:0f:00.0|web|%s||||config 1\n",
                               guest->uuid, guest->uuid);
    measuring_assert(metrics, "virt_assign_assignment_info", expected);
}

static void
assert_drift(VasGuestDefinition *live, VasGuestDefinition *config, const char *number)
{
    g_autoptr(VasInventory) inventory = building_host();
    VasGuest *guest = building_guest("web", live, config);
    g_autofree char *expected =
        number[0] != '\0' ? g_strdup_printf("web|%s %s\n", guest->uuid, number) : g_strdup("");
    g_autoptr(GPtrArray) metrics = NULL;

    vas_inventory_take_guest(inventory, guest);
    metrics = vas_inventory_metrics(inventory);
    measuring_assert(metrics, "virt_assign_drift", expected);
}

/* Makes a definition with the VF at @address. */
static VasGuestDefinition *
with_vf(const char *device, const char *address)
{
    VasGuestDefinition *definition = building_q35(2);

    building_add_assignment(definition, VAS_ASSIGNMENT_INTERFACE, device, "ua-x",
                            "52:54:00:00:00:01", address);
    return definition;
}

static void
test_drift(void)
{
    assert_drift(with_vf(VF, "0000:01:00.0"), with_vf(VF, "0000:01:00.0"), "0");
    assert_drift(with_vf(VF, "0000:01:00.0"), with_vf(VF, "0000:02:00.0"), "1");
    assert_drift(with_vf(VF, "0000:01:00.0"), building_q35(2), "1");
    assert_drift(building_q35(2), with_vf(VF, "0000:01:00.0"), "1");
    assert_drift(NULL, with_vf(VF, "0000:01:00.0"), "");
    assert_drift(with_vf(VF, "0000:01:00.0"), NULL, "");
}

/* The network chooses the device when the guest starts: the config cannot name it. */
static void
test_no_drift_of_a_network(void)
{
    VasGuestDefinition *config = building_q35(2);
    VasAssignment *nic = vas_assignment_new(VAS_ASSIGNMENT_INTERFACE);

    nic->network = g_strdup("pool");
    nic->has_mac = TRUE;
    nic->mac = building_mac("52:54:00:00:00:01");
    g_ptr_array_add(config->network_nics, nic);
    assert_drift(with_vf(VF, "0000:01:00.0"), config, "0");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/inventory-metrics/devices", test_devices);
    g_test_add_func("/inventory-metrics/chipset-of-a-guest", test_chipset_of_a_guest);
    g_test_add_func("/inventory-metrics/vfs", test_vfs);
    g_test_add_func("/inventory-metrics/assignments", test_assignments);
    g_test_add_func("/inventory-metrics/drift", test_drift);
    g_test_add_func("/inventory-metrics/drift/of-a-network", test_no_drift_of_a_network);
    return g_test_run();
}
