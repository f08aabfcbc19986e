/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/error.h"
#include "engine/base/interrupt.h"
#include "recover-fixture.h"

#include <signal.h>
#include <string.h>

/* A call of libvirt's does not come back, since QEMU stands still, or libvirt is gone. */

static const char *const one[] = {VF, NULL};
static const char *const two[] = {VF, OTHER_VF, NULL};

static void
hang(RecoverWorld *recover, FakeCall call, guint nth, FakeFault fault)
{
    fake_plan_fault(recover->world.fake, call, nth, fault, 0, NULL);
}

static void
assert_as_before(const RecoverWorld *recover)
{
    assert_state(&recover->world, VF, FALSE, FALSE, "igbvf");
    assert_settings_as_before(recover);
    assert_nothing_on_record(recover);
}

/* The command has left, with all that it did on record. */
static void
assert_left(RecoverWorld *recover, guint results)
{
    g_assert_cmpuint(recover->world.fake->calls[FAKE_DETACH_LIVE], ==, 0);
    for (guint i = 0; i < results; i++)
        g_assert_cmpint(result_at(&recover->world, i)->outcome, ==, VAS_OUTCOME_PENDING);
    g_assert_cmpint(vas_error_exit_status(recover->world.error), ==, 5);
    testing_assert_hint(recover->world.error, "virt-assign recover db1");
    testing_assert_error(&recover->world.error, VAS_ERROR_TIMED_OUT, "has not answered");
    g_assert_true(is_on_record(recover));
}

static void
test_attach(RecoverWorld *recover, gconstpointer data)
{
    hang(recover, FAKE_ATTACH_LIVE, 1, FAKE_HANGS);
    g_assert_false(run_attach(&recover->world, one));
    assert_left(recover, 1);
    g_assert_false(run_recover(recover, "db1"));
    testing_assert_error(&recover->world.error, VAS_ERROR_TIMED_OUT, "has not answered");
    fake_go_on(recover->world.fake);
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    assert_as_before(recover);
}

/* libvirt has come back by the time that the command ends, which cannot know how it went. */
static void
test_comes_back(RecoverWorld *recover, gconstpointer data)
{
    fake_plan_fault(recover->world.fake, FAKE_ATTACH_LIVE, 1, FAKE_FAILS, VAS_ERROR_TIMED_OUT,
                    "libvirt has not answered");
    g_assert_false(run_attach(&recover->world, one));
    assert_left(recover, 1);
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    assert_as_before(recover);
}

/* In the end libvirt does it. */
static void
test_attach_late(RecoverWorld *recover, gconstpointer data)
{
    recover->world.scope = VAS_SCOPE_LIVE;
    hang(recover, FAKE_ATTACH_LIVE, 1, FAKE_HANGS_LATE);
    g_assert_false(run_attach(&recover->world, one));
    assert_left(recover, 1);
    fake_go_on(recover->world.fake);
    (void) assert_recovered(recover, VAS_RECOVERY_FINISHED);
    assert_state(&recover->world, VF, TRUE, FALSE, "vfio-pci");
}

/* Before anything could be done to undo it, the record was open to what had been done. */
static void
test_attach_of_two(RecoverWorld *recover, gconstpointer data)
{
    recover->world.keep_going = data != NULL;
    recover->world.scope = VAS_SCOPE_LIVE;
    hang(recover, FAKE_ATTACH_LIVE, 2, FAKE_HANGS);
    g_assert_false(run_attach(&recover->world, two));
    if (data == NULL) {
        assert_left(recover, 2);
    } else {
        g_assert_cmpint(result_at(&recover->world, 0)->outcome, ==, VAS_OUTCOME_DONE);
        testing_assert_error(&recover->world.error, VAS_ERROR_TIMED_OUT, "1 of 2 devices: ");
    }
    fake_go_on(recover->world.fake);
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    assert_state(&recover->world, VF, data != NULL, FALSE, data != NULL ? "vfio-pci" : "igbvf");
    assert_state(&recover->world, OTHER_VF, FALSE, FALSE, "igbvf");
    g_assert_false(is_on_record(recover));
}

static void
test_attach_to_config(RecoverWorld *recover, gconstpointer data)
{
    hang(recover, FAKE_ATTACH_CONFIG, 1, FAKE_HANGS_LATE);
    g_assert_false(run_attach(&recover->world, one));
    assert_left(recover, 1);
    fake_go_on(recover->world.fake);
    (void) assert_recovered(recover, VAS_RECOVERY_FINISHED);
    assert_state(&recover->world, VF, TRUE, TRUE, "vfio-pci");
}

static void
test_record(RecoverWorld *recover, gconstpointer data)
{
    hang(recover, FAKE_SET_METADATA, 1, FAKE_HANGS_LATE);
    g_assert_false(run_attach(&recover->world, one));
    testing_assert_error(&recover->world.error, VAS_ERROR_TIMED_OUT, "put the command on record");
    g_assert_cmpuint(recover->world.fake->calls[FAKE_ATTACH_LIVE], ==, 0);
    g_assert_true(was_noted(recover, "virt-assign recover db1"));
    fake_go_on(recover->world.fake);
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    assert_as_before(recover);
}

static void
have_one(RecoverWorld *recover)
{
    g_assert_true(run_attach(&recover->world, one));
}

