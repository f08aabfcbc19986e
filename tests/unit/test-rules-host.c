/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/rules/rules-host.h"

#include "building.h"
#include "core/value/error.h"
#include "testing.h"

#define USB "0000:04:00.0"
#define MATE "0000:06:00.0"

typedef struct {
    VasInventory *host;
    VasGuestDefinition *live; /* of the running guest db1 */
    GError *error;
} World;

/* The USB controller and the PF without VFs share a group. */
static void
world_set_up(World *world, gconstpointer data)
{
    world->host = building_host();
    world->live = building_q35(4);
    for (guint i = 0; i < world->host->devices->len; i++)
        ((VasDevice *) g_ptr_array_index(world->host->devices, i))->iommu_group = (int) i;
    building_device(world->host, USB)->iommu_group = 90;
    building_device(world->host, MATE)->iommu_group = 90;
    vas_inventory_take_guest(world->host, building_guest("db1", world->live, building_q35(4)));
}

static void
world_tear_down(World *world, gconstpointer data)
{
    g_assert_no_error(world->error);
    vas_inventory_free(world->host);
}

static gboolean
detach(World *world, const char *device, gboolean force)
{
    return vas_rules_check_host_detach(world->host, building_device(world->host, device), force,
                                       NULL, &world->error);
}

static gboolean
reattach(World *world, const char *device)
{
    return vas_rules_check_host_reattach(world->host, building_device(world->host, device),
                                         &world->error);
}

static void
test_allowed(World *world, gconstpointer data)
{
    g_assert_true(detach(world, USB, FALSE));
    g_assert_true(detach(world, "0000:01:10.0", FALSE));
    g_assert_true(detach(world, "0000:03:00.0", FALSE));
    g_assert_true(reattach(world, USB));
}

static void
test_bridge(World *world, gconstpointer data)
{
    g_assert_false(detach(world, "0000:00:01.0", TRUE));
    testing_assert_error(&world->error, VAS_ERROR_UNSUITABLE, "0000:00:01.0 is a bridge");
    g_assert_false(reattach(world, "0000:00:01.0"));
    testing_assert_error(&world->error, VAS_ERROR_UNSUITABLE, "0000:00:01.0 is a bridge");
}

static void
test_held_by_a_running_guest(World *world, gconstpointer data)
{
    building_add_assignment(world->live, VAS_ASSIGNMENT_HOSTDEV, USB, "ua-usb", NULL,
                            "0000:02:00.0");
    g_assert_false(detach(world, USB, TRUE));
    testing_assert_hint(world->error, "virt-assign detach db1 " USB);
    testing_assert_error(&world->error, VAS_ERROR_IN_USE, USB " is in use by guest db1");
    g_assert_false(reattach(world, USB));
    testing_assert_error(&world->error, VAS_ERROR_IN_USE, USB " is in use by guest db1");
    g_assert_false(reattach(world, MATE));
    testing_assert_error(&world->error, VAS_ERROR_IN_USE, "with " USB ", which guest db1 has");
    g_assert_true(detach(world, MATE, FALSE));
}

static void
test_used_by_a_running_guest(World *world, gconstpointer data)
{
    building_add_use(world->live, USB, FALSE);
    g_assert_false(detach(world, USB, TRUE));
    testing_assert_hint(world->error, "the running guest has it until it ends");
    testing_assert_error(&world->error, VAS_ERROR_IN_USE,
                         USB " is in use by guest db1, by macvtap");
}

/* No force makes an unbind come back that waits for the VFs' users. */
static void
test_pf_with_vfs(World *world, gconstpointer data)
{
    g_assert_false(detach(world, "0000:01:00.0", TRUE));
    testing_assert_hint(world->error, "virt-assign vfs 0000:01:00.0 0");
    testing_assert_error(&world->error, VAS_ERROR_NOT_READY, "0000:01:00.0 is a PF with 4 VFs");
    g_free(building_device(world->host, "0000:01:00.0")->driver);
    building_device(world->host, "0000:01:00.0")->driver = g_strdup("vfio-pci");
    g_assert_false(reattach(world, "0000:01:00.0"));
    testing_assert_error(&world->error, VAS_ERROR_NOT_READY, "0000:01:00.0 is a PF with 4 VFs");
    g_clear_pointer(&building_device(world->host, "0000:01:00.0")->driver, g_free);
    g_assert_true(reattach(world, "0000:01:00.0"));
}

static void
test_critical(World *world, gconstpointer data)
{
    g_ptr_array_add(building_device(world->host, USB)->critical, g_strdup("root file system"));
    g_assert_false(detach(world, USB, FALSE));
    testing_assert_error(&world->error, VAS_ERROR_CRITICAL, "root file system");
    g_assert_true(detach(world, USB, TRUE));
}

static void
test_no_iommu(World *world, gconstpointer data)
{
    building_device(world->host, USB)->iommu_group = -1;
    g_assert_false(detach(world, USB, FALSE));
    testing_assert_error(&world->error, VAS_ERROR_NOT_READY, USB " is in no IOMMU group");
    g_assert_true(reattach(world, USB));
}

#define ADD(name, function)                                                                        \
    g_test_add("/rules-host/" name, World, NULL, world_set_up, function, world_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("allowed", test_allowed);
    ADD("bridge", test_bridge);
    ADD("held-by-a-running-guest", test_held_by_a_running_guest);
    ADD("used-by-a-running-guest", test_used_by_a_running_guest);
    ADD("pf-with-vfs", test_pf_with_vfs);
    ADD("critical", test_critical);
    ADD("no-iommu", test_no_iommu);
    return g_test_run();
}
