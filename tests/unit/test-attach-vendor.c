/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/error.h"
#include "world.h"

#include <string.h>

/* A VF whose own driver is a VFIO one, though its name does not say so: NVIDIA's for vGPUs. */
#define VF "0000:01:10.2"
#define SYSFS "/sys/bus/pci/devices/" VF

static gboolean (*real_attach)(VasHypervisor *, const char *, const char *, VasScope, GError **);

/* libvirt leaves the driver alone if the element says managed='no'. */
static gboolean
attach(VasHypervisor *port, const char *uuid, const char *xml, VasScope scope, GError **error)
{
    gboolean done = real_attach(port, uuid, xml, scope, error);

    if (strstr(xml, "managed=\"no\"") != NULL)
        fake_set_driver((FakeHypervisor *) port, VF, "nvidia");
    return done;
}

static void
set_up(World *world, gconstpointer data)
{
    world_set_up(world, data);
    fake_set_driver(world->fake, VF, "nvidia");
    real_attach = world->fake->port.attach;
    world->fake->port.attach = attach;
}

static void
make_vfio_device(const World *world)
{
    testing_scratch_write(world->fake->root, SYSFS "/vfio-dev/vfio0/dev", "511:0\n");
}

static void
refuse_managed(World *world)
{
    g_assert_false(attach_one(world, VF));
    testing_assert_hint(world->error, "managed='no'");
    testing_assert_error(&world->error, VAS_ERROR_NOT_READY,
                         "the driver nvidia serves " VF " to guests itself, by VFIO");
    assert_state(world, VF, FALSE, FALSE, "nvidia");
}

static void
take_unmanaged_template(World *world)
{
    world->wish->template = g_build_filename(world->fake->root->path, "vgpu.xml", NULL);
    testing_scratch_write(world->fake->root, "vgpu.xml",
                          "<hostdev mode='subsystem' type='pci' managed='no'/>\n");
}

static void
test_unmanaged(World *world, gconstpointer data)
{
    make_vfio_device(world);
    take_unmanaged_template(world);
    g_assert_true(attach_one(world, VF));
    assert_state(world, VF, TRUE, TRUE, "nvidia");
    g_assert_cmpint(result_at(world, 0)->outcome, ==, VAS_OUTCOME_DONE);
}

/* A driver that is not of VFIO serves no guest, whatever the template says. */
static void
test_unmanaged_on_a_host_driver(World *world, gconstpointer data)
{
    take_unmanaged_template(world);
    g_assert_false(attach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_NOT_READY,
                         "managed='no' and on the host driver nvidia");
    assert_state(world, VF, FALSE, FALSE, "nvidia");
}

static void
test_managed(World *world, gconstpointer data)
{
    make_vfio_device(world);
    refuse_managed(world);
}

/* Before Linux 6.1 the kernel does not tell, but a vGPU type does. */
static void
test_managed_with_a_vgpu_type(World *world, gconstpointer data)
{
    testing_scratch_write(world->fake->root, SYSFS "/nvidia/current_vgpu_type", "557\n");
    refuse_managed(world);
    testing_scratch_write(world->fake->root, SYSFS "/nvidia/current_vgpu_type", "0\n");
    g_assert_true(attach_one(world, VF));
    assert_state(world, VF, TRUE, TRUE, "vfio-pci");
}

#define ADD(name, function)                                                                        \
    g_test_add("/attach-vendor/" name, World, NULL, set_up, function, world_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("unmanaged", test_unmanaged);
    ADD("unmanaged-on-a-host-driver", test_unmanaged_on_a_host_driver);
    ADD("managed", test_managed);
    ADD("managed-with-a-vgpu-type", test_managed_with_a_vgpu_type);
    return g_test_run();
}