/* The request may still reach QEMU: it stays on record, and the config as it is. */
static void
test_request(RecoverWorld *recover, gconstpointer data)
{
    have_one(recover);
    fake_plan_fault(recover->world.fake, FAKE_DETACH_LIVE, 1,
                    data != NULL ? FAKE_FAILS : FAKE_HANGS, VAS_ERROR_TIMED_OUT,
                    "libvirt has not answered");
    g_assert_false(run_detach(&recover->world, one));
    g_assert_cmpint(result_at(&recover->world, 0)->outcome, ==, VAS_OUTCOME_PENDING);
    g_assert_cmpint(vas_error_exit_status(recover->world.error), ==, 5);
    testing_assert_error(&recover->world.error, VAS_ERROR_TIMED_OUT,
                         "ask guest db1 to release " VF ": libvirt has not answered");
    g_assert_cmpuint(recover->world.fake->calls[FAKE_DETACH_CONFIG], ==, 0);
    g_assert_nonnull(strstr(recover->world.guest->metadata, "<release "));
    assert_state(&recover->world, VF, TRUE, TRUE, "vfio-pci");
    fake_go_on(recover->world.fake);
    recover->world.ask_again = TRUE;
    g_assert_true(run_detach(&recover->world, one));
    assert_as_before(recover);
}

static void
test_detach_from_config(RecoverWorld *recover, gconstpointer data)
{
    have_one(recover);
    hang(recover, FAKE_DETACH_CONFIG, 1, FAKE_HANGS);
    g_assert_false(run_detach(&recover->world, one));
    testing_assert_error(&recover->world.error, VAS_ERROR_PARTIAL, "has not answered");
    assert_state(&recover->world, VF, FALSE, TRUE, "igbvf");
    fake_go_on(recover->world.fake);
    g_assert_true(run_detach(&recover->world, one));
    assert_as_before(recover);
}

/* An undo can hang as well. */
static void
test_undo(RecoverWorld *recover, gconstpointer data)
{
    fake_plan_fault(recover->world.fake, FAKE_ATTACH_CONFIG, 1, FAKE_FAILS, VAS_ERROR_FAILED, "no");
    hang(recover, FAKE_DETACH_LIVE, 1, FAKE_HANGS);
    g_assert_false(run_attach(&recover->world, one));
    testing_assert_hint(recover->world.error, "virt-assign recover db1");
    testing_assert_error(&recover->world.error, VAS_ERROR_UNDO_FAILED, "has not answered");
    g_assert_true(is_on_record(recover));
    g_assert_nonnull(strstr(recover->world.guest->metadata, "<release "));
}

static void
raise_now(FakeHypervisor *fake)
{
    vas_interrupt_raise(fake->context.interrupt, SIGTERM);
}

/* The command leaves soon after a signal, and says so. */
static void
test_signal(RecoverWorld *recover, gconstpointer data)
{
    FakeHypervisor *fake = recover->world.fake;
    g_autoptr(VasInterrupt) interrupt = vas_interrupt_new(&fake->port);

    fake->context.interrupt = interrupt;
    fake->on_fault = raise_now;
    hang(recover, FAKE_ATTACH_LIVE, 1, FAKE_HANGS);
    g_assert_false(run_attach(&recover->world, one));
    g_assert_true(fake->hurries);
    g_assert_cmpint(vas_error_exit_status(recover->world.error), ==, 128);
    testing_assert_hint(recover->world.error, "virt-assign recover db1");
    testing_assert_error(&recover->world.error, VAS_ERROR_INTERRUPTED, "interrupted by SIGTERM: ");
    g_assert_true(is_on_record(recover));
    g_assert_false(run_recover(recover, "db1"));
    testing_assert_error(&recover->world.error, VAS_ERROR_TIMED_OUT, "has not answered");
    fake->context.interrupt = NULL;
    fake->on_fault = NULL;
    fake_go_on(fake);
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    assert_as_before(recover);
}

/* libvirt is gone in the middle, and stays so: each guest with a record is told of. */
static void
test_libvirt_is_gone(RecoverWorld *recover, gconstpointer data)
{
    FakeGuest *other = fake_add_guest(recover->world.fake, "web1", TRUE, TRUE);

    die_at(recover, FAKE_ATTACH_CONFIG, 1);
    kill_attach(recover, one);
    other->metadata = g_strdup(recover->world.guest->metadata);
    for (guint i = 0; i < 2; i++) {
        die_at(recover, FAKE_SET_METADATA, 1);
        g_assert_false(run_recover(recover, i == 0 ? NULL : "db1"));
        g_assert_cmpint(recover->world.error->code, ==, VAS_ERROR_UNREACHABLE);
        testing_assert_hint(recover->world.error, "try again: virt-assign recover db1");
        testing_assert_error(&recover->world.error, VAS_ERROR_UNREACHABLE,
                             i == 0
                                 ? "2 of 2 unfinished commands: a command for guest db1 did not"
                                 : "a command for guest db1 did not end: could not be put right");
        revive(recover);
    }
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
}

#define ADD(name, data, function)                                                                  \
    g_test_add("/unanswered/" name, RecoverWorld, data, recover_set_up, function, recover_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("attach", NULL, test_attach);
    ADD("attach/comes-back", NULL, test_comes_back);
    ADD("attach/late", NULL, test_attach_late);
    ADD("attach/of-two", NULL, test_attach_of_two);
    ADD("attach/of-two/each-alone", "each", test_attach_of_two);
    ADD("attach/to-config", NULL, test_attach_to_config);
    ADD("record", NULL, test_record);
    ADD("request", NULL, test_request);
    ADD("request/comes-back", "back", test_request);
    ADD("detach-from-config", NULL, test_detach_from_config);
    ADD("undo", NULL, test_undo);
    ADD("signal", NULL, test_signal);
    ADD("libvirt-is-gone", NULL, test_libvirt_is_gone);
    return g_test_run();
}
