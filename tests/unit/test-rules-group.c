/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/rules/rules-group.h"

#include "building.h"
#include "core/value/error.h"
#include "testing.h"

#define USB "0000:04:00.0"
#define MATE "0000:06:00.0"

typedef struct {
    VasInventory *host;
    VasGuestDefinition *live;
    VasGuestDefinition *config;
    VasGuest *guest;
    VasAttachDecision decision; /* of the USB controller, live and config */
    GPtrArray *decisions;
    GError *error;
} World;

/* The USB controller and a PF on a host driver share a group. */
static void
world_set_up(World *world, gconstpointer data)
{
    world->host = building_host();
    world->live = building_q35(4);
    world->config = building_q35(4);
    world->guest = building_guest("db1", world->live, world->config);
    vas_inventory_take_guest(world->host, world->guest);
    building_device(world->host, USB)->iommu_group = 90;
    building_device(world->host, MATE)->iommu_group = 90;
    g_free(building_device(world->host, MATE)->driver);
    building_device(world->host, MATE)->driver = g_strdup("ixgbe");
    world->decision.device = building_device(world->host, USB);
    world->decision.scope = VAS_SCOPE_LIVE | VAS_SCOPE_CONFIG;
    world->decision.missing = world->decision.scope;
    world->decisions = g_ptr_array_new();
    g_ptr_array_add(world->decisions, &world->decision);
}

static void
world_tear_down(World *world, gconstpointer data)
{
    g_assert_no_error(world->error);
    g_ptr_array_unref(world->decisions);
    vas_inventory_free(world->host);
}

static gboolean
check(World *world, gboolean whole_group)
{
    return vas_rules_check_group(world->host, world->guest, &world->decision, world->decisions,
                                 whole_group, &world->error);
}

static void
set_mate_driver(World *world, const char *driver)
{
    VasDevice *mate = building_device(world->host, MATE);

    g_free(mate->driver);
    mate->driver = g_strdup(driver);
}

static void
test_blocked(World *world, gconstpointer data)
{
    g_assert_false(check(world, FALSE));
    testing_assert_hint(world->error, "virt-assign host-detach " USB " --group");
    testing_assert_error(&world->error, VAS_ERROR_NOT_READY, MATE " (ixgbe)");
    g_assert_true(check(world, TRUE));
}

static void
test_viable(World *world, gconstpointer data)
{
    static const char *const drivers[] = {"vfio-pci", "pci-stub", NULL};

    for (guint i = 0; i < G_N_ELEMENTS(drivers); i++) {
        set_mate_driver(world, drivers[i]);
        g_assert_true(check(world, FALSE));
    }
}

/* Nothing is to be done, so nothing is in the way. */
static void
test_already(World *world, gconstpointer data)
{
    world->decision.missing = 0;
    g_assert_true(check(world, FALSE));
}

/* The mate may come with the same command, or be in the guest's config already: libvirt takes both
 * before a start. */
static void
test_config_of_both(World *world, gconstpointer data)
{
    VasAttachDecision other = {.device = building_device(world->host, MATE),
                               .scope = VAS_SCOPE_CONFIG,
                               .missing = VAS_SCOPE_CONFIG};

    world->decision.missing = VAS_SCOPE_CONFIG;
    g_assert_false(check(world, FALSE));
    testing_assert_error(&world->error, VAS_ERROR_NOT_READY, MATE);
    g_ptr_array_add(world->decisions, &other);
    g_assert_true(check(world, FALSE));
    g_ptr_array_remove_index(world->decisions, 1);
    building_add_assignment(world->config, VAS_ASSIGNMENT_HOSTDEV, MATE, "ua-x", NULL,
                            "0000:03:00.0");
    g_assert_true(check(world, FALSE));
}

/* The first would be plugged while the second is on the host yet. */
static void
test_live_of_both(World *world, gconstpointer data)
{
    VasAttachDecision other = {.device = building_device(world->host, MATE),
                               .scope = VAS_SCOPE_LIVE,
                               .missing = VAS_SCOPE_LIVE};

    g_ptr_array_add(world->decisions, &other);
    g_assert_false(check(world, TRUE));
    testing_assert_error(&world->error, VAS_ERROR_NOT_READY, MATE);
}

static void
test_other_guest(World *world, gconstpointer data)
{
    VasGuestDefinition *config = building_q35(4);

    set_mate_driver(world, "vfio-pci");
    building_add_assignment(config, VAS_ASSIGNMENT_HOSTDEV, MATE, "ua-x", NULL, "0000:03:00.0");
    vas_inventory_take_guest(world->host, building_guest("web1", NULL, config));
    g_assert_false(check(world, TRUE));
    testing_assert_hint(world->error, "virt-assign detach web1 " MATE);
    testing_assert_error(&world->error, VAS_ERROR_IN_USE,
                         "others have more of it: " MATE " (web1, in its config)");
}

/* All guests that have a member are listed, not only the first. */
static void
test_other_guests(World *world, gconstpointer data)
{
    VasGuestDefinition *live = building_q35(4);

    set_mate_driver(world, "vfio-pci");
    building_device(world->host, "0000:03:00.0")->iommu_group = 90;
    building_add_assignment(live, VAS_ASSIGNMENT_HOSTDEV, MATE, "ua-x", NULL, "0000:03:00.0");
    building_add_assignment(live, VAS_ASSIGNMENT_HOSTDEV, "0000:03:00.0", "ua-y", NULL,
                            "0000:04:00.0");
    vas_inventory_take_guest(world->host, building_guest("web1", live, NULL));
    g_assert_false(check(world, FALSE));
    testing_assert_hint(world->error, "free them, such as: virt-assign detach web1 0000:03:00.0");
    testing_assert_error(&world->error, VAS_ERROR_IN_USE,
                         "others have more of it: 0000:03:00.0 (web1), " MATE " (web1)");
}

#define ADD(name, function)                                                                        \
    g_test_add("/rules-group/" name, World, NULL, world_set_up, function, world_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("blocked", test_blocked);
    ADD("viable", test_viable);
    ADD("already", test_already);
    ADD("config-of-both", test_config_of_both);
    ADD("live-of-both", test_live_of_both);
    ADD("other-guest", test_other_guest);
    ADD("other-guests", test_other_guests);
    return g_test_run();
}
