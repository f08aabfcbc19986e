/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/verbs/attach.h"

#include "core/value/error.h"
#include "core/report/step.h"
#include "engine/verbs/detach.h"
#include "world.h"

#include <glib/gstdio.h>
#include <string.h>

/* The settings of a VF go into a guest with it, and are put back. */

#define VF "0000:01:10.0"
#define NOTE "vf-" VF

/* The PF holds these settings at the start. */
static const VasVfSettings before = {.mac = {{0x52, 0x54, 0, 0xbb, 0, 1}},
                                     .vlan = 42,
                                     .qos = 3,
                                     .vlan_protocol = VAS_VLAN_PROTOCOL,
                                     .max_rate = 100,
                                     .spoof_check = 1};

/* An administrator has set this and that for the VF. */
static void
set_up(World *world, gconstpointer data)
{
    world_set_up(world, data);
    *fake_vf_settings(world->fake, VF) = before;
}

static VasVfSettings *
now(const World *world)
{
    return fake_vf_settings(world->fake, VF);
}

/* Fails the test unless everything is as at the start, and nothing on record. */
static void
assert_as_before(const World *world)
{
    g_autofree char *differ =
        vas_vf_settings_text(now(world), vas_vf_settings_differ(now(world), &before));

    g_assert_cmpstr(differ, ==, "");
    g_assert_null(world->guest->metadata);
    g_assert_null(world->guest->config_metadata);
    assert_nothing_noted(world);
}

static gboolean
is_noted(const World *world)
{
    g_autofree char *note = world_noted(world, NOTE);

    return note != NULL;
}

static void
wish_all(World *world)
{
    world->wish->vlan = 100;
    world->wish->vf = (VasVfWish){
        .qos = 5, .max_rate = 50, .spoof_check = 0, .trust = 1, .link_state = VAS_VF_LINK_ENABLE};
}

/* libvirt loses the priority that was there, without any wish of ours. */
static void
test_what_libvirt_leaves_behind(World *world, gconstpointer data)
{
    g_assert_true(attach_one(world, VF));
    g_assert_cmpint(now(world)->vlan, ==, 0);
    g_assert_cmpint(now(world)->max_rate, ==, 100);
    g_assert_true(is_noted(world));
    g_assert_false(fake_has_unfinished(world->guest));
    g_assert_true(detach_one(world, VF));
    assert_as_before(world);
    g_assert_true(result_at(world, 0)->has_vf_settings);
    g_assert_cmpint(result_at(world, 0)->vf_settings.qos, ==, 3);
}

static void
test_all_in_and_out(World *world, gconstpointer data)
{
    wish_all(world);
    g_assert_true(attach_one(world, VF));
    g_assert_cmpint(now(world)->vlan, ==, 100);
    g_assert_cmpint(now(world)->qos, ==, 5);
    g_assert_cmpint(now(world)->max_rate, ==, 50);
    g_assert_cmpint(now(world)->spoof_check, ==, 0);
    g_assert_cmpint(now(world)->trust, ==, 1);
    g_assert_cmpint(now(world)->link_state, ==, VAS_VF_LINK_ENABLE);
    g_assert_true(result_at(world, 0)->has_vf_settings);
    g_assert_cmpint(result_at(world, 0)->vf_settings.qos, ==, 5);
    g_assert_cmpuint(result_at(world, 0)->vf_fields, ==,
                     VAS_VF_SPOOF_CHECK | VAS_VF_TRUST | VAS_VF_LINK_STATE | VAS_VF_RATE |
                         VAS_VF_VLAN);
    g_assert_true(detach_one(world, VF));
    assert_as_before(world);
}

