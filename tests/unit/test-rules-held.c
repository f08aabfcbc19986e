/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "rules-fixture.h"

#include "building.h"

static void
take_other_guest(RulesFixture *fixture, VasGuestDefinition *live, VasGuestDefinition *config)
{
    vas_inventory_take_guest(fixture->inventory, building_guest("web", live, config));
}

static VasGuestDefinition *
holder_of(const char *device)
{
    VasGuestDefinition *definition = building_q35(1);

    building_add_assignment(definition, VAS_ASSIGNMENT_INTERFACE, device, "ua-x", MAC1,
                            "0000:01:00.0");
    return definition;
}

static void
test_held_by_another_live(RulesFixture *fixture, gconstpointer data)
{
    take_other_guest(fixture, holder_of(VF0), building_q35(1));
    refuse_attach(fixture, VF0, 0, VAS_ERROR_IN_USE,
                  "0000:01:10.0 is in use by guest web, live only",
                  "virt-assign detach web 0000:01:10.0");
}

static void
test_held_by_another_in_both(RulesFixture *fixture, gconstpointer data)
{
    take_other_guest(fixture, holder_of(VF0), holder_of(VF0));
    refuse_attach(fixture, VF0, LIVE, VAS_ERROR_IN_USE,
                  "0000:01:10.0 is in use by guest web and in its config",
                  "virt-assign detach web");
}

static void
test_held_by_the_config_of_another(RulesFixture *fixture, gconstpointer data)
{
    take_other_guest(fixture, NULL, holder_of(VF0));
    refuse_attach(fixture, VF0, LIVE, VAS_ERROR_IN_USE,
                  "0000:01:10.0 is in the config of guest web",
                  "virt-assign detach web 0000:01:10.0");
}

static VasGuestDefinition *
user_of(const char *device, gboolean shared)
{
    VasGuestDefinition *definition = building_q35(1);

    building_add_use(definition, device, shared);
    return definition;
}

static void
test_used_without_an_assignment(RulesFixture *fixture, gconstpointer data)
{
    take_other_guest(fixture, user_of(VF0, FALSE), building_q35(1));
    refuse_attach(fixture, VF0, 0, VAS_ERROR_IN_USE,
                  "0000:01:10.0 is in use by guest web, by macvtap: <interface type='direct'>",
                  "virsh edit web");
}

static void
test_used_by_the_config_of_another(RulesFixture *fixture, gconstpointer data)
{
    take_other_guest(fixture, NULL, user_of(VF0, FALSE));
    refuse_attach(fixture, VF0, LIVE, VAS_ERROR_IN_USE,
                  "0000:01:10.0 is in the config of guest web, by macvtap: <interface",
                  "virsh edit web");
}

static void
test_used_by_the_guest_itself(RulesFixture *fixture, gconstpointer data)
{
    building_add_use(fixture->guest->live, VF0, FALSE);
    refuse_attach(fixture, VF0, 0, VAS_ERROR_IN_USE,
                  "0000:01:10.0 is in use by guest db, by macvtap", "virsh edit db");
}

static void
test_shared_without_an_assignment(RulesFixture *fixture, gconstpointer data)
{
    g_autoptr(VasAttachDecision) decision = NULL;

    take_other_guest(fixture, user_of(VF0, TRUE), user_of(VF0, TRUE));
    decision = accept_attach(fixture, VF0, 0);
    g_assert_cmpint(decision->missing, ==, BOTH);
}

/* A drive below VMD has no group, though the host's other devices have one each. */
static void
test_no_iommu_group(RulesFixture *fixture, gconstpointer data)
{
    VasDevice *vmd = building_device(fixture->inventory, "0000:04:00.0");
    VasDevice *drive = building_device(fixture->inventory, "0000:05:00.0");

    drive->iommu_group = -1;
    refuse_attach(fixture, "0000:05:00.0", 0, VAS_ERROR_NOT_READY,
                  "0000:05:00.0 is in no IOMMU group, and so cannot be assigned",
                  "other devices have groups");
    g_free(vmd->driver);
    vmd->driver = g_strdup("vmd");
    drive->address = building_host_address("10000:e1:00.0");
    vas_inventory_link(fixture->inventory);
    refuse_attach(fixture, "10000:e1:00.0", 0, VAS_ERROR_NOT_READY,
                  "10000:e1:00.0 is in no IOMMU group, and so cannot be assigned",
                  "it is behind VMD 0000:04:00.0: assign that as a whole, or switch VMD off");
    g_clear_pointer(&vmd->driver, g_free);
    vmd->vendor_id = 0x8086;
    vmd->class_code = 0x010400;
    refuse_attach(fixture, "10000:e1:00.0", 0, VAS_ERROR_NOT_READY, "is in no IOMMU group",
                  "it is behind VMD 0000:04:00.0: assign that as a whole");
    for (guint i = 0; i < fixture->inventory->devices->len; i++)
        ((VasDevice *) g_ptr_array_index(fixture->inventory->devices, i))->iommu_group = -1;
    refuse_attach(fixture, VF0, CONFIG, VAS_ERROR_NOT_READY, "0000:01:10.0 is in no IOMMU group",
                  "switch the IOMMU on");
}

