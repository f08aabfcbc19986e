/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/error.h"
#include "fake-clock.h"
#include "world.h"

#define VF "0000:01:10.0"
#define ALIAS "ua-uplink"
#define PLACE "0000:01:00.0" /* the guest address that the first device gets */

/* A libvirtd speaks the language of its own locale. Each test runs against one that speaks English
 * and against one that speaks German, and ends the same. */

static const char element[] =
    "<interface type='hostdev' managed='yes'><mac address='52:54:00:6d:90:02'/><source>"
    "<address type='pci' domain='0x0000' bus='0x01' slot='0x10' function='0x0'/></source>"
    "<alias name='ua-uplink'/>"
    "<address type='pci' domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></interface>";
static const char disk[] =
    "<disk type='file' device='disk'><target dev='vda' bus='virtio'/><alias name='ua-disk'/>"
    "<address type='pci' domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></disk>";
static const char disk_elsewhere[] =
    "<disk type='file' device='disk'><target dev='vda' bus='virtio'/><alias name='ua-uplink'/>"
    "<address type='pci' domain='0x0000' bus='0x02' slot='0x00' function='0x0'/></disk>";

static void
set_up(World *world, gconstpointer data)
{
    world_set_up(world, data);
    world->fake->pass_time = fake_clock_pass;
    world->fake->speaks_german = data != NULL;
    fake_add_guest(world->fake, "web", TRUE, TRUE);
    world->wish->alias = g_strdup(ALIAS);
}

static gboolean
attach_vf(World *world)
{
    return attach_one(world, VF);
}

/* Another command gave it to web, in the moment in which libvirt was asked. */
static void
give_to_web(FakeHypervisor *fake)
{
    g_ptr_array_add(fake_find_guest(fake, "web")->live, g_strdup(element));
    fake_set_driver(fake, VF, "vfio-pci");
}

static void
test_other_guest_was_first(World *world, gconstpointer data)
{
    world->fake->on_fault = give_to_web;
    fake_plan_fault(world->fake, FAKE_ATTACH_LIVE, 1, FAKE_FAILS, VAS_ERROR_IN_USE,
                    "PCI device " VF " is in use by driver QEMU, domain web");
    g_assert_false(attach_vf(world));
    testing_assert_hint(world->error, "virt-assign detach web " VF);
    testing_assert_error(&world->error, VAS_ERROR_IN_USE, VF);
    assert_state(world, VF, FALSE, FALSE, "vfio-pci");
    g_assert_true(fake_has(fake_find_guest(world->fake, "web"), VAS_SCOPE_LIVE, VF));
}

/* libvirt knows of the other guest before its definition does. */
static void
test_other_guest_is_not_seen_yet(World *world, gconstpointer data)
{
    fake_plan_fault(world->fake, FAKE_ATTACH_LIVE, 1, FAKE_FAILS, VAS_ERROR_IN_USE,
                    "PCI device " VF " is in use by driver QEMU, domain web");
    g_assert_false(attach_vf(world));
    g_assert_cmpint(vas_error_exit_status(world->error), ==, 4);
    g_clear_error(&world->error);
    assert_state(world, VF, FALSE, FALSE, "igbvf");
}

/* The same element is there, with the same alias, but it is another command's. */
static void
test_other_command_was_first(World *world, gconstpointer data)
{
    fake_plan_fault(world->fake, FAKE_ATTACH_LIVE, 1, FAKE_FAILS_LATE, VAS_ERROR_IN_USE,
                    "PCI device " VF " is in use by driver QEMU, domain db1");
    g_assert_false(attach_vf(world));
    testing_assert_error(&world->error, VAS_ERROR_IN_USE, VF);
    assert_state(world, VF, TRUE, FALSE, "vfio-pci");
    g_assert_cmpuint(world->fake->calls[FAKE_DETACH_LIVE], ==, 0);
}

/* Another command has taken the device over on record, and has put it in itself. */
static void
let_another_take_over(FakeHypervisor *fake)
{
    FakeGuest *guest = fake_find_guest(fake, "db1");

    g_clear_pointer(&guest->metadata, g_free);
    g_ptr_array_add(guest->live, g_strdup(element));
    fake_set_driver(fake, VF, "vfio-pci");
}

static void
test_other_command_took_over(World *world, gconstpointer data)
{
    world->fake->on_fault = let_another_take_over;
    fake_plan_fault(world->fake, FAKE_ATTACH_LIVE, 1, FAKE_FAILS, VAS_ERROR_FAILED,
                    "target pci device 0000:01:10.0 already exists");
    g_assert_false(attach_vf(world));
    testing_assert_error(&world->error, VAS_ERROR_IN_USE, VF);
    assert_state(world, VF, TRUE, FALSE, "vfio-pci");
    g_assert_cmpuint(world->fake->calls[FAKE_DETACH_LIVE], ==, 0);
}

static void
put_disk_there(FakeHypervisor *fake)
{
    fake_find_guest(fake, "db1")->extra = g_strdup(disk);
}

static void
test_address_taken(World *world, gconstpointer data)
{
    world->fake->on_fault = put_disk_there;
    fake_plan_fault(world->fake, FAKE_ATTACH_LIVE, 1, FAKE_FAILS, VAS_ERROR_TAKEN,
                    "XML error: Attempted double use of PCI Address " PLACE);
    g_assert_false(attach_vf(world));
    testing_assert_error(&world->error, VAS_ERROR_TAKEN, VF);
    assert_state(world, VF, FALSE, FALSE, "igbvf");
}

