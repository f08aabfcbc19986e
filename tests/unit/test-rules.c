/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/rules/rules-wish.h"
#include "rules-fixture.h"

#include "building.h"
#include "core/rules/rules-rename.h"
#include "testing.h"

static void
test_everything_chosen(RulesFixture *fixture, gconstpointer data)
{
    g_autoptr(VasAttachDecision) decision = accept_attach(fixture, VF0, 0);
    g_autoptr(VasAttachDecision) again = accept_attach(fixture, VF0, 0);

    g_assert_cmpint(decision->scope, ==, BOTH);
    g_assert_cmpint(decision->missing, ==, BOTH);
    g_assert_cmpint(decision->assignment->type, ==, VAS_ASSIGNMENT_INTERFACE);
    assert_place(decision, "0000:01:00.0", "ua-pci_0000_01_10_0");
    g_assert_true(decision->assignment->has_mac);
    g_assert_true(
        g_str_has_prefix(vas_mac_address_text(decision->assignment->mac).text, "52:54:00:"));
    g_assert_true(vas_mac_address_equal(decision->assignment->mac, again->assignment->mac));
    g_assert_cmpint(decision->assignment->vlan, ==, -1);
    g_assert_cmpint(decision->assignment->acpi_index, ==, 0);
    g_assert_cmpint(decision->assignment->boot_order, ==, 0);
    vas_attach_decision_free(NULL);
}

static void
test_everything_wished(RulesFixture *fixture, gconstpointer data)
{
    g_autoptr(VasAttachDecision) decision = NULL;

    wish_type(fixture, VAS_ASSIGNMENT_INTERFACE);
    wish_address(fixture, "0000:04:00.0");
    wish_mac(fixture, MAC1);
    fixture->wish->vlan = 4094;
    fixture->wish->alias = g_strdup("ua-dmz");
    fixture->wish->acpi_index = 7;
    fixture->wish->boot_order = 2;
    decision = accept_attach(fixture, VF0, LIVE);
    g_assert_cmpint(decision->scope, ==, LIVE);
    g_assert_cmpint(decision->missing, ==, LIVE);
    assert_place(decision, "0000:04:00.0", "ua-dmz");
    g_assert_cmpstr(vas_mac_address_text(decision->assignment->mac).text, ==, MAC1);
    g_assert_cmpint(decision->assignment->vlan, ==, 4094);
    g_assert_cmpint(decision->assignment->acpi_index, ==, 7);
    g_assert_cmpint(decision->assignment->boot_order, ==, 2);
}

static void
test_hostdev(RulesFixture *fixture, gconstpointer data)
{
    g_autoptr(VasAttachDecision) usb = accept_attach(fixture, "0000:04:00.0", 0);
    g_autoptr(VasAttachDecision) nvme_vf = accept_attach(fixture, "0000:05:00.1", 0);
    g_autoptr(VasAttachDecision) vf = NULL;

    g_assert_cmpint(usb->assignment->type, ==, VAS_ASSIGNMENT_HOSTDEV);
    g_assert_false(usb->assignment->has_mac);
    g_assert_cmpint(nvme_vf->assignment->type, ==, VAS_ASSIGNMENT_HOSTDEV);
    wish_type(fixture, VAS_ASSIGNMENT_HOSTDEV);
    fixture->pf_link.up = FALSE; /* of no concern to a plain <hostdev> */
    vf = accept_attach(fixture, VF0, 0);
    g_assert_cmpint(vf->assignment->type, ==, VAS_ASSIGNMENT_HOSTDEV);
    g_assert_false(vf->assignment->has_mac);
}

static void
test_scope(RulesFixture *fixture, gconstpointer data)
{
    vas_guest_definition_free(g_steal_pointer(&fixture->guest->live));
    refuse_attach(fixture, VF0, LIVE, VAS_ERROR_WRONG_STATE, "guest db is shut off",
                  "leave out --live");
    fixture->guest->live = g_steal_pointer(&fixture->guest->config);
    refuse_attach(fixture, VF0, CONFIG, VAS_ERROR_WRONG_STATE, "guest db is transient", NULL);
}

