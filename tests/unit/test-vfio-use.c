/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/base/vfio-use.h"

#include "core/value/error.h"
#include "engine/base/scan.h"
#include "fake-vfio.h"
#include "world.h"

#include <string.h>

#define VF "0000:01:10.0"
#define GONE "0000:07:00.0"

static const VasHostAddress vf = {.pci = {.bus = 1, .slot = 0x10}};

static const char element[] =
    "<hostdev mode='subsystem' type='pci' managed='yes'><source>"
    "<address domain='0x0000' bus='0x01' slot='0x10' function='0x0'/></source>"
    "<alias name='ua-x'/></hostdev>";

/* The VF is on a VFIO driver, and a process holds its group. */
static void
set_up(World *world, gconstpointer data)
{
    world_set_up(world, data);
    fake_set_driver(world->fake, VF, "vfio-pci");
    fake_vfio_hold(world->fake->root, VF, 11);
}

static void
tear_down(World *world, gconstpointer data)
{
    fake_vfio_let_go();
    world_tear_down(world, data);
}

/* Checks for a decision, by what was read before; or for a proof, which reads the guests anew. */
static gboolean
check_by(World *world, VasHostAddress device, gboolean is_proof)
{
    const VasContext *context = &world->fake->context;
    g_autoptr(VasInventory) inventory = vas_scan(context, &world->error);

    g_assert_nonnull(inventory);
    return vas_vfio_use_check(context, inventory, is_proof ? NULL : inventory, device,
                              &world->error);
}

static gboolean
check(World *world, VasHostAddress device)
{
    return check_by(world, device, FALSE);
}

static void
test_unexplained(World *world, gconstpointer data)
{
    g_assert_false(check(world, vf));
    testing_assert_error(&world->error, VAS_ERROR_IN_USE, "a process holds " VF);
}

static void
test_explained(World *world, gconstpointer data)
{
    g_ptr_array_add(world->guest->live, g_strdup(element));
    g_assert_true(check(world, vf));
}

static void
test_not_held(World *world, gconstpointer data)
{
    VasHostAddress gone;

    g_assert_true(vas_host_address_parse(GONE, &gone, NULL));
    g_assert_true(check(world, gone));
    fake_set_driver(world->fake, VF, "igbvf");
    g_assert_true(check(world, vf));
    fake_set_driver(world->fake, VF, "vfio-pci");
    fake_vfio_let_go();
    g_assert_true(check(world, vf));
}

/* A proof looks at the guests as they are now, a decision at those that it rests on. */
static void
test_explained_since(World *world, gconstpointer data)
{
    const VasContext *context = &world->fake->context;
    g_autoptr(VasInventory) before = vas_scan(context, &world->error);

    g_ptr_array_add(world->guest->live, g_strdup(element));
    g_assert_true(vas_vfio_use_check(context, before, NULL, vf, &world->error));
    g_assert_false(vas_vfio_use_check(context, before, before, vf, &world->error));
    testing_assert_error(&world->error, VAS_ERROR_IN_USE, "a process holds " VF);
    g_ptr_array_set_size(world->guest->live, 0);
    g_assert_false(vas_vfio_use_check(context, before, NULL, vf, &world->error));
    testing_assert_error(&world->error, VAS_ERROR_IN_USE, "a process holds " VF);
}

/* The guests cannot be read: nobody knows whether one of them holds the group. */
static void
test_guests_unreadable(World *world, gconstpointer data)
{
    fake_plan_fault(world->fake, FAKE_LIST_GUESTS, 2, FAKE_FAILS, VAS_ERROR_FAILED, "no guests");
    g_assert_false(check_by(world, vf, TRUE));
    testing_assert_error(&world->error, VAS_ERROR_FAILED,
                         "whether a guest has it cannot be read: ");
}

static void
test_driver_unreadable(World *world, gconstpointer data)
{
    VasHostAddress other;

    g_assert_true(vas_host_address_parse(GONE, &other, NULL));
    testing_scratch_write(world->fake->root, "/sys/bus/pci/devices/" GONE "/driver", "no link\n");
    g_assert_false(check(world, other));
    testing_assert_error(&world->error, VAS_ERROR_FAILED, "through VFIO cannot be read: ");
}

static gboolean
look(World *world, gboolean *ret_known)
{
    const VasContext *context = &world->fake->context;
    g_autoptr(VasInventory) inventory = vas_scan(context, &world->error);

    g_assert_nonnull(inventory);
    return vas_vfio_use_look(context, inventory, vf, ret_known, &world->error);
}

/* Whoever only looks opens nothing: a QEMU that does in that moment would get EBUSY. */
static void
test_look(World *world, gconstpointer data)
{
    gboolean known = FALSE;

    g_assert_true(look(world, &known));
    g_assert_false(known);
    testing_scratch_link(world->fake->root, "/proc/100/fd/0", "/dev/null");
    testing_scratch_write(world->fake->root, "/proc/self/status", "");
    g_assert_true(look(world, &known));
    g_assert_true(known);
    testing_scratch_link(world->fake->root, "/proc/100/fd/20", "/dev/vfio/11");
    g_assert_false(look(world, &known));
    testing_assert_error(&world->error, VAS_ERROR_IN_USE, "a process holds " VF);
    g_ptr_array_add(world->guest->live, g_strdup(element));
    g_assert_true(look(world, &known));
    g_assert_true(known);
    g_assert_cmpuint(fake_vfio_opened(), ==, 0);
}

/* Neither does a command that only says what it would do. */
static void
test_only_looks(World *world, gconstpointer data)
{
    world->fake->context.only_looks = TRUE;
    testing_scratch_link(world->fake->root, "/proc/100/fd/20", "/dev/null");
    g_assert_true(check(world, vf));
    testing_scratch_link(world->fake->root, "/proc/100/fd/21", "/dev/vfio/11");
    g_assert_false(check(world, vf));
    testing_assert_error(&world->error, VAS_ERROR_IN_USE, "a process holds " VF);
    g_assert_cmpuint(fake_vfio_opened(), ==, 0);
}

/* A guest that cannot be read may be the one that has it: nobody is told to end it. */
static void
test_guest_unreadable(World *world, gconstpointer data)
{
    FakeGuest *odd = fake_add_guest(world->fake, "odd", TRUE, TRUE);
    FakeGuest *off = fake_add_guest(world->fake, "off", FALSE, TRUE);

    off->extra = g_strdup("<garbled");
    g_assert_false(check(world, vf));
    testing_assert_hint(world->error, "virsh destroy");
    testing_assert_error(&world->error, VAS_ERROR_IN_USE, ", and no guest lists it");
    odd->extra = g_strdup("<garbled");
    g_assert_false(check(world, vf));
    g_assert_null(strstr(vas_error_hint(world->error), "destroy"));
    testing_assert_hint(world->error, "the notes say why");
    testing_assert_error(&world->error, VAS_ERROR_IN_USE,
                         "it may be a running guest that cannot be read (odd)");
}

#define ADD(name, function) g_test_add("/vfio-use/" name, World, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("unexplained", test_unexplained);
    ADD("explained", test_explained);
    ADD("explained-since", test_explained_since);
    ADD("not-held", test_not_held);
    ADD("guests-unreadable", test_guests_unreadable);
    ADD("driver-unreadable", test_driver_unreadable);
    ADD("look", test_look);
    ADD("only-looks", test_only_looks);
    ADD("guest-unreadable", test_guest_unreadable);
    return g_test_run();
}