static void
test_order_of_steps(World *world, gconstpointer data)
{
    static const VasStepKind kinds[] = {
        VAS_STEP_RECORD_VF,       VAS_STEP_SET_VF,      VAS_STEP_ATTACH_LIVE,
        VAS_STEP_SET_VF_PRIORITY, VAS_STEP_PROVE_LIVE,  VAS_STEP_ATTACH_CONFIG,
        VAS_STEP_PROVE_CONFIG,    VAS_STEP_PROVE_ALONE, VAS_STEP_KEEP_WISH,
    };

    wish_all(world);
    world->dry_run = TRUE;
    g_assert_true(attach_one(world, VF));
    g_assert_cmpuint(world->steps->len, ==, G_N_ELEMENTS(kinds));
    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
        const VasStep *step = g_ptr_array_index(world->steps, i);

        g_assert_cmpint(step->kind, ==, kinds[i]);
    }
    assert_as_before(world);
}

/* The settings stay over the end of the guest, and another start. */
static void
test_survives_a_restart(World *world, gconstpointer data)
{
    world->wish->vf.trust = 1;
    g_assert_true(attach_one(world, VF));
    fake_stop_guest(world->fake, world->guest);
    g_assert_cmpint(now(world)->trust, ==, 1);
    fake_start_guest(world->fake, world->guest);
    g_assert_true(detach_one(world, VF));
    assert_as_before(world);
}

static void
test_put_back_of_a_stopped_guest(World *world, gconstpointer data)
{
    world->wish->vf.trust = 1;
    g_assert_true(attach_one(world, VF));
    fake_stop_guest(world->fake, world->guest);
    g_assert_true(detach_one(world, VF));
    assert_as_before(world);
}

/* The settings are made at once, as they will be when the guest starts. */
static void
test_shut_off_guest(World *world, gconstpointer data)
{
    fake_stop_guest(world->fake, world->guest);
    world->wish->vf.trust = 1;
    g_assert_true(attach_one(world, VF));
    g_assert_cmpint(now(world)->trust, ==, 1);
    g_assert_cmpint(now(world)->vlan, ==, 42);
    g_assert_true(result_at(world, 0)->has_vf_settings);
    g_assert_true(detach_one(world, VF));
    assert_as_before(world);
}

/* The VF is in the guest already: its settings alone are changed, the record stays the first. */
static void
test_changed_later(World *world, gconstpointer data)
{
    world->wish->vf.trust = 1;
    g_assert_true(attach_one(world, VF));
    world->wish->vf = VAS_VF_WISH_NOTHING;
    world->wish->vf.max_rate = 10;
    g_assert_true(attach_one(world, VF));
    g_assert_cmpint(result_at(world, 0)->outcome, ==, VAS_OUTCOME_DONE);
    g_assert_cmpint(now(world)->max_rate, ==, 10);
    g_assert_cmpint(now(world)->trust, ==, 1);
    g_assert_true(attach_one(world, VF));
    g_assert_cmpint(result_at(world, 0)->outcome, ==, VAS_OUTCOME_ALREADY);
    g_assert_true(detach_one(world, VF));
    assert_as_before(world);
}

/* A change that fails takes back itself, and nothing of what was there. */
static void
test_change_fails(World *world, gconstpointer data)
{
    world->wish->vf.trust = 1;
    g_assert_true(attach_one(world, VF));
    world->fake->vf_refuses = VAS_VF_LINK_STATE;
    world->wish->vf = (VasVfWish){-1, 10, -1, -1, VAS_VF_LINK_DISABLE};
    g_assert_false(attach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_UNSUPPORTED, "link state");
    g_assert_cmpint(now(world)->max_rate, ==, 100);
    g_assert_cmpint(now(world)->trust, ==, 1);
    g_assert_true(fake_has(world->guest, VAS_SCOPE_LIVE, VF));
    g_assert_true(is_noted(world));
    g_assert_true(detach_one(world, VF));
    assert_as_before(world);
}

/* The guest never sees the VF. */
static void
test_driver_refuses(World *world, gconstpointer data)
{
    wish_all(world);
    world->fake->vf_refuses = VAS_VF_LINK_STATE;
    g_assert_false(attach_one(world, VF));
    testing_assert_hint(world->error, "leave it out");
    testing_assert_error(&world->error, VAS_ERROR_UNSUPPORTED, "link state");
    g_assert_cmpuint(world->fake->calls[FAKE_ATTACH_LIVE], ==, 0);
    assert_as_before(world);
}