static void
test_unsuitable(RulesFixture *fixture, gconstpointer data)
{
    refuse_attach(fixture, "0000:00:01.0", 0, VAS_ERROR_UNSUITABLE,
                  "0000:00:01.0 is a bridge (PCI header type 1): only endpoints can be assigned",
                  NULL);
    refuse_attach(fixture, "0000:00:1f.0", 0, VAS_ERROR_UNSUITABLE,
                  "0000:00:1f.0 is a bridge (PCI class 06): only endpoints can be assigned", NULL);
    wish_type(fixture, VAS_ASSIGNMENT_INTERFACE);
    refuse_attach(fixture, "0000:01:00.0", 0, VAS_ERROR_UNSUITABLE,
                  "0000:01:00.0 is not a VF: <interface type='hostdev'> is for SR-IOV VFs only",
                  "--as hostdev");
    refuse_attach(fixture, "0000:05:00.1", 0, VAS_ERROR_UNSUITABLE,
                  "0000:05:00.1 is a VF of a device that is not a network device "
                  "(Non-Volatile memory controller)",
                  "--as hostdev");
}

static void
test_values_out_of_range(RulesFixture *fixture, gconstpointer data)
{
    VasAssignmentWish *wish = fixture->wish;

    wish_mac(fixture, "01:00:5e:00:00:01");
    refuse_attach(fixture, VF0, 0, VAS_ERROR_INVALID, "MAC 01:00:5e:00:00:01 is not unicast", NULL);
    wish_mac(fixture, "00:00:00:00:00:00");
    refuse_attach(fixture, VF0, 0, VAS_ERROR_INVALID, "MAC 00:00:00:00:00:00 is not unicast", NULL);
    wish->has_mac = FALSE;
    wish->vlan = 4095;
    refuse_attach(fixture, VF0, 0, VAS_ERROR_INVALID, "VLAN 4095 is not in 0 to 4094", NULL);
    wish->vlan = -2;
    refuse_attach(fixture, VF0, 0, VAS_ERROR_INVALID, "VLAN -2 is not in 0 to 4094", NULL);
    wish->vlan = -1;
    wish->alias = g_strdup("net0");
    refuse_attach(fixture, VF0, 0, VAS_ERROR_INVALID, "\"net0\" cannot be an alias", NULL);
    g_clear_pointer(&wish->alias, g_free);
    wish->boot_order = -1;
    refuse_attach(fixture, VF0, 0, VAS_ERROR_INVALID, "boot order -1 is not 1 or more", NULL);
    wish->boot_order = 0;
    wish->acpi_index = 16384;
    refuse_attach(fixture, VF0, 0, VAS_ERROR_INVALID, "acpi index 16384 is not in 1 to 16383",
                  NULL);
    wish->acpi_index = -1;
    refuse_attach(fixture, VF0, 0, VAS_ERROR_INVALID, "acpi index -1 is not in 1 to 16383", NULL);
}

static void
test_hostdev_has_no_mac_and_no_vlan(RulesFixture *fixture, gconstpointer data)
{
    wish_mac(fixture, MAC1);
    refuse_attach(fixture, "0000:04:00.0", 0, VAS_ERROR_INVALID, "a plain <hostdev> has no MAC",
                  NULL);
    wish_type(fixture, VAS_ASSIGNMENT_HOSTDEV);
    refuse_attach(fixture, VF0, 0, VAS_ERROR_INVALID, "a plain <hostdev> has no MAC",
                  "--as interface");
    fixture->wish->has_mac = FALSE;
    fixture->wish->vlan = 0;
    refuse_attach(fixture, VF0, 0, VAS_ERROR_INVALID, "a plain <hostdev> has no VLAN",
                  "--as interface");
}

