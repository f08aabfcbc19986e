/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/inventory/inventory.h"

#include "building.h"
#include "testing.h"

#define VF "0000:01:10.0"

static void
test_link_sorts_and_numbers(void)
{
    g_autoptr(VasInventory) inventory = building_host();

    for (guint i = 1; i < inventory->devices->len; i++) {
        const VasDevice *before = g_ptr_array_index(inventory->devices, i - 1);
        const VasDevice *device = g_ptr_array_index(inventory->devices, i);

        g_assert_cmpint(vas_pci_address_compare(before->address.pci, device->address.pci), <, 0);
    }
    g_assert_cmpint(building_device(inventory, "0000:01:10.6")->vf_index, ==, 3);
    g_assert_cmpint(building_device(inventory, "0000:01:00.0")->vf_index, ==, -1);

    vas_inventory_take_guest(inventory, building_guest("web", NULL, building_q35(0)));
    vas_inventory_take_guest(inventory, building_guest("db", NULL, building_q35(0)));
    vas_inventory_link(inventory);
    g_assert_cmpstr(((VasGuest *) g_ptr_array_index(inventory->guests, 0))->name, ==, "db");
}

static void
test_find(void)
{
    g_autoptr(VasInventory) inventory = building_host();
    const VasDevice *vf = building_device(inventory, VF);
    const VasDevice *pf = building_device(inventory, "0000:01:00.0");

    g_assert_null(vas_inventory_find_device(inventory, building_host_address("0000:01:10.1")));
    g_assert_null(vas_inventory_find_device(inventory, building_host_address("ffff:00:00.0")));
    g_assert_true(vas_inventory_pf_of(inventory, vf) == pf);
    g_assert_null(vas_inventory_pf_of(inventory, pf));
}

static void
test_vf_whose_pf_is_gone(void)
{
    g_autoptr(VasInventory) inventory = building_host();
    VasDevice *vf = building_device(inventory, VF);

    vf->pf = building_host_address("0000:0f:00.0");
    g_assert_null(vas_inventory_pf_of(inventory, vf));
}

static void
test_holdings(void)
{
    g_autoptr(VasInventory) inventory = building_host();
    VasGuestDefinition *live = building_q35(2);
    VasGuestDefinition *config = building_q35(2);
    VasGuestDefinition *other = building_q35(2);
    const VasAssignment *held_live = building_add_assignment(
        live, VAS_ASSIGNMENT_INTERFACE, VF, "ua-x", "52:54:00:00:00:01", "0000:01:00.0");
    const VasAssignment *held_other =
        building_add_assignment(other, VAS_ASSIGNMENT_HOSTDEV, VF, "ua-z", NULL, "0000:01:00.0");
    g_autoptr(GArray) holdings = NULL;
    g_autoptr(GArray) none = NULL;
    const VasHolding *holding;

    /* The alias says the same intent, but the device is another: it does not hold this one. */
    building_add_assignment(config, VAS_ASSIGNMENT_INTERFACE, "0000:01:10.2", "ua-x",
                            "52:54:00:00:00:01", "0000:01:00.0");
    vas_inventory_take_guest(inventory, building_guest("web", live, config));
    vas_inventory_take_guest(inventory, building_guest("db", NULL, other));
    vas_inventory_link(inventory);

    holdings = vas_inventory_holdings(inventory, building_device(inventory, VF));
    g_assert_cmpuint(holdings->len, ==, 2);
    holding = &g_array_index(holdings, VasHolding, 0);
    g_assert_cmpstr(holding->guest->name, ==, "db");
    g_assert_null(holding->live);
    g_assert_true(holding->config == held_other);
    holding = &g_array_index(holdings, VasHolding, 1);
    g_assert_cmpstr(holding->guest->name, ==, "web");
    g_assert_true(holding->live == held_live);
    g_assert_null(holding->config);

    none = vas_inventory_holdings(inventory, building_device(inventory, "0000:04:00.0"));
    g_assert_cmpuint(none->len, ==, 0);
}

/* libvirt shows a hostdev network's NIC with its device in live, with the network in config. */
static void
test_holding_through_a_network(void)
{
    g_autoptr(VasInventory) inventory = building_host();
    VasGuestDefinition *live = building_q35(1);
    VasGuestDefinition *config = building_q35(1);
    const VasAssignment *from_network;
    g_autoptr(GArray) holdings = NULL;

    building_add_assignment(live, VAS_ASSIGNMENT_INTERFACE, VF, "hostdev0", "52:54:00:00:00:01",
                            "0000:01:00.0");
    from_network = building_add_assignment(config, VAS_ASSIGNMENT_INTERFACE, NULL, NULL,
                                           "52:54:00:00:00:01", "0000:01:00.0");
    vas_inventory_take_guest(inventory, building_guest("web", live, config));
    vas_inventory_link(inventory);
    holdings = vas_inventory_holdings(inventory, building_device(inventory, VF));
    g_assert_cmpuint(holdings->len, ==, 1);
    g_assert_true(g_array_index(holdings, VasHolding, 0).config == from_network);
}

