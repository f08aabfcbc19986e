/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/rules/rules-distinct.h"

#include "core/value/error.h"
#include "core/inventory/iommu-group.h"

#include "building.h"
#include "testing.h"

#define VF "0000:01:10.0"
#define SAME_PF "0000:01:10.2"
#define OTHER_PF "0000:02:10.0"

typedef struct {
    VasInventory *inventory;
    VasGuest *guest;
    GPtrArray *earlier;
} World;

static void
world_set_up(World *world, gconstpointer data)
{
    world->inventory = building_host();
    world->guest = building_guest("db", building_q35(4), building_q35(4));
    world->earlier = g_ptr_array_new_with_free_func((GDestroyNotify) vas_attach_decision_free);
}

static void
world_tear_down(World *world, gconstpointer data)
{
    g_ptr_array_unref(world->earlier);
    vas_guest_free(world->guest);
    vas_inventory_free(world->inventory);
}

static void
give(VasGuestDefinition *definition, const char *device)
{
    building_add_assignment(definition, VAS_ASSIGNMENT_INTERFACE, device, "ua-first", NULL,
                            "0000:01:00.0");
}

static gboolean
check(const World *world, const char *device, VasDistinct distinct, GError **error)
{
    return vas_rules_check_distinct(world->inventory, world->guest,
                                    building_device(world->inventory, device), distinct,
                                    world->earlier, error);
}

static void
assert_accepted(const World *world, const char *device, VasDistinct distinct)
{
    g_autoptr(GError) error = NULL;

    g_assert_true(check(world, device, distinct, &error));
    g_assert_no_error(error);
}

static void
assert_refused(const World *world, const char *device, VasDistinct distinct, const char *message)
{
    g_autoptr(GError) error = NULL;

    g_assert_false(check(world, device, distinct, &error));
    testing_assert_hint(error, "virt-assign list --free --class net");
    testing_assert_error(&error, VAS_ERROR_CONFLICT, message);
}

static void
test_live_and_config(World *world, gconstpointer data)
{
    give(world->guest->config, VF);
    assert_refused(world, SAME_PF, VAS_DISTINCT_PF,
                   "0000:01:10.2 is of the same PF (0000:01:00.0) as 0000:01:10.0, which the "
                   "config of db has");
    give(world->guest->live, VF);
    assert_refused(world, SAME_PF, VAS_DISTINCT_PF, "which running db has");
    assert_accepted(world, SAME_PF, VAS_DISTINCT_NONE);
    assert_accepted(world, OTHER_PF, VAS_DISTINCT_PF);
    assert_accepted(world, OTHER_PF, VAS_DISTINCT_CARD);
    assert_accepted(world, VF, VAS_DISTINCT_CARD);
}

static void
test_one_side_only(World *world, gconstpointer data)
{
    give(world->guest->live, VF);
    g_clear_pointer(&world->guest->config, vas_guest_definition_free);
    assert_refused(world, SAME_PF, VAS_DISTINCT_PF, "which running db has");
    world->guest->config = g_steal_pointer(&world->guest->live);
    assert_refused(world, SAME_PF, VAS_DISTINCT_PF, "which the config of db has");
}

static void
test_same_command(World *world, gconstpointer data)
{
    VasAttachDecision *decision = g_new0(VasAttachDecision, 1);

    decision->assignment = vas_assignment_new(VAS_ASSIGNMENT_INTERFACE);
    decision->assignment->has_device = TRUE;
    decision->assignment->device = building_host_address(VF);
    g_ptr_array_add(world->earlier, decision);
    assert_refused(world, SAME_PF, VAS_DISTINCT_PF, "which this command attaches, too");
    assert_accepted(world, OTHER_PF, VAS_DISTINCT_PF);
}