static void
test_pf(RulesFixture *fixture, gconstpointer data)
{
    g_autoptr(VasAttachDecision) unknown = NULL;
    g_autoptr(VasAttachDecision) unasked = NULL;
    g_autoptr(GError) error = NULL;

    fixture->pf_link.up = FALSE;
    refuse_attach(fixture, VF0, 0, VAS_ERROR_NOT_READY, "PF enp1s0 (0000:01:00.0) is down",
                  "ip link set enp1s0 up");
    fixture->pf_link.interface = NULL;
    refuse_attach(fixture, VF0, CONFIG, VAS_ERROR_NOT_READY,
                  "PF 0000:01:00.0 has no network interface to set MAC and VLAN through",
                  "--as hostdev");
    fixture->pf_link.known = FALSE;
    unknown = accept_attach(fixture, VF0, 0);
    unasked = vas_rules_decide_attach(fixture->inventory, fixture->guest,
                                      building_device(fixture->inventory, VF0), fixture->wish, 0,
                                      NULL, NULL, &error);
    g_assert_no_error(error);
}

static void
test_mac_of_another_guest(RulesFixture *fixture, gconstpointer data)
{
    VasGuestDefinition *config = building_q35(1);

    building_add_nic(config, NULL, MAC1, "0000:01:00.0");
    vas_inventory_take_guest(fixture->inventory, building_guest("web", NULL, config));
    wish_mac(fixture, MAC1);
    refuse_attach(fixture, VF0, 0, VAS_ERROR_TAKEN, "MAC 52:54:00:00:00:01 is used by guest web",
                  NULL);
}

static void
test_mac_of_another_nic(RulesFixture *fixture, gconstpointer data)
{
    building_add_nic(fixture->guest->config, NULL, MAC1, "0000:01:00.0");
    wish_mac(fixture, MAC1);
    refuse_attach(fixture, VF0, LIVE, VAS_ERROR_TAKEN,
                  "MAC 52:54:00:00:00:01 is used by another NIC of guest db", NULL);
}

static void
test_generated_mac_avoids_those_in_use(RulesFixture *fixture, gconstpointer data)
{
    g_autoptr(VasAttachDecision) first = accept_attach(fixture, VF0, 0);
    g_autoptr(VasAttachDecision) second = NULL;
    VasMacAddressText taken = vas_mac_address_text(first->assignment->mac);
    g_autofree char *seed = g_strdup_printf("%s/0000:01:10.0", fixture->guest->uuid);

    g_assert_true(
        vas_mac_address_equal(first->assignment->mac, vas_mac_address_from_seed(seed, 0)));
    building_add_nic(fixture->guest->config, NULL, taken.text, "0000:01:00.0");
    second = accept_attach(fixture, VF0, 0);
    g_assert_true(
        vas_mac_address_equal(second->assignment->mac, vas_mac_address_from_seed(seed, 1)));
}

static void
test_alias_taken(RulesFixture *fixture, gconstpointer data)
{
    building_add_assignment(fixture->guest->config, VAS_ASSIGNMENT_INTERFACE, VF1, "ua-a", MAC2,
                            "0000:01:00.0");
    building_add_nic(fixture->guest->live, "ua-b", MAC1, "0000:02:00.0");
    building_occupy(fixture->guest->live, "0000:03:00.0", "ua-c");
    g_ptr_array_add(fixture->guest->live->aliases, g_strdup("ua-d"));

    fixture->wish->alias = g_strdup("ua-a");
    refuse_attach(fixture, VF0, 0, VAS_ERROR_TAKEN,
                  "alias ua-a is taken by 0000:01:10.2 in the config of db", "--name");
    /* The alias would make it one assignment with VF 1's in the config. */
    refuse_attach(fixture, VF0, LIVE, VAS_ERROR_TAKEN, "alias ua-a is taken", NULL);
    g_free(fixture->wish->alias);
    fixture->wish->alias = g_strdup("ua-b");
    refuse_attach(fixture, VF0, 0, VAS_ERROR_TAKEN,
                  "alias ua-b is taken by the NIC 52:54:00:00:00:01 in db", NULL);
    g_free(fixture->wish->alias);
    fixture->wish->alias = g_strdup("ua-c");
    refuse_attach(fixture, VF0, 0, VAS_ERROR_TAKEN,
                  "alias ua-c is taken by what is at guest address 0000:03:00.0 in db", NULL);
    g_free(fixture->wish->alias);
    fixture->wish->alias = g_strdup("ua-d");
    refuse_attach(fixture, VF0, 0, VAS_ERROR_TAKEN, "alias ua-d is taken by another device in db",
                  NULL);
}