static void
test_driver_lies(World *world, gconstpointer data)
{
    wish_all(world);
    world->fake->vf_ignores = VAS_VF_TRUST;
    g_assert_false(attach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_FAILED, "trust off instead of trust on");
    g_assert_cmpuint(world->fake->calls[FAKE_ATTACH_LIVE], ==, 0);
    assert_as_before(world);
}

/* A setting that cannot be read cannot be put back. */
static void
test_driver_does_not_tell(World *world, gconstpointer data)
{
    now(world)->trust = -1;
    world->wish->vf.trust = 1;
    g_assert_false(attach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_UNSUPPORTED,
                         "does not tell the trust of its VFs");
    world->wish->vf = VAS_VF_WISH_NOTHING;
    g_assert_true(attach_one(world, VF));
    g_assert_true(detach_one(world, VF));
    g_assert_cmpint(now(world)->trust, ==, -1);
    now(world)->trust = 0;
    assert_as_before(world);
}

static void
test_attach_fails(World *world, gconstpointer data)
{
    static const FakeCall calls[] = {FAKE_ATTACH_LIVE, FAKE_ATTACH_CONFIG};
    static const FakeFault faults[] = {FAKE_FAILS, FAKE_FAILS_LATE, FAKE_LIES};

    wish_all(world);
    for (guint i = 0; i < G_N_ELEMENTS(calls) * G_N_ELEMENTS(faults); i++) {
        fake_plan_fault(world->fake, calls[i % 2], 1, faults[i / 2], VAS_ERROR_FAILED, "disk full");
        g_assert_false(attach_one(world, VF));
        g_assert_nonnull(world->error);
        g_clear_error(&world->error);
        g_assert_false(fake_has(world->guest, VAS_SCOPE_LIVE, VF));
        g_assert_false(fake_has(world->guest, VAS_SCOPE_CONFIG, VF));
        assert_as_before(world);
    }
}

static void
end_for_good(FakeHypervisor *fake)
{
    FakeGuest *guest = fake_find_guest(fake, "db1");

    fake_stop_guest(fake, guest);
    g_ptr_array_remove(fake->guests, guest);
}

/* A transient guest takes all of its definitions along: what was set on the host stays to be put
 * back. */
static void
test_transient_guest_ends(World *world, gconstpointer data)
{
    g_autofree char *differ = NULL;

    wish_all(world);
    world->guest->persistent = FALSE;
    world->fake->on_fault = end_for_good;
    fake_plan_fault(world->fake, FAKE_ATTACH_LIVE, 1, FAKE_FAILS, VAS_ERROR_WRONG_STATE,
                    "domain is not running");
    g_assert_false(attach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_WRONG_STATE, "domain is not running");
    differ = vas_vf_settings_text(now(world), vas_vf_settings_differ(now(world), &before));
    g_assert_cmpstr(differ, ==, "");
    g_assert_cmpint(result_at(world, 0)->outcome, ==, VAS_OUTCOME_FAILED);
    g_assert_false(result_at(world, 0)->live);
    assert_nothing_noted(world);
    g_assert_cmpuint(world->fake->notes->len, ==, 0);
}

/* Nothing is changed before it is on record. */
static void
test_record_fails(World *world, gconstpointer data)
{
    wish_all(world);
    for (guint i = 1; i <= 2; i++) {
        fake_plan_fault(world->fake, FAKE_SET_METADATA, i, FAKE_FAILS, VAS_ERROR_FAILED, "locked");
        g_assert_false(attach_one(world, VF));
        testing_assert_error(&world->error, VAS_ERROR_FAILED, "locked");
        g_assert_cmpuint(world->fake->calls[FAKE_ATTACH_LIVE], ==, 0);
        assert_as_before(world);
    }
}

