/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/device/assignment.h"

#include "core/value/error.h"

#include "building.h"
#include "testing.h"

static VasAssignment *
new_interface(const char *alias)
{
    VasAssignment *assignment = vas_assignment_new(VAS_ASSIGNMENT_INTERFACE);

    assignment->has_device = TRUE;
    assignment->device = building_host_address("0000:01:10.0");
    assignment->alias = g_strdup(alias);
    assignment->has_guest_address = TRUE;
    assignment->guest_address = building_guest_address("0000:02:00.0");
    assignment->has_mac = TRUE;
    assignment->mac = building_mac("52:54:00:00:00:01");
    return assignment;
}

static void
test_types(void)
{
    g_autoptr(GError) error = NULL;
    VasAssignmentType type = VAS_ASSIGNMENT_HOSTDEV;

    g_assert_true(vas_assignment_type_parse("interface", &type, &error));
    g_assert_cmpint(type, ==, VAS_ASSIGNMENT_INTERFACE);
    g_assert_cmpstr(vas_assignment_type_name(type), ==, "interface");
    g_assert_true(vas_assignment_type_parse("hostdev", &type, &error));
    g_assert_cmpint(type, ==, VAS_ASSIGNMENT_HOSTDEV);
    g_assert_cmpstr(vas_assignment_type_name(type), ==, "hostdev");
    g_assert_false(vas_assignment_type_parse("nic", &type, &error));
    testing_assert_error(&error, VAS_ERROR_INVALID, "interface or hostdev");
}

static void
test_copy_is_deep(void)
{
    g_autoptr(VasAssignment) original = new_interface("ua-x");
    g_autoptr(VasAssignment) copy = NULL;
    g_autofree char *difference = NULL;

    original->element = g_strdup("<interface/>");
    original->network = g_strdup("vfs");
    copy = vas_assignment_copy(original);
    difference = vas_assignment_difference(original, copy);
    g_assert_null(difference);
    g_assert_true(copy->alias != original->alias);
    g_assert_cmpstr(copy->element, ==, "<interface/>");
    g_assert_cmpstr(copy->network, ==, "vfs");
    vas_assignment_free(NULL);
}

static void
test_ties(void)
{
    g_autoptr(VasAssignment) live = new_interface("hostdev0");
    g_autoptr(VasAssignment) config = new_interface(NULL);

    g_assert_cmpint(vas_assignment_tie(live, config), ==, VAS_TIE_DEVICE);

    config->device = building_host_address("0000:01:10.2");
    g_assert_cmpint(vas_assignment_tie(live, config), ==, VAS_TIE_MAC);

    config->has_mac = FALSE;
    g_assert_cmpint(vas_assignment_tie(live, config), ==, VAS_TIE_NONE);

    config->alias = g_strdup("hostdev0"); /* means another thing in each definition */
    g_assert_cmpint(vas_assignment_tie(live, config), ==, VAS_TIE_NONE);

    g_free(config->alias);
    g_free(live->alias);
    config->alias = g_strdup("ua-x");
    live->alias = g_strdup("ua-x");
    g_assert_cmpint(vas_assignment_tie(live, config), ==, VAS_TIE_ALIAS);
}

static void
test_disks_of_one_device(void)
{
    g_autoptr(VasAssignment) live = vas_assignment_new(VAS_ASSIGNMENT_HOSTDEV);
    g_autoptr(VasAssignment) config = NULL;

    live->has_device = TRUE;
    live->device = building_host_address("0000:05:00.0");
    live->disk = g_strdup("vda");
    config = vas_assignment_copy(live);
    g_assert_cmpint(vas_assignment_tie(live, config), ==, VAS_TIE_DEVICE);

    g_clear_pointer(&config->disk, g_free); /* as on record */
    g_assert_cmpint(vas_assignment_tie(live, config), ==, VAS_TIE_DEVICE);

    config->disk = g_strdup("vdb");
    g_assert_cmpint(vas_assignment_tie(live, config), ==, VAS_TIE_NONE);
}

static void
test_no_device_matches_no_device(void)
{
    g_autoptr(VasAssignment) a = vas_assignment_new(VAS_ASSIGNMENT_INTERFACE);
    g_autoptr(VasAssignment) b = vas_assignment_new(VAS_ASSIGNMENT_INTERFACE);

    g_assert_cmpint(vas_assignment_tie(a, b), ==, VAS_TIE_NONE);
}

static void
assert_difference(const VasAssignment *live, const VasAssignment *config, const char *expected)
{
    g_autofree char *difference = vas_assignment_difference(live, config);

    g_assert_cmpstr(difference, ==, expected);
}

static void
test_differences(void)
{
    g_autoptr(VasAssignment) live = new_interface("ua-x");
    g_autoptr(VasAssignment) config = new_interface("ua-x");

    assert_difference(live, config, NULL);
    live->vlan = 0; /* libvirt sets VLAN 0 where none is given */
    assert_difference(live, config, NULL);

    config->guest_address = building_guest_address("0000:03:00.0");
    assert_difference(live, config, "guest address 0000:02:00.0, config 0000:03:00.0");
    config->guest_address = live->guest_address;

    config->mac = building_mac("52:54:00:00:00:02");
    assert_difference(live, config, "MAC 52:54:00:00:00:01, config 52:54:00:00:00:02");
    config->mac = live->mac;

    config->vlan = 7;
    config->acpi_index = 3;
    assert_difference(live, config, "VLAN none, config 7; acpi index none, config 3");
    config->vlan = -1;
    config->acpi_index = 0;

    config->type = VAS_ASSIGNMENT_HOSTDEV;
    config->has_mac = FALSE;
    assert_difference(live, config,
                      "type interface, config hostdev; MAC 52:54:00:00:00:01, config none");
}