static void
test_boot_order(RulesFixture *fixture, gconstpointer data)
{
    const int taken = 1;
    g_autoptr(VasAttachDecision) live = NULL;

    g_array_append_val(fixture->guest->config->boot_orders, taken);
    fixture->wish->boot_order = 1;
    refuse_attach(fixture, VF0, 0, VAS_ERROR_CONFLICT,
                  "boot order 1 is taken by another device of db", NULL);
    live = accept_attach(fixture, VF0, LIVE);
    fixture->wish->boot_order = 2;
    fixture->guest->live->boot_devices = TRUE;
    refuse_attach(fixture, VF0, 0, VAS_ERROR_CONFLICT,
                  "db boots by <os><boot dev=''/>: libvirt takes no boot order beside it",
                  "leave out --boot-order");
}

static void
test_guest_address(RulesFixture *fixture, gconstpointer data)
{
    g_autoptr(VasAttachDecision) cold = NULL;
    g_autoptr(VasAttachDecision) new_bus = NULL;

    building_occupy(fixture->guest->live, "0000:02:00.0", "virtio-disk0");
    building_occupy(fixture->guest->config, "0000:03:00.0", "virtio-net0");
    wish_address(fixture, "0000:02:00.0");
    refuse_attach(fixture, VF0, 0, VAS_ERROR_TAKEN,
                  "guest address 0000:02:00.0 is taken by virtio-disk0",
                  "free: 0000:01:00.0, 0000:03:00.0, 0000:04:00.0, 0000:05:00.0");
    wish_address(fixture, "0000:03:00.0");
    refuse_attach(fixture, VF0, 0, VAS_ERROR_TAKEN,
                  "config of db: guest address 0000:03:00.0 is taken by virtio-net0", "free: ");
    wish_address(fixture, "0000:00:09.0");
    refuse_attach(fixture, VF0, 0, VAS_ERROR_UNUSABLE, "nothing can be hot-plugged into bus 00",
                  "free: ");
    cold = accept_attach(fixture, VF0, CONFIG);
    assert_place(cold, "0000:00:09.0", "ua-pci_0000_01_10_0");
    wish_address(fixture, "0000:07:00.0");
    refuse_attach(fixture, VF0, LIVE, VAS_ERROR_UNUSABLE, "the guest has no PCI bus 07", NULL);
    new_bus = accept_attach(fixture, VF0, CONFIG);
    assert_place(new_bus, "0000:07:00.0", "ua-pci_0000_01_10_0");
}

static void
test_chosen_address_is_free_in_both(RulesFixture *fixture, gconstpointer data)
{
    g_autoptr(VasAttachDecision) decision = NULL;

    building_occupy(fixture->guest->live, "0000:01:00.0", "virtio-disk0");
    building_occupy(fixture->guest->config, "0000:02:00.0", "virtio-net0");
    decision = accept_attach(fixture, VF0, 0);
    assert_place(decision, "0000:03:00.0", "ua-pci_0000_01_10_0");
}