static void
put_alias_there(FakeHypervisor *fake)
{
    fake_find_guest(fake, "db1")->extra = g_strdup(disk_elsewhere);
}

static void
test_alias_taken_in_config(World *world, gconstpointer data)
{
    world->scope = VAS_SCOPE_CONFIG;
    world->fake->on_fault = put_alias_there;
    fake_plan_fault(world->fake, FAKE_ATTACH_CONFIG, 1, FAKE_FAILS, VAS_ERROR_TAKEN,
                    "unsupported configuration: non unique alias detected: " ALIAS);
    g_assert_false(attach_vf(world));
    testing_assert_error(&world->error, VAS_ERROR_TAKEN, VF);
    assert_state(world, VF, FALSE, FALSE, "igbvf");
}

static void
stop_db1(FakeHypervisor *fake)
{
    fake_stop_guest(fake, fake_find_guest(fake, "db1"));
}

static void
test_guest_stopped(World *world, gconstpointer data)
{
    world->fake->on_fault = stop_db1;
    fake_plan_fault(world->fake, FAKE_ATTACH_LIVE, 1, FAKE_FAILS, VAS_ERROR_FAILED,
                    "operation failed: domain is no longer running");
    g_assert_false(attach_vf(world));
    testing_assert_error(&world->error, VAS_ERROR_WRONG_STATE, VF);
    assert_state(world, VF, FALSE, FALSE, "igbvf");
}

static void
have_vf(World *world)
{
    g_ptr_array_add(world->guest->live, g_strdup(element));
    g_ptr_array_add(world->guest->config, g_strdup(element));
    fake_set_driver(world->fake, VF, "vfio-pci");
}

static gboolean
detach_vf(World *world)
{
    return detach_one(world, VF);
}

static void
refuse(FakeHypervisor *fake)
{
    fake_push_event(fake, VAS_EVENT_DEVICE_REMOVAL_FAILED, "db1", ALIAS);
}

/* The event comes with libvirt's answer, or behind it. */
static void
test_unplug_refused(World *world, gconstpointer data)
{
    have_vf(world);
    world->timeout = 10;
    for (guint i = 0; i < 2; i++) {
        world->fake->on_fault = i == 0 ? refuse : NULL;
        world->fake->on_wait = i == 0 ? NULL : refuse;
        fake_plan_fault(world->fake, FAKE_DETACH_LIVE, 1, FAKE_FAILS, VAS_ERROR_FAILED,
                        "operation failed: unplug of device was rejected by the guest");
        g_assert_false(detach_vf(world));
        testing_assert_error(&world->error, VAS_ERROR_CONFLICT, "refused to let go");
        assert_state(world, VF, TRUE, TRUE, "vfio-pci");
        g_assert_null(world->guest->metadata);
    }
}

static void
test_unplug_meets_the_end(World *world, gconstpointer data)
{
    have_vf(world);
    world->timeout = 10;
    world->fake->on_wait = stop_db1;
    fake_plan_fault(world->fake, FAKE_DETACH_LIVE, 1, FAKE_FAILS, VAS_ERROR_FAILED,
                    "Unable to read from monitor: Connection reset by peer");
    g_assert_true(detach_vf(world));
    assert_state(world, VF, FALSE, FALSE, "igbvf");
}

/* A port on which nothing can be unplugged is not asked again and again. */
static void
test_port_without_unplug(World *world, gconstpointer data)
{
    static const char fixed[] =
        "<hostdev mode='subsystem' type='pci' managed='yes'><source>"
        "<address domain='0x0000' bus='0x01' slot='0x10' function='0x0'/></source>"
        "<alias name='ua-uplink'/>"
        "<address type='pci' domain='0x0000' bus='0x00' slot='0x10' function='0x0'/></hostdev>";

    g_ptr_array_add(world->guest->live, g_strdup(fixed));
    fake_set_driver(world->fake, VF, "vfio-pci");
    world->timeout = 10;
    fake_plan_fault(world->fake, FAKE_DETACH_LIVE, 1, FAKE_FAILS, VAS_ERROR_NOT_READY,
                    "Bus 'pcie.0' does not support hotplugging");
    g_assert_false(detach_vf(world));
    testing_assert_error(&world->error, VAS_ERROR_FAILED, "ask guest db1 to release " VF);
    g_assert_cmpuint(world->fake->calls[FAKE_DETACH_LIVE], ==, 1);
}

static void
add(const char *name, void (*function)(World *, gconstpointer))
{
    g_autofree char *english = g_strdup_printf("/translated/%s/english", name);
    g_autofree char *german = g_strdup_printf("/translated/%s/german", name);

    g_test_add(english, World, NULL, set_up, function, world_tear_down);
    g_test_add(german, World, "de", set_up, function, world_tear_down);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("other-guest-first", test_other_guest_was_first);
    add("other-guest-not-seen", test_other_guest_is_not_seen_yet);
    add("other-command-first", test_other_command_was_first);
    add("other-command-took-over", test_other_command_took_over);
    add("address-taken", test_address_taken);
    add("alias-taken", test_alias_taken_in_config);
    add("guest-stopped", test_guest_stopped);
    add("unplug-refused", test_unplug_refused);
    add("unplug-meets-the-end", test_unplug_meets_the_end);
    add("port-without-unplug", test_port_without_unplug);
    return g_test_run();
}
