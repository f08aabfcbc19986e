/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/place/slot-number.h"

#include "building.h"

static void
set_machine(VasGuestDefinition *definition, const char *machine)
{
    g_free(definition->machine);
    definition->machine = g_strdup(machine);
}

static guint
in_kernel(const VasGuestDefinition *definition, const char *address)
{
    VasSlotNumber number =
        vas_slot_number_in_kernel(definition, building_guest_address(address), NULL);

    g_assert_true(number.known);
    return number.number;
}

/* A device on the root bus has the number, unless it is the PIIX3 or cannot be unplugged. */
static void
test_first_bus_has_the_number(void)
{
    g_autoptr(VasGuestDefinition) definition = building_pc(2);
    const VasPciController *taker = NULL;

    g_assert_cmpuint(in_kernel(definition, "0000:00:03.0"), ==, 3);
    g_assert_cmpuint(in_kernel(definition, "0000:01:03.0"), ==, 0);
    g_assert_cmpuint(in_kernel(definition, "0000:01:01.0"), ==, 1);
    g_assert_cmpuint(in_kernel(definition, "0000:02:01.0"), ==, 0);
    (void) vas_slot_number_in_kernel(definition, building_guest_address("0000:02:01.0"), &taker);
    g_assert_cmpuint(taker->index, ==, 1);
    (void) vas_slot_number_in_kernel(definition, building_guest_address("0000:01:01.0"), &taker);
    g_assert_null(taker);
}

static void
test_fixed_slots(void)
{
    g_autoptr(VasGuestDefinition) definition = building_pc(1);
    VasOccupant *bridge = g_ptr_array_index(definition->occupants, 0);

    g_assert_cmpuint(in_kernel(definition, "0000:01:05.0"), ==, 5);
    g_assert_cmpuint(in_kernel(definition, "0000:00:05.0"), ==, 0);
    bridge->fixed = FALSE;
    g_assert_cmpuint(in_kernel(definition, "0000:01:05.0"), ==, 0);
    g_assert_cmpuint(in_kernel(definition, "0000:00:05.0"), ==, 5);
}

/* Where ACPI tells it, it is the device's own, whatever other buses have. */
static void
test_number_of_device(void)
{
    g_autoptr(VasGuestDefinition) definition = building_pc(2);
    VasSlotNumber number =
        vas_slot_number_of_device(definition, building_guest_address("0000:02:03.0"));

    g_assert_true(number.known);
    g_assert_cmpuint(number.number, ==, 3);
    /* QEMU before 8.0 describes function 0 only, and this machine may run in either. */
    number = vas_slot_number_of_device(definition, building_guest_address("0000:02:03.1"));
    g_assert_false(number.known);
    set_machine(definition, "pc-i440fx-8.0");
    number = vas_slot_number_of_device(definition, building_guest_address("0000:02:03.1"));
    g_assert_true(number.known);
}

static void
test_machine_decides(void)
{
    static const struct {
        const char *machine;
        VasShown described;
    } machines[] = {
        {"pc-q35-7.2", VAS_SHOWN_YES},
        {"pc-q35-6.1", VAS_SHOWN_YES},
        {"pc-q35-10.0", VAS_SHOWN_YES},
        {"q35", VAS_SHOWN_YES},
        {"pc-q35-6.0", VAS_SHOWN_NO},
        {"pc-q35-2.12", VAS_SHOWN_NO},
        {"pc-q35-focal", VAS_SHOWN_NO},
        {"pc-q35-jammy", VAS_SHOWN_YES},
        {"pc-q35-unheard-of", VAS_SHOWN_DEPENDS},
        {"virt-7.2", VAS_SHOWN_NO},
    };
    g_autoptr(VasGuestDefinition) definition = building_q35(2);

    for (gsize i = 0; i < G_N_ELEMENTS(machines); i++) {
        set_machine(definition, machines[i].machine);
        g_assert_cmpint(vas_slot_number_is_described(definition, 1), ==, machines[i].described);
        g_assert_cmpint(vas_slot_number_is_described(definition, 0), ==, VAS_SHOWN_NO);
    }
    set_machine(definition, "pc-q35-7.2");
    definition->acpi = FALSE;
    g_assert_cmpint(vas_slot_number_is_described(definition, 1), ==, VAS_SHOWN_NO);
}

/* A bridge below a port without hot-plug is none of ACPI's either. */
static void
test_chain_decides(void)
{
    g_autoptr(VasGuestDefinition) definition = building_q35(2);
    VasPciController *port = g_ptr_array_index(definition->controllers, 1);

    building_add_controller(definition, VAS_PCIE_TO_PCI_BRIDGE, 3, "0000:01:00.0");
    g_assert_cmpint(vas_slot_number_is_described(definition, 3), ==, VAS_SHOWN_YES);
    port->hotplug_off = TRUE;
    g_assert_cmpint(vas_slot_number_is_described(definition, 1), ==, VAS_SHOWN_NO);
    g_assert_cmpint(vas_slot_number_is_described(definition, 3), ==, VAS_SHOWN_NO);
    g_assert_false(
        vas_slot_number_in_kernel(definition, building_guest_address("0000:03:01.0"), NULL).known);
}

/* With native hot-plug: all slots of the first bridge, also those that bridges are in. */
static void
test_shpc(void)
{
    g_autoptr(VasGuestDefinition) definition = building_q35(2);

    set_machine(definition, "pc-q35-6.0");
    building_add_controller(definition, VAS_PCIE_TO_PCI_BRIDGE, 3, "0000:01:00.0");
    building_add_controller(definition, VAS_PCI_BRIDGE, 4, "0000:03:03.0");
    g_assert_cmpuint(in_kernel(definition, "0000:03:03.0"), ==, 3);
    g_assert_cmpuint(in_kernel(definition, "0000:04:05.0"), ==, 0);
}

static void
test_index_where_nothing_is_plugged(void)
{
    g_autoptr(VasGuestDefinition) definition = building_q35(1);
    const VasGuestAddress root = building_guest_address("0000:00:05.0");
    const VasGuestAddress second = building_guest_address("0000:01:00.1");

    g_assert_cmpint(vas_slot_number_shows_index(definition, root), ==, VAS_SHOWN_DEPENDS);
    g_assert_cmpint(vas_slot_number_shows_index(definition, second), ==, VAS_SHOWN_DEPENDS);
    set_machine(definition, "pc-q35-8.0");
    g_assert_cmpint(vas_slot_number_shows_index(definition, root), ==, VAS_SHOWN_YES);
    g_assert_cmpint(vas_slot_number_shows_index(definition, second), ==, VAS_SHOWN_YES);
    definition->acpi = FALSE;
    g_assert_cmpint(vas_slot_number_shows_index(definition, root), ==, VAS_SHOWN_NO);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/slot-number/first-bus-has-the-number", test_first_bus_has_the_number);
    g_test_add_func("/slot-number/fixed-slots", test_fixed_slots);
    g_test_add_func("/slot-number/number-of-device", test_number_of_device);
    g_test_add_func("/slot-number/machine-decides", test_machine_decides);
    g_test_add_func("/slot-number/chain-decides", test_chain_decides);
    g_test_add_func("/slot-number/shpc", test_shpc);
    g_test_add_func("/slot-number/index-where-nothing-is-plugged",
                    test_index_where_nothing_is_plugged);
    return g_test_run();
}
