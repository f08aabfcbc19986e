/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/steps/group-mates.h"

#include "core/value/error.h"
#include "world.h"

#include <string.h>

#define NIC "0000:05:01.0"
#define SATA "0000:05:02.0" /* in one IOMMU group with NIC */

static gboolean
attach(World *world, const char *device, gboolean whole_group)
{
    world->whole_group = whole_group;
    return attach_one(world, device);
}

static gboolean
detach_both(World *world, const char *first, const char *second)
{
    return run_detach(world, (const char *const[]){first, second, NULL});
}

static gboolean
detach(World *world, const char *device)
{
    return detach_both(world, device, NULL);
}

static void
test_refused(World *world, gconstpointer data)
{
    g_assert_false(attach(world, NIC, FALSE));
    testing_assert_hint(world->error, "--group");
    testing_assert_error(&world->error, VAS_ERROR_NOT_READY,
                         "attach " NIC " to db1: IOMMU group 4");
    assert_state(world, NIC, FALSE, FALSE, "e1000");
}

static void
test_in_and_out(World *world, gconstpointer data)
{
    g_assert_true(attach(world, NIC, TRUE));
    g_assert_cmpuint(world->results->len, ==, 2);
    g_assert_cmpint(result_at(world, 1)->outcome, ==, VAS_OUTCOME_DONE);
    assert_state(world, NIC, TRUE, TRUE, "vfio-pci");
    assert_state(world, SATA, TRUE, TRUE, "vfio-pci");
    g_assert_nonnull(strstr(g_ptr_array_index(world->guest->live, 0), "unassigned"));
    g_assert_true(detach(world, NIC));
    g_assert_cmpuint(world->results->len, ==, 2);
    assert_state(world, NIC, FALSE, FALSE, "e1000");
    assert_state(world, SATA, FALSE, FALSE, "ahci");
}

static void
test_already(World *world, gconstpointer data)
{
    g_assert_true(attach(world, NIC, TRUE));
    g_assert_true(attach(world, NIC, TRUE));
    g_assert_cmpuint(world->results->len, ==, 1);
    g_assert_cmpint(result_at(world, 0)->outcome, ==, VAS_OUTCOME_ALREADY);
}

/* Neither stays with the guest, whichever call goes wrong, and however - of the mate or the device,
 * live or config. */
static void
test_undone(World *world, gconstpointer data)
{
    static const FakeCall calls[] = {FAKE_ATTACH_LIVE, FAKE_ATTACH_CONFIG};

    for (guint i = 0; i < 2 * G_N_ELEMENTS(calls); i++) {
        for (FakeFault fault = FAKE_FAILS; fault <= FAKE_LIES; fault++) {
            fake_plan_fault(world->fake, calls[i / 2], i % 2 + 1, fault, VAS_ERROR_FAILED,
                            "not viable");
            g_assert_false(attach(world, NIC, TRUE));
            testing_assert_error(&world->error, VAS_ERROR_FAILED,
                                 fault == FAKE_LIES ? "success" : "not viable");
            assert_state(world, NIC, FALSE, FALSE, "e1000");
            assert_state(world, SATA, FALSE, FALSE, "ahci");
        }
    }
}

static void
test_mate_of_another_guest(World *world, gconstpointer data)
{
    FakeGuest *other = fake_add_guest(world->fake, "web1", TRUE, TRUE);

    g_ptr_array_add(other->live,
                    g_strdup("<hostdev type='pci'><source><address domain='0x0000' bus='0x05' "
                             "slot='0x02' function='0x0'/></source></hostdev>"));
    g_assert_false(attach(world, NIC, TRUE));
    testing_assert_error(&world->error, VAS_ERROR_IN_USE,
                         "others have more of it: " SATA " (web1)");
    assert_state(world, NIC, FALSE, FALSE, "e1000");
}

/* The host's root file system lies on a disk of the mate's. */
static void
test_critical_mate(World *world, gconstpointer data)
{
    testing_scratch_write(world->fake->root, "/proc/1/mountinfo",
                          "1 1 8:0 / / rw - ext4 /dev/sda rw\n");
    testing_scratch_link(world->fake->root, "/sys/dev/block/8:0", "../../devices/x/block/sda");
    testing_scratch_link(world->fake->root, "/sys/class/block/sda",
                         "../../devices/pci0000:00/" SATA "/ata1/host0/block/sda");
    g_assert_false(attach(world, NIC, TRUE));
    testing_assert_error(&world->error, VAS_ERROR_CRITICAL,
                         "hold " SATA " for its IOMMU group: " SATA " is critical");
    assert_state(world, NIC, FALSE, FALSE, "e1000");
    assert_state(world, SATA, FALSE, FALSE, "ahci");
    world->force = TRUE;
    g_assert_true(attach(world, NIC, TRUE));
    g_assert_cmpuint(result_at(world, 1)->overridden->len, ==, 1);
    assert_state(world, SATA, TRUE, TRUE, "vfio-pci");
}

