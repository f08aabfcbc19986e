/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host-driver-fixture.h"

#include <string.h>

void
driver_world_set_up(World *world, gconstpointer data)
{
    static const char *const devices[][2] = {
        {VF, "igbvf"}, {USB, "xhci_hcd"}, {NIC, "e1000"}, {SATA, "ahci"}};

    world->fake = fake_hypervisor_new();
    world->kernel = fake_kernel_new(world->fake->host, world->fake->root);
    fake_kernel_add_driver(world->kernel, "vfio-pci");
    world->recoveries = g_ptr_array_new_with_free_func((GDestroyNotify) vas_recovery_free);
    for (guint i = 0; i < G_N_ELEMENTS(devices); i++) {
        fake_kernel_add_driver(world->kernel, devices[i][1]);
        fake_kernel_add_device(world->kernel, devices[i][0], devices[i][1], devices[i][1]);
    }
}

void
driver_world_tear_down(World *world, gconstpointer data)
{
    g_assert_no_error(world->error);
    g_clear_pointer(&world->results, g_ptr_array_unref);
    g_clear_pointer(&world->steps, g_ptr_array_unref);
    g_ptr_array_unref(world->recoveries);
    fake_kernel_free(world->kernel);
    fake_hypervisor_free(world->fake);
}

gboolean
run(World *world, Verb verb, const char *first, const char *second)
{
    const char *const devices[] = {first, second, NULL};

    g_clear_pointer(&world->results, g_ptr_array_unref);
    g_clear_pointer(&world->steps, g_ptr_array_unref);
    world->request.devices = devices;
    return verb(&world->fake->context, &world->request, &world->results, &world->steps,
                &world->error);
}

void
assert_bound(const World *world, const char *device, const char *driver, const char *override)
{
    g_autofree char *driver_now = fake_kernel_driver(world->kernel, device);
    g_autofree char *override_now = fake_kernel_override(world->kernel, device);

    g_assert_cmpstr(driver_now, ==, driver);
    g_assert_cmpstr(override_now, ==, override);
}

void
assert_result(const World *world, guint index, VasOutcome outcome, const char *before,
              const char *driver)
{
    const VasResult *result = NULL;

    g_assert_nonnull(world->results);
    g_assert_cmpuint(index, <, world->results->len);
    result = g_ptr_array_index(world->results, index);
    g_assert_cmpint(result->outcome, ==, outcome);
    g_assert_cmpstr(result->driver_before, ==, before);
    g_assert_cmpstr(result->driver, ==, driver);
}

void
assert_noted(const World *world, const char *part)
{
    for (guint i = 0; i < world->fake->notes->len; i++) {
        if (strstr(g_ptr_array_index(world->fake->notes, i), part) != NULL)
            return;
    }
    g_error("nobody said \"%s\"", part);
}

void
put_on(World *world, const char *device, const char *driver, const char *override)
{
    fake_set_driver(world->fake, device, driver);
    fake_set_override(world->fake, device, override);
}
