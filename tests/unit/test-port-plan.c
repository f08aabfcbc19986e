/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/place/port-plan.h"

#include "core/value/error.h"

#include "building.h"
#include "core/place/slots-firmware.h"
#include "testing.h"

/* Tells the plan as "5 0000:00:03.0 chassis 5 multifunction", a line each. */
static char *
describe_plan(VasGuestDefinition *definition, guint count)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) ports = vas_port_plan(definition, count, &error);
    g_autoptr(GString) text = g_string_new(NULL);

    g_assert_no_error(error);
    g_assert_cmpuint(ports->len, ==, count);
    for (guint i = 0; i < count; i++) {
        const VasPciController *port = g_ptr_array_index(ports, i);

        g_string_append_printf(text, "%u %s %s chassis %d%s\n", port->index,
                               vas_pci_model_name(port->model),
                               vas_guest_address_text(port->address).text, port->chassis,
                               port->multifunction ? " multifunction" : "");
    }
    return g_strdup(text->str);
}

static void
assert_refused(VasGuestDefinition *definition, guint count, VasError code, const char *message)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) ports = vas_port_plan(definition, count, &error);

    g_assert_null(ports);
    testing_assert_error(&error, (int) code, message);
}

static void
assert_numbers_kept(const VasGuestDefinition *before, const VasGuestDefinition *after)
{
    for (guint bus = 0; bus <= vas_slots_last_bus(before); bus++)
        g_assert_cmpint(vas_slots_firmware_bus(before, bus), ==,
                        vas_slots_firmware_bus(after, bus));
}

/* A slot takes eight functions, behind what is there. */
static void
test_slots_of_eight(void)
{
    g_autoptr(VasGuestDefinition) definition = building_q35(0);
    g_autofree char *plan = describe_plan(definition, 9);

    g_assert_cmpstr(plan, ==,
                    "1 pcie-root-port 0000:00:01.0 chassis 1 multifunction\n"
                    "2 pcie-root-port 0000:00:01.1 chassis 2\n"
                    "3 pcie-root-port 0000:00:01.2 chassis 3\n"
                    "4 pcie-root-port 0000:00:01.3 chassis 4\n"
                    "5 pcie-root-port 0000:00:01.4 chassis 5\n"
                    "6 pcie-root-port 0000:00:01.5 chassis 6\n"
                    "7 pcie-root-port 0000:00:01.6 chassis 7\n"
                    "8 pcie-root-port 0000:00:01.7 chassis 8\n"
                    "9 pcie-root-port 0000:00:02.0 chassis 9 multifunction\n");
}

/* A port that is alone in its slot stays alone; one that libvirt made to share is shared. */
static void
test_shares_slots_of_ports_only(void)
{
    g_autoptr(VasGuestDefinition) before = building_q35(2);
    g_autoptr(VasGuestDefinition) alone = building_q35(2);
    g_autoptr(VasGuestDefinition) shared = building_q35(2);
    g_autofree char *beside = describe_plan(alone, 1);
    g_autofree char *within = NULL;

    g_assert_cmpstr(beside, ==, "3 pcie-root-port 0000:00:03.0 chassis 3 multifunction\n");
    ((VasPciController *) g_ptr_array_index(shared->controllers, 1))->multifunction = TRUE;
    within = describe_plan(shared, 1);
    g_assert_cmpstr(within, ==, "3 pcie-root-port 0000:00:02.2 chassis 3\n");
    assert_numbers_kept(before, alone);
    assert_numbers_kept(before, shared);
}

/* Ports 1 and 2 have a bridge and a switch below them, and devices are in the way on bus 0. */
static void
test_numbers_are_kept(void)
{
    VasGuestDefinition *both[2];

    for (guint i = 0; i < G_N_ELEMENTS(both); i++) {
        both[i] = building_q35(0);
        building_add_controller(both[i], VAS_PCIE_ROOT_PORT, 1, "0000:00:06.0");
        building_add_controller(both[i], VAS_PCIE_ROOT_PORT, 2, "0000:00:02.0");
        building_add_controller(both[i], VAS_PCIE_TO_PCI_BRIDGE, 3, "0000:02:00.0");
        building_add_controller(both[i], VAS_PCIE_EXPANDER_BUS, 4, "0000:00:1c.0")->bus_number = 64;
        building_occupy(both[i], "0000:00:07.0", "video0");
    }
    {
        g_autofree char *plan = describe_plan(both[1], 2);

        g_assert_cmpstr(plan, ==,
                        "5 pcie-root-port 0000:00:08.0 chassis 5 multifunction\n"
                        "6 pcie-root-port 0000:00:08.1 chassis 6\n");
    }
    assert_numbers_kept(both[0], both[1]);
    g_assert_cmpint(vas_slots_firmware_bus(both[1], 5), ==, 4);
    vas_guest_definition_free(both[0]);
    vas_guest_definition_free(both[1]);
}