static void
test_states(void)
{
    g_autoptr(VasInventory) inventory = building_host();
    VasGuestDefinition *live = building_q35(2);
    VasGuestDefinition *config = building_q35(2);

    building_add_assignment(live, VAS_ASSIGNMENT_HOSTDEV, "0000:04:00.0", NULL, NULL,
                            "0000:01:00.0");
    building_add_assignment(config, VAS_ASSIGNMENT_HOSTDEV, VF, NULL, NULL, "0000:01:00.0");
    vas_inventory_take_guest(inventory, building_guest("web", live, config));
    vas_inventory_link(inventory);

    g_assert_cmpint(
        vas_inventory_device_state(inventory, building_device(inventory, "0000:04:00.0")), ==,
        VAS_DEVICE_STATE_ASSIGNED);
    g_assert_true(
        vas_inventory_running_holder(inventory, building_device(inventory, "0000:04:00.0")) ==
        g_ptr_array_index(inventory->guests, 0));
    g_assert_null(vas_inventory_running_holder(inventory, building_device(inventory, VF)));
    g_assert_cmpint(vas_inventory_device_state(inventory, building_device(inventory, VF)), ==,
                    VAS_DEVICE_STATE_HOST);
    g_assert_cmpint(
        vas_inventory_device_state(inventory, building_device(inventory, "0000:01:10.4")), ==,
        VAS_DEVICE_STATE_DETACHED);
    g_assert_cmpint(
        vas_inventory_device_state(inventory, building_device(inventory, "0000:01:10.6")), ==,
        VAS_DEVICE_STATE_UNBOUND);
    g_assert_cmpstr(vas_device_state_name(VAS_DEVICE_STATE_HOST), ==, "host");
    g_assert_cmpstr(vas_device_state_name(VAS_DEVICE_STATE_DETACHED), ==, "detached");
    g_assert_cmpstr(vas_device_state_name(VAS_DEVICE_STATE_ASSIGNED), ==, "assigned");
    g_assert_cmpstr(vas_device_state_name(VAS_DEVICE_STATE_UNBOUND), ==, "unbound");
}

static void
test_pci_stub_is_detached(void)
{
    g_autoptr(VasInventory) inventory = building_host();
    VasDevice *device = building_device(inventory, "0000:04:00.0");

    g_free(device->driver);
    device->driver = g_strdup("pci-stub");
    g_assert_cmpint(vas_inventory_device_state(inventory, device), ==, VAS_DEVICE_STATE_DETACHED);
}

static void
test_find_mac(void)
{
    g_autoptr(VasInventory) inventory = building_host();
    VasGuestDefinition *live = building_q35(3);
    VasGuestDefinition *config = building_q35(3);
    const VasMacAddress own = building_mac("52:54:00:00:00:01");
    const VasMacAddress other = building_mac("52:54:00:00:00:02");
    VasGuest *guest = building_guest("web", live, config);
    VasHolding holding;

    building_add_assignment(live, VAS_ASSIGNMENT_INTERFACE, VF, "hostdev0", "52:54:00:00:00:01",
                            "0000:01:00.0");
    building_add_nic(config, NULL, "52:54:00:00:00:02", "0000:02:00.0");
    vas_inventory_take_guest(inventory, guest);
    vas_inventory_link(inventory);

    holding = (VasHolding){guest, g_ptr_array_index(live->assignments, 0), NULL};
    g_assert_true(vas_inventory_find_mac(inventory, own, NULL, NULL) == guest);
    g_assert_true(vas_inventory_find_mac(inventory, other, NULL, NULL) == guest);
    g_assert_true(vas_inventory_find_mac(inventory, other, &holding, NULL) == guest);
    g_assert_null(vas_inventory_find_mac(inventory, own, &holding, NULL));
    building_add_nic(live, "net0", "52:54:00:00:00:04", "0000:02:00.0");
    g_assert_true(vas_inventory_find_mac(inventory, building_mac("52:54:00:00:00:04"), &holding,
                                         NULL) == guest);
    g_assert_null(
        vas_inventory_find_mac(inventory, building_mac("52:54:00:00:00:04"), &holding, "net0"));
    g_assert_null(vas_inventory_find_mac(inventory, building_mac("52:54:00:00:00:03"), NULL, NULL));

    /* A second NIC with the MAC of the assignment is not the assignment. */
    building_add_nic(live, "net1", "52:54:00:00:00:01", "0000:03:00.0");
    g_assert_true(vas_inventory_find_mac(inventory, own, &holding, NULL) == guest);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/inventory/link-sorts-and-numbers", test_link_sorts_and_numbers);
    g_test_add_func("/inventory/find", test_find);
    g_test_add_func("/inventory/vf-whose-pf-is-gone", test_vf_whose_pf_is_gone);
    g_test_add_func("/inventory/holdings", test_holdings);
    g_test_add_func("/inventory/holding-through-a-network", test_holding_through_a_network);
    g_test_add_func("/inventory/states", test_states);
    g_test_add_func("/inventory/pci-stub-is-detached", test_pci_stub_is_detached);
    g_test_add_func("/inventory/find-mac", test_find_mac);
    return g_test_run();
}
