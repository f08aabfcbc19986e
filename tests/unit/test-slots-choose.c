/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/place/slots-choose.h"

#include "core/value/error.h"
#include "core/place/slots-check.h"
#include "core/place/slots.h"

#include "building.h"
#include "testing.h"

/* Makes a guest with a root port, a switch with a downstream port, bus 4, and a bridge, bus 5. */
static VasGuestDefinition *
new_mixed_q35(void)
{
    VasGuestDefinition *definition = building_q35(2);

    building_add_controller(definition, VAS_PCIE_SWITCH_UPSTREAM_PORT, 3, "0000:01:00.0");
    building_add_controller(definition, VAS_PCIE_SWITCH_DOWNSTREAM_PORT, 4, "0000:03:00.0");
    building_add_controller(definition, VAS_PCIE_ROOT_PORT, 6, "0000:00:05.0");
    building_add_controller(definition, VAS_PCIE_TO_PCI_BRIDGE, 5, "0000:06:00.0");
    return definition;
}

/* Requests a slot for what there is: live, config, or both. */
static VasSlotRequest
request_for(const VasGuestDefinition *live, const VasGuestDefinition *config,
            const GArray *reserved)
{
    return (VasSlotRequest){.live = live,
                            .config = config,
                            .scope = (VasScope) ((live != NULL ? VAS_SCOPE_LIVE : 0) |
                                                 (config != NULL ? VAS_SCOPE_CONFIG : 0)),
                            .reserved = reserved};
}

static void
assert_no_slot(const VasSlotRequest *request, const char *hint, const char *message)
{
    g_autoptr(GError) error = NULL;
    VasGuestAddress address;

    g_assert_false(vas_slots_choose(request, &address, &error));
    testing_assert_hint(error, hint);
    testing_assert_error(&error, VAS_ERROR_NO_SLOT, message);
}

