/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/error.h"
#include "engine/verbs/ports.h"
#include "recover-fixture.h"

#include <string.h>

/* Commands recover first when the guest has one on record that did not end; and keep their own
 * records. */

static const char *const one[] = {VF, NULL};
static const char *const other[] = {OTHER_VF, NULL};
static const char *const two[] = {VF, OTHER_VF, NULL};

/* An attach of VF was killed with the device in the running guest only. */
static void
set_up(RecoverWorld *recover, gconstpointer data)
{
    recover_set_up(recover, data);
    die_at(recover, FAKE_ATTACH_CONFIG, 1);
    kill_attach(recover, one);
}

static void
assert_recovered_first(const RecoverWorld *recover)
{
    g_assert_true(was_noted(recover, "attach of " VF " for guest db1"));
    g_assert_true(was_noted(recover, "did not end: undone"));
    assert_state(&recover->world, VF, FALSE, FALSE, "igbvf");
    assert_settings_as_before(recover);
    g_assert_false(is_on_record(recover));
}

static void
test_attach(RecoverWorld *recover, gconstpointer data)
{
    g_assert_true(run_attach(&recover->world, other));
    assert_recovered_first(recover);
    assert_state(&recover->world, OTHER_VF, TRUE, TRUE, "vfio-pci");
}

/* The attach is decided on what is there behind the recovery. */
static void
test_attach_of_the_same(RecoverWorld *recover, gconstpointer data)
{
    g_assert_true(run_attach(&recover->world, one));
    g_assert_true(was_noted(recover, "did not end: undone"));
    g_assert_cmpint(result_at(&recover->world, 0)->outcome, ==, VAS_OUTCOME_DONE);
    assert_state(&recover->world, VF, TRUE, TRUE, "vfio-pci");
    g_assert_false(is_on_record(recover));
}

static void
test_detach(RecoverWorld *recover, gconstpointer data)
{
    g_assert_true(run_detach(&recover->world, other));
    assert_recovered_first(recover);
}

static void
test_ports(RecoverWorld *recover, gconstpointer data)
{
    const VasPortsRequest request = {.guest = "db1", .count = 1};
    g_autoptr(VasGuestPorts) ports = NULL;
    g_autoptr(GPtrArray) results = NULL;
    g_autoptr(GPtrArray) steps = NULL;

    g_assert_true(vas_ports_add(&recover->world.fake->context, &request, &ports, &results, &steps,
                                &recover->world.error));
    assert_recovered_first(recover);
    g_assert_cmpuint(recover->world.guest->ports->len, ==, 1);
}

static void
test_recovery_fails(RecoverWorld *recover, gconstpointer data)
{
    fake_plan_fault(recover->world.fake, FAKE_DETACH_LIVE, 1, FAKE_FAILS, VAS_ERROR_FAILED,
                    "monitor gone");
    g_assert_false(run_attach(&recover->world, other));
    testing_assert_hint(recover->world.error, "virt-assign recover db1");
    g_assert_nonnull(strstr(recover->world.error->message, "an earlier attach for guest db1"));
    testing_assert_error(&recover->world.error, VAS_ERROR_FAILED, "monitor gone");
    assert_state(&recover->world, VF, TRUE, FALSE, "vfio-pci");
    assert_state(&recover->world, OTHER_VF, FALSE, FALSE, "igbvf");
    g_assert_true(is_on_record(recover));
}

static void
test_from_elsewhere(RecoverWorld *recover, gconstpointer data)
{
    g_assert_true(run_detach(&recover->world, one));
    recover->world.fake->context.origin = "uid 0 on hv2";
    die_at(recover, FAKE_ATTACH_CONFIG, 1);
    kill_attach(recover, one);
    recover->world.fake->context.origin = "uid 0 on hv1";
    g_assert_true(run_attach(&recover->world, other));
    g_assert_true(was_noted(recover, "started by uid 0 on hv2"));
    assert_state(&recover->world, VF, TRUE, FALSE, "vfio-pci");
    g_assert_true(is_on_record(recover));
}

static void
test_dry_run(RecoverWorld *recover, gconstpointer data)
{
    g_autofree char *metadata = g_strdup(recover->world.guest->metadata);

    recover->world.dry_run = TRUE;
    g_assert_true(run_attach(&recover->world, other));
    g_assert_true(was_noted(recover, "an earlier attach for guest db1 did not end"));
    g_assert_cmpstr(recover->world.guest->metadata, ==, metadata);
    assert_state(&recover->world, VF, TRUE, FALSE, "vfio-pci");
}

/* One of two is out by now, and the other is not: a device that is attached then is not "already"
 * there. */
