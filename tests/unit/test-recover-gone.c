/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/error.h"
#include "host/files/taken-driver.h"
#include "recover-fixture.h"

/* A guest is undefined with the VF, or with a killed command, on record: its metadata goes along,
 * and what root noted of it stays. */

static const char *const one[] = {VF, NULL};

/* Another guest has the name from then on. */
static void
undefine(RecoverWorld *recover)
{
    FakeGuest *next = fake_add_guest(recover->world.fake, "db1", TRUE, TRUE);

    g_assert_true(g_ptr_array_remove(recover->world.fake->guests, recover->world.guest));
    recover->world.guest = next;
}

/* The guest has had the VF, with settings that libvirt does not put back. */
static void
leave_settings(RecoverWorld *recover)
{
    recover->world.wish->vf.trust = 1;
    g_assert_true(run_attach(&recover->world, one));
    fake_stop_guest(recover->world.fake, recover->world.guest);
    undefine(recover);
    recover->world.wish->vf.trust = -1;
    g_assert_cmpint(fake_vf_settings(recover->world.fake, VF)->trust, ==, 1);
}

static const VasRecovery *
assert_put_right(RecoverWorld *recover, const char *command, VasRecoveryOutcome outcome)
{
    const VasRecovery *recovery = NULL;

    (void) run_recover(recover, NULL);
    g_assert_no_error(recover->world.error);
    g_assert_cmpuint(recover->world.recoveries->len, ==, 1);
    recovery = g_ptr_array_index(recover->world.recoveries, 0);
    g_assert_cmpstr(recovery->command, ==, command);
    g_assert_cmpint(recovery->outcome, ==, outcome);
    g_assert_true(was_noted(recover, "there is no guest 00000000-0000-0000-0000-000000000001"));
    assert_settings_as_before(recover);
    assert_state(&recover->world, VF, FALSE, FALSE, "igbvf");
    assert_nothing_noted(&recover->world);
    g_assert_true(run_recover(recover, NULL));
    g_assert_cmpuint(recover->world.recoveries->len, ==, 0);
    return recovery;
}

static void
test_settings(RecoverWorld *recover, gconstpointer data)
{
    leave_settings(recover);
    g_assert_true(run_recover(recover, "db1"));
    g_assert_cmpint(fake_vf_settings(recover->world.fake, VF)->trust, ==, 1);
    (void) assert_put_right(recover, "release", VAS_RECOVERY_FINISHED);
}

/* The next guest gets the VF as the host had it, and the host gets it back so. */
static void
test_next_guest(RecoverWorld *recover, gconstpointer data)
{
    leave_settings(recover);
    g_assert_true(run_attach(&recover->world, one));
    g_assert_cmpint(fake_vf_settings(recover->world.fake, VF)->trust, ==, 0);
    g_assert_true(run_recover(recover, NULL));
    g_assert_cmpuint(recover->world.recoveries->len, ==, 0);
    g_assert_true(run_detach(&recover->world, one));
    assert_settings_as_before(recover);
    assert_nothing_noted(&recover->world);
}

/* libvirt died before it noted what it had done, and gives nothing back. */
static void
test_killed_attach(RecoverWorld *recover, gconstpointer data)
{
    die_at(recover, FAKE_ATTACH_LIVE, 1);
    kill_attach(recover, one);
    fake_set_driver(recover->world.fake, VF, "vfio-pci");
    undefine(recover);
    (void) assert_put_right(recover, "attach", VAS_RECOVERY_UNDONE);
}

/* The notes stay until it succeeds. */
static void
test_fails(RecoverWorld *recover, gconstpointer data)
{
    leave_settings(recover);
    fake_plan_fault(recover->world.fake, FAKE_WRITE_VF, 1, FAKE_FAILS, VAS_ERROR_FAILED, "no");
    g_assert_false(run_recover(recover, NULL));
    g_assert_cmpstr(vas_error_hint(recover->world.error), ==, "try again: virt-assign recover");
    testing_assert_error(&recover->world.error, VAS_ERROR_FAILED, "could not be put right");
    (void) assert_put_right(recover, "release", VAS_RECOVERY_FINISHED);
}

static void
test_killed_attach_fails(RecoverWorld *recover, gconstpointer data)
{
    recover->world.wish->vf.trust = 1;
    die_at(recover, FAKE_ATTACH_CONFIG, 1);
    kill_attach(recover, one);
    fake_stop_guest(recover->world.fake, recover->world.guest);
    undefine(recover);
    fake_plan_fault(recover->world.fake, FAKE_WRITE_VF, 1, FAKE_FAILS, VAS_ERROR_FAILED, "no");
    g_assert_false(run_recover(recover, NULL));
    testing_assert_hint(recover->world.error, "virt-assign recover");
    g_clear_error(&recover->world.error);
    (void) assert_put_right(recover, "attach", VAS_RECOVERY_UNDONE);
}

/* A guest that cannot be read is not gone, nor is one of a libvirt that is not asked. */
static void
test_not_gone(RecoverWorld *recover, gconstpointer data)
{
    g_autofree char *note = NULL;

    recover->world.wish->vf.trust = 1;
    g_assert_true(run_attach(&recover->world, one));
    recover->world.guest->extra = g_strdup("<no");
    g_assert_true(run_recover(recover, NULL));
    g_clear_pointer(&recover->world.guest->extra, g_free);
    undefine(recover);
    recover->world.fake->context.virsh = "virsh -c qemu:///session";
    g_assert_true(run_recover(recover, NULL));
    g_assert_cmpuint(recover->world.recoveries->len, ==, 0);
    note = world_noted(&recover->world, "vf-" VF);
    g_assert_nonnull(note);
}

/* A VF may be removed while it is off its host driver. */
static void
test_device(RecoverWorld *recover, gconstpointer data)
{
    const VasHost *host = recover->world.fake->host;
    const VasHostAddress there = {.pci = {.bus = 1, .slot = 0x10}};
    const VasHostAddress removed = {.pci = {.bus = 1, .slot = 0x10, .function = 4}};
    g_autofree char *kept = NULL;

    g_assert_true(vas_taken_driver_note(host, there, "igbvf", &recover->world.error));
    g_assert_true(vas_taken_driver_note(host, removed, "igbvf", &recover->world.error));
    g_assert_true(run_recover(recover, NULL));
    g_assert_true(was_noted(recover, "0000:01:10.4 is not there any more"));
    g_assert_null(vas_taken_driver_read(host, removed));
    kept = vas_taken_driver_read(host, there);
    g_assert_cmpstr(kept, ==, "igbvf");
}

#define ADD(name, function)                                                                        \
    g_test_add("/recover-gone/" name, RecoverWorld, NULL, recover_set_up, function,                \
               recover_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("settings", test_settings);
    ADD("next-guest", test_next_guest);
    ADD("killed-attach", test_killed_attach);
    ADD("fails", test_fails);
    ADD("killed-attach-fails", test_killed_attach_fails);
    ADD("not-gone", test_not_gone);
    ADD("device", test_device);
    return g_test_run();
}