/* A device that is live only, or in the config only, keeps its place for the other. */
static void
test_address_promised_by_the_config(RulesFixture *fixture, gconstpointer data)
{
    g_autoptr(VasAttachDecision) live_only = NULL;
    g_autoptr(VasAttachDecision) returning = NULL;

    building_add_assignment(fixture->guest->config, VAS_ASSIGNMENT_INTERFACE, VF0, "ua-first", MAC1,
                            "0000:01:00.0");
    live_only = accept_attach(fixture, VF1, LIVE);
    assert_place(live_only, "0000:02:00.0", "ua-pci_0000_01_10_2");
    returning = accept_attach(fixture, VF0, LIVE);
    assert_place(returning, "0000:01:00.0", "ua-first");
}

static void
test_iommu_without_caching_mode(RulesFixture *fixture, gconstpointer data)
{
    g_autoptr(VasAttachDecision) live = NULL;

    fixture->guest->config->platform.blind_iommu = TRUE;
    refuse_attach(fixture, VF0, BOTH, VAS_ERROR_WRONG_STATE,
                  "the intel-iommu of the config of guest db has no caching_mode", "virsh edit db");
    live = accept_attach(fixture, VF0, LIVE);
    fixture->guest->live->platform.blind_iommu = TRUE;
    refuse_attach(fixture, VF0, LIVE, VAS_ERROR_WRONG_STATE,
                  "the intel-iommu of guest db has no caching_mode", "<ioapic driver='qemu'/>");
}

/* The guest makes a team of a VF and a NIC that stays, by the one MAC of both. */
static void
test_team(RulesFixture *fixture, gconstpointer data)
{
    g_autoptr(VasAttachDecision) taken = NULL;
    g_autoptr(VasAttachDecision) named = NULL;
    VasNic *nics[] = {
        building_add_nic(fixture->guest->live, "ua-backup0", MAC1, "0000:02:00.0"),
        building_add_nic(fixture->guest->config, "ua-backup0", MAC1, "0000:02:00.0"),
    };

    fixture->wish->team = g_strdup("ua-backup0");
    nics[0]->is_team_backup = TRUE;
    refuse_attach(fixture, VF0, BOTH, VAS_ERROR_UNSUITABLE,
                  "the config of db has no NIC ua-backup0 with <teaming type='persistent'/>",
                  "virsh edit db");
    nics[1]->is_team_backup = TRUE;
    taken = accept_attach(fixture, VF0, BOTH);
    g_assert_true(taken->assignment->has_mac);
    g_assert_true(vas_mac_address_equal(taken->assignment->mac, building_mac(MAC1)));

    wish_mac(fixture, MAC2);
    refuse_attach(fixture, VF0, BOTH, VAS_ERROR_CONFLICT,
                  "MAC " MAC2 " is not the MAC of ua-backup0, " MAC1, "--mac " MAC1);
    wish_mac(fixture, MAC1);
    named = accept_attach(fixture, VF0, BOTH);
    g_assert_true(vas_mac_address_equal(named->assignment->mac, building_mac(MAC1)));
    building_add_nic(fixture->guest->live, "net9", MAC1, "0000:03:00.0");
    refuse_attach(fixture, VF0, BOTH, VAS_ERROR_TAKEN, "is used by another NIC", NULL);
}

/* libvirt takes the device for a PCIe one there, since it has an address. */
static void
test_conventional_device_on_a_new_bus(RulesFixture *fixture, gconstpointer data)
{
    g_autoptr(VasAttachDecision) decision = NULL;

    building_device(fixture->inventory, "0000:04:00.0")->is_express = FALSE;
    wish_address(fixture, "0000:07:00.0");
    decision = accept_attach(fixture, "0000:04:00.0", CONFIG);
    assert_place(decision, "0000:07:00.0", "ua-pci_0000_04_00_0");
}

/* A NIC on bus 01 has ens2, which slot 02 of bus 00 would give as well: the choice leaves it out,
 * as the check refuses it. */