static void
test_half_of_it_is_pending(RecoverWorld *recover, gconstpointer data)
{
    g_assert_true(run_detach(&recover->world, one));
    die_at(recover, FAKE_ATTACH_CONFIG, 2);
    kill_attach(recover, two);
    assert_state(&recover->world, VF, TRUE, TRUE, "vfio-pci");
    assert_state(&recover->world, OTHER_VF, TRUE, FALSE, "vfio-pci");
    fake_plan_fault(recover->world.fake, FAKE_DETACH_LIVE, 2, FAKE_LIES, 0, NULL);
    g_assert_true(run_attach(&recover->world, one));
    g_assert_cmpint(result_at(&recover->world, 0)->outcome, ==, VAS_OUTCOME_DONE);
    assert_state(&recover->world, VF, TRUE, TRUE, "vfio-pci");
    assert_state(&recover->world, OTHER_VF, TRUE, FALSE, "vfio-pci");
    g_assert_true(is_on_record(recover));
}

/* The detach goes on by itself: one wait, and no word of a recovery. */
static void
test_detach_of_a_pending_one(RecoverWorld *recover, gconstpointer data)
{
    FakeHypervisor *fake = recover->world.fake;
    gint64 begin;

    g_assert_true(run_attach(&recover->world, one));
    fake->guest_ignores_unplug = TRUE;
    g_assert_false(run_detach(&recover->world, one));
    testing_assert_error(&recover->world.error, VAS_ERROR_TIMED_OUT, "stays pending");
    g_ptr_array_set_size(fake->notes, 0);
    recover->world.timeout = 100;
    begin = g_get_monotonic_time();
    g_assert_false(run_detach(&recover->world, one));
    testing_assert_error(&recover->world.error, VAS_ERROR_TIMED_OUT, "stays pending");
    g_assert_cmpint(g_get_monotonic_time() - begin, <, 200 * G_USEC_PER_SEC);
    g_assert_false(was_noted(recover, "did not end"));
    fake->on_wait = fake_release_all;
    g_assert_true(run_detach(&recover->world, one));
    g_assert_false(was_noted(recover, "did not end"));
    g_assert_cmpint(result_at(&recover->world, 0)->outcome, ==, VAS_OUTCOME_DONE);
    assert_state(&recover->world, VF, FALSE, FALSE, "igbvf");
    assert_settings_as_before(recover);
    assert_nothing_on_record(recover);
}

/* The detach itself takes out what the attach has put there. */
static void
test_detach_of_an_attached_one(RecoverWorld *recover, gconstpointer data)
{
    g_assert_true(run_detach(&recover->world, one));
    g_assert_cmpint(result_at(&recover->world, 0)->outcome, ==, VAS_OUTCOME_DONE);
    g_assert_cmpuint(recover->world.fake->calls[FAKE_DETACH_LIVE], ==, 1);
    assert_state(&recover->world, VF, FALSE, FALSE, "igbvf");
    assert_settings_as_before(recover);
    assert_nothing_on_record(recover);
}

/* The attach died with it on the way: who detaches it finds nothing in the guest. */
static void
test_detach_of_one_left_on_vfio(RecoverWorld *recover, gconstpointer data)
{
    g_assert_true(run_detach(&recover->world, one));
    die_at(recover, FAKE_ATTACH_LIVE, 1);
    kill_attach(recover, one);
    fake_set_driver(recover->world.fake, VF, "vfio-pci");
    g_assert_true(run_detach(&recover->world, one));
    assert_recovered_first(recover);
    assert_nothing_on_record(recover);
}

/* libvirt looks for the record at each change here. */
static const FakeGuest *watched;
static gboolean (*watched_attach)(VasHypervisor *port, const char *uuid, const char *xml,
                                  VasScope scope, GError **error);

static gboolean
attach_watched(VasHypervisor *port, const char *uuid, const char *xml, VasScope scope,
               GError **error)
{
    g_assert_nonnull(strstr(watched->metadata, "<operation "));
    g_assert_nonnull(strstr(watched->config_metadata, "<operation "));
    return watched_attach(port, uuid, xml, scope, error);
}

static void
watch(RecoverWorld *recover)
{
    watched = recover->world.guest;
    watched_attach = recover->world.fake->port.attach;
    recover->world.fake->port.attach = attach_watched;
}

static void
test_record_of_a_success(RecoverWorld *recover, gconstpointer data)
{
    watch(recover);
    g_assert_true(run_attach(&recover->world, one));
    g_assert_cmpuint(recover->world.fake->calls[FAKE_ATTACH_CONFIG], ==, 1);
    g_assert_false(is_on_record(recover));
}

static void
test_record_of_an_undo(RecoverWorld *recover, gconstpointer data)
{
    watch(recover);
    fake_plan_fault(recover->world.fake, FAKE_ATTACH_CONFIG, 1, FAKE_FAILS, VAS_ERROR_FAILED,
                    "disk full");
    g_assert_false(run_attach(&recover->world, one));
    testing_assert_error(&recover->world.error, VAS_ERROR_FAILED, "disk full");
    assert_nothing_on_record(recover);
}

