/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/pci/driver-binding.h"

#include "core/value/error.h"
#include "host-world.h"

#define VF "0000:01:10.0"

static const VasHostAddress vf = {.pci = {.bus = 1, .slot = 0x10}};

/* The VF is on igbvf, its own driver. */
static void
set_up(HostWorld *world, gconstpointer data)
{
    host_world_set_up(world, data);
    world->kernel = fake_kernel_new(world->host, world->scratch);
    fake_kernel_add_driver(world->kernel, "ahci");
    fake_kernel_add_driver(world->kernel, "igbvf");
    fake_kernel_add_driver(world->kernel, "vfio-pci");
    fake_kernel_add_device(world->kernel, VF, "igbvf", "igbvf");
}

static void
assert_bound(const HostWorld *world, const char *driver, const char *override)
{
    g_autofree char *driver_now = fake_kernel_driver(world->kernel, VF);
    g_autofree char *override_now = fake_kernel_override(world->kernel, VF);

    g_assert_cmpstr(driver_now, ==, driver);
    g_assert_cmpstr(override_now, ==, override);
}

static void
test_override(HostWorld *world, gconstpointer data)
{
    g_autofree char *none = NULL;
    g_autofree char *driver = NULL;

    g_assert_true(vas_driver_read_override(world->host, vf, &none, &world->error));
    g_assert_null(none);
    g_assert_true(vas_driver_write_override(world->host, vf, "vfio-pci", &world->error));
    g_assert_true(vas_driver_read_override(world->host, vf, &driver, &world->error));
    g_assert_cmpstr(driver, ==, "vfio-pci");
    g_assert_true(vas_driver_write_override(world->host, vf, NULL, &world->error));
    assert_bound(world, "igbvf", NULL);
}

static void
test_persistent_override(HostWorld *world, gconstpointer data)
{
    g_autofree char *driver = NULL;

    g_assert_null(vas_driver_persistent_override(world->host, vf));
    testing_scratch_write(world->scratch, "/etc/driverctl.d/pci-" VF, "vfio-pci\n");
    driver = vas_driver_persistent_override(world->host, vf);
    g_assert_cmpstr(driver, ==, "vfio-pci");
}

static void
test_find(HostWorld *world, gconstpointer data)
{
    g_autofree char *driver = NULL;
    g_autofree char *loaded = NULL;

    g_assert_true(vas_driver_find(world->host, "vfio_pci", &driver, &world->error));
    g_assert_cmpstr(driver, ==, "vfio-pci");
    world->kernel->loadable = "mlx5_vfio_pci";
    g_assert_true(vas_driver_find(world->host, "mlx5_vfio_pci", &loaded, &world->error));
    g_assert_cmpstr(loaded, ==, "mlx5_vfio_pci");
    g_assert_false(vas_driver_find(world->host, "qat_vfio_pci", &loaded, &world->error));
    testing_assert_error(&world->error, VAS_ERROR_NOT_FOUND,
                         "no PCI driver qat_vfio_pci: module qat_vfio_pci not found");
}

static void
test_bind(HostWorld *world, gconstpointer data)
{
    g_assert_true(vas_driver_bind(world->host, vf, "vfio-pci", &world->error));
    assert_bound(world, "vfio-pci", "vfio-pci");
    g_assert_cmpstr(world->kernel->log->str, ==,
                    "driver_override=vfio-pci unbind=" VF " drivers_probe=" VF " ");
    g_assert_true(vas_driver_bind(world->host, vf, NULL, &world->error));
    assert_bound(world, NULL, "vfio-pci");
}

/* The first write that fails is the last one. */
static void
test_bind_fails(HostWorld *world, gconstpointer data)
{
    static const char *const attributes[] = {"driver_override", "unbind", "drivers_probe"};

    for (guint i = 0; i < G_N_ELEMENTS(attributes); i++) {
        fake_kernel_add_device(world->kernel, VF, "igbvf", "igbvf");
        world->kernel->writes = 0;
        world->kernel->faulty_write = i + 1;
        g_assert_false(vas_driver_bind(world->host, vf, "vfio-pci", &world->error));
        testing_assert_error(&world->error, VAS_ERROR_FAILED, attributes[i]);
        g_assert_cmpuint(world->kernel->writes, ==, i + 1);
    }
}

static void
test_probe_anew(HostWorld *world, gconstpointer data)
{
    fake_kernel_add_device(world->kernel, VF, "igbvf", "vfio-pci");
    g_assert_true(vas_driver_probe_anew(world->host, vf, &world->error));
    assert_bound(world, "igbvf", NULL);
}

/* vfio-pci knows it by its new_id, and would have it again at every probe. */
static void
test_offer(HostWorld *world, gconstpointer data)
{
    world->kernel->dynamic = "vfio-pci";
    fake_kernel_add_device(world->kernel, VF, "igbvf", "vfio-pci");
    g_assert_true(vas_driver_offer(world->host, vf, &world->error));
    assert_bound(world, "igbvf", NULL);
}

static void
test_offer_loads_the_driver(HostWorld *world, gconstpointer data)
{
    fake_kernel_add_device(world->kernel, VF, "newvf", NULL);
    world->kernel->loadable = "newvf";
    world->kernel->modalias = "pci:v00008086d000010CA";
    g_assert_true(vas_driver_offer(world->host, vf, &world->error));
    assert_bound(world, "newvf", NULL);
}

static void
test_offer_nobody_wants(HostWorld *world, gconstpointer data)
{
    fake_kernel_add_device(world->kernel, VF, NULL, "vfio-pci");
    g_assert_true(vas_driver_offer(world->host, vf, &world->error));
    assert_bound(world, NULL, NULL);
}

static void
test_offer_driver_fails(HostWorld *world, gconstpointer data)
{
    world->kernel->failing = "igbvf";
    fake_kernel_add_device(world->kernel, VF, "igbvf", NULL);
    g_assert_false(vas_driver_offer(world->host, vf, &world->error));
    testing_assert_error(&world->error, VAS_ERROR_FAILED, "/sys/bus/pci/drivers/igbvf/bind");
}

static void
test_offer_driver_lies(HostWorld *world, gconstpointer data)
{
    fake_kernel_add_device(world->kernel, VF, "igbvf", NULL);
    world->kernel->faulty_write = 1;
    world->kernel->fault = FAKE_WRITE_LIES;
    g_assert_false(vas_driver_offer(world->host, vf, &world->error));
    testing_assert_error(&world->error, VAS_ERROR_FAILED, "took " VF " and does not have it");
}

#define ADD(name, function)                                                                        \
    g_test_add("/driver-binding/" name, HostWorld, NULL, set_up, function, host_world_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("override", test_override);
    ADD("persistent-override", test_persistent_override);
    ADD("find", test_find);
    ADD("bind", test_bind);
    ADD("bind-fails", test_bind_fails);
    ADD("probe-anew", test_probe_anew);
    ADD("offer", test_offer);
    ADD("offer-loads-the-driver", test_offer_loads_the_driver);
    ADD("offer-nobody-wants", test_offer_nobody_wants);
    ADD("offer-driver-fails", test_offer_driver_fails);
    ADD("offer-driver-lies", test_offer_driver_lies);
    return g_test_run();
}
