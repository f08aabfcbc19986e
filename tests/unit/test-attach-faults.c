/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/error.h"
#include "fake-vfio.h"
#include "world.h"

#include <glib/gstdio.h>

/* Something goes wrong in the middle of an attach, and more in its undo. */

#define VF "0000:01:10.0"
#define DRIVER "/sys/bus/pci/devices/" VF "/driver"

static void
tear_down(World *world, gconstpointer data)
{
    g_assert_null(world->fake->on_fault);
    fake_vfio_let_go();
    world_tear_down(world, data);
}

static void
assert_untouched(const World *world)
{
    assert_state(world, VF, FALSE, FALSE, "igbvf");
    g_assert_null(world->guest->metadata);
    g_assert_null(world->guest->config_metadata);
    assert_nothing_noted(world);
}

/* libvirt put in something else. */
static void
put_into_live(FakeHypervisor *fake)
{
    g_ptr_array_add(fake_find_guest(fake, "db1")->live, g_strdup(WORLD_VF_ELEMENT));
    fake_set_driver(fake, VF, "vfio-pci");
}

static void
test_came_out_otherwise(World *world, gconstpointer data)
{
    world->wish->alias = g_strdup("ua-uplink");
    world_at_fault(world->fake, FAKE_ATTACH_LIVE, 1, FAKE_LIES, put_into_live);
    g_assert_false(attach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_FAILED, "but it came out otherwise: ");
    assert_untouched(world);
}

static void
put_into_config(FakeHypervisor *fake)
{
    g_ptr_array_add(fake_find_guest(fake, "db1")->config, g_strdup(WORLD_VF_ELEMENT));
}

/* It has another alias than ours: somebody else put it there, and the undo leaves it. */
static void
test_somebody_elses_config(World *world, gconstpointer data)
{
    world_at_fault(world->fake, FAKE_ATTACH_CONFIG, 1, FAKE_LIES, put_into_config);
    g_assert_false(attach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_FAILED, "but it came out otherwise: ");
    assert_state(world, VF, FALSE, TRUE, "igbvf");
    g_assert_cmpuint(world->fake->calls[FAKE_DETACH_CONFIG], ==, 0);
    g_assert_false(result_at(world, 0)->config);
}

static void
give_back(FakeHypervisor *fake)
{
    fake_set_driver(fake, VF, "igbvf");
}

static void
unbind(FakeHypervisor *fake)
{
    fake_set_driver(fake, VF, NULL);
}

/* The kernel does not say which driver it is. */
static void
hide_driver(FakeHypervisor *fake)
{
    fake_set_driver(fake, VF, NULL);
    testing_scratch_write(fake->root, DRIVER, "not a link\n");
}

static void
stop(FakeHypervisor *fake)
{
    fake_stop_guest(fake, fake_find_guest(fake, "db1"));
}

/* A case happens between the attach and its proof, after which everything has to be as it was. */
typedef struct {
    const char *name;
    FakeHappening happening;
    const char *part;
} BeforeProof;

static const BeforeProof before_proof[] = {
    {"on-host-driver", give_back, "should be a VFIO one, but is igbvf"},
    {"on-no-driver", unbind, "should be a VFIO one, but is none"},
    {"driver-unreadable", hide_driver, "Invalid argument"},
    {"guest-stopped", stop, "the device is not there"},
};

static void
test_before_proof(World *world, gconstpointer data)
{
    const BeforeProof *before = data;

    world_at_step(world->fake, 3, before->happening);
    g_assert_false(attach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_FAILED, before->part);
    assert_untouched(world);
}

/* The driver cannot be read when nothing is left to take back but that. */
static void
test_left_on_unknown_driver(World *world, gconstpointer data)
{
    world_at_fault(world->fake, FAKE_ATTACH_LIVE, 1, FAKE_FAILS, hide_driver);
    g_assert_false(attach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_UNDO_FAILED, "Invalid argument");
    g_assert_cmpuint(world->guest->live->len, ==, 0);
}

static void
hold(FakeHypervisor *fake)
{
    fake_set_driver(fake, VF, "vfio-pci");
    fake_vfio_hold(fake->root, VF, 11);
}

/* QEMU has the device, and libvirt, which died, knows nothing of it. */
static void
test_held_by_a_process(World *world, gconstpointer data)
{
    world_at_fault(world->fake, FAKE_ATTACH_LIVE, 1, FAKE_DISCONNECTS, hold);
    g_assert_false(attach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_UNDO_FAILED, "a process holds " VF);
    assert_state(world, VF, FALSE, FALSE, "vfio-pci");
}

static void
bind_to_variant(FakeHypervisor *fake)
{
    fake_set_driver(fake, VF, "igb-vfio-pci");
}