static void
test_choice_renames_nobody(RulesFixture *fixture, gconstpointer data)
{
    g_autoptr(VasAttachDecision) decision = NULL;
    g_autoptr(GPtrArray) overridden = g_ptr_array_new_with_free_func(g_free);

    vas_guest_definition_free(fixture->guest->live);
    vas_guest_definition_free(fixture->guest->config);
    fixture->guest->live = building_pc(1);
    fixture->guest->config = building_pc(1);
    building_add_nic(fixture->guest->live, NULL, MAC1, "0000:01:02.0");
    building_add_nic(fixture->guest->config, NULL, MAC1, "0000:01:02.0");
    decision = accept_attach(fixture, VF0, BOTH);
    assert_place(decision, "0000:00:03.0", "ua-pci_0000_01_10_0");
    g_assert_true(vas_rules_check_renames(fixture->guest, decision, NULL, FALSE, overridden, NULL));

    for (guint slot = 3; slot < 32; slot++) {
        g_autofree char *address = g_strdup_printf("0000:00:%02x.0", slot);
        g_autofree char *behind = g_strdup_printf("0000:01:%02x.0", slot);

        building_occupy(fixture->guest->live, address, "something");
        building_occupy(fixture->guest->live, behind, "something");
    }
    building_occupy(fixture->guest->live, "0000:01:01.0", "something");
    vas_attach_decision_free(decision);
    decision = accept_attach(fixture, VF0, LIVE);
    assert_place(decision, "0000:00:02.0", "ua-pci_0000_01_10_0");
}

static void
test_no_slot(RulesFixture *fixture, gconstpointer data)
{
    vas_guest_definition_free(fixture->guest->live);
    fixture->guest->live = building_q35(1);
    fixture->guest->live->guest = fixture->guest->word;
    building_occupy(fixture->guest->live, "0000:01:00.0", "virtio-disk0");
    refuse_attach(fixture, VF0, 0, VAS_ERROR_NO_SLOT, "0000:01:00.0 (virtio-disk0)",
                  "virt-assign ports db --add 1");
}

static void
test_acpi_index(RulesFixture *fixture, gconstpointer data)
{
    g_autoptr(VasAttachDecision) decision = NULL;

    building_add_nic(fixture->guest->config, "ua-net", MAC1, "0000:01:00.0")->acpi_index = 7;
    fixture->wish->acpi_index = 7;
    refuse_attach(fixture, VF0, 0, VAS_ERROR_TAKEN,
                  "acpi index 7 is taken by ua-net of the config of db", NULL);
    fixture->wish->acpi_index = 8;
    decision = accept_attach(fixture, VF0, 0);
    g_assert_cmpint(decision->assignment->acpi_index, ==, 8);
    wish_address(fixture, "0000:00:09.0");
    refuse_attach(fixture, VF0, CONFIG, VAS_ERROR_UNUSABLE,
                  "acpi index 8 does not show in db at 0000:00:09.0", "leave out --acpi-index");
    fixture->wish->has_guest_address = FALSE;
    g_free(fixture->guest->live->machine);
    fixture->guest->live->machine = g_strdup("pc-q35-6.0");
    refuse_attach(fixture, VF0, LIVE, VAS_ERROR_UNUSABLE, "acpi index 8 does not show in db",
                  "pc-q35-6.1");
}

static void
test_several_devices(RulesFixture *fixture, gconstpointer data)
{
    g_autoptr(VasAttachDecision) second = NULL;

    g_ptr_array_add(fixture->earlier, accept_attach(fixture, VF0, 0));
    second = accept_attach(fixture, VF1, 0);
    assert_place(second, "0000:02:00.0", "ua-pci_0000_01_10_2");
    refuse_attach(fixture, VF0, 0, VAS_ERROR_USAGE, "0000:01:10.0 is named twice", NULL);
}

