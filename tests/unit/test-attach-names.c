/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/error.h"
#include "world.h"

#include <string.h>

/* attach goes by the name that the guest is to give, and tells what it does to the names of others.
 */

#define VF "0000:01:10.0"
#define MAC "52:54:00:00:00:01"
#define AT(bus, slot)                                                                              \
    "<address type='pci' domain='0x0000' bus='" bus "' slot='" slot "' function='0x0'/>"
#define NIC(bus, slot)                                                                             \
    "<interface type='network'><mac address='" MAC "'/>" AT(bus, slot) "</interface>"
/* These are two conventional buses, 05 and 06, in ports 1 and 2. */
#define BRIDGES                                                                                    \
    "<controller type='pci' index='5' model='pcie-to-pci-bridge'>" AT(                             \
        "0x01", "0x00") "</controller><controller type='pci' index='6' "                           \
                        "model='pcie-to-pci-bridge'>" AT("0x02", "0x00") "</controller>"

static void
set_up(World *world, gconstpointer data)
{
    world_set_up(world, data);
    world->guest->extra = g_strdup(BRIDGES NIC("0x05", "0x03"));
}

static gboolean
attach_vf(World *world)
{
    const char *const devices[] = {VF, NULL};

    return run_attach(world, devices);
}

static const VasResult *
result(const World *world)
{
    return g_ptr_array_index(world->results, 0);
}

static void
wish_address(World *world, const char *address)
{
    world->wish->has_guest_address =
        vas_guest_address_parse(address, &world->wish->guest_address, NULL);
    g_assert_true(world->wish->has_guest_address);
}

static void
test_by_path(World *world, gconstpointer data)
{
    /* The bridges take a number each: libvirt's bus 4 is the guest's bus 6. */
    world->wish->guest_name = g_strdup("enp6s0");
    g_assert_true(attach_vf(world));
    g_assert_cmpstr(vas_guest_address_text(result(world)->guest_address).text, ==, "0000:04:00.0");
    g_assert_cmpstr(result(world)->predicted_name, ==, "enp6s0");
    g_assert_null(result(world)->predicted_older);
    g_assert_true(fake_has(world->guest, VAS_SCOPE_LIVE, VF));
}

static void
test_by_index(World *world, gconstpointer data)
{
    world->wish->guest_name = g_strdup("eno7");
    g_assert_true(attach_vf(world));
    g_assert_cmpstr(result(world)->predicted_name, ==, "eno7");
    g_assert_nonnull(strstr(g_ptr_array_index(world->guest->live, 0), "<acpi index=\"7\"/>"));
    /* The device is there already, and is refused under another name. */
    g_assert_true(attach_vf(world));
    g_assert_cmpint(result(world)->outcome, ==, VAS_OUTCOME_ALREADY);
    g_free(world->wish->guest_name);
    world->wish->guest_name = g_strdup("eno8");
    g_assert_false(attach_vf(world));
    testing_assert_error(&world->error, VAS_ERROR_CONFLICT, "where it is eno7 instead of eno8");
}

static void
test_taken_name(World *world, gconstpointer data)
{
    world->wish->guest_name = g_strdup("ens3");
    g_assert_false(attach_vf(world));
    testing_assert_error(&world->error, VAS_ERROR_TAKEN,
                         "attach " VF " to db1: the name ens3 is taken by NIC " MAC);
    g_assert_cmpuint(world->guest->live->len, ==, 0);
}

/* The name that an older systemd gives is said where it is another. */
static void
test_older_name(World *world, gconstpointer data)
{
    wish_address(world, "0000:06:04.0");
    g_assert_true(attach_vf(world));
    g_assert_cmpstr(result(world)->predicted_name, ==, "ens4");
    g_assert_cmpstr(result(world)->predicted_older, ==, "enp4s4");
}

static void
test_rename(World *world, gconstpointer data)
{
    wish_address(world, "0000:06:03.0");
    g_assert_false(attach_vf(world));
    testing_assert_hint(world->error, "--force");
    testing_assert_error(&world->error, VAS_ERROR_CONFLICT,
                         "guest address 0000:06:03.0 renames NIC " MAC " from ens3");
    g_assert_cmpuint(world->guest->live->len, ==, 0);
    g_assert_cmpuint(world->fake->notes->len, ==, 0);
    world->force = TRUE;
    g_assert_true(attach_vf(world));
    g_assert_cmpuint(result(world)->overridden->len, ==, 1);
    g_assert_cmpuint(world->fake->notes->len, ==, 1);
    g_assert_nonnull(strstr(g_ptr_array_index(world->fake->notes, 0), "renames NIC " MAC));
}

