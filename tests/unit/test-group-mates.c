/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/attach.h"
#include "engine/detach.h"

#include "core/error.h"
#include "fake-hypervisor.h"

#include <string.h>

#define NIC "0000:05:01.0"
#define SATA "0000:05:02.0" /* in one IOMMU group with NIC */

typedef struct {
    FakeHypervisor *fake;
    FakeGuest *guest;
    GPtrArray *results;
    GPtrArray *steps;
    GError *error;
} World;

static void
world_set_up(World *world, gconstpointer data)
{
    (void) data;
    world->fake = fake_hypervisor_new();
    world->guest = fake_add_guest(world->fake, "db1", TRUE, TRUE);
}

static void
world_tear_down(World *world, gconstpointer data)
{
    (void) data;
    g_assert_no_error(world->error);
    g_clear_pointer(&world->results, g_ptr_array_unref);
    g_clear_pointer(&world->steps, g_ptr_array_unref);
    fake_hypervisor_free(world->fake);
}

static gboolean
attach(World *world, const char *device, gboolean whole_group)
{
    g_autoptr(VasAssignmentWish) wish = vas_assignment_wish_new();
    const char *const devices[] = {device, NULL};
    VasAttachRequest request = {
        .guest = "db1", .devices = devices, .wish = wish, .timeout = 1, .whole_group = whole_group};

    g_clear_pointer(&world->results, g_ptr_array_unref);
    return vas_attach(&world->fake->context, &request, &world->results, &world->steps,
                      &world->error);
}

static gboolean
detach_both(World *world, const char *first, const char *second)
{
    const char *const subjects[] = {first, second, NULL};
    VasDetachRequest request = {.guest = "db1", .subjects = subjects, .timeout = 1};

    g_clear_pointer(&world->results, g_ptr_array_unref);
    return vas_detach(&world->fake->context, &request, &world->results, &world->steps,
                      &world->error);
}

static gboolean
detach(World *world, const char *device)
{
    return detach_both(world, device, NULL);
}

static void
assert_place(const World *world, const char *device, gboolean in_guest, const char *driver)
{
    g_autofree char *now = fake_driver(world->fake, device);

    g_assert_cmpint(fake_has(world->guest, VAS_SCOPE_LIVE, device), ==, in_guest);
    g_assert_cmpint(fake_has(world->guest, VAS_SCOPE_CONFIG, device), ==, in_guest);
    g_assert_cmpstr(now, ==, driver);
}

static VasOutcome
outcome(const World *world, guint index)
{
    g_assert_cmpuint(index, <, world->results->len);
    return ((const VasResult *) g_ptr_array_index(world->results, index))->outcome;
}

static void
test_refused(World *world, gconstpointer data)
{
    (void) data;
    g_assert_false(attach(world, NIC, FALSE));
    testing_assert_hint(world->error, "--group");
    testing_assert_error(&world->error, VAS_ERROR_NOT_READY,
                         "attach " NIC " to db1: IOMMU group 4");
    assert_place(world, NIC, FALSE, "e1000");
}

static void
test_in_and_out(World *world, gconstpointer data)
{
    (void) data;
    g_assert_true(attach(world, NIC, TRUE));
    g_assert_cmpuint(world->results->len, ==, 2);
    g_assert_cmpint(outcome(world, 1), ==, VAS_OUTCOME_DONE);
    assert_place(world, NIC, TRUE, "vfio-pci");
    assert_place(world, SATA, TRUE, "vfio-pci");
    g_assert_nonnull(strstr(g_ptr_array_index(world->guest->live, 0), "unassigned"));
    g_assert_true(detach(world, NIC));
    g_assert_cmpuint(world->results->len, ==, 2);
    assert_place(world, NIC, FALSE, "e1000");
    assert_place(world, SATA, FALSE, "ahci");
}

static void
test_already(World *world, gconstpointer data)
{
    (void) data;
    g_assert_true(attach(world, NIC, TRUE));
    g_assert_true(attach(world, NIC, TRUE));
    g_assert_cmpuint(world->results->len, ==, 1);
    g_assert_cmpint(outcome(world, 0), ==, VAS_OUTCOME_ALREADY);
}

