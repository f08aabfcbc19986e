/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/base/scan.h"

#include "core/value/error.h"
#include "world.h"

#include <glib/gstdio.h>
#include <string.h>

/* The devices that are read, "01:00.0 01:10.0". Returns full. */
static char *
read_about(World *world, const VasScanSubject *subject)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(VasInventory) inventory =
        vas_scan_about(&world->fake->context, subject, &world->error);

    g_assert_no_error(world->error);
    for (guint i = 0; i < inventory->devices->len; i++) {
        const VasDevice *device = g_ptr_array_index(inventory->devices, i);

        g_string_append_printf(text, "%s%s", i > 0 ? " " : "",
                               vas_host_address_text(device->address).text + strlen("0000:"));
    }
    return g_strdup(text->str);
}

static void
assert_read(World *world, const char *name, const char *expected)
{
    const char *const names[] = {name, NULL};
    const VasScanSubject subject = {.guest = "db1", .names = names};
    g_autofree char *read = read_about(world, &subject);

    g_assert_cmpstr(read, ==, expected);
}

#define ALL "01:00.0 01:10.0 01:10.2 02:00.0 02:10.0 03:00.0 05:01.0 05:02.0"

/* With a VF comes its PF, with a PF its VFs, with any device its IOMMU group. */
static void
test_named(World *world, gconstpointer data)
{
    assert_read(world, "0000:03:00.0", "03:00.0");
    assert_read(world, "0000:01:10.2", "01:00.0 01:10.2");
    assert_read(world, "pci_0000_02_10_0", "02:00.0 02:10.0");
    assert_read(world, "01:00.0", "01:00.0 01:10.0 01:10.2");
    assert_read(world, "01:00.0/vf1", "01:00.0 01:10.0 01:10.2");
    assert_read(world, "05:01", "05:01.0 05:02.0");
    assert_read(world, "05:02.0", "05:01.0 05:02.0");
}

/* The error that comes of it tells what there is instead. */
static void
test_not_found(World *world, gconstpointer data)
{
    assert_read(world, "0000:01:10.4", ALL);
    assert_read(world, "01:00.0/vf2", ALL);
    assert_read(world, "enp9s0", ALL);
}

/* libvirt tells interfaces only with the devices. */
static void
test_interface_of_libvirt(World *world, gconstpointer data)
{
    assert_read(world, "enp1s0", ALL);
}

/* Has the kernel say whose interface @name is. */
static void
link_interface(World *world, const char *name, const char *device)
{
    g_autofree char *path = g_strdup_printf("/sys/class/net/%s", name);
    g_autofree char *target =
        g_strdup_printf("../../devices/pci0000:00/0000:%s/net/%s", device, name);
    g_autofree char *folder = g_build_filename(world->fake->root->path, path, NULL);
    g_autofree char *flags = g_build_filename(folder, "flags", NULL);

    g_assert_cmpint(g_unlink(flags), ==, 0);
    g_assert_cmpint(g_rmdir(folder), ==, 0);
    testing_scratch_link(world->fake->root, path, target);
}

/* The kernel is asked which device has an interface of the name, or would have it. */
static void
test_interface_of_kernel(World *world, gconstpointer data)
{
    link_interface(world, "enp1s0v0", "01:10.0");
    assert_read(world, "enp1s0v0", "01:00.0 01:10.0");
    assert_read(world, "enp1s0v1", ALL);
    link_interface(world, "enp1s0", "01:00.0");
    assert_read(world, "enp1s0v1", "01:00.0 01:10.0 01:10.2");
    assert_read(world, "enp1s0/vf1", "01:00.0 01:10.0 01:10.2");
    assert_read(world, "enp2s0", ALL);
}

static void
test_guest(World *world, gconstpointer data)
{
    static const char *const devices[] = {"0000:02:10.0", NULL};
    static const char *const guest[] = {"db1", NULL};
    VasScanSubject subject = {.guest = "db1"};
    g_autofree char *nothing = read_about(world, &subject);
    g_autofree char *own = NULL;
    g_autofree char *as_device = NULL;
    g_autofree char *as_any = NULL;

    g_assert_cmpstr(nothing, ==, "");
    g_assert_true(run_attach(world, devices));
    own = read_about(world, &subject);
    g_assert_cmpstr(own, ==, "02:00.0 02:10.0");
    subject.names = guest;
    as_device = read_about(world, &subject);
    g_assert_cmpstr(as_device, ==, ALL);
    subject.may_name_other = TRUE;
    as_any = read_about(world, &subject);
    g_assert_cmpstr(as_any, ==, "02:00.0 02:10.0");
}