/* The ports go as far back as can be: behind the last bridge there is no room. */
static void
test_before_the_last_bridge(void)
{
    g_autoptr(VasGuestDefinition) definition = building_q35(0);
    g_autofree char *plan = NULL;

    building_add_controller(definition, VAS_PCIE_ROOT_PORT, 1, "0000:00:02.0");
    building_add_controller(definition, VAS_DMI_TO_PCI_BRIDGE, 2, "0000:00:1e.0");
    plan = describe_plan(definition, 2);
    g_assert_cmpstr(plan, ==,
                    "3 pcie-root-port 0000:00:1d.0 chassis 3 multifunction\n"
                    "4 pcie-root-port 0000:00:1d.1 chassis 4\n");
    g_assert_cmpint(vas_slots_firmware_bus(definition, 1), ==, 1);
    g_assert_cmpint(vas_slots_firmware_bus(definition, 2), ==, 4);
}

static void
test_chassis_is_free(void)
{
    g_autoptr(VasGuestDefinition) definition = building_q35(1);
    g_autofree char *plan = NULL;

    ((VasPciController *) g_ptr_array_index(definition->controllers, 1))->chassis = 2;
    plan = describe_plan(definition, 2);
    g_assert_cmpstr(plan, ==,
                    "2 pcie-root-port 0000:00:03.0 chassis 1 multifunction\n"
                    "3 pcie-root-port 0000:00:03.1 chassis 3\n");
}

static void
test_pc_gets_bridges(void)
{
    g_autoptr(VasGuestDefinition) definition = building_pc(1);
    g_autofree char *plan = describe_plan(definition, 2);

    g_assert_cmpstr(plan, ==,
                    "2 pci-bridge 0000:00:06.0 chassis 2\n3 pci-bridge 0000:00:07.0 chassis 3\n");
}

static void
test_limits(void)
{
    g_autoptr(VasGuestDefinition) many = building_q35(0);
    g_autoptr(VasGuestDefinition) expanded = building_q35(2);
    g_autoptr(VasGuestDefinition) pc = building_pc(0);
    g_autoptr(VasGuestDefinition) multiple = building_pc(0);

    assert_refused(many, 256, VAS_ERROR_NO_SLOT,
                   "there are bus numbers for 255 more ports, not for 256");
    assert_refused(many, 250, VAS_ERROR_NO_SLOT,
                   "bus 00 has slots for 240 more of pcie-root-port, not for 250");
    building_add_controller(expanded, VAS_PCIE_EXPANDER_BUS, 3, "0000:00:04.0")->bus_number = 5;
    assert_refused(expanded, 3, VAS_ERROR_NO_SLOT,
                   "there are bus numbers for 2 more ports, not for 3");
    assert_refused(pc, 40, VAS_ERROR_NO_SLOT, "bus 00 has slots for 30 more of pci-bridge");
    g_free(multiple->machine);
    multiple->machine = g_strdup("pseries-7.2");
    assert_refused(multiple, 1, VAS_ERROR_UNSUPPORTED,
                   "a guest of machine pseries-7.2 takes no more ports");
    g_ptr_array_set_size(multiple->controllers, 0);
    assert_refused(multiple, 1, VAS_ERROR_NO_SLOT, "the guest's machine has no PCI");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/port-plan/slots-of-eight", test_slots_of_eight);
    g_test_add_func("/port-plan/shares-slots-of-ports-only", test_shares_slots_of_ports_only);
    g_test_add_func("/port-plan/numbers-are-kept", test_numbers_are_kept);
    g_test_add_func("/port-plan/before-the-last-bridge", test_before_the_last_bridge);
    g_test_add_func("/port-plan/chassis-is-free", test_chassis_is_free);
    g_test_add_func("/port-plan/pc-gets-bridges", test_pc_gets_bridges);
    g_test_add_func("/port-plan/limits", test_limits);
    return g_test_run();
}