/* A PF and its VF fail together; functions of one slot are one card, whatever their PFs. */
static void
test_pf_and_card(World *world, gconstpointer data)
{
    VasDevice *second = vas_device_new();

    give(world->guest->live, VF);
    assert_refused(world, "0000:01:00.0", VAS_DISTINCT_PF, "0000:01:00.0 is of the same PF");
    second->address = building_host_address("0000:01:00.1");
    second->nodedev = g_strdup("pci_0000_01_00_1");
    second->kind = VAS_DEVICE_PF;
    vas_inventory_take_device(world->inventory, second);
    vas_inventory_link(world->inventory);
    assert_accepted(world, "0000:01:00.1", VAS_DISTINCT_PF);
    assert_refused(world, "0000:01:00.1", VAS_DISTINCT_CARD,
                   "0000:01:00.1 is of the same card (0000:01:00.0) as 0000:01:10.0");
    assert_refused(world, SAME_PF, VAS_DISTINCT_CARD, "is of the same card");
}

/* A device does not count if it is held for another of its IOMMU group, gone from the host, or of a
 * network. */
static void
test_what_does_not_count(World *world, gconstpointer data)
{
    g_autofree char *mate = vas_alias_for_mate(building_host_address(VF));

    building_add_assignment(world->guest->live, VAS_ASSIGNMENT_HOSTDEV, VF, mate, NULL, NULL);
    building_add_assignment(world->guest->config, VAS_ASSIGNMENT_HOSTDEV, "0000:7f:00.0", "ua-x",
                            NULL, "0000:01:00.0");
    building_add_assignment(world->guest->config, VAS_ASSIGNMENT_INTERFACE, NULL, "ua-y", NULL,
                            "0000:02:00.0");
    assert_accepted(world, SAME_PF, VAS_DISTINCT_CARD);
}

/* Function 8 of a card with ARI is 0000:01:01.0: the tests' PF 0000:02:00.0 moves there. */
static void
test_card_with_ari(World *world, gconstpointer data)
{
    VasDevice *pf = building_device(world->inventory, "0000:02:00.0");
    VasDevice *vf = building_device(world->inventory, OTHER_PF);
    VasDevice *port = building_device(world->inventory, "0000:00:01.0");

    give(world->guest->live, VF);
    pf->address = building_host_address("0000:01:01.0");
    vf->pf = pf->address;
    vas_inventory_link(world->inventory);
    assert_refused(world, OTHER_PF, VAS_DISTINCT_CARD,
                   "is of the same card (0000:01:00.0) as 0000:01:10.0, which running db has");
    assert_accepted(world, OTHER_PF, VAS_DISTINCT_PF);
    port->secondary_bus = 1;
    assert_refused(world, OTHER_PF, VAS_DISTINCT_CARD, "is of the same card");
    port->secondary_bus = 7; /* 01 is a root bus then */
    assert_accepted(world, OTHER_PF, VAS_DISTINCT_CARD);
    port->secondary_bus = 1;
    port->is_express = FALSE; /* a conventional bridge's */
    assert_accepted(world, OTHER_PF, VAS_DISTINCT_CARD);
    port->secondary_bus = -1;
    pf->is_express = FALSE;
    assert_accepted(world, OTHER_PF, VAS_DISTINCT_CARD);
}

/* On bus 0 each slot is a device of its own. */
static void
test_cards_on_the_root_bus(World *world, gconstpointer data)
{
    VasDevice *pf = building_device(world->inventory, "0000:01:00.0");
    VasDevice *other = building_device(world->inventory, "0000:02:00.0");

    give(world->guest->live, VF);
    building_device(world->inventory, VF)->pf = building_host_address("0000:00:10.0");
    building_device(world->inventory, OTHER_PF)->pf = building_host_address("0000:00:11.0");
    pf->address = building_host_address("0000:00:10.0");
    other->address = building_host_address("0000:00:11.0");
    vas_inventory_link(world->inventory);
    assert_accepted(world, OTHER_PF, VAS_DISTINCT_CARD);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
    g_test_add("/rules-distinct/" name, World, NULL, world_set_up, function, world_tear_down)
    ADD("live-and-config", test_live_and_config);
    ADD("one-side-only", test_one_side_only);
    ADD("same-command", test_same_command);
    ADD("pf-and-card", test_pf_and_card);
    ADD("what-does-not-count", test_what_does_not_count);
    ADD("card-with-ari", test_card_with_ari);
    ADD("cards-on-the-root-bus", test_cards_on_the_root_bus);
    return g_test_run();
}