static void
test_several_devices_with_one_wish(RulesFixture *fixture, gconstpointer data)
{
    VasAssignmentWish *wish = fixture->wish;

    wish_address(fixture, "0000:04:00.0");
    wish_mac(fixture, MAC1);
    wish->alias = g_strdup("ua-x");
    wish->boot_order = 3;
    wish->acpi_index = 5;
    g_ptr_array_add(fixture->earlier, accept_attach(fixture, VF0, 0));
    refuse_attach(fixture, VF1, 0, VAS_ERROR_TAKEN,
                  "MAC 52:54:00:00:00:01 goes to 0000:01:10.0 in the same command",
                  "one at a time");
    wish->has_mac = FALSE;
    refuse_attach(fixture, VF1, 0, VAS_ERROR_TAKEN, "alias ua-x goes to 0000:01:10.0", NULL);
    g_clear_pointer(&wish->alias, g_free);
    refuse_attach(fixture, VF1, 0, VAS_ERROR_CONFLICT, "boot order 3 goes to 0000:01:10.0", NULL);
    wish->boot_order = 0;
    refuse_attach(fixture, VF1, 0, VAS_ERROR_TAKEN,
                  "guest address 0000:04:00.0 goes to 0000:01:10.0", NULL);
    wish->has_guest_address = FALSE;
    refuse_attach(fixture, VF1, 0, VAS_ERROR_TAKEN, "acpi index 5 goes to 0000:01:10.0", NULL);
}

static void
test_unmanaged_on_a_host_driver(RulesFixture *fixture, gconstpointer data)
{
    g_autoptr(VasAttachDecision) detached = NULL;

    fixture->wish->unmanaged = TRUE;
    refuse_attach(fixture, VF0, CONFIG, VAS_ERROR_NOT_READY,
                  VF0 " is managed='no' and on the host driver igbvf: libvirt does not start the "
                      "guest",
                  "virt-assign host-detach " VF0 ", or managed='yes' in the template");
    detached = accept_attach(fixture, "0000:01:10.4", BOTH);
    g_assert_true(detached->assignment->unmanaged);
}

static void
test_several_devices_on_new_buses(RulesFixture *fixture, gconstpointer data)
{
    g_autoptr(VasAttachDecision) second = NULL;

    vas_guest_definition_free(fixture->guest->config);
    fixture->guest->config = building_q35(0);
    g_ptr_array_add(fixture->earlier, accept_attach(fixture, VF0, CONFIG));
    second = accept_attach(fixture, VF1, CONFIG);
    assert_place(g_ptr_array_index(fixture->earlier, 0), "0000:01:00.0", "ua-pci_0000_01_10_0");
    assert_place(second, "0000:02:00.0", "ua-pci_0000_01_10_2");
}

/* On a remote connection or in `xml` a wish is checked without a guest. */
static void
test_check_wish_alone(RulesFixture *fixture, gconstpointer data)
{
    const VasDevice *vf = building_device(fixture->inventory, VF0);
    g_autoptr(GError) error = NULL;

    g_assert_true(vas_rules_check_wish(vf, fixture->wish, &error));
    g_assert_no_error(error);
    fixture->wish->vlan = 4095;
    g_assert_false(vas_rules_check_wish(vf, fixture->wish, &error));
    testing_assert_error(&error, VAS_ERROR_INVALID, "VLAN 4095");
}

