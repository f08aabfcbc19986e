/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/rules/rules-vfs.h"

#include "building.h"
#include "core/value/error.h"
#include "testing.h"

#define PF "0000:01:00.0"
#define VF1 "0000:01:10.2"

static void
add_holder(VasInventory *inventory, const char *guest, gboolean live, gboolean config)
{
    VasGuestDefinition *definitions[] = {building_q35(1), building_q35(1)};

    for (guint i = 0; i < G_N_ELEMENTS(definitions); i++) {
        if (i == 0 ? live : config)
            building_add_assignment(definitions[i], VAS_ASSIGNMENT_INTERFACE, VF1, "ua-x", NULL,
                                    "0000:01:00.0");
    }
    vas_inventory_take_guest(inventory, building_guest(guest, definitions[0], definitions[1]));
}

/* Checks @count for the PF, which has four VFs of seven. */
static gboolean
check(const VasInventory *inventory, guint count, GError **error)
{
    VasDevice *pf = building_device(inventory, PF);

    g_free(pf->driver);
    pf->driver = g_strdup("igb");
    return vas_rules_check_vf_count(inventory, pf, 4, 7, count, error);
}

static void
test_pf(void)
{
    g_autoptr(VasInventory) inventory = building_host();
    g_autoptr(GError) error = NULL;

    g_assert_true(vas_rules_check_pf(building_device(inventory, PF), &error));
    g_assert_false(vas_rules_check_pf(building_device(inventory, VF1), &error));
    testing_assert_hint(error, PF);
    testing_assert_error(&error, VAS_ERROR_UNSUITABLE, VF1 " is a VF, not a PF");
    g_assert_false(vas_rules_check_pf(building_device(inventory, "0000:04:00.0"), &error));
    testing_assert_error(&error, VAS_ERROR_UNSUITABLE, "0000:04:00.0 is not a PF");
}

static void
test_count(void)
{
    g_autoptr(VasInventory) inventory = building_host();
    g_autoptr(GError) error = NULL;

    for (guint count = 0; count <= 7; count++)
        g_assert_true(check(inventory, count, &error));
    g_assert_no_error(error);
    g_assert_false(check(inventory, 8, &error));
    testing_assert_error(&error, VAS_ERROR_INVALID, "8 VFs are too many: " PF " can have 7");
}

static void
test_holders(void)
{
    static const struct {
        gboolean live, config;
        const char *part;
    } rows[] = {
        {TRUE, TRUE, VF1 " by db0 (running and in its config)"},
        {TRUE, FALSE, VF1 " by db0 (running)"},
        {FALSE, TRUE, VF1 " by db0 (in its config)"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(VasInventory) inventory = building_host();
        g_autoptr(GError) error = NULL;

        add_holder(inventory, "db0", rows[i].live, rows[i].config);
        g_assert_true(check(inventory, 4, &error)); /* as it is */
        g_assert_false(check(inventory, 0, &error));
        testing_assert_hint(error, "virt-assign detach db0 " VF1);
        testing_assert_error(&error, VAS_ERROR_IN_USE, rows[i].part);
        g_assert_false(check(inventory, 5, &error));
        testing_assert_error(&error, VAS_ERROR_IN_USE, rows[i].part);
        g_assert_true(vas_rules_check_vf_count(
            inventory, building_device(inventory, "0000:02:00.0"), 1, 7, 0, &error));
    }
}

static void
test_many_holders(void)
{
    g_autoptr(VasInventory) inventory = building_host();
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < 10; i++) {
        g_autofree char *name = g_strdup_printf("db%u", i);

        add_holder(inventory, name, FALSE, TRUE);
    }
    g_assert_false(check(inventory, 0, &error));
    testing_assert_error(&error, VAS_ERROR_IN_USE, "db7 (in its config) and 2 more");
}

static void
test_critical(void)
{
    g_autoptr(VasInventory) inventory = building_host();
    g_autoptr(GError) error = NULL;

    g_ptr_array_add(building_device(inventory, VF1)->critical, g_strdup("the default route"));
    g_assert_true(check(inventory, 4, &error));
    g_assert_false(check(inventory, 0, &error));
    testing_assert_hint(error, "move that elsewhere");
    testing_assert_error(&error, VAS_ERROR_CRITICAL, VF1 " is critical: the default route");
}

static void
test_driver(void)
{
    g_autoptr(VasInventory) inventory = building_host();
    g_autoptr(GError) error = NULL;
    VasDevice *pf = building_device(inventory, "0000:03:00.0");

    g_clear_pointer(&pf->driver, g_free);
    g_assert_false(vas_rules_check_vf_count(inventory, pf, 0, 7, 1, &error));
    testing_assert_error(&error, VAS_ERROR_NOT_READY, "is on no driver");
    pf->driver = g_strdup("vfio-pci");
    g_assert_false(vas_rules_check_vf_count(inventory, pf, 0, 7, 1, &error));
    testing_assert_error(&error, VAS_ERROR_NOT_READY, "is on the driver vfio-pci");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rules-vfs/pf", test_pf);
    g_test_add_func("/rules-vfs/count", test_count);
    g_test_add_func("/rules-vfs/holders", test_holders);
    g_test_add_func("/rules-vfs/many-holders", test_many_holders);
    g_test_add_func("/rules-vfs/critical", test_critical);
    g_test_add_func("/rules-vfs/driver", test_driver);
    return g_test_run();
}
