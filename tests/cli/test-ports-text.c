/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/output/ports-text.h"

#include "building.h"
#include "testing.h"

static const VasTerminal terminal = {.width = 120};

/* A running guest that has, or is about to have, something of each kind. */
static VasGuestPorts *
new_ports(VasGuestDefinition *live, VasGuestDefinition *config)
{
    VasGuestPorts *ports = g_new0(VasGuestPorts, 1);
    VasGuest *guest = building_guest("db1", live, config);

    ports->inventory = building_host();
    vas_inventory_take_guest(ports->inventory, guest);
    ports->guest = guest;
    ports->ports = vas_ports_list(guest);
    ports->added = g_array_new(FALSE, FALSE, sizeof(VasNewPort));
    ports->renames = g_ptr_array_new_with_free_func(g_free);
    return ports;
}

static void
test_list(void)
{
    VasGuestDefinition *live = building_q35(5);
    VasGuestDefinition *config = building_q35(6);
    g_autoptr(VasGuestPorts) ports = NULL;
    g_autoptr(GString) text = g_string_new(NULL);

    building_occupy(live, "0000:01:00.0", "net0");
    building_occupy(config, "0000:01:00.0", "net0");
    building_occupy(live, "0000:02:00.0", "ua-here");
    building_occupy(config, "0000:03:00.0", "ua-away");
    building_occupy(live, "0000:04:00.0", "net1");
    building_occupy(config, "0000:04:00.0", "ua-next");
    ((VasPciController *) g_ptr_array_index(live->controllers, 5))->hotplug_off = TRUE;
    ports = new_ports(live, config);
    vas_ports_text(text, &terminal, ports);
    testing_assert_golden("cli/ports-running.txt", text->str);
}

static void
test_shut_off(void)
{
    VasGuestDefinition *config = building_q35(2);
    g_autoptr(VasGuestPorts) ports = NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    VasPciController *expander;

    expander = building_add_controller(config, VAS_PCIE_EXPANDER_BUS, 3, "0000:00:04.0");
    expander->bus_number = 64;
    expander->host_node = 1;
    building_add_controller(config, VAS_PCIE_ROOT_PORT, 4, "0000:03:00.0");
    building_add_controller(config, VAS_PCIE_TO_PCI_BRIDGE, 5, "0000:02:00.0");
    building_occupy(config, "0000:01:00.0", "interface 52:54:00:00:00:01");
    building_occupy(config, "0000:05:01.0", "hostdev 0000:07:00.0");
    ports = new_ports(NULL, config);
    vas_ports_text(text, &terminal, ports);
    testing_assert_golden("cli/ports-shut-off.txt", text->str);
}

static void
test_added(void)
{
    g_autoptr(VasGuestPorts) running = new_ports(building_q35(1), building_q35(2));
    g_autoptr(VasGuestPorts) shut_off = new_ports(NULL, building_pc(1));
    g_autoptr(GString) text = g_string_new(NULL);
    const VasNewPort port = {2, VAS_PCIE_ROOT_PORT, building_guest_address("0000:00:02.1"), 2};
    const VasNewPort bridge = {1, VAS_PCI_BRIDGE, building_guest_address("0000:00:05.0"), 1};

    g_array_append_val(running->added, port);
    vas_ports_text_added(text, &terminal, running);
    g_array_append_val(shut_off->added, bridge);
    g_ptr_array_add(shut_off->renames, g_strdup("NIC x at y: enp1s1 becomes enp2s1"));
    vas_ports_text_added(text, &terminal, shut_off);
    g_assert_cmpstr(
        text->str, ==,
        "db1: bus 02, a pcie-root-port at 0000:00:02.1, guest bus 2\n"
        "the names of its NICs stay as they are\n"
        "db1 has them from its next start on; a reboot from inside is not a start: shut "
        "it off, then start it\n"
        "db1: bus 01, a pci-bridge at 0000:00:05.0, guest bus 1\n"
        "NIC x at y: enp1s1 becomes enp2s1\n"
        "db1 has them from its next start on\n");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ports-text/list", test_list);
    g_test_add_func("/ports-text/shut-off", test_shut_off);
    g_test_add_func("/ports-text/added", test_added);
    return g_test_run();
}
