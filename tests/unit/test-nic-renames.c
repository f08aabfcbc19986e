/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/nic/nic-renames.h"

#include "building.h"

/* Port 1 is in slot 2, port 2 in slot 6. */
static VasGuestDefinition *
new_definition(void)
{
    VasGuestDefinition *definition = building_q35(0);

    building_add_controller(definition, VAS_PCIE_ROOT_PORT, 1, "0000:00:02.0");
    building_add_controller(definition, VAS_PCIE_ROOT_PORT, 2, "0000:00:06.0");
    return definition;
}

static void
test_nothing_changes(void)
{
    g_autoptr(VasInventory) inventory = building_host();
    g_autoptr(VasGuestDefinition) before = new_definition();
    g_autoptr(VasGuestDefinition) after = new_definition();
    g_autoptr(GPtrArray) renames = NULL;

    building_add_nic(before, "net0", "52:54:00:00:00:01", "0000:02:00.0");
    building_add_controller(after, VAS_PCIE_ROOT_PORT, 3, "0000:00:07.0");
    renames = vas_nic_renames(inventory, before, after);
    g_assert_cmpuint(renames->len, ==, 0);
}

static void
test_numbers_shift(void)
{
    g_autoptr(VasInventory) inventory = building_host();
    g_autoptr(VasGuestDefinition) before = new_definition();
    g_autoptr(VasGuestDefinition) after = new_definition();
    g_autoptr(GPtrArray) renames = NULL;

    building_add_nic(before, "net0", "52:54:00:00:00:01", "0000:02:00.0");
    building_add_nic(before, "net1", "52:54:00:00:00:02", "0000:01:00.0");
    building_add_nic(before, "net2", "52:54:00:00:00:03", NULL);
    building_add_assignment(before, VAS_ASSIGNMENT_HOSTDEV, "0000:03:00.0", "ua-pf", NULL,
                            "0000:02:00.0");
    building_add_assignment(before, VAS_ASSIGNMENT_HOSTDEV, "0000:04:00.0", "ua-usb", NULL,
                            "0000:02:00.0");
    building_add_controller(after, VAS_PCIE_ROOT_PORT, 3, "0000:00:05.0");
    renames = vas_nic_renames(inventory, before, after);
    g_assert_cmpuint(renames->len, ==, 2);
    g_assert_cmpstr(g_ptr_array_index(renames, 0), ==,
                    "NIC 52:54:00:00:00:01 from enp2s0 to enp3s0");
    g_assert_cmpstr(g_ptr_array_index(renames, 1), ==, "NIC at 0000:02:00.0 from enp2s0 to enp3s0");
}

/* A name that comes from the acpi index does not depend on buses. */
static void
test_onboard(void)
{
    g_autoptr(VasInventory) inventory = building_host();
    g_autoptr(VasGuestDefinition) before = new_definition();
    g_autoptr(VasGuestDefinition) after = new_definition();
    g_autoptr(GPtrArray) renames = NULL;

    building_add_nic(before, "net0", "52:54:00:00:00:01", "0000:02:00.0")->acpi_index = 7;
    building_add_controller(after, VAS_PCIE_ROOT_PORT, 3, "0000:00:05.0");
    renames = vas_nic_renames(inventory, before, after);
    g_assert_cmpuint(renames->len, ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/nic-renames/nothing-changes", test_nothing_changes);
    g_test_add_func("/nic-renames/numbers-shift", test_numbers_shift);
    g_test_add_func("/nic-renames/onboard", test_onboard);
    return g_test_run();
}
