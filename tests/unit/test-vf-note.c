/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/journal/vf-note.h"

#include "core/value/error.h"
#include "world.h"

#include <glib/gstdio.h>
#include <string.h>

/* Commands keep what a PF held about a VF in files of root's, and find it there. */

#define VF "0000:01:10.0"
#define NOTE "vf-" VF

static const VasVfSettings before = {
    .vlan = 42, .vlan_protocol = VAS_VLAN_PROTOCOL, .max_rate = 100, .spoof_check = 1};

static void
set_up(World *world, gconstpointer data)
{
    world_set_up(world, data);
    *fake_vf_settings(world->fake, VF) = before;
}

static gboolean
ends_with_run(const World *world)
{
    g_autofree char *note = world_noted(world, NOTE);

    g_assert_nonnull(note);
    return strstr(note, " run=") != NULL;
}

/* A live-only attach is noted for the guest's run, unless something would be left at its end that
 * libvirt does not put back. */
static void
test_how_long_it_is_noted(World *world, gconstpointer data)
{
    world->scope = VAS_SCOPE_LIVE;
    g_assert_true(attach_one(world, VF));
    g_assert_true(ends_with_run(world));
    world->scope = 0;
    g_assert_true(attach_one(world, VF));
    g_assert_true(detach_one(world, VF));
    assert_nothing_noted(world);
    world->scope = VAS_SCOPE_LIVE;
    world->wish->vf.trust = 1;
    g_assert_true(attach_one(world, VF));
    g_assert_false(ends_with_run(world));
    g_assert_true(detach_one(world, VF));
    assert_nothing_noted(world);
}

/* libvirt puts back what it set for the run that has ended, and an administrator's change since is
 * not taken for a setting of the guest's. */
static void
test_run_is_over(World *world, gconstpointer data)
{
    world->scope = VAS_SCOPE_LIVE;
    g_assert_true(attach_one(world, VF));
    fake_stop_guest(world->fake, world->guest);
    *fake_vf_settings(world->fake, VF) = before;
    fake_vf_settings(world->fake, VF)->max_rate = 7;
    fake_start_guest(world->fake, world->guest);
    g_assert_true(attach_one(world, VF));
    g_assert_cmpint(fake_vf_settings(world->fake, VF)->max_rate, ==, 7);
    g_assert_true(detach_one(world, VF));
    g_assert_cmpint(fake_vf_settings(world->fake, VF)->max_rate, ==, 7);
    fake_vf_settings(world->fake, VF)->max_rate = before.max_rate;
    assert_nothing_noted(world);
}

/* A note that cannot be read may say what is to be put back: nothing is done over it. */
static void
test_garbled(World *world, gconstpointer data)
{
    g_autoptr(GPtrArray) notes = NULL;

    testing_scratch_write(world->fake->root, "/run/virt-assign/" NOTE, "<vf version='1'/>");
    g_assert_false(attach_one(world, VF));
    testing_assert_hint(world->error, "then remove the file");
    testing_assert_error(&world->error, VAS_ERROR_FAILED,
                         "/run/virt-assign/" NOTE " cannot be read as the settings of a VF: it is");
    g_assert_cmpuint(world->fake->calls[FAKE_ATTACH_LIVE], ==, 0);
    notes = vas_vf_note_list(world->fake->host);
    g_assert_cmpuint(notes->len, ==, 0);
}

static void
test_of_another_device(World *world, gconstpointer data)
{
    g_autofree char *note = NULL;
    VasVfRecord *record = NULL;
    VasHostAddress other;

    g_assert_true(attach_one(world, VF));
    note = world_noted(world, NOTE);
    testing_scratch_write(world->fake->root, "/run/virt-assign/vf-0000:01:10.2", note);
    g_assert_true(vas_host_address_parse("0000:01:10.2", &other, NULL));
    g_assert_false(vas_vf_note_read(world->fake->host, other, &record, &world->error));
    testing_assert_error(&world->error, VAS_ERROR_FAILED, "0000:01:10.2 is not its device");
}

/* A user who is not root cannot write it: libvirt puts back what it set, and a NOTE says so. Root
 * is refused. */
static void
test_denied(World *world, gconstpointer data)
{
    g_autofree char *folder = g_build_filename(world->fake->root->path, "run/virt-assign", NULL);

    g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
    g_assert_cmpint(g_chmod(folder, 0777), ==, 0);
    world->fake->context.must_lock = TRUE;
    g_assert_false(attach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_DENIED, "/run/virt-assign/" NOTE);
    g_assert_cmpuint(world->fake->calls[FAKE_ATTACH_LIVE], ==, 0);
    world->fake->context.must_lock = FALSE;
    g_assert_true(attach_one(world, VF));
    g_assert_nonnull(strstr(g_ptr_array_index(world->fake->notes, world->fake->notes->len - 1),
                            "detach will not put the settings of " VF " back: write"));
    g_assert_true(detach_one(world, VF));
}

/* Not every driver takes a MAC away again: that is said, and fails nothing. */
static void
test_mac_stays(World *world, gconstpointer data)
{
    static const VasMacAddress set = {{0x52, 0x54, 0, 0, 0, 1}};
    VasVfSettings *now = fake_vf_settings(world->fake, VF);

    world->wish->vf.trust = 1;
    g_assert_true(attach_one(world, VF));
    fake_stop_guest(world->fake, world->guest);
    now->mac = set;
    world->fake->vf_refuses = VAS_VF_MAC;
    g_assert_true(detach_one(world, VF));
    g_assert_cmpint(now->trust, ==, 0);
    g_assert_true(vas_mac_address_equal(now->mac, set));
    g_assert_nonnull(strstr(g_ptr_array_index(world->fake->notes, world->fake->notes->len - 1),
                            "VF 0 of enp1s0 keeps the MAC that libvirt set, though none was set"));
}

#define ADD(name, function)                                                                        \
    g_test_add("/vf-note/" name, World, NULL, set_up, function, world_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("how-long-it-is-noted", test_how_long_it_is_noted);
    ADD("run-is-over", test_run_is_over);
    ADD("garbled", test_garbled);
    ADD("of-another-device", test_of_another_device);
    ADD("denied", test_denied);
    ADD("mac-stays", test_mac_stays);
    return g_test_run();
}