/* The VF is out of the guest, but not yet put back: the same command does the rest. */
static void
test_put_back_fails(World *world, gconstpointer data)
{
    wish_all(world);
    g_assert_true(attach_one(world, VF));
    world->fake->vf_refuses = VAS_VF_TRUST;
    g_assert_false(detach_one(world, VF));
    testing_assert_hint(world->error, "run the same detach again");
    testing_assert_error(&world->error, VAS_ERROR_PARTIAL,
                         "it was taken out, but: put the settings of VF 0");
    g_assert_false(fake_has(world->guest, VAS_SCOPE_LIVE, VF));
    g_assert_false(fake_has(world->guest, VAS_SCOPE_CONFIG, VF));
    g_assert_true(is_noted(world));
    world->fake->vf_refuses = 0;
    g_assert_true(detach_one(world, VF));
    assert_as_before(world);
}

/* The command ended, however, between the release and what comes after it. */
static void
test_detach_again_puts_back(World *world, gconstpointer data)
{
    world->wish->vf.trust = 1;
    g_assert_true(attach_one(world, VF));
    fake_plan_fault(world->fake, FAKE_DETACH_CONFIG, 1, FAKE_DISCONNECTS, 0, NULL);
    g_assert_false(detach_one(world, VF));
    g_clear_error(&world->error);
    g_assert_false(fake_has(world->guest, VAS_SCOPE_LIVE, VF));
    g_assert_true(is_noted(world));
    g_assert_true(world->fake->port.reopen(&world->fake->port, NULL));
    g_assert_true(detach_one(world, VF));
    assert_as_before(world);
}

/* The VF was released at the guest's end, and another guest has it by now, whose detach puts back
 * what was. */
static void
test_new_owner(World *world, gconstpointer data)
{
    const char *const devices[] = {VF, NULL};
    VasAttachRequest attach_request = {.guest = "web1", .devices = devices, .timeout = 1};
    VasDetachRequest detach_request = {.guest = "web1", .subjects = devices, .timeout = 1};
    g_autoptr(GPtrArray) attached = NULL;
    g_autoptr(GPtrArray) detached = NULL;

    fake_add_guest(world->fake, "web1", TRUE, TRUE);
    world->wish->vf.trust = 1;
    g_assert_true(attach_one(world, VF));
    fake_stop_guest(world->fake, world->guest);
    g_ptr_array_set_size(world->guest->config, 0);
    g_clear_pointer(&world->guest->config_metadata, g_free);
    world->wish->vf = VAS_VF_WISH_NOTHING;
    attach_request.wish = world->wish;
    g_assert_true(
        vas_attach(&world->fake->context, &attach_request, &attached, NULL, &world->error));
    g_assert_cmpint(now(world)->trust, ==, 0);
    g_assert_true(is_noted(world));
    g_assert_true(
        vas_detach(&world->fake->context, &detach_request, &detached, NULL, &world->error));
    assert_as_before(world);
}

/* The same, but it went there by other means: the record is no longer of use. */
static void
test_never_touches_new_owner(World *world, gconstpointer data)
{
    FakeGuest *other = fake_add_guest(world->fake, "web1", TRUE, TRUE);

    world->wish->vf.trust = 1;
    g_assert_true(attach_one(world, VF));
    fake_stop_guest(world->fake, world->guest);
    g_assert_true(world->fake->port.attach(&world->fake->port, other->uuid,
                                           g_ptr_array_index(world->guest->config, 0),
                                           VAS_SCOPE_LIVE, &world->error));
    g_assert_true(detach_one(world, VF));
    g_assert_cmpint(now(world)->trust, ==, 1);
    g_assert_false(is_noted(world));
    g_assert_nonnull(strstr(g_ptr_array_index(world->fake->notes, world->fake->notes->len - 1),
                            "guest web1 has VF 0 of enp1s0 now"));
}