static void
test_already_there(RulesFixture *fixture, gconstpointer data)
{
    g_autoptr(VasAttachDecision) both = NULL;
    g_autoptr(VasAttachDecision) live = NULL;

    building_add_assignment(fixture->guest->live, VAS_ASSIGNMENT_INTERFACE, VF0, "ua-x", MAC1,
                            "0000:02:00.0")
        ->element = g_strdup("<interface/>");
    building_add_assignment(fixture->guest->config, VAS_ASSIGNMENT_INTERFACE, VF0, "ua-x", MAC1,
                            "0000:02:00.0");
    fixture->pf_link.up = FALSE; /* nothing is going to be set through it */
    both = accept_attach(fixture, VF0, 0);
    g_assert_cmpint(both->scope, ==, BOTH);
    g_assert_cmpint(both->missing, ==, 0);
    assert_place(both, "0000:02:00.0", "ua-x");
    g_assert_cmpstr(vas_mac_address_text(both->assignment->mac).text, ==, MAC1);

    wish_address(fixture, "0000:02:00.0");
    wish_mac(fixture, MAC1);
    fixture->wish->alias = g_strdup("ua-x");
    live = accept_attach(fixture, VF0, LIVE);
    g_assert_cmpint(live->missing, ==, 0);
}

static void
test_already_there_differently(RulesFixture *fixture, gconstpointer data)
{
    building_add_assignment(fixture->guest->live, VAS_ASSIGNMENT_INTERFACE, VF0, "ua-x", MAC1,
                            "0000:02:00.0");
    building_add_assignment(fixture->guest->config, VAS_ASSIGNMENT_INTERFACE, VF0, "ua-x", MAC1,
                            "0000:03:00.0");
    wish_address(fixture, "0000:02:00.0");
    refuse_attach(
        fixture, VF0, 0, VAS_ERROR_CONFLICT,
        "0000:01:10.0 is already in db (config), with guest address 0000:03:00.0 instead of "
        "0000:02:00.0",
        "detach it first: virt-assign detach db 0000:01:10.0");
    wish_address(fixture, "0000:03:00.0");
    refuse_attach(fixture, VF0, 0, VAS_ERROR_CONFLICT,
                  "0000:01:10.0 is already in db (live), with guest address 0000:02:00.0", NULL);
    fixture->wish->has_guest_address = FALSE;
    wish_type(fixture, VAS_ASSIGNMENT_HOSTDEV);
    refuse_attach(fixture, VF0, LIVE, VAS_ERROR_CONFLICT, "type interface instead of hostdev",
                  NULL);
}

/* In one scope the other side may differ. */
static void
test_already_there_in_the_scope(RulesFixture *fixture, gconstpointer data)
{
    g_autoptr(VasAttachDecision) live = NULL;
    g_autoptr(VasAttachDecision) config = NULL;

    building_add_assignment(fixture->guest->live, VAS_ASSIGNMENT_INTERFACE, VF0, "hostdev0", MAC1,
                            "0000:02:00.0");
    building_add_assignment(fixture->guest->config, VAS_ASSIGNMENT_INTERFACE, VF0, "ua-x", MAC1,
                            "0000:03:00.0");
    wish_address(fixture, "0000:02:00.0");
    live = accept_attach(fixture, VF0, LIVE);
    g_assert_cmpint(live->missing, ==, 0);
    assert_place(live, "0000:02:00.0", "hostdev0");
    wish_address(fixture, "0000:03:00.0");
    config = accept_attach(fixture, VF0, CONFIG);
    g_assert_cmpint(config->missing, ==, 0);
    assert_place(config, "0000:03:00.0", "ua-x");
}

static void
test_live_side_is_used_again(RulesFixture *fixture, gconstpointer data)
{
    VasAssignment *live = building_add_assignment(fixture->guest->live, VAS_ASSIGNMENT_INTERFACE,
                                                  VF0, "ua-x", MAC1, "0000:05:00.0");
    g_autoptr(VasAttachDecision) decision = NULL;

    live->vlan = 12;
    live->acpi_index = 3;
    live->element = g_strdup("<interface/>");
    live->network = g_strdup("vfs");
    decision = accept_attach(fixture, VF0, 0);
    g_assert_cmpint(decision->scope, ==, BOTH);
    g_assert_cmpint(decision->missing, ==, CONFIG);
    assert_place(decision, "0000:05:00.0", "ua-x");
    g_assert_cmpstr(vas_mac_address_text(decision->assignment->mac).text, ==, MAC1);
    g_assert_cmpint(decision->assignment->vlan, ==, 12);
    g_assert_cmpint(decision->assignment->acpi_index, ==, 3);
}

