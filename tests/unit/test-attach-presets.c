/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/verbs/attach.h"

#include "world.h"

/* An attach tells of other programs' files that write over the VF. */

#define VF "0000:01:10.0"
#define PF "/sys/bus/pci/devices/0000:01:00.0"

static void
set_up(World *world, gconstpointer data)
{
    world_set_up(world, data);
    testing_scratch_write(world->fake->root, PF "/class", "0x020000\n");
    testing_scratch_write(world->fake->root, PF "/sriov_totalvfs", "7\n");
    fake_vf_settings(world->fake, VF)->spoof_check = 1;
    world->wish->vlan = 100;
    world->dry_run = TRUE;
}

static void
write_preset(World *world, const char *settings)
{
    g_autofree char *text =
        g_strconcat("[Match]\nOriginalName=*\n[SR-IOV]\nVirtualFunction=0\n", settings, NULL);

    testing_scratch_write(world->fake->root, "/etc/systemd/network/10-vfs.link", text);
}

static gboolean
was_told(const World *world, const char *text)
{
    return g_ptr_array_find_with_equal_func(world->fake->notes, text, g_str_equal, NULL);
}

/* Another program's file has the VF otherwise: that is said, for the config, too. */
static void
test_otherwise(World *world, gconstpointer data)
{
    static const VasScope scopes[] = {VAS_SCOPE_LIVE, VAS_SCOPE_CONFIG};

    write_preset(world, "VLANId=7\nMACSpoofCheck=0\n");
    for (gsize i = 0; i < G_N_ELEMENTS(scopes); i++) {
        world->scope = scopes[i];
        g_ptr_array_set_size(world->fake->notes, 0);
        g_assert_true(attach_one(world, VF));
        g_assert_true(was_told(world, "systemd-udevd writes spoof check off, VLAN 7 over spoof "
                                      "check on, VLAN 100: /etc/systemd/network/10-vfs.link:3"));
    }
}

/* Nothing is said of a file that has the VF as the guest gets it, or another VF. */
static void
test_alike(World *world, gconstpointer data)
{
    static const char *const same[] = {"VLANId=100\nMACSpoofCheck=1\nTrust=1\n",
                                       "VirtualFunction=1\nTrust=0\n"};

    world->wish->vf.trust = 1;
    for (gsize i = 0; i < G_N_ELEMENTS(same); i++) {
        write_preset(world, same[i]);
        g_assert_true(attach_one(world, VF));
        g_assert_cmpuint(world->fake->notes->len, ==, 0);
    }
}

#define ADD(name, function)                                                                        \
    g_test_add("/attach-presets/" name, World, NULL, set_up, function, world_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("otherwise", test_otherwise);
    ADD("alike", test_alike);
    return g_test_run();
}