static void
assert_chosen(const VasGuestDefinition *live, const VasGuestDefinition *config,
              const GArray *reserved, const char *expected)
{
    const VasSlotRequest request = request_for(live, config, reserved);
    g_autoptr(GError) error = NULL;
    VasGuestAddress address = {0};

    g_assert_true(vas_slots_choose(&request, &address, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(vas_guest_address_text(address).text, ==, expected);
}

static GArray *
reserve(const char *first, const char *second)
{
    GArray *reserved = g_array_new(FALSE, FALSE, sizeof(VasGuestAddress));
    VasGuestAddress address = building_guest_address(first);

    g_array_append_val(reserved, address);
    if (second != NULL) {
        address = building_guest_address(second);
        g_array_append_val(reserved, address);
    }
    return reserved;
}

static void
test_choose_same_in_both(void)
{
    g_autoptr(VasGuestDefinition) live = building_q35(4);
    g_autoptr(VasGuestDefinition) config = building_q35(4);
    g_autoptr(GArray) reserved = reserve("0000:03:00.0", NULL);

    building_occupy(live, "0000:01:00.0", "virtio-disk0");
    building_occupy(config, "0000:02:00.0", "virtio-net0");
    assert_chosen(live, NULL, NULL, "0000:02:00.0");
    assert_chosen(NULL, config, NULL, "0000:01:00.0");
    assert_chosen(live, config, NULL, "0000:03:00.0");
    assert_chosen(live, config, reserved, "0000:04:00.0");
}

static void
test_choose_prefers_ports(void)
{
    g_autoptr(VasGuestDefinition) q35 = new_mixed_q35();
    g_autoptr(VasGuestDefinition) pc = building_pc(1);
    g_autoptr(GArray) ports = reserve("0000:02:00.0", "0000:04:00.0");

    assert_chosen(q35, NULL, NULL, "0000:02:00.0");
    assert_chosen(q35, NULL, ports, "0000:05:01.0");
    assert_chosen(pc, NULL, NULL, "0000:00:02.0");
}

static void
test_choose_new_bus_for_config_alone(void)
{
    g_autoptr(VasGuestDefinition) config = building_q35(1);
    g_autoptr(VasGuestDefinition) live = building_q35(1);
    g_autoptr(GArray) reserved = reserve("0000:02:00.0", NULL);
    const VasSlotRequest both = request_for(live, config, NULL);

    building_occupy(config, "0000:01:00.0", "virtio-disk0");
    assert_chosen(NULL, config, NULL, "0000:02:00.0");
    assert_chosen(NULL, config, reserved, "0000:03:00.0");
    assert_no_slot(&both, "another root port", "0000:01:00.0 (virtio-disk0 in the config)");
}

static void
test_no_slot_names_the_ports(void)
{
    g_autoptr(VasGuestDefinition) live = building_q35(5);
    g_autoptr(VasGuestDefinition) config = building_q35(3);
    g_autoptr(GArray) reserved = reserve("0000:02:00.0", "0000:04:00.0");
    const VasSlotRequest both = request_for(live, config, reserved);

    /* libvirt would add bus 04 to the config; bus 05 is one too many. */
    building_occupy(live, "0000:01:00.0", "virtio-disk0");
    building_occupy(config, "0000:03:00.0", "virtio-net0");
    assert_no_slot(&both, "another root port",
                   "the guest has no free slot that can be hot-plugged: "
                   "0000:01:00.0 (virtio-disk0), "
                   "0000:02:00.0 (another device of this command), "
                   "0000:03:00.0 (virtio-net0 in the config), "
                   "0000:04:00.0 (another device of this command), "
                   "0000:05:00.0 (not in the config)");
}

static void
test_no_port_at_all(void)
{
    g_autoptr(VasGuestDefinition) live = building_q35(0);
    const VasSlotRequest request = request_for(live, NULL, NULL);

    assert_no_slot(&request, "from its next start on",
                   "the guest has no port and no bus that takes a hot-plugged device");
}

/* Neither controllers nor the machine's name say that it has PCI. */
static void
test_no_pci(void)
{
    g_autoptr(VasGuestDefinition) definition = vas_guest_definition_new();
    const VasSlotRequest request = request_for(NULL, definition, NULL);
    g_autoptr(GError) error = NULL;

    definition->machine = g_strdup("vexpress-a9");
    assert_no_slot(&request, "give it a machine with PCI", "the guest's machine has no PCI");
    g_assert_false(
        vas_slots_check(definition, building_guest_address("0000:00:01.0"), FALSE, &error));
    testing_assert_hint(error, "none is free: no port is there; give it a machine with PCI");
    testing_assert_error(&error, VAS_ERROR_UNUSABLE, "the guest's machine has no PCI");
}

static void
test_full_pc(void)
{
    g_autoptr(VasGuestDefinition) definition = building_pc(0);
    const VasSlotRequest request = request_for(NULL, definition, NULL);

    for (guint slot = 2; slot < 32; slot++) {
        g_autofree char *text = g_strdup_printf("0000:00:%02x.0", slot);

        building_occupy(definition, text, "something");
    }
    assert_no_slot(&request, "detach what it can do without", "bus 00 (pci-root, full)");
    g_assert_cmpint(vas_slots_new_bus(definition), ==, VAS_PCI_MODEL_UNKNOWN);
}

static void
assert_chosen_for(const VasDevice *device, const VasGuestDefinition *live,
                  const VasGuestDefinition *config, VasScope scope, const char *expected)
{
    const VasSlotRequest request = {
        .device = device, .live = live, .config = config, .scope = scope};
    g_autoptr(GError) error = NULL;
    VasGuestAddress address = {0};

    g_assert_true(vas_slots_choose(&request, &address, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(vas_guest_address_text(address).text, ==, expected);
}

/* PCI Express to a port, conventional PCI to a bridge, either to the other when there is none. */
static void
test_choose_by_kind(void)
{
    g_autoptr(VasGuestDefinition) both = building_q35(3);
    g_autoptr(VasGuestDefinition) ports = building_q35(1);
    g_autoptr(VasGuestDefinition) pc = building_pc(0);
    g_autoptr(VasDevice) device = vas_device_new();

    building_add_controller(both, VAS_PCIE_TO_PCI_BRIDGE, 4, "0000:01:00.0");
    device->is_express = TRUE;
    assert_chosen_for(device, both, NULL, VAS_SCOPE_LIVE, "0000:02:00.0");
    assert_chosen_for(device, pc, NULL, VAS_SCOPE_LIVE, "0000:00:02.0");
    device->is_express = FALSE;
    assert_chosen_for(device, both, NULL, VAS_SCOPE_LIVE, "0000:04:01.0");
    assert_chosen_for(device, ports, NULL, VAS_SCOPE_LIVE, "0000:01:00.0");
    assert_chosen_for(device, pc, NULL, VAS_SCOPE_LIVE, "0000:00:02.0");
}

/* libvirt takes any device that has an address for a PCIe one, and adds a root port. */
static void
test_new_bus_for_a_conventional_device(void)
{
    g_autoptr(VasGuestDefinition) config = building_q35(1);
    g_autoptr(VasDevice) device = vas_device_new();

    building_occupy(config, "0000:01:00.0", "virtio-disk0");
    assert_chosen_for(device, NULL, config, VAS_SCOPE_CONFIG, "0000:02:00.0");
}

/* An expander bus takes the numbers from 3 on: one bus more has one, a second has not. */
static void
test_no_new_bus_without_a_number(void)
{
    g_autoptr(VasGuestDefinition) config = building_q35(1);
    g_autoptr(GArray) reserved = reserve("0000:03:00.0", NULL);
    const VasSlotRequest second = request_for(NULL, config, reserved);

    building_add_controller(config, VAS_PCIE_EXPANDER_BUS, 2, "0000:00:04.0")->bus_number = 3;
    building_occupy(config, "0000:01:00.0", "virtio-disk0");
    assert_chosen(NULL, config, NULL, "0000:03:00.0");
    assert_no_slot(&second, "another root port", "0000:01:00.0 (virtio-disk0)");
    building_add_controller(config, VAS_PCIE_ROOT_PORT, 3, "0000:00:05.0");
    building_occupy(config, "0000:03:00.0", "net0");
    g_assert_cmpint(vas_slots_new_bus(config), ==, VAS_PCI_MODEL_UNKNOWN);
}

/* Where nothing can be hot-plugged there is room for the config all the same. */
static void
test_choose_where_hotplug_is_off(void)
{
    g_autoptr(VasGuestDefinition) definition = building_pc(1);
    const VasSlotRequest live = request_for(definition, NULL, NULL);

    for (guint slot = 2; slot < 32; slot++) {
        g_autofree char *text = g_strdup_printf("0000:00:%02x.0", slot);

        building_occupy(definition, text, "something");
    }
    ((VasPciController *) g_ptr_array_index(definition->controllers, 1))->hotplug_off = TRUE;
    assert_chosen(NULL, definition, NULL, "0000:01:01.0");
    assert_no_slot(&live, "detach what",
                   "the guest has no free slot that can be hot-plugged: bus 00 (pci-root, full)");
}

/* A bus is full only where every slot is taken. */
static void
test_bus_is_not_full(void)
{
    g_autoptr(VasGuestDefinition) live = building_pc(0);
    g_autoptr(VasGuestDefinition) config = building_pc(0);
    const VasSlotRequest request = request_for(live, config, NULL);

    for (guint slot = 2; slot < 32; slot++) {
        g_autofree char *text = g_strdup_printf("0000:00:%02x.0", slot);

        building_occupy(slot == 7 ? config : live, text, "something");
    }
    assert_no_slot(&request, "another pci-bridge",
                   "bus 00 (pci-root, full but for 0000:00:07.0: something in the config)");
}

/* Makes a guest with buses 1 and 2 in the main hierarchy, 4 below an expander on node 0, 6 below
 * one on node 1. */
static VasGuestDefinition *
new_numa_q35(void)
{
    VasGuestDefinition *definition = building_q35(2);
    VasPciController *expander;

    expander = building_add_controller(definition, VAS_PCIE_EXPANDER_BUS, 3, "0000:00:04.0");
    expander->bus_number = 64;
    expander->host_node = 0;
    building_add_controller(definition, VAS_PCIE_ROOT_PORT, 4, "0000:03:00.0");
    expander = building_add_controller(definition, VAS_PCIE_EXPANDER_BUS, 5, "0000:00:05.0");
    expander->bus_number = 128;
    expander->host_node = 1;
    building_add_controller(definition, VAS_PCIE_ROOT_PORT, 6, "0000:05:00.0");
    return definition;
}

static void
test_choose_near(void)
{
    g_autoptr(VasGuestDefinition) definition = new_numa_q35();
    g_autoptr(VasDevice) device = vas_device_new();

    device->is_express = TRUE;
    assert_chosen_for(device, definition, NULL, VAS_SCOPE_LIVE, "0000:01:00.0");
    device->numa_node = 1;
    assert_chosen_for(device, definition, NULL, VAS_SCOPE_LIVE, "0000:06:00.0");
    device->numa_node = 0;
    assert_chosen_for(device, definition, NULL, VAS_SCOPE_LIVE, "0000:04:00.0");
    building_occupy(definition, "0000:04:00.0", "net0");
    assert_chosen_for(device, definition, NULL, VAS_SCOPE_LIVE, "0000:01:00.0");
    building_occupy(definition, "0000:01:00.0", "net1");
    building_occupy(definition, "0000:02:00.0", "net2");
    assert_chosen_for(device, definition, NULL, VAS_SCOPE_LIVE, "0000:06:00.0");
}

static void
test_host_node(void)
{
    g_autoptr(VasGuestDefinition) definition = new_numa_q35();
    static const int nodes[] = {-1, -1, -1, 0, 0, 1, 1, -1};

    for (guint bus = 0; bus < G_N_ELEMENTS(nodes); bus++)
        g_assert_cmpint(vas_slots_host_node(definition, bus), ==, nodes[bus]);
    building_add_controller(definition, VAS_PCIE_TO_PCI_BRIDGE, 7, "0000:08:00.0");
    building_add_controller(definition, VAS_PCIE_TO_PCI_BRIDGE, 8, "0000:07:01.0");
    g_assert_cmpint(vas_slots_host_node(definition, 8), ==, -1);
}

/* A device in the config comes back at its address: nothing goes there meanwhile unless it is told
 * to. A device that is live only gives way where nothing else is free. */
static void
test_choose_leaves_the_other_side_alone(void)
{
    g_autoptr(VasGuestDefinition) live = building_q35(2);
    g_autoptr(VasGuestDefinition) config = building_q35(2);
    const VasSlotRequest live_only = {.live = live, .config = config, .scope = VAS_SCOPE_LIVE};

    building_occupy(config, "0000:01:00.0", "ua-promised");
    assert_chosen_for(NULL, live, config, VAS_SCOPE_LIVE, "0000:02:00.0");
    building_occupy(live, "0000:02:00.0", "net0");
    assert_no_slot(&live_only, "another root port",
                   "0000:01:00.0 (ua-promised in the config), 0000:02:00.0 (net0)");
    g_assert_true(vas_slots_check(live, building_guest_address("0000:01:00.0"), TRUE, NULL));
}

static void
test_choose_for_config_of_a_running_guest(void)
{
    g_autoptr(VasGuestDefinition) live = building_q35(2);
    g_autoptr(VasGuestDefinition) config = building_q35(2);

    building_occupy(live, "0000:01:00.0", "net0");
    assert_chosen_for(NULL, live, config, VAS_SCOPE_CONFIG, "0000:02:00.0");
    building_occupy(live, "0000:02:00.0", "net1");
    assert_chosen_for(NULL, live, config, VAS_SCOPE_CONFIG, "0000:01:00.0");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/slots-choose/same-in-both", test_choose_same_in_both);
    g_test_add_func("/slots-choose/prefers-ports", test_choose_prefers_ports);
    g_test_add_func("/slots-choose/new-bus-for-config-alone", test_choose_new_bus_for_config_alone);
    g_test_add_func("/slots-choose/no-slot-names-the-ports", test_no_slot_names_the_ports);
    g_test_add_func("/slots-choose/no-port-at-all", test_no_port_at_all);
    g_test_add_func("/slots-choose/full-pc", test_full_pc);
    g_test_add_func("/slots-choose/no-pci", test_no_pci);
    g_test_add_func("/slots-choose/by-kind", test_choose_by_kind);
    g_test_add_func("/slots-choose/new-bus-for-a-conventional-device",
                    test_new_bus_for_a_conventional_device);
    g_test_add_func("/slots-choose/no-new-bus-without-a-number", test_no_new_bus_without_a_number);
    g_test_add_func("/slots-choose/where-hotplug-is-off", test_choose_where_hotplug_is_off);
    g_test_add_func("/slots-choose/bus-is-not-full", test_bus_is_not_full);
    g_test_add_func("/slots-choose/near", test_choose_near);
    g_test_add_func("/slots-choose/host-node", test_host_node);
    g_test_add_func("/slots-choose/leaves-the-other-side-alone",
                    test_choose_leaves_the_other_side_alone);
    g_test_add_func("/slots-choose/for-config-of-a-running-guest",
                    test_choose_for_config_of_a_running_guest);
    return g_test_run();
}
