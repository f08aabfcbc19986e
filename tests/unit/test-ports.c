/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/place/ports.h"

#include "building.h"

static const VasPort *
find_port(const GPtrArray *ports, guint bus, gboolean live)
{
    for (guint i = 0; i < ports->len; i++) {
        const VasPort *port = g_ptr_array_index(ports, i);

        if (port->bus == bus && port->live == live)
            return port;
    }
    g_error("no port for bus %u", bus);
}

static void
assert_use(const VasPort *port, const char *live, const char *config)
{
    const VasPortUse *use = g_ptr_array_index(port->taken, 0);

    g_assert_cmpuint(port->free->len, ==, 0);
    g_assert_cmpuint(port->taken->len, ==, 1);
    g_assert_cmpstr(use->live, ==, live);
    g_assert_cmpstr(use->config, ==, config);
    g_assert_cmpuint(use->address.pci.bus, ==, port->bus);
}

/* The four ports differ: one of both sides, one live only, one promised, one free. */
static void
test_both_sides(void)
{
    g_autoptr(VasGuest) guest = building_guest("db", building_q35(4), building_q35(4));
    g_autoptr(GPtrArray) ports = NULL;

    building_occupy(guest->live, "0000:01:00.0", "net0");
    building_occupy(guest->config, "0000:01:00.0", "interface 52:54:00:00:00:01");
    building_occupy(guest->live, "0000:02:00.0", "ua-here");
    building_occupy(guest->config, "0000:03:00.0", "ua-away");
    ports = vas_ports_list(guest);
    g_assert_cmpuint(ports->len, ==, 5);
    assert_use(find_port(ports, 1, TRUE), "net0", "interface 52:54:00:00:00:01");
    assert_use(find_port(ports, 2, TRUE), "ua-here", NULL);
    assert_use(find_port(ports, 3, TRUE), NULL, "ua-away");
    g_assert_cmpuint(find_port(ports, 4, TRUE)->free->len, ==, 1);
    g_assert_true(find_port(ports, 4, TRUE)->config);
    g_assert_cmpuint(vas_ports_count_free(ports, guest), ==, 1);
}

static void
test_what_a_bus_takes(void)
{
    g_autoptr(VasGuest) guest = building_guest("db", building_q35(3), NULL);
    g_autoptr(GPtrArray) ports = NULL;
    const VasPort *root;

    ((VasPciController *) g_ptr_array_index(guest->live->controllers, 2))->hotplug_off = TRUE;
    building_add_controller(guest->live, VAS_PCIE_TO_PCI_BRIDGE, 4, "0000:01:00.0");
    building_add_controller(guest->live, VAS_PCIE_SWITCH_UPSTREAM_PORT, 5, "0000:03:00.0");
    ports = vas_ports_list(guest);
    root = find_port(ports, 0, TRUE);
    g_assert_false(root->hotplug);
    g_assert_cmpuint(root->free->len, ==, 29);
    g_assert_false(find_port(ports, 2, TRUE)->hotplug);
    g_assert_cmpuint(find_port(ports, 2, TRUE)->free->len, ==, 1);
    g_assert_true(find_port(ports, 4, TRUE)->hotplug);
    g_assert_cmpint(find_port(ports, 4, TRUE)->guest_bus, ==, 2);
    g_assert_cmpint(find_port(ports, 2, TRUE)->guest_bus, ==, 3);
    g_assert_cmpuint(ports->len, ==, 5);
    g_assert_cmpuint(vas_ports_count_free(ports, guest), ==, 31);
}

/* The config has one more than the running guest, and another one otherwise. */
static void
test_from_the_next_start_on(void)
{
    g_autoptr(VasGuest) guest = building_guest("db", building_q35(1), building_q35(0));
    g_autoptr(GPtrArray) ports = NULL;

    building_add_controller(guest->config, VAS_DMI_TO_PCI_BRIDGE, 1, "0000:00:02.0");
    building_add_controller(guest->config, VAS_PCIE_ROOT_PORT, 2, "0000:00:03.0");
    ports = vas_ports_list(guest);
    g_assert_cmpuint(ports->len, ==, 4);
    g_assert_false(find_port(ports, 1, TRUE)->config);
    g_assert_cmpint(find_port(ports, 1, FALSE)->model, ==, VAS_DMI_TO_PCI_BRIDGE);
    g_assert_true(find_port(ports, 2, FALSE)->config);
    g_assert_cmpuint(vas_ports_count_free(ports, guest), ==, 1);
}

static void
test_shut_off(void)
{
    g_autoptr(VasGuest) guest = building_guest("db", NULL, building_q35(2));
    g_autoptr(GPtrArray) ports = vas_ports_list(guest);

    g_assert_false(find_port(ports, 2, FALSE)->live);
    g_assert_cmpuint(vas_ports_count_free(ports, guest), ==, 2);
}

static void
test_no_pci(void)
{
    VasGuestDefinition *config = vas_guest_definition_new();
    g_autoptr(VasGuest) guest = building_guest("db", NULL, config);
    g_autoptr(GPtrArray) ports = NULL;

    config->machine = g_strdup("vexpress-a9");
    ports = vas_ports_list(guest);
    g_assert_cmpuint(ports->len, ==, 0);
    g_assert_cmpint(vas_slots_port_model(config), ==, VAS_PCI_MODEL_UNKNOWN);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ports/both-sides", test_both_sides);
    g_test_add_func("/ports/what-a-bus-takes", test_what_a_bus_takes);
    g_test_add_func("/ports/from-the-next-start-on", test_from_the_next_start_on);
    g_test_add_func("/ports/shut-off", test_shut_off);
    g_test_add_func("/ports/no-pci", test_no_pci);
    return g_test_run();
}