static void
test_alias_difference_only_between_user_aliases(void)
{
    g_autoptr(VasAssignment) live = new_interface("hostdev0");
    g_autoptr(VasAssignment) config = new_interface("ua-x");

    assert_difference(live, config, NULL);
    g_free(live->alias);
    live->alias = g_strdup("ua-y");
    assert_difference(live, config, "alias ua-y, config ua-x");
}

static void
test_network_has_the_vlan(void)
{
    g_autoptr(VasAssignment) live = new_interface("hostdev0");
    g_autoptr(VasAssignment) config = new_interface(NULL);

    live->vlan = 7;
    config->has_device = FALSE;
    config->network = g_strdup("vfs");
    assert_difference(live, config, NULL);
}

static void
test_aliases(void)
{
    static const char *const good[] = {"ua-a", "ua-Z_9-", "ua-pci_0000_01_10_0"};
    static const char *const bad[] = {"",     "ua",     "ua-",  "hostdev0",
                                      "UA-x", "ua-x y", "ua-é", "ua-a.b"};
    g_autofree char *made = vas_alias_for_device(building_host_address("0000:01:10.0"));

    for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_true(vas_alias_check(good[i], &error));
        g_assert_no_error(error);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_false(vas_alias_check(bad[i], &error));
        testing_assert_error(&error, VAS_ERROR_INVALID, "cannot be an alias");
    }
    g_assert_cmpstr(made, ==, "ua-pci_0000_01_10_0");
    g_assert_true(vas_alias_check(made, NULL));
}

static void
assert_mismatch(const VasAssignmentWish *wish, const VasAssignment *assignment,
                const char *expected)
{
    g_autofree char *mismatch = vas_assignment_wish_mismatch(wish, assignment);

    g_assert_cmpstr(mismatch, ==, expected);
}

static void
test_wish_that_fits(void)
{
    g_autoptr(VasAssignment) assignment = new_interface("ua-x");
    g_autoptr(VasAssignmentWish) wish = vas_assignment_wish_new();

    assert_mismatch(wish, assignment, NULL);
    wish->has_type = TRUE;
    wish->type = VAS_ASSIGNMENT_INTERFACE;
    wish->has_guest_address = TRUE;
    wish->guest_address = assignment->guest_address;
    wish->alias = g_strdup("ua-x");
    wish->has_mac = TRUE;
    wish->mac = assignment->mac;
    wish->vlan = 0;
    assert_mismatch(wish, assignment, NULL);
}

static void
test_wish_mismatches(void)
{
    g_autoptr(VasAssignment) assignment = new_interface("ua-x");
    g_autoptr(VasAssignmentWish) wish = vas_assignment_wish_new();

    wish->boot_order = 1;
    assert_mismatch(wish, assignment, "boot order none instead of 1");
    wish->acpi_index = 9;
    assert_mismatch(wish, assignment, "acpi index none instead of 9");
    wish->vlan = 5;
    assert_mismatch(wish, assignment, "VLAN none instead of 5");
    assignment->vlan = 6;
    assert_mismatch(wish, assignment, "VLAN 6 instead of 5");
    wish->has_mac = TRUE;
    wish->mac = building_mac("52:54:00:00:00:02");
    assert_mismatch(wish, assignment, "MAC 52:54:00:00:00:01 instead of 52:54:00:00:00:02");
    wish->alias = g_strdup("ua-y");
    assert_mismatch(wish, assignment, "alias ua-x instead of ua-y");
    wish->has_guest_address = TRUE;
    wish->guest_address = building_guest_address("0000:05:00.0");
    assert_mismatch(wish, assignment, "guest address 0000:02:00.0 instead of 0000:05:00.0");
    wish->has_type = TRUE;
    wish->type = VAS_ASSIGNMENT_HOSTDEV;
    assert_mismatch(wish, assignment, "type interface instead of hostdev");
}

static void
test_wish_copy_is_deep(void)
{
    g_autoptr(VasAssignmentWish) wish = vas_assignment_wish_new();
    g_autoptr(VasAssignmentWish) copy = NULL;

    g_assert_cmpint(wish->vlan, ==, -1);
    wish->alias = g_strdup("ua-x");
    wish->template = g_strdup("dmz");
    copy = vas_assignment_wish_copy(wish);
    g_assert_cmpstr(copy->alias, ==, "ua-x");
    g_assert_cmpstr(copy->template, ==, "dmz");
    g_assert_true(copy->alias != wish->alias);
    vas_assignment_wish_free(NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/assignment/types", test_types);
    g_test_add_func("/assignment/copy-is-deep", test_copy_is_deep);
    g_test_add_func("/assignment/ties", test_ties);
    g_test_add_func("/assignment/disks-of-one-device", test_disks_of_one_device);
    g_test_add_func("/assignment/no-device-matches-no-device", test_no_device_matches_no_device);
    g_test_add_func("/assignment/differences", test_differences);
    g_test_add_func("/assignment/alias-difference-only-between-user-aliases",
                    test_alias_difference_only_between_user_aliases);
    g_test_add_func("/assignment/network-has-the-vlan", test_network_has_the_vlan);
    g_test_add_func("/assignment/aliases", test_aliases);
    g_test_add_func("/assignment/wish-that-fits", test_wish_that_fits);
    g_test_add_func("/assignment/wish-mismatches", test_wish_mismatches);
    g_test_add_func("/assignment/wish-copy-is-deep", test_wish_copy_is_deep);
    return g_test_run();
}