/* libvirt puts the port for a new bus behind the first one, before those of the others. */
static void
test_rename_by_port(World *world, gconstpointer data)
{
    g_free(world->guest->extra);
    world->guest->extra = g_strdup(NIC("0x03", "0x00"));
    world->scope = VAS_SCOPE_CONFIG;
    wish_address(world, "0000:05:00.0");
    g_assert_false(attach_vf(world));
    testing_assert_error(&world->error, VAS_ERROR_CONFLICT,
                         "renames NIC " MAC " from enp3s0 to enp4s0");
    /* An acpi index keeps its name whatever the number of the bus. */
    g_free(world->guest->extra);
    world->guest->extra = g_strdup("<interface type='network'><mac address='" MAC "'/>"
                                   "<acpi index='1'/>" AT("0x03", "0x00") "</interface>");
    g_assert_true(attach_vf(world));
}

/* The port is in the config, not yet in the running guest. */
static void
test_in_the_config(World *world, gconstpointer data)
{
    g_clear_pointer(&world->guest->extra, g_free);
    g_ptr_array_add(world->guest->ports,
                    g_strdup("<controller type='pci' index='5' model='pcie-root-port'>" AT(
                        "0x00", "0x1e") "</controller>"));
    world->scope = VAS_SCOPE_CONFIG;
    wish_address(world, "0000:05:00.0");
    g_assert_true(attach_vf(world));
    g_assert_cmpstr(result(world)->predicted_name, ==, "enp5s0");
}

/* Another VF comes back to it at the next start. */
static void
promise_first_port(World *world)
{
    g_clear_pointer(&world->guest->extra, g_free);
    g_ptr_array_add(world->guest->config,
                    g_strdup("<hostdev mode='subsystem' type='pci' managed='yes'><source>" AT(
                        "0x02", "0x10") "</source>" AT("0x01", "0x00") "</hostdev>"));
    world->scope = VAS_SCOPE_LIVE;
}

static void
test_promised_place(World *world, gconstpointer data)
{
    promise_first_port(world);
    world->wish->guest_name = g_strdup("eno7");
    g_assert_true(attach_vf(world));
    g_assert_cmpstr(vas_guest_address_text(result(world)->guest_address).text, ==, "0000:02:00.0");
}

/* Whoever wants that name wants that place. */
static void
test_promised_name(World *world, gconstpointer data)
{
    promise_first_port(world);
    world->wish->guest_name = g_strdup("enp1s0");
    g_assert_true(attach_vf(world));
    g_assert_cmpstr(vas_guest_address_text(result(world)->guest_address).text, ==, "0000:01:00.0");
}

/* In the config a bridge has the number that the port has in the running guest. */
static void
test_other_name_in_the_config(World *world, gconstpointer data)
{
    g_clear_pointer(&world->guest->extra, g_free);
    g_ptr_array_add(world->guest->ports,
                    g_strdup("<controller type='pci' index='5' model='pcie-to-pci-bridge'>" AT(
                        "0x01", "0x00") "</controller>"));
    world->scope = VAS_SCOPE_LIVE;
    world->wish->guest_name = g_strdup("enp4s0");
    g_assert_true(attach_vf(world));
    world->scope = VAS_SCOPE_CONFIG;
    g_assert_false(attach_vf(world));
    testing_assert_hint(world->error, "detach it first");
    testing_assert_error(&world->error, VAS_ERROR_CONFLICT,
                         "is in running db1 at 0000:04:00.0, where it would be enp5s0 instead of "
                         "enp4s0 by the config");
    g_clear_pointer(&world->wish->guest_name, g_free);
    g_assert_true(attach_vf(world));
    g_assert_cmpstr(result(world)->predicted_name, ==, "enp5s0");
}

#define ADD(name, function)                                                                        \
    g_test_add("/attach-names/" name, World, NULL, set_up, function, world_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("by-path", test_by_path);
    ADD("by-index", test_by_index);
    ADD("taken-name", test_taken_name);
    ADD("older-name", test_older_name);
    ADD("rename", test_rename);
    ADD("rename-by-port", test_rename_by_port);
    ADD("in-the-config", test_in_the_config);
    ADD("other-name-in-the-config", test_other_name_in_the_config);
    ADD("promised-place", test_promised_place);
    ADD("promised-name", test_promised_name);
    return g_test_run();
}