static void
test_infiniband_vf(RulesFixture *fixture, gconstpointer data)
{
    g_autoptr(VasAttachDecision) decision = NULL;

    building_device(fixture->inventory, VF0)->class_code = GPOINTER_TO_UINT(data);
    decision = accept_attach(fixture, VF0, 0);
    g_assert_cmpint(decision->assignment->type, ==, VAS_ASSIGNMENT_HOSTDEV);
    g_assert_false(decision->assignment->has_mac);
    fixture->wish->vlan = 7;
    refuse_attach(fixture, VF0, 0, VAS_ERROR_INVALID,
                  "0000:01:10.0 is an InfiniBand device: the kernel sets GUIDs of its VFs, and no "
                  "VLAN",
                  NULL);
    wish_mac(fixture, MAC1);
    refuse_attach(fixture, VF0, 0, VAS_ERROR_INVALID, "and no MAC", NULL);
    wish_type(fixture, VAS_ASSIGNMENT_INTERFACE);
    refuse_attach(fixture, VF0, 0, VAS_ERROR_UNSUITABLE,
                  "0000:01:10.0 is a VF of an InfiniBand port: it has GUIDs, and no MAC",
                  "--as hostdev");
    vas_assignment_wish_free(fixture->wish);
    fixture->wish = vas_assignment_wish_new();
    fixture->wish->guest_name = g_strdup("ibp2s0");
    refuse_attach(fixture, VF0, 0, VAS_ERROR_UNSUITABLE,
                  "0000:01:10.0 is an InfiniBand device: whether it has a NIC in the guest",
                  "leave out --guest-name");
}

static void
test_no_name_is_promised_with_a_port(RulesFixture *fixture, gconstpointer data)
{
    building_device(fixture->inventory, "0000:03:00.0")->port = g_strdup("p1");
    fixture->wish->guest_name = g_strdup("enp2s0");
    refuse_attach(fixture, "0000:03:00.0", 0, VAS_ERROR_UNSUITABLE,
                  "0000:03:00.0 has a driver that tells its port: the guest's name of it ends with "
                  "np1, or not",
                  "leave out --guest-name");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("everything-chosen", test_everything_chosen);
    ADD("everything-wished", test_everything_wished);
    ADD("hostdev", test_hostdev);
    ADD("scope", test_scope);
    ADD("unsuitable", test_unsuitable);
    ADD("values-out-of-range", test_values_out_of_range);
    ADD("hostdev-has-no-mac-and-no-vlan", test_hostdev_has_no_mac_and_no_vlan);
    ADD("pf", test_pf);
    ADD("mac-of-another-guest", test_mac_of_another_guest);
    ADD("mac-of-another-nic", test_mac_of_another_nic);
    ADD("generated-mac-avoids-those-in-use", test_generated_mac_avoids_those_in_use);
    ADD("alias-taken", test_alias_taken);
    ADD("boot-order", test_boot_order);
    ADD("guest-address", test_guest_address);
    ADD("chosen-address-is-free-in-both", test_chosen_address_is_free_in_both);
    ADD("address-promised-by-the-config", test_address_promised_by_the_config);
    ADD("iommu-without-caching-mode", test_iommu_without_caching_mode);
    ADD("unmanaged-on-a-host-driver", test_unmanaged_on_a_host_driver);
    ADD("team", test_team);
    ADD("choice-renames-nobody", test_choice_renames_nobody);
    ADD("conventional-device-on-a-new-bus", test_conventional_device_on_a_new_bus);
    ADD("no-slot", test_no_slot);
    ADD("acpi-index", test_acpi_index);
    ADD("several-devices", test_several_devices);
    ADD("several-devices-with-one-wish", test_several_devices_with_one_wish);
    ADD("several-devices-on-new-buses", test_several_devices_on_new_buses);
    ADD("check-wish-alone", test_check_wish_alone);
    ADD("no-name-is-promised-with-a-port", test_no_name_is_promised_with_a_port);
    g_test_add("/rules/infiniband-vf", RulesFixture, GUINT_TO_POINTER(0x020700),
               rules_fixture_set_up, test_infiniband_vf, rules_fixture_tear_down);
    g_test_add("/rules/fabric-vf", RulesFixture, GUINT_TO_POINTER(0x020800), rules_fixture_set_up,
               test_infiniband_vf, rules_fixture_tear_down);
    return g_test_run();
}