/* A device that no host driver had needs none. */
static void
test_was_on_vfio(World *world, gconstpointer data)
{
    fake_set_driver(world->fake, VF, "vfio-pci");
    world_at_fault(world->fake, FAKE_ATTACH_LIVE, 1, FAKE_FAILS, bind_to_variant);
    g_assert_false(attach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_FAILED, "faulty");
    assert_state(world, VF, FALSE, FALSE, "igb-vfio-pci");
}

/* From another machine libvirt tells the driver. */
static void
test_another_machine(World *world, gconstpointer data)
{
    world->fake->context.host = NULL;
    g_assert_true(attach_one(world, VF));
    g_assert_cmpstr(result_at(world, 0)->driver, ==, "vfio-pci");
    g_assert_true(detach_one(world, VF));
    fake_plan_fault(world->fake, FAKE_ATTACH_CONFIG, 1, FAKE_FAILS, VAS_ERROR_FAILED, "faulty");
    g_assert_false(attach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_FAILED, "faulty");
    assert_state(world, VF, FALSE, FALSE, "igbvf");
}

/* A case has libvirt do what it says it could not, and fail the undo in turn: from the @nth @call
 * on, @times. What is left then is told. */
typedef struct {
    const char *name;
    FakeCall attach;
    FakeCall call;
    FakeFault fault;
    guint nth;
    guint times;
    const char *part;
    gboolean live;
    gboolean config;
} InUndo;

static const InUndo *in_undo;

static void
fail_undo(FakeHypervisor *fake)
{
    for (guint i = 0; i < in_undo->times; i++)
        fake_plan_fault(fake, in_undo->call, in_undo->nth + i, in_undo->fault, VAS_ERROR_FAILED,
                        "not now");
}

static const InUndo undo_cases[] = {
    {"live/guest-unreadable", FAKE_ATTACH_LIVE, FAKE_FIND_GUEST, FAKE_FAILS, 1, 2, "not now", TRUE,
     FALSE},
    {"live/record-unreadable", FAKE_ATTACH_LIVE, FAKE_GET_METADATA, FAKE_FAILS, 1, 1, "not now",
     TRUE, FALSE},
    {"live/no-events", FAKE_ATTACH_LIVE, FAKE_WATCH, FAKE_FAILS, 1, 1, "not now", TRUE, FALSE},
    {"live/request-refused", FAKE_ATTACH_LIVE, FAKE_DETACH_LIVE, FAKE_FAILS, 1, 1, "not now", TRUE,
     FALSE},
    {"live/release-not-proven", FAKE_ATTACH_LIVE, FAKE_GUEST_XML, FAKE_FAILS, 4, 2,
     "cannot be told: not now", FALSE, FALSE},
    {"config/guest-unreadable", FAKE_ATTACH_CONFIG, FAKE_FIND_GUEST, FAKE_FAILS, 1, 2, "not now",
     FALSE, TRUE},
    {"config/record-unreadable", FAKE_ATTACH_CONFIG, FAKE_GET_METADATA, FAKE_FAILS, 1, 1, "not now",
     FALSE, TRUE},
    {"config/not-proven", FAKE_ATTACH_CONFIG, FAKE_FIND_GUEST, FAKE_FAILS, 2, 2, "not now", FALSE,
     FALSE},
};

/* The next step is the undo. */
static void
wait_for_undo(FakeHypervisor *fake)
{
    world_at_step(fake, 1, fail_undo);
}

static void
test_in_undo(World *world, gconstpointer data)
{
    in_undo = data;
    world_at_fault(world->fake, in_undo->attach, 1, FAKE_FAILS_LATE, wait_for_undo);
    g_assert_false(attach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_UNDO_FAILED, in_undo->part);
    assert_state(world, VF, in_undo->live, in_undo->config, in_undo->live ? "vfio-pci" : "igbvf");
}

#define ADD(name, function)                                                                        \
    g_test_add("/attach-faults/" name, World, NULL, world_set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("came-out-otherwise", test_came_out_otherwise);
    ADD("somebody-elses-config", test_somebody_elses_config);
    ADD("left-on-unknown-driver", test_left_on_unknown_driver);
    ADD("held-by-a-process", test_held_by_a_process);
    ADD("was-on-vfio", test_was_on_vfio);
    ADD("another-machine", test_another_machine);
    for (guint i = 0; i < G_N_ELEMENTS(before_proof); i++) {
        g_autofree char *path = g_strconcat("/attach-faults/", before_proof[i].name, NULL);

        g_test_add(path, World, &before_proof[i], world_set_up, test_before_proof, tear_down);
    }
    for (guint i = 0; i < G_N_ELEMENTS(undo_cases); i++) {
        g_autofree char *path = g_strconcat("/attach-faults/undo/", undo_cases[i].name, NULL);

        g_test_add(path, World, &undo_cases[i], world_set_up, test_in_undo, tear_down);
    }
    return g_test_run();
}
