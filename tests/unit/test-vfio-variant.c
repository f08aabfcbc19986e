/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/report/step.h"
#include "world.h"

#include <string.h>

#define VF "0000:01:10.2"
#define SYSFS "/sys/bus/pci/devices/" VF

/* The kernel has a variant of vfio-pci for the VF. */
static void
set_up(World *world, gconstpointer data)
{
    world_set_up(world, data);
    world->fake->version = 9007000;
    testing_scratch_write(world->fake->root, "/proc/sys/kernel/osrelease", "6.12.1\n");
    testing_scratch_write(world->fake->root, "/lib/modules/6.12.1/modules.alias",
                          "alias vfio_pci:v*d*sv*sd*bc*sc*i* vfio_pci\n"
                          "alias vfio_pci:v000015B3d0000101Esv*sd*bc*sc*i* mlx5_vfio_pci\n");
    testing_scratch_write(world->fake->root, SYSFS "/modalias",
                          "pci:v000015B3d0000101Esv0sd0bc02sc00i00\n");
}

static void
take_template(World *world, const char *xml)
{
    g_free(world->wish->template);
    world->wish->template = g_build_filename(world->fake->root->path, "own.xml", NULL);
    testing_scratch_write(world->fake->root, "own.xml", xml);
}

static const VasStep *
live_step(World *world)
{
    world->dry_run = TRUE;
    g_assert_true(attach_one(world, VF));
    for (guint i = 0; i < world->steps->len; i++) {
        const VasStep *step = g_ptr_array_index(world->steps, i);

        if (step->kind == VAS_STEP_ATTACH_LIVE)
            return step;
    }
    g_assert_not_reached();
}

/* @driver NULL: the step says nothing of a driver. */
static void
assert_told(World *world, const char *driver)
{
    const VasStep *step = live_step(world);
    g_autofree char *end = driver != NULL ? g_strdup_printf(", on %s", driver) : NULL;

    g_assert_cmpstr(step->driver, ==, driver);
    if (end != NULL)
        g_assert_true(g_str_has_suffix(step->text, end));
    else
        g_assert_null(strstr(step->text, ", on "));
}

static void
test_variant(World *world, gconstpointer data)
{
    assert_told(world, "mlx5_vfio_pci");
    g_assert_cmpuint(world->fake->notes->len, ==, 0);
    /* libvirt does not say its version. */
    world->fake->version = 0;
    assert_told(world, NULL);
}

static void
test_old_libvirt(World *world, gconstpointer data)
{
    world->fake->version = 9006003;
    assert_told(world, "vfio-pci");
    g_assert_cmpuint(world->fake->notes->len, ==, 1);
    g_assert_true(g_str_has_prefix(g_ptr_array_index(world->fake->notes, 0),
                                   "libvirt 9.6.3 puts " VF " on vfio-pci, though the kernel has "
                                   "mlx5_vfio_pci for it"));
    /* It moves the device there from another VFIO driver, too. */
    fake_set_driver(world->fake, VF, "mlx5_vfio_pci");
    assert_told(world, "vfio-pci");
}

/* Whether libvirt moves a device that is on a VFIO driver already depends on more than we know. */
static void
test_on_vfio_already(World *world, gconstpointer data)
{
    fake_set_driver(world->fake, VF, "vfio-pci");
    assert_told(world, NULL);
}

static void
test_plain(World *world, gconstpointer data)
{
    testing_scratch_write(world->fake->root, SYSFS "/modalias",
                          "pci:v00008086d000010CAsv0sd0bc02sc00i00\n");
    assert_told(world, NULL);
    world->fake->version = 9000000;
    assert_told(world, NULL);
    g_assert_cmpuint(world->fake->notes->len, ==, 0);
}

static void
test_template(World *world, gconstpointer data)
{
    take_template(world, "<hostdev mode='subsystem' type='pci' managed='yes'>"
                         "<driver name='vfio' model='qat_vfio_pci'/></hostdev>\n");
    assert_told(world, "mlx5_vfio_pci");
    world->fake->version = 10000000;
    assert_told(world, "qat_vfio_pci");
    /* libvirt moves nothing. */
    fake_set_driver(world->fake, VF, "vfio-pci");
    take_template(world, "<hostdev mode='subsystem' type='pci' managed='no'>"
                         "<driver name='vfio' model='qat_vfio_pci'/></hostdev>\n");
    assert_told(world, NULL);
}

#define ADD(name, function)                                                                        \
    g_test_add("/vfio-variant/" name, World, NULL, set_up, function, world_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("variant", test_variant);
    ADD("old-libvirt", test_old_libvirt);
    ADD("on-vfio-already", test_on_vfio_already);
    ADD("plain", test_plain);
    ADD("template", test_template);
    return g_test_run();
}