static void
test_record_of_a_failed_undo(RecoverWorld *recover, gconstpointer data)
{
    recover->world.keep_going = GPOINTER_TO_INT(data);
    fake_plan_fault(recover->world.fake, FAKE_ATTACH_CONFIG, 2, FAKE_FAILS, VAS_ERROR_FAILED,
                    "disk full");
    fake_plan_fault(recover->world.fake, FAKE_DETACH_LIVE, 1, FAKE_FAILS, VAS_ERROR_FAILED,
                    "monitor gone");
    g_assert_false(run_attach(&recover->world, two));
    testing_assert_hint(recover->world.error, "virt-assign recover db1");
    g_assert_cmpint(vas_error_exit_status(recover->world.error), ==, 7);
    testing_assert_error(&recover->world.error, VAS_ERROR_UNDO_FAILED, "monitor gone");
    /* A device that is done or was undone stays on record where all share their fate. */
    g_assert_cmpuint(assert_recovered(recover, VAS_RECOVERY_UNDONE)->devices->len, ==,
                     recover->world.keep_going ? 1 : 2);
    assert_state(&recover->world, VF, recover->world.keep_going, recover->world.keep_going,
                 recover->world.keep_going ? "vfio-pci" : "igbvf");
    assert_state(&recover->world, OTHER_VF, FALSE, FALSE, "igbvf");
    g_assert_false(is_on_record(recover));
}

/* The undo's own way out comes first. */
static void
test_hints_of_a_failed_undo(RecoverWorld *recover, gconstpointer data)
{
    recover->world.fake->guest_ignores_unplug = TRUE;
    fake_plan_fault(recover->world.fake, FAKE_ATTACH_CONFIG, 1, FAKE_FAILS, VAS_ERROR_FAILED,
                    "disk full");
    g_assert_false(run_attach(&recover->world, one));
    testing_assert_hint(recover->world.error, "virsh reset");
    testing_assert_hint(recover->world.error, "; then: virt-assign recover db1");
    testing_assert_error(&recover->world.error, VAS_ERROR_UNDO_FAILED, "stays pending");
    g_assert_true(is_on_record(recover));
}

/* Nothing is done that is not on record. */
static void
test_cannot_be_recorded(RecoverWorld *recover, gconstpointer data)
{
    for (guint i = 1; i <= 2; i++) {
        fake_plan_fault(recover->world.fake, FAKE_SET_METADATA, i, FAKE_FAILS, VAS_ERROR_FAILED,
                        "locked");
        g_assert_false(run_attach(&recover->world, one));
        testing_assert_error(&recover->world.error, VAS_ERROR_FAILED, "put the command on record");
        g_assert_cmpuint(recover->world.fake->calls[FAKE_ATTACH_LIVE], ==, 0);
        g_assert_cmpint(result_at(&recover->world, 0)->outcome, ==, VAS_OUTCOME_FAILED);
        assert_nothing_on_record(recover);
    }
}

/* Nothing was written, so nothing is left to be said of it. */
static void
test_record_is_unreadable(RecoverWorld *recover, gconstpointer data)
{
    const char *metadata = "<assignments version='1'><operation id=''/></assignments>";

    g_free(recover->world.guest->metadata);
    recover->world.guest->metadata = g_strdup(metadata);
    g_assert_false(run_attach(&recover->world, one));
    testing_assert_hint(recover->world.error, "--live --remove");
    testing_assert_error(&recover->world.error, VAS_ERROR_FAILED, "put the command on record");
    g_assert_false(was_noted(recover, "the record of this command stays"));
    g_assert_cmpstr(recover->world.guest->metadata, ==, metadata);
    g_assert_cmpuint(recover->world.fake->calls[FAKE_SET_METADATA], ==, 0);
    assert_nothing_noted(&recover->world);
}

#define ADD(name, data, set_up, function)                                                          \
    g_test_add("/recover-first/" name, RecoverWorld, data, set_up, function, recover_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("attach", NULL, set_up, test_attach);
    ADD("attach/of-the-same", NULL, set_up, test_attach_of_the_same);
    ADD("detach", NULL, set_up, test_detach);
    ADD("ports", NULL, set_up, test_ports);
    ADD("recovery-fails", NULL, set_up, test_recovery_fails);
    ADD("from-elsewhere", NULL, set_up, test_from_elsewhere);
    ADD("dry-run", NULL, set_up, test_dry_run);
    ADD("half-of-it-is-pending", NULL, set_up, test_half_of_it_is_pending);
    ADD("detach/of-a-pending-one", NULL, recover_set_up, test_detach_of_a_pending_one);
    ADD("detach/of-an-attached-one", NULL, set_up, test_detach_of_an_attached_one);
    ADD("detach/of-one-left-on-vfio", NULL, set_up, test_detach_of_one_left_on_vfio);
    ADD("record/success", NULL, recover_set_up, test_record_of_a_success);
    ADD("record/undo", NULL, recover_set_up, test_record_of_an_undo);
    ADD("record/failed-undo", GINT_TO_POINTER(FALSE), recover_set_up, test_record_of_a_failed_undo);
    ADD("record/failed-undo/keep-going", GINT_TO_POINTER(TRUE), recover_set_up,
        test_record_of_a_failed_undo);
    ADD("record/hints-of-a-failed-undo", NULL, recover_set_up, test_hints_of_a_failed_undo);
    ADD("record/cannot-be-written", NULL, recover_set_up, test_cannot_be_recorded);
    ADD("record/unreadable", NULL, recover_set_up, test_record_is_unreadable);
    return g_test_run();
}
