/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/nic/nic-name.h"

#include "building.h"
#include "testing.h"

static void
assert_name(const VasGuestDefinition *definition, const char *address, int acpi_index,
            const char *name, const char *why)
{
    g_autoptr(VasNicName) prediction =
        vas_nic_name_predict(definition, building_guest_address(address), acpi_index, NULL);

    g_assert_cmpstr(prediction->name, ==, name);
    g_assert_cmpstr(prediction->why, ==, why);
}

static void
set_machine(VasGuestDefinition *definition, const char *machine)
{
    g_free(definition->machine);
    definition->machine = g_strdup(machine);
}

/* The names below marked "measured" were seen in guests with systemd 252 and 257. */

static void
test_root_port(void)
{
    g_autoptr(VasGuestDefinition) definition = building_q35(2);

    /* measured */
    assert_name(definition, "0000:01:00.0", 0, "enp1s0", "root port on guest bus 1, slot 0 (path)");
    assert_name(definition, "0000:02:00.0", 0, "enp2s0", "root port on guest bus 2, slot 0 (path)");
}

static void
test_root_port_out_of_order(void)
{
    g_autoptr(VasGuestDefinition) definition = building_q35(0);

    building_add_controller(definition, VAS_PCIE_ROOT_PORT, 1, "0000:00:06.0");
    building_add_controller(definition, VAS_PCIE_ROOT_PORT, 2, "0000:00:02.0");
    assert_name(definition, "0000:02:00.0", 0, "enp1s0", /* measured */
                "root port on guest bus 1, slot 0 (path)");
}

static void
test_multifunction(void)
{
    g_autoptr(VasGuestDefinition) definition = building_q35(1);

    building_occupy(definition, "0000:01:00.0", "net0");
    assert_name(definition, "0000:01:00.0", 0, "enp1s0", "root port on guest bus 1, slot 0 (path)");
    building_occupy(definition, "0000:01:00.1", "net1");
    /* measured */
    assert_name(definition, "0000:01:00.0", 0, "enp1s0f0",
                "root port on guest bus 1, slot 0 (path)");
    assert_name(definition, "0000:01:00.1", 0, "enp1s0f1",
                "root port on guest bus 1, slot 0 (path)");
}

static void
test_q35_root_bus(void)
{
    g_autoptr(VasGuestDefinition) definition = building_q35(0);

    assert_name(definition, "0000:00:03.0", 0, "enp0s3", "root bus, slot 3 (path)");
}

static void
test_expander(void)
{
    g_autoptr(VasGuestDefinition) definition = building_q35(0);

    building_add_controller(definition, VAS_PCIE_EXPANDER_BUS, 1, "0000:00:02.0")->bus_number = 64;
    building_add_controller(definition, VAS_PCIE_ROOT_PORT, 2, "0000:01:00.0");
    assert_name(definition, "0000:02:00.0", 0, "enp65s0", /* measured */
                "root port on guest bus 65, slot 0 (path)");
    assert_name(definition, "0000:01:00.0", 0, NULL, "bus 01 (pcie-expander-bus) takes no NIC");
}

static void
test_pcie_to_pci_bridge(void)
{
    g_autoptr(VasGuestDefinition) definition = building_q35(3);

    building_add_controller(definition, VAS_PCIE_TO_PCI_BRIDGE, 4, "0000:03:00.0");
    assert_name(definition, "0000:04:01.0", 0, "ens1", /* measured */
                "pcie-to-pci-bridge on guest bus 4, slot 1 (slot)");
}

static void
test_two_bridges_collide(void)
{
    g_autoptr(VasGuestDefinition) definition = building_q35(2);

    building_add_controller(definition, VAS_PCIE_TO_PCI_BRIDGE, 3, "0000:01:00.0");
    building_add_controller(definition, VAS_PCIE_TO_PCI_BRIDGE, 4, "0000:02:00.0");
    building_add_nic(definition, "net0", "52:54:00:00:00:01", "0000:03:01.0");
    building_add_nic(definition, "net1", "52:54:00:00:00:02", "0000:04:01.0");
    /* measured */
    assert_name(definition, "0000:03:01.0", 0, "ens1",
                "pcie-to-pci-bridge on guest bus 2, slot 1 (slot)");
    assert_name(definition, "0000:04:01.0", 0, "ens1",
                "pcie-to-pci-bridge on guest bus 4, slot 1 (slot); "
                "systemd before 257: enp4s1, as bus 03 has a slot 1 too");
}

