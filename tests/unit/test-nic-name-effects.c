/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/nic/nic-name-effects.h"

#include "building.h"
#include "core/nic/nic-name.h"
#include "core/place/slots.h"

#include <string.h>

#define MAC1 "52:54:00:00:00:01"

static VasGuestDefinition *
with_device_at(const VasGuestDefinition *definition, const char *address, VasNicKind kind)
{
    const VasAssignment assignment = {
        .has_guest_address = TRUE, .guest_address = building_guest_address(address), .vlan = -1};

    return vas_nic_name_with(definition, &assignment, kind);
}

static void
assert_changes(const VasGuestDefinition *before, const char *address, const char *change)
{
    g_autoptr(VasGuestDefinition) after = with_device_at(before, address, VAS_NIC_ETHERNET);
    g_autoptr(GPtrArray) changes = vas_nic_name_changes(before, after);

    g_assert_cmpuint(changes->len, ==, change != NULL ? 1 : 0);
    if (change != NULL && strstr(g_ptr_array_index(changes, 0), change) == NULL)
        g_error("\"%s\" does not say \"%s\"", (char *) g_ptr_array_index(changes, 0), change);
}

static void
test_with(void)
{
    g_autoptr(VasGuestDefinition) before = building_q35(2);
    g_autoptr(VasGuestDefinition) nic = with_device_at(before, "0000:01:00.0", VAS_NIC_ETHERNET);
    g_autoptr(VasGuestDefinition) other = with_device_at(before, "0000:01:00.0", VAS_NIC_NONE);

    g_assert_cmpuint(before->nics->len, ==, 0);
    g_assert_cmpuint(nic->nics->len, ==, 1);
    g_assert_cmpuint(nic->occupants->len, ==, before->occupants->len + 1);
    g_assert_cmpuint(other->nics->len, ==, 0);
    g_assert_cmpuint(other->occupants->len, ==, before->occupants->len + 1);
}

/* libvirt puts the new port into the next function of the ports' slot, as seen in the lab. */
static void
test_with_new_bus(void)
{
    g_autoptr(VasGuestDefinition) before = building_q35(3);
    g_autoptr(VasGuestDefinition) after = with_device_at(before, "0000:04:00.0", VAS_NIC_ETHERNET);
    const VasPciController *port = vas_slots_bus(after, 4);

    g_assert_nonnull(port);
    g_assert_cmpstr(vas_guest_address_text(port->address).text, ==, "0000:00:01.0");
}

static void
test_new_bus_fills_slot(void)
{
    g_autoptr(VasGuestDefinition) before = building_q35(0);
    g_autoptr(VasGuestDefinition) after = NULL;

    building_add_controller(before, VAS_PCIE_ROOT_PORT, 1, "0000:00:01.0");
    building_add_controller(before, VAS_PCIE_ROOT_PORT, 2, "0000:00:01.1");
    after = with_device_at(before, "0000:03:00.0", VAS_NIC_ETHERNET);
    g_assert_cmpstr(vas_guest_address_text(vas_slots_bus(after, 3)->address).text, ==,
                    "0000:00:01.2");
}

static void
test_nothing_changes(void)
{
    g_autoptr(VasGuestDefinition) definition = building_q35(3);

    building_add_nic(definition, NULL, MAC1, "0000:01:00.0");
    assert_changes(definition, "0000:02:00.0", NULL);
}

static void
test_collision(void)
{
    g_autoptr(VasGuestDefinition) definition = building_pc(1);

    building_add_nic(definition, NULL, MAC1, "0000:00:03.0");
    assert_changes(definition, "0000:01:04.0", NULL);
    assert_changes(definition, "0000:01:03.0",
                   "NIC " MAC1 " from ens3 to a name like eth0 (naming scheme v261");
}

/* The port that libvirt adds comes before those that are there, and moves their numbers. */
static void
test_renumbering(void)
{
    g_autoptr(VasGuestDefinition) definition = building_q35(2);

    building_add_nic(definition, NULL, MAC1, "0000:01:00.0");
    assert_changes(definition, "0000:03:00.0", "NIC " MAC1 " from enp1s0 to enp2s0");
}

static void
test_index_is_no_matter(void)
{
    g_autoptr(VasGuestDefinition) definition = building_pc(1);

    building_add_nic(definition, NULL, MAC1, "0000:00:03.0")->acpi_index = 3;
    assert_changes(definition, "0000:01:03.0", NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/nic-name-effects/with", test_with);
    g_test_add_func("/nic-name-effects/with-new-bus", test_with_new_bus);
    g_test_add_func("/nic-name-effects/new-bus-fills-slot", test_new_bus_fills_slot);
    g_test_add_func("/nic-name-effects/nothing-changes", test_nothing_changes);
    g_test_add_func("/nic-name-effects/collision", test_collision);
    g_test_add_func("/nic-name-effects/renumbering", test_renumbering);
    g_test_add_func("/nic-name-effects/index-is-no-matter", test_index_is_no_matter);
    return g_test_run();
}
