/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/verbs/host-driver.h"

#include "core/value/error.h"
#include "engine/verbs/recover.h"
#include "world.h"

#include <string.h>

/* host-reattach gives a device back to the driver that host-detach took it from, which need not be
 * the kernel's choice. */

#define VF "0000:01:10.0"
#define BY_HAND "uio_pci_generic"

/* The VF is on the driver that somebody has bound it to. */
static void
set_up(World *world, gconstpointer data)
{
    static const char *const drivers[] = {"igbvf", BY_HAND, "vfio-pci"};

    world_set_up(world, data);
    world->kernel = fake_kernel_new(world->fake->host, world->fake->root);
    for (guint i = 0; i < G_N_ELEMENTS(drivers); i++)
        fake_kernel_add_driver(world->kernel, drivers[i]);
    fake_kernel_add_device(world->kernel, VF, "igbvf", BY_HAND);
}

static void
assert_bound(const World *world, const char *driver, const char *override)
{
    g_autofree char *driver_now = fake_kernel_driver(world->kernel, VF);
    g_autofree char *override_now = fake_kernel_override(world->kernel, VF);

    g_assert_cmpstr(driver_now, ==, driver);
    g_assert_cmpstr(override_now, ==, override);
}

static void
assert_said(const World *world, const char *part)
{
    g_assert_cmpuint(world->fake->notes->len, >, 0);
    g_assert_nonnull(
        strstr(g_ptr_array_index(world->fake->notes, world->fake->notes->len - 1), part));
}

static void
detach(World *world)
{
    const char *const devices[] = {VF, NULL};
    const VasHostDriverRequest request = {.devices = devices};
    g_autoptr(GPtrArray) results = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_true(vas_host_detach(&world->fake->context, &request, &results, NULL, &error));
    g_assert_no_error(error);
    assert_bound(world, "vfio-pci", "vfio-pci");
}

static void
reattach(World *world, gboolean clear_override)
{
    const char *const devices[] = {VF, NULL};
    const VasHostDriverRequest request = {.devices = devices, .clear_override = clear_override};
    g_autoptr(GPtrArray) results = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_true(vas_host_reattach(&world->fake->context, &request, &results, NULL, &error));
    g_assert_no_error(error);
}

static void
test_comes_back(World *world, gconstpointer data)
{
    detach(world);
    reattach(world, FALSE);
    assert_bound(world, BY_HAND, NULL);
    /* The driver by hand is forgotten now: who takes the VF next takes it from its own driver. */
    fake_set_driver(world->fake, VF, "vfio-pci");
    fake_set_override(world->fake, VF, "vfio-pci");
    reattach(world, FALSE);
    assert_bound(world, "igbvf", NULL);
}

static void
test_kernel_is_to_choose(World *world, gconstpointer data)
{
    detach(world);
    reattach(world, TRUE);
    assert_bound(world, "igbvf", NULL);
}

static void
test_gone(World *world, gconstpointer data)
{
    detach(world);
    world->kernel->failing = BY_HAND;
    reattach(world, FALSE);
    assert_said(world, VF " was on " BY_HAND ", which cannot be had again: ");
    assert_bound(world, "igbvf", NULL);
}

/* Only root writes there. */
static void
test_cannot_be_noted(World *world, gconstpointer data)
{
    testing_scratch_write(world->fake->root, "/run/virt-assign", "no folder");
    detach(world);
    assert_said(world, "host-reattach will give " VF " to the driver that the kernel chooses: ");
}

/* libvirt takes the VF when the command has left: the note stays for that. */
static void
test_taken_late(World *world, gconstpointer data)
{
    const char *const devices[] = {VF, NULL};
    const VasHostDriverRequest request = {.devices = devices};
    const VasRecoverRequest recover = {.timeout = 5};
    g_autoptr(GPtrArray) results = NULL;
    g_autoptr(GPtrArray) recoveries = NULL;
    g_autoptr(GError) error = NULL;

    fake_plan_fault(world->fake, FAKE_DETACH_NODE_DEVICE, 1, FAKE_HANGS_LATE, 0, NULL);
    g_assert_false(vas_host_detach(&world->fake->context, &request, &results, NULL, &error));
    testing_assert_error(&error, VAS_ERROR_TIMED_OUT, "has not answered");
    fake_go_on(world->fake);
    g_assert_true(vas_recover(&world->fake->context, &recover, &recoveries, &error));
    g_assert_no_error(error);
    assert_bound(world, "vfio-pci", "vfio-pci");
    reattach(world, FALSE);
    assert_bound(world, BY_HAND, NULL);
}

#define ADD(name, function)                                                                        \
    g_test_add("/host-driver-taken/" name, World, NULL, set_up, function, world_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("comes-back", test_comes_back);
    ADD("kernel-is-to-choose", test_kernel_is_to_choose);
    ADD("gone", test_gone);
    ADD("cannot-be-noted", test_cannot_be_noted);
    ADD("taken-late", test_taken_late);
    return g_test_run();
}
