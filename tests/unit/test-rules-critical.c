/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/rules/rules-critical.h"

#include "building.h"
#include "core/value/error.h"
#include "testing.h"

#define PF "0000:01:00.0"
#define VF0 "0000:01:10.0"
#define VF1 "0000:01:10.2"
#define USB "0000:04:00.0"

static void
add_reason(const VasInventory *inventory, const char *device, const char *reason)
{
    g_ptr_array_add(building_device(inventory, device)->critical, g_strdup(reason));
}

/* Adds a guest that holds @device, in its @live and @config side if these are TRUE. */
static void
add_holder(VasInventory *inventory, const char *guest, const char *device, gboolean live,
           gboolean config)
{
    VasGuestDefinition *definitions[] = {building_q35(1), building_q35(1)};

    for (guint i = 0; i < G_N_ELEMENTS(definitions); i++) {
        if (i == 0 ? live : config)
            building_add_assignment(definitions[i], VAS_ASSIGNMENT_INTERFACE, device, "ua-x", NULL,
                                    "0000:01:00.0");
    }
    vas_inventory_take_guest(inventory, building_guest(guest, definitions[0], definitions[1]));
}

static void
assert_refused(const VasInventory *inventory, const char *device, const char *message,
               const char *hint)
{
    g_autoptr(GPtrArray) overridden = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) error = NULL;

    g_assert_false(vas_rules_check_critical(inventory, building_device(inventory, device), FALSE,
                                            overridden, &error));
    g_assert_cmpuint(overridden->len, ==, 0);
    testing_assert_hint(error, hint);
    g_assert_cmpstr(error->message, ==, message);
    testing_assert_error(&error, VAS_ERROR_CRITICAL, device);
}

static void
test_free(void)
{
    g_autoptr(VasInventory) inventory = building_host();
    g_autoptr(GPtrArray) overridden = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) error = NULL;

    /* The VFs of a PF that the host needs may go. */
    add_reason(inventory, PF, "default route");
    g_assert_true(
        vas_rules_check_critical(inventory, building_device(inventory, VF0), FALSE, NULL, &error));
    g_assert_no_error(error);
    g_assert_true(vas_rules_check_critical(inventory, building_device(inventory, USB), TRUE,
                                           overridden, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(overridden->len, ==, 0);
}

static void
test_needed_by_the_host(void)
{
    g_autoptr(VasInventory) inventory = building_host();

    add_reason(inventory, USB, "mounted file system / (sda)");
    add_reason(inventory, USB, "swap (sdb)");
    assert_refused(inventory, USB,
                   "0000:04:00.0 is critical: mounted file system / (sda), swap (sdb)",
                   "move that elsewhere first, or override this with --force");
}

static void
test_many_reasons(void)
{
    g_autoptr(VasInventory) inventory = building_host();

    for (guint i = 0; i < 5; i++)
        add_reason(inventory, USB, "swap");
    assert_refused(
        inventory, USB,
        "0000:04:00.0 is critical: swap, swap, swap, and 2 more (virt-assign show 0000:04:00.0)",
        "--force");
}

static void
test_held_vfs(void)
{
    g_autoptr(VasInventory) inventory = building_host();

    add_holder(inventory, "db", VF1, TRUE, TRUE);
    add_holder(inventory, "web", VF0, FALSE, TRUE);
    add_holder(inventory, "ci", "0000:01:10.4", TRUE, FALSE);
    assert_refused(inventory, PF,
                   "0000:01:00.0 is critical: its VF 0000:01:10.0 is held by guest web "
                   "(config), its VF 0000:01:10.2 is held by guest db (live and config), its "
                   "VF 0000:01:10.4 is held by guest ci (live)",
                   "free it first: virt-assign detach web 0000:01:10.0");
}

/* The VFs go with their PF. */
static void
test_vf_needed_by_the_host(void)
{
    g_autoptr(VasInventory) inventory = building_host();

    add_reason(inventory, VF1, "default route (enp1s0v1)");
    assert_refused(inventory, PF,
                   "0000:01:00.0 is critical: its VF 0000:01:10.2: default route (enp1s0v1)",
                   "move that elsewhere first");
    assert_refused(inventory, VF1, "0000:01:10.2 is critical: default route (enp1s0v1)",
                   "move that elsewhere first");
}

static void
test_forced(void)
{
    g_autoptr(VasInventory) inventory = building_host();
    g_autoptr(GPtrArray) overridden = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) error = NULL;

    add_reason(inventory, PF, "default route");
    add_holder(inventory, "db", VF0, TRUE, FALSE);
    g_assert_true(vas_rules_check_critical(inventory, building_device(inventory, PF), TRUE,
                                           overridden, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(overridden->len, ==, 2);
    g_assert_cmpstr(g_ptr_array_index(overridden, 0), ==, "default route");
    g_assert_cmpstr(g_ptr_array_index(overridden, 1), ==,
                    "its VF 0000:01:10.0 is held by guest db (live)");
    g_assert_true(
        vas_rules_check_critical(inventory, building_device(inventory, PF), TRUE, NULL, &error));
    g_assert_no_error(error);
}

static void
test_bridge_even_if_forced(void)
{
    g_autoptr(VasInventory) inventory = building_host();
    g_autoptr(GError) error = NULL;

    g_assert_false(vas_rules_check_critical(inventory, building_device(inventory, "0000:00:01.0"),
                                            TRUE, NULL, &error));
    testing_assert_error(&error, VAS_ERROR_UNSUITABLE, "0000:00:01.0 is a bridge");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rules-critical/free", test_free);
    g_test_add_func("/rules-critical/host", test_needed_by_the_host);
    g_test_add_func("/rules-critical/many", test_many_reasons);
    g_test_add_func("/rules-critical/held-vfs", test_held_vfs);
    g_test_add_func("/rules-critical/needed-vf", test_vf_needed_by_the_host);
    g_test_add_func("/rules-critical/forced", test_forced);
    g_test_add_func("/rules-critical/bridge", test_bridge_even_if_forced);
    return g_test_run();
}