/* The new owner cannot be read: whoever it is, its settings are left alone. */
static void
test_owner_unreadable(World *world, gconstpointer data)
{
    FakeGuest *other = fake_add_guest(world->fake, "web1", TRUE, TRUE);

    world->wish->vf.trust = 1;
    g_assert_true(attach_one(world, VF));
    fake_stop_guest(world->fake, world->guest);
    g_assert_true(world->fake->port.attach(&world->fake->port, other->uuid,
                                           g_ptr_array_index(world->guest->config, 0),
                                           VAS_SCOPE_LIVE, &world->error));
    other->extra = g_strdup("<garbled");
    g_assert_false(detach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_PARTIAL,
                         "a running guest that cannot be read (web1) may have VF 0 of enp1s0");
    g_assert_cmpint(now(world)->trust, ==, 1);
    g_assert_nonnull(world->guest->config_metadata);
}

/* Another boot of the host made other VFs. */
static void
test_other_boot(World *world, gconstpointer data)
{
    g_autofree char *note = NULL;

    testing_scratch_write(world->fake->root, "/proc/sys/kernel/random/boot_id", "first\n");
    world->wish->vf.trust = 1;
    g_assert_true(attach_one(world, VF));
    note = world_noted(world, NOTE);
    g_assert_nonnull(strstr(note, "identity=\"first/"));
    fake_stop_guest(world->fake, world->guest);
    testing_scratch_write(world->fake->root, "/proc/sys/kernel/random/boot_id", "second\n");
    now(world)->max_rate = 7;
    g_assert_true(detach_one(world, VF));
    g_assert_cmpint(now(world)->max_rate, ==, 7);
    g_assert_cmpint(now(world)->trust, ==, 1);
    g_assert_false(is_noted(world));
}

/* VFs that were made anew have its address, but are others. */
static void
test_other_vf(World *world, gconstpointer data)
{
    g_autofree char *folder =
        g_build_filename(world->fake->root->path, "sys/bus/pci/devices", VF, NULL);
    g_autofree char *old = g_strconcat(folder, ".old", NULL);

    world->wish->vf.trust = 1;
    g_assert_true(attach_one(world, VF));
    fake_stop_guest(world->fake, world->guest);
    g_assert_cmpint(g_rename(folder, old), ==, 0);
    fake_set_driver(world->fake, VF, "igbvf");
    fake_set_override(world->fake, VF, NULL);
    *now(world) = before;
    now(world)->max_rate = 7;
    g_assert_true(detach_one(world, VF));
    g_assert_cmpint(now(world)->max_rate, ==, 7);
    g_assert_false(is_noted(world));
}

/* The settings stay on record until there is a way to put them back. */
static void
test_pf_without_interface(World *world, gconstpointer data)
{
    g_autofree char *net =
        g_build_filename(world->fake->root->path, "sys/bus/pci/devices/0000:01:00.0/net", NULL);
    g_autofree char *away = g_strconcat(net, ".away", NULL);

    world->wish->vf.trust = 1;
    g_assert_true(attach_one(world, VF));
    fake_stop_guest(world->fake, world->guest);
    g_assert_cmpint(g_rename(net, away), ==, 0);
    g_assert_true(detach_one(world, VF));
    g_assert_cmpint(now(world)->trust, ==, 1);
    g_assert_true(is_noted(world));
    g_assert_cmpint(g_rename(away, net), ==, 0);
    g_assert_true(detach_one(world, VF));
    assert_as_before(world);
}

/* libvirt touches nothing of a plain <hostdev>. */
static void
test_plain_hostdev(World *world, gconstpointer data)
{
    world->wish->has_type = TRUE;
    world->wish->type = VAS_ASSIGNMENT_HOSTDEV;
    g_assert_true(attach_one(world, VF));
    g_assert_false(is_noted(world));
    g_assert_true(detach_one(world, VF));
    world->wish->vf.trust = 1;
    g_assert_true(attach_one(world, VF));
    g_assert_cmpint(now(world)->trust, ==, 1);
    now(world)->mac.octets[5] = 9; /* by the guest's driver */
    g_assert_true(detach_one(world, VF));
    g_assert_cmpint(now(world)->mac.octets[5], ==, 9);
    now(world)->mac = before.mac;
    assert_as_before(world);
}

