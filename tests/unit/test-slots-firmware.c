/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/place/slots-firmware.h"

#include "building.h"

static void
assert_numbers(const VasGuestDefinition *definition, const int *expected, guint count)
{
    for (guint bus = 0; bus < count; bus++)
        g_assert_cmpint(vas_slots_firmware_bus(definition, bus), ==, expected[bus]);
}

static void
test_firmware_bus_in_order(void)
{
    g_autoptr(VasGuestDefinition) definition = building_q35(10);

    for (guint bus = 0; bus <= 10; bus++)
        g_assert_cmpint(vas_slots_firmware_bus(definition, bus), ==, bus);
    g_assert_cmpint(vas_slots_firmware_bus(definition, 11), ==, -1);
    g_assert_cmpint(vas_slots_firmware_bus(definition, 256), ==, -1);
}

/* Measured: with port 1 in slot 6 and port 2 in slot 2, guest bus 1 is libvirt's bus 2. */
static void
test_firmware_bus_by_slot(void)
{
    g_autoptr(VasGuestDefinition) definition = building_q35(0);

    building_add_controller(definition, VAS_PCIE_ROOT_PORT, 1, "0000:00:06.0");
    building_add_controller(definition, VAS_PCIE_ROOT_PORT, 2, "0000:00:02.0");
    building_add_controller(definition, VAS_PCIE_ROOT_PORT, 3, "0000:00:02.1");
    assert_numbers(definition, (const int[]){0, 3, 1, 2}, 4);
}

/* A pcie-to-pci-bridge on a port shifts all later numbers by one; a switch by more. */
static void
test_firmware_bus_depth_first(void)
{
    g_autoptr(VasGuestDefinition) definition = building_q35(4);

    building_add_controller(definition, VAS_PCIE_TO_PCI_BRIDGE, 5, "0000:02:00.0");
    building_add_controller(definition, VAS_PCIE_SWITCH_UPSTREAM_PORT, 6, "0000:03:00.0");
    building_add_controller(definition, VAS_PCIE_SWITCH_DOWNSTREAM_PORT, 7, "0000:06:01.0");
    building_add_controller(definition, VAS_PCIE_SWITCH_DOWNSTREAM_PORT, 8, "0000:06:00.0");
    assert_numbers(definition, (const int[]){0, 1, 2, 4, 8, 3, 5, 7, 6}, 9);
}

/* Measured: below <target busNr='64'/> the first root port is guest bus 65. A conventional expander
 * has a bridge inside. */
static void
test_firmware_bus_of_expanders(void)
{
    g_autoptr(VasGuestDefinition) definition = building_q35(0);

    building_add_controller(definition, VAS_PCIE_EXPANDER_BUS, 1, "0000:00:02.0")->bus_number = 64;
    building_add_controller(definition, VAS_PCIE_ROOT_PORT, 2, "0000:01:00.0");
    building_add_controller(definition, VAS_PCIE_ROOT_PORT, 3, "0000:00:03.0");
    building_add_controller(definition, VAS_PCI_EXPANDER_BUS, 4, "0000:00:04.0")->bus_number = 128;
    building_add_controller(definition, VAS_PCIE_EXPANDER_BUS, 5, "0000:00:05.0");
    building_add_controller(definition, VAS_PCIE_ROOT_PORT, 6, "0000:05:00.0");
    assert_numbers(definition, (const int[]){0, 64, 65, 1, 129, -1, -1}, 7);
}

static void
test_firmware_room(void)
{
    g_autoptr(VasGuestDefinition) plain = building_q35(3);
    g_autoptr(VasGuestDefinition) expanded = building_q35(2);
    g_autoptr(VasGuestDefinition) crowded = building_q35(10);

    g_assert_cmpuint(vas_slots_firmware_room(plain), ==, 252);
    building_add_controller(expanded, VAS_PCIE_EXPANDER_BUS, 3, "0000:00:04.0")->bus_number = 64;
    building_add_controller(expanded, VAS_PCIE_ROOT_PORT, 4, "0000:03:00.0");
    g_assert_cmpuint(vas_slots_firmware_room(expanded), ==, 61);
    building_add_controller(crowded, VAS_PCIE_EXPANDER_BUS, 11, "0000:00:0a.0")->bus_number = 9;
    g_assert_cmpuint(vas_slots_firmware_room(crowded), ==, 0);
}

/* Numbers end at 255: below <target busNr='254'/> the second root port gets none. */
static void
test_firmware_bus_ends(void)
{
    g_autoptr(VasGuestDefinition) definition = building_q35(1);

    building_add_controller(definition, VAS_PCIE_EXPANDER_BUS, 2, "0000:00:04.0")->bus_number = 254;
    building_add_controller(definition, VAS_PCIE_ROOT_PORT, 3, "0000:02:00.0");
    building_add_controller(definition, VAS_PCIE_ROOT_PORT, 4, "0000:02:01.0");
    assert_numbers(definition, (const int[]){0, 1, 254, 255, -1}, 5);
}

static void
test_firmware_bus_of_nonsense(void)
{
    g_autoptr(VasGuestDefinition) definition = building_q35(0);

    building_add_controller(definition, VAS_PCIE_TO_PCI_BRIDGE, 1, "0000:02:00.0");
    building_add_controller(definition, VAS_PCIE_TO_PCI_BRIDGE, 2, "0000:01:01.0");
    building_add_controller(definition, VAS_PCIE_ROOT_PORT, 0, "0000:00:02.0");
    building_add_controller(definition, VAS_PCIE_ROOT_PORT, 3, "0000:00:03.0");
    building_add_controller(definition, VAS_PCIE_ROOT_PORT, 3, "0000:00:04.0");
    building_add_controller(definition, VAS_PCIE_ROOT_PORT, 300, "0000:00:05.0");
    assert_numbers(definition, (const int[]){0, -1, -1, 1}, 4);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/slots-firmware/bus-in-order", test_firmware_bus_in_order);
    g_test_add_func("/slots-firmware/bus-by-slot", test_firmware_bus_by_slot);
    g_test_add_func("/slots-firmware/bus-depth-first", test_firmware_bus_depth_first);
    g_test_add_func("/slots-firmware/bus-of-expanders", test_firmware_bus_of_expanders);
    g_test_add_func("/slots-firmware/firmware-bus-ends", test_firmware_bus_ends);
    g_test_add_func("/slots-firmware/bus-of-nonsense", test_firmware_bus_of_nonsense);
    g_test_add_func("/slots-firmware/room", test_firmware_room);
    return g_test_run();
}
