/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host-driver-fixture.h"

#include <string.h>

void
driver_world_set_up(DriverWorld *world, gconstpointer data)
{
    static const char *const devices[][2] = {
        {VF, "igbvf"}, {USB, "xhci_hcd"}, {NIC, "e1000"}, {SATA, "ahci"}};

    world_set_up(&world->base, data);
    world->base.kernel = fake_kernel_new(world->base.fake->host, world->base.fake->root);
    fake_kernel_add_driver(world->base.kernel, "vfio-pci");
    for (guint i = 0; i < G_N_ELEMENTS(devices); i++) {
        fake_kernel_add_driver(world->base.kernel, devices[i][1]);
        fake_kernel_add_device(world->base.kernel, devices[i][0], devices[i][1], devices[i][1]);
    }
}

void
driver_world_tear_down(DriverWorld *world, gconstpointer data)
{
    world_tear_down(&world->base, data);
}

gboolean
run(DriverWorld *world, Verb verb, const char *first, const char *second)
{
    const char *const devices[] = {first, second, NULL};

    world_forget(&world->base);
    world->request.devices = devices;
    return verb(&world->base.fake->context, &world->request, &world->base.results,
                &world->base.steps, &world->base.error);
}

void
assert_bound(const DriverWorld *world, const char *device, const char *driver, const char *override)
{
    g_autofree char *driver_now = fake_kernel_driver(world->base.kernel, device);
    g_autofree char *override_now = fake_kernel_override(world->base.kernel, device);

    g_assert_cmpstr(driver_now, ==, driver);
    g_assert_cmpstr(override_now, ==, override);
}

void
assert_result(const DriverWorld *world, guint index, VasOutcome outcome, const char *before,
              const char *driver)
{
    const VasResult *result = NULL;

    g_assert_nonnull(world->base.results);
    g_assert_cmpuint(index, <, world->base.results->len);
    result = g_ptr_array_index(world->base.results, index);
    g_assert_cmpint(result->outcome, ==, outcome);
    g_assert_cmpstr(result->driver_before, ==, before);
    g_assert_cmpstr(result->driver, ==, driver);
}

void
assert_noted(const DriverWorld *world, const char *part)
{
    for (guint i = 0; i < world->base.fake->notes->len; i++) {
        if (strstr(g_ptr_array_index(world->base.fake->notes, i), part) != NULL)
            return;
    }
    g_error("nobody said \"%s\"", part);
}

void
put_on(DriverWorld *world, const char *device, const char *driver, const char *override)
{
    fake_set_driver(world->base.fake, device, driver);
    fake_set_override(world->base.fake, device, override);
}