static gboolean
read_nothing(const char *pf_interface, int vf_index, VasVfSettings *ret_settings, gpointer data,
             GError **error)
{
    (void) ret_settings;
    g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND, "interface %s has no VF %d", pf_interface,
                vf_index);
    return FALSE;
}

/* Some drivers have no word for their VFs: that matters where libvirt, or we, set something. */
static void
test_pf_that_tells_nothing(World *world, gconstpointer data)
{
    world->fake->host->read_vf_settings = read_nothing;
    g_assert_false(attach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_NOT_FOUND, "enp1s0 has no VF 0");
    world->wish->has_type = TRUE;
    world->wish->type = VAS_ASSIGNMENT_HOSTDEV;
    g_assert_true(attach_one(world, VF));
    g_assert_true(detach_one(world, VF));
}

static const char *
first_step(World *world)
{
    world->dry_run = TRUE;
    g_assert_true(attach_one(world, VF));
    world->dry_run = FALSE;
    return ((const VasStep *) g_ptr_array_index(world->steps, 0))->text;
}

/* A step says what it does. */
static void
test_what_is_noted(World *world, gconstpointer data)
{
    world->wish->has_type = TRUE;
    world->wish->type = VAS_ASSIGNMENT_HOSTDEV;
    g_assert_true(g_str_has_prefix(first_step(world), "attach " VF));
    world->wish->vf.trust = 1;
    g_assert_true(g_str_has_prefix(first_step(world), "note the settings of VF 0 of enp1s0 as"));
    g_assert_true(attach_one(world, VF));
    world->wish->vf.max_rate = 10;
    g_assert_true(g_str_has_prefix(first_step(world), "keep the settings of VF 0 of enp1s0 as"));
    g_assert_true(detach_one(world, VF));
    assert_as_before(world);
}

static void
test_remote_host(World *world, gconstpointer data)
{
    world->fake->context.host = NULL;
    world->wish->vf.trust = 1;
    g_assert_false(attach_one(world, VF));
    testing_assert_error(&world->error, VAS_ERROR_UNSUPPORTED, "holds about its VFs");
    assert_as_before(world);
}

#define ADD(name, function)                                                                        \
    g_test_add("/attach-vf/" name, World, NULL, set_up, function, world_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("what-libvirt-leaves-behind", test_what_libvirt_leaves_behind);
    ADD("all-in-and-out", test_all_in_and_out);
    ADD("order-of-steps", test_order_of_steps);
    ADD("survives-a-restart", test_survives_a_restart);
    ADD("put-back-of-a-stopped-guest", test_put_back_of_a_stopped_guest);
    ADD("shut-off-guest", test_shut_off_guest);
    ADD("changed-later", test_changed_later);
    ADD("change-fails", test_change_fails);
    ADD("driver-refuses", test_driver_refuses);
    ADD("driver-lies", test_driver_lies);
    ADD("driver-does-not-tell", test_driver_does_not_tell);
    ADD("attach-fails", test_attach_fails);
    ADD("transient-guest-ends", test_transient_guest_ends);
    ADD("record-fails", test_record_fails);
    ADD("put-back-fails", test_put_back_fails);
    ADD("detach-again-puts-back", test_detach_again_puts_back);
    ADD("new-owner", test_new_owner);
    ADD("never-touches-new-owner", test_never_touches_new_owner);
    ADD("owner-unreadable", test_owner_unreadable);
    ADD("other-boot", test_other_boot);
    ADD("other-vf", test_other_vf);
    ADD("pf-without-interface", test_pf_without_interface);
    ADD("plain-hostdev", test_plain_hostdev);
    ADD("pf-that-tells-nothing", test_pf_that_tells_nothing);
    ADD("what-is-noted", test_what_is_noted);
    ADD("remote-host", test_remote_host);
    return g_test_run();
}