/* On another machine only libvirt could tell that no interface is called as the guest is. */
static void
test_guest_of_another_machine(World *world, gconstpointer data)
{
    static const char *const guest[] = {"db1", NULL};
    VasScanSubject subject = {.guest = "db1", .names = guest, .may_name_other = TRUE};
    g_autofree char *as_any = NULL;
    g_autofree char *as_guest = NULL;

    world->fake->context.host = NULL;
    as_any = read_about(world, &subject);
    g_assert_cmpstr(as_any, ==, ALL);
    subject.names = NULL;
    as_guest = read_about(world, &subject);
    g_assert_cmpstr(as_guest, ==, "");
    assert_read(world, "0000:01:10.2", "01:00.0 01:10.2");
}

static void
test_assignment(World *world, gconstpointer data)
{
    static const char *const devices[] = {"0000:02:10.0", NULL};
    static const char *const alias[] = {"ua-pci_0000_02_10_0", NULL};
    VasScanSubject subject = {.guest = "db1", .names = alias, .may_name_other = TRUE};
    g_autofree char *read = NULL;

    g_assert_true(run_attach(world, devices));
    read = read_about(world, &subject);
    g_assert_cmpstr(read, ==, "02:00.0 02:10.0");
}

/* A member of the group must not be missed. */
static void
test_group_not_told(World *world, gconstpointer data)
{
    world->fake->hides_groups = TRUE;
    assert_read(world, "05:01.0", ALL);
}

/* A record may be about any device. */
static void
test_record(World *world, gconstpointer data)
{
    char **side = data == NULL ? &world->guest->metadata : &world->guest->config_metadata;

    *side = g_strdup("<assignments version='1'><release alias='ua-x' device='0000:03:00.0' run='1' "
                     "asked='1'/></assignments>");
    assert_read(world, "0000:01:10.2", ALL);
}

/* The config alone has the device. */
static void
test_config(World *world, gconstpointer data)
{
    const VasScanSubject subject = {.guest = "db1"};
    g_autofree char *read = NULL;

    g_ptr_array_add(world->guest->config, g_strdup(WORLD_VF_ELEMENT));
    read = read_about(world, &subject);
    g_assert_cmpstr(read, ==, "01:00.0 01:10.0");
}

/* It is told once, though the device is read twice. */
static void
test_unreadable(World *world, gconstpointer data)
{
    world->fake->garbled = "0000:01:10.2";
    assert_read(world, "01:00.0", "01:00.0 01:10.0 02:00.0 02:10.0 03:00.0 05:01.0 05:02.0");
    g_assert_cmpuint(world->fake->notes->len, ==, 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/scan-near/named", World, NULL, world_set_up, test_named, world_tear_down);
    g_test_add("/scan-near/not-found", World, NULL, world_set_up, test_not_found, world_tear_down);
    g_test_add("/scan-near/interface/libvirt", World, NULL, world_set_up, test_interface_of_libvirt,
               world_tear_down);
    g_test_add("/scan-near/interface/kernel", World, NULL, world_set_up, test_interface_of_kernel,
               world_tear_down);
    g_test_add("/scan-near/guest", World, NULL, world_set_up, test_guest, world_tear_down);
    g_test_add("/scan-near/guest/other-machine", World, NULL, world_set_up,
               test_guest_of_another_machine, world_tear_down);
    g_test_add("/scan-near/assignment", World, NULL, world_set_up, test_assignment,
               world_tear_down);
    g_test_add("/scan-near/group-not-told", World, NULL, world_set_up, test_group_not_told,
               world_tear_down);
    g_test_add("/scan-near/record", World, NULL, world_set_up, test_record, world_tear_down);
    g_test_add("/scan-near/record/config", World, GINT_TO_POINTER(TRUE), world_set_up, test_record,
               world_tear_down);
    g_test_add("/scan-near/config", World, NULL, world_set_up, test_config, world_tear_down);
    g_test_add("/scan-near/unreadable", World, NULL, world_set_up, test_unreadable,
               world_tear_down);
    return g_test_run();
}