static void
test_config_side_is_used_again(RulesFixture *fixture, gconstpointer data)
{
    g_autoptr(VasAttachDecision) decision = NULL;

    building_add_assignment(fixture->guest->config, VAS_ASSIGNMENT_HOSTDEV, VF0, NULL, NULL,
                            "0000:03:00.0");
    decision = accept_attach(fixture, VF0, LIVE);
    g_assert_cmpint(decision->scope, ==, LIVE);
    g_assert_cmpint(decision->missing, ==, LIVE);
    g_assert_cmpint(decision->assignment->type, ==, VAS_ASSIGNMENT_HOSTDEV);
    g_assert_false(decision->assignment->has_mac);
    assert_place(decision, "0000:03:00.0", "ua-pci_0000_01_10_0");
}

static void
test_automatic_alias_is_not_used_again(RulesFixture *fixture, gconstpointer data)
{
    g_autoptr(VasAttachDecision) decision = NULL;

    building_add_assignment(fixture->guest->live, VAS_ASSIGNMENT_INTERFACE, VF0, "hostdev0", MAC1,
                            "0000:05:00.0");
    decision = accept_attach(fixture, VF0, 0);
    g_assert_cmpint(decision->missing, ==, CONFIG);
    assert_place(decision, "0000:05:00.0", "ua-pci_0000_01_10_0");
}

static void
test_other_side_contradicts(RulesFixture *fixture, gconstpointer data)
{
    building_add_assignment(fixture->guest->live, VAS_ASSIGNMENT_INTERFACE, VF0, "ua-x", MAC1,
                            "0000:05:00.0");
    wish_address(fixture, "0000:04:00.0");
    refuse_attach(
        fixture, VF0, CONFIG, VAS_ERROR_CONFLICT,
        "0000:01:10.0 is already in db (live), with guest address 0000:05:00.0 instead of "
        "0000:04:00.0",
        "virt-assign detach db 0000:01:10.0");
}

static void
test_address_of_the_other_side_is_taken(RulesFixture *fixture, gconstpointer data)
{
    building_add_assignment(fixture->guest->live, VAS_ASSIGNMENT_INTERFACE, VF0, "ua-x", MAC1,
                            "0000:05:00.0");
    building_occupy(fixture->guest->config, "0000:05:00.0", "virtio-disk1");
    refuse_attach(fixture, VF0, 0, VAS_ERROR_CONFLICT,
                  "0000:01:10.0 is in running db at 0000:05:00.0: config of db: guest address "
                  "0000:05:00.0 is taken by virtio-disk1",
                  "detach it first");
}

static void
test_address_of_the_other_side_is_unusable(RulesFixture *fixture, gconstpointer data)
{
    building_add_assignment(fixture->guest->config, VAS_ASSIGNMENT_INTERFACE, VF0, "ua-x", MAC1,
                            "0000:00:09.0");
    refuse_attach(
        fixture, VF0, 0, VAS_ERROR_UNUSABLE,
        "0000:01:10.0 is in the config of db at 0000:00:09.0: guest address 0000:00:09.0: "
        "nothing can be hot-plugged",
        "detach it first");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("held-by-another-live", test_held_by_another_live);
    ADD("held-by-another-in-both", test_held_by_another_in_both);
    ADD("held-by-the-config-of-another", test_held_by_the_config_of_another);
    ADD("used-without-an-assignment", test_used_without_an_assignment);
    ADD("used-by-the-config-of-another", test_used_by_the_config_of_another);
    ADD("used-by-the-guest-itself", test_used_by_the_guest_itself);
    ADD("shared-without-an-assignment", test_shared_without_an_assignment);
    ADD("no-iommu-group", test_no_iommu_group);
    ADD("already-there", test_already_there);
    ADD("already-there-differently", test_already_there_differently);
    ADD("already-there-in-the-scope", test_already_there_in_the_scope);
    ADD("live-side-is-used-again", test_live_side_is_used_again);
    ADD("config-side-is-used-again", test_config_side_is_used_again);
    ADD("automatic-alias-is-not-used-again", test_automatic_alias_is_not_used_again);
    ADD("other-side-contradicts", test_other_side_contradicts);
    ADD("address-of-the-other-side-is-taken", test_address_of_the_other_side_is_taken);
    ADD("address-of-the-other-side-is-unusable", test_address_of_the_other_side_is_unusable);
    return g_test_run();
}