static void
test_pc(void)
{
    g_autoptr(VasGuestDefinition) definition = building_pc(1);

    /* measured */
    assert_name(definition, "0000:00:03.0", 0, "ens3", "root bus, slot 3 (slot)");
    assert_name(definition, "0000:01:01.0", 0, "ens1", "pci-bridge on guest bus 1, slot 1 (slot)");
    assert_name(definition, "0000:01:03.0", 0, "ens3",
                "pci-bridge on guest bus 1, slot 3 (slot); "
                "systemd before 257: enp1s3, as bus 00 has a slot 3 too");
}

static void
test_pc_without_acpi(void)
{
    g_autoptr(VasGuestDefinition) definition = building_pc(1);

    definition->acpi = FALSE;
    assert_name(definition, "0000:00:03.0", 0, "enp0s3", "root bus, slot 3 (path)");
    assert_name(
        definition, "0000:01:03.0", 0, NULL,
        "depends on the slot numbers that QEMU and the guest's kernel give to pci-bridge 01");
}

static void
test_native_hotplug(void)
{
    g_autoptr(VasGuestDefinition) definition = building_q35(2);

    building_add_controller(definition, VAS_PCIE_TO_PCI_BRIDGE, 3, "0000:02:00.0");
    set_machine(definition, "pc-q35-6.0");
    assert_name(definition, "0000:01:00.0", 0, "enp1s0", /* measured */
                "root port on guest bus 1, slot 0 (path)");
    assert_name(definition, "0000:01:00.0", 7, "enp1s0", /* measured */
                "root port on guest bus 1, slot 0 (path); acpi index 7 does not show here");
    assert_name(definition, "0000:03:01.0", 0, "ens1", /* measured: by the guest's shpchp */
                "pcie-to-pci-bridge on guest bus 3, slot 1 (slot, by shpchp in the guest)");
}

static void
test_acpi_index(void)
{
    g_autoptr(VasGuestDefinition) q35 = building_q35(2);
    g_autoptr(VasGuestDefinition) pc = building_pc(1);

    /* measured */
    assert_name(q35, "0000:02:00.0", 7, "eno7", "acpi index 7 (onboard)");
    assert_name(pc, "0000:00:08.0", 9, "eno9", "acpi index 9 (onboard)");
    assert_name(pc, "0000:01:03.0", 11, "eno11", "acpi index 11 (onboard)");
    /* measured: not by QEMU 7.2, but by 10.0 */
    assert_name(q35, "0000:00:03.0", 7, NULL,
                "eno7, or as without an acpi index (enp0s3): depends on the QEMU that runs the "
                "machine");
}

static void
test_where_acpi_index_shows(void)
{
    static const struct {
        const char *machine;
        gboolean shows;
    } machines[] = {
        {"pc-q35-7.2", TRUE},  {"pc-q35-6.1", TRUE},   {"pc-q35-10.0", TRUE}, {"q35", TRUE},
        {"pc-q35-6.0", FALSE}, {"pc-q35-2.12", FALSE}, {"virt-7.2", FALSE},
    };
    g_autoptr(VasGuestDefinition) definition = building_q35(2);
    const VasGuestAddress port = building_guest_address("0000:01:00.0");
    VasPciController *controller = g_ptr_array_index(definition->controllers, 1);

    for (gsize i = 0; i < G_N_ELEMENTS(machines); i++) {
        set_machine(definition, machines[i].machine);
        g_assert_cmpint(vas_nic_name_exposes_acpi_index(definition, port), ==, machines[i].shows);
    }
    set_machine(definition, "pc-q35-7.2");
    g_assert_false(
        vas_nic_name_exposes_acpi_index(definition, building_guest_address("0000:00:05.0")));
    /* libvirt will add a root port there. */
    g_assert_true(
        vas_nic_name_exposes_acpi_index(definition, building_guest_address("0000:03:00.0")));
    controller->hotplug_off = TRUE;
    g_assert_false(vas_nic_name_exposes_acpi_index(definition, port));
    controller->hotplug_off = FALSE;
    definition->acpi = FALSE;
    g_assert_false(vas_nic_name_exposes_acpi_index(definition, port));
}