/* Whichever call goes wrong, and however - of the mate or the device, live or config: neither stays
 * with the guest. */
static void
test_undone(World *world, gconstpointer data)
{
    static const FakeCall calls[] = {FAKE_ATTACH_LIVE, FAKE_ATTACH_CONFIG};

    (void) data;
    for (guint i = 0; i < 2 * G_N_ELEMENTS(calls); i++) {
        for (FakeFault fault = FAKE_FAILS; fault <= FAKE_LIES; fault++) {
            fake_plan_fault(world->fake, calls[i / 2], i % 2 + 1, fault, VAS_ERROR_FAILED,
                            "not viable");
            g_assert_false(attach(world, NIC, TRUE));
            testing_assert_error(&world->error, VAS_ERROR_FAILED,
                                 fault == FAKE_LIES ? "success" : "not viable");
            assert_place(world, NIC, FALSE, "e1000");
            assert_place(world, SATA, FALSE, "ahci");
        }
    }
}

static void
test_mate_of_another_guest(World *world, gconstpointer data)
{
    FakeGuest *other = fake_add_guest(world->fake, "web1", TRUE, TRUE);

    (void) data;
    g_ptr_array_add(other->live,
                    g_strdup("<hostdev type='pci'><source><address domain='0x0000' bus='0x05' "
                             "slot='0x02' function='0x0'/></source></hostdev>"));
    g_assert_false(attach(world, NIC, TRUE));
    testing_assert_error(&world->error, VAS_ERROR_IN_USE,
                         "others have more of it: " SATA " (web1)");
    assert_place(world, NIC, FALSE, "e1000");
}

/* The guest does not let go of the device: its mate stays, until a later detach. */
static void
test_mate_waits_for_the_device(World *world, gconstpointer data)
{
    (void) data;
    g_assert_true(attach(world, NIC, TRUE));
    world->fake->guest_ignores_unplug = TRUE;
    g_assert_false(detach(world, NIC));
    testing_assert_error(&world->error, VAS_ERROR_TIMED_OUT, "stays pending");
    g_assert_cmpint(outcome(world, 0), ==, VAS_OUTCOME_PENDING);
    g_assert_cmpint(outcome(world, 1), ==, VAS_OUTCOME_PENDING);
    assert_place(world, SATA, TRUE, "vfio-pci");
    world->fake->guest_ignores_unplug = FALSE;
    fake_release_all(world->fake);
    g_assert_true(detach(world, NIC));
    assert_place(world, NIC, FALSE, "e1000");
    assert_place(world, SATA, FALSE, "ahci");
}

/* A mate is no device of its own: it goes with the member that it is held for, or together. */
static void
test_mate_by_name(World *world, gconstpointer data)
{
    guint asked = 0;

    (void) data;
    g_assert_true(attach(world, NIC, TRUE));
    asked = world->fake->calls[FAKE_DETACH_LIVE];
    g_assert_false(detach(world, SATA));
    testing_assert_hint(world->error, "virt-assign detach db1 " NIC);
    testing_assert_error(&world->error, VAS_ERROR_IN_USE,
                         "detach " SATA " from db1: it is held as long as the guest has " NIC);
    g_assert_cmpuint(world->fake->calls[FAKE_DETACH_LIVE], ==, asked);
    assert_place(world, SATA, TRUE, "vfio-pci");
    g_assert_true(detach_both(world, SATA, NIC));
    assert_place(world, NIC, FALSE, "e1000");
    assert_place(world, SATA, FALSE, "ahci");
}

#define ADD(name, function)                                                                        \
    g_test_add("/group-mates/" name, World, NULL, world_set_up, function, world_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("refused", test_refused);
    ADD("in-and-out", test_in_and_out);
    ADD("already", test_already);
    ADD("undone", test_undone);
    ADD("of-another-guest", test_mate_of_another_guest);
    ADD("by-name", test_mate_by_name);
    ADD("waits-for-the-device", test_mate_waits_for_the_device);
    return g_test_run();
}