/* The guest does not let go of the device: its mate stays, until a later detach. */
static void
test_mate_waits_for_the_device(World *world, gconstpointer data)
{
    g_assert_true(attach(world, NIC, TRUE));
    world->fake->guest_ignores_unplug = TRUE;
    g_assert_false(detach(world, NIC));
    testing_assert_error(&world->error, VAS_ERROR_TIMED_OUT, "stays pending");
    g_assert_cmpint(result_at(world, 0)->outcome, ==, VAS_OUTCOME_PENDING);
    g_assert_cmpint(result_at(world, 1)->outcome, ==, VAS_OUTCOME_PENDING);
    g_assert_cmpuint(world->fake->calls[FAKE_DETACH_LIVE], ==, 1);
    assert_state(world, SATA, TRUE, TRUE, "vfio-pci");
    world->fake->guest_ignores_unplug = FALSE;
    fake_release_all(world->fake);
    g_assert_true(detach(world, NIC));
    assert_state(world, NIC, FALSE, FALSE, "e1000");
    assert_state(world, SATA, FALSE, FALSE, "ahci");
}

/* libvirt refuses to take the device out: nothing is pending, and nothing stays on record. */
static void
test_mate_stays_with_a_failed_device(World *world, gconstpointer data)
{
    g_assert_true(attach(world, NIC, TRUE));
    fake_plan_fault(world->fake, FAKE_DETACH_LIVE, 1, FAKE_FAILS, VAS_ERROR_DENIED, "not for you");
    g_assert_false(detach(world, NIC));
    testing_assert_error(&world->error, VAS_ERROR_DENIED, "not for you");
    g_assert_cmpint(result_at(world, 0)->outcome, ==, VAS_OUTCOME_FAILED);
    g_assert_cmpint(result_at(world, 1)->outcome, ==, VAS_OUTCOME_UNDONE);
    assert_state(world, NIC, TRUE, TRUE, "vfio-pci");
    assert_state(world, SATA, TRUE, TRUE, "vfio-pci");
    g_assert_false(fake_has_unfinished(world->guest));
    g_assert_true(detach(world, NIC));
    assert_state(world, SATA, FALSE, FALSE, "ahci");
}

/* The device is out of the running guest, and stays in the config: so does its mate, and the record
 * of both. */
static void
test_mate_of_a_half_detached_device(World *world, gconstpointer data)
{
    g_assert_true(attach(world, NIC, TRUE));
    fake_plan_fault(world->fake, FAKE_DETACH_CONFIG, 1, FAKE_FAILS, VAS_ERROR_FAILED, "no");
    g_assert_false(detach(world, NIC));
    testing_assert_error(&world->error, VAS_ERROR_PARTIAL, "not removed from its config");
    assert_state(world, NIC, FALSE, TRUE, "e1000");
    assert_state(world, SATA, FALSE, TRUE, "ahci");
    g_assert_cmpint(result_at(world, 1)->outcome, ==, VAS_OUTCOME_PENDING);
    g_assert_nonnull(strstr(world->guest->config_metadata, "0000:05:01.0"));
    g_assert_nonnull(strstr(world->guest->config_metadata, "0000:05:02.0"));
    g_assert_true(detach(world, NIC));
    assert_state(world, SATA, FALSE, FALSE, "ahci");
}

/* A mate is not a device of its own: it goes with the member that it is held for, or together. */
static void
test_mate_by_name(World *world, gconstpointer data)
{
    guint asked = 0;

    g_assert_true(attach(world, NIC, TRUE));
    asked = world->fake->calls[FAKE_DETACH_LIVE];
    g_assert_false(detach(world, SATA));
    testing_assert_hint(world->error, "virt-assign detach db1 " NIC);
    testing_assert_error(&world->error, VAS_ERROR_IN_USE,
                         "detach " SATA " from db1: it is held as long as the guest has " NIC);
    g_assert_cmpuint(world->fake->calls[FAKE_DETACH_LIVE], ==, asked);
    assert_state(world, SATA, TRUE, TRUE, "vfio-pci");
    g_assert_true(detach_both(world, SATA, NIC));
    assert_state(world, NIC, FALSE, FALSE, "e1000");
    assert_state(world, SATA, FALSE, FALSE, "ahci");
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
    ADD("critical", test_critical_mate);
    ADD("waits-for-the-device", test_mate_waits_for_the_device);
    ADD("stays-with-a-failed-device", test_mate_stays_with_a_failed_device);
    ADD("of-a-half-detached-device", test_mate_of_a_half_detached_device);
    return g_test_run();
}