static void
test_acpi_index_below_expander(void)
{
    g_autoptr(VasGuestDefinition) definition = building_q35(0);

    building_add_controller(definition, VAS_PCIE_EXPANDER_BUS, 1, "0000:00:02.0")->bus_number = 64;
    building_add_controller(definition, VAS_PCIE_ROOT_PORT, 2, "0000:01:00.0");
    g_assert_false(
        vas_nic_name_exposes_acpi_index(definition, building_guest_address("0000:02:00.0")));
}

static void
test_what_cannot_be_told(void)
{
    g_autoptr(VasGuestDefinition) definition = building_q35(1);

    assert_name(definition, "0000:02:00.0", 0, NULL,
                "bus 02 does not exist yet: its number in the guest depends on where libvirt puts "
                "the port");
    building_add_controller(definition, VAS_PCIE_ROOT_PORT, 3, "0000:09:00.0");
    assert_name(definition, "0000:03:00.0", 0, NULL,
                "the guest's number for bus 03 cannot be told");
}

/* Bridges that hang below one another are not walked for ever. */
static void
test_circle_of_bridges(void)
{
    g_autoptr(VasGuestDefinition) definition = building_q35(0);
    g_autoptr(VasNicName) prediction = NULL;

    building_add_controller(definition, VAS_PCIE_TO_PCI_BRIDGE, 1, "0000:02:01.0");
    building_add_controller(definition, VAS_PCIE_TO_PCI_BRIDGE, 2, "0000:01:01.0");
    prediction = vas_nic_name_predict(definition, building_guest_address("0000:01:02.0"), 0, NULL);
    g_assert_null(prediction->name);
    g_assert_nonnull(prediction->why);
}

static void
test_s390(void)
{
    g_autoptr(VasGuestDefinition) definition = building_pc(0);

    set_machine(definition, "s390-ccw-virtio");
    assert_name(definition, "0000:00:01.0", 0, NULL,
                "a PCI device of s390x is named by the uid and fid of its <zpci>, as the guest's "
                "kernel and systemd take them");
}

static void
test_not_on_pci(void)
{
    static const struct {
        const char *place;
        const char *name;
        const char *why;
    } rows[] = {
        {"fe.0.0001", "enc1", "channel device fe.0.0001 (path)"},
        {"fe.0.000a", "enca", "channel device fe.0.000a (path)"},
        {"fe.1.0a00", "enc1.0a00", "channel device fe.1.0a00 (path)"},
        {"fe.0.0000", "enc0", "channel device fe.0.0000 (path)"},
        {"usb", NULL, "it is on usb, not on PCI"},
    };
    g_autoptr(VasGuestDefinition) definition = building_pc(0);
    VasNic *nic = building_add_nic(definition, NULL, "52:54:00:00:00:01", NULL);

    g_assert_null(vas_nic_name_of(definition, nic, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(VasNicName) name = NULL;

        g_free(nic->other_place);
        nic->other_place = g_strdup(rows[i].place);
        name = vas_nic_name_of(definition, nic, NULL);
        g_assert_cmpstr(name->name, ==, rows[i].name);
        g_assert_cmpstr(name->why, ==, rows[i].why);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/nic-name/root-port", test_root_port);
    g_test_add_func("/nic-name/root-port-out-of-order", test_root_port_out_of_order);
    g_test_add_func("/nic-name/multifunction", test_multifunction);
    g_test_add_func("/nic-name/q35-root-bus", test_q35_root_bus);
    g_test_add_func("/nic-name/expander", test_expander);
    g_test_add_func("/nic-name/pcie-to-pci-bridge", test_pcie_to_pci_bridge);
    g_test_add_func("/nic-name/two-bridges-collide", test_two_bridges_collide);
    g_test_add_func("/nic-name/pc", test_pc);
    g_test_add_func("/nic-name/pc-without-acpi", test_pc_without_acpi);
    g_test_add_func("/nic-name/native-hotplug", test_native_hotplug);
    g_test_add_func("/nic-name/acpi-index", test_acpi_index);
    g_test_add_func("/nic-name/where-acpi-index-shows", test_where_acpi_index_shows);
    g_test_add_func("/nic-name/acpi-index-below-expander", test_acpi_index_below_expander);
    g_test_add_func("/nic-name/what-cannot-be-told", test_what_cannot_be_told);
    g_test_add_func("/nic-name/circle-of-bridges", test_circle_of_bridges);
    g_test_add_func("/nic-name/s390", test_s390);
    g_test_add_func("/nic-name/not-on-pci", test_not_on_pci);
    return g_test_run();
}
