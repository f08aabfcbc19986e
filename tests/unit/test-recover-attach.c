/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/error.h"
#include "engine/base/interrupt.h"
#include "engine/journal/pending.h"
#include "engine/base/scan-guest.h"
#include "engine/verbs/attach.h"
#include "fake-vfio.h"
#include "recover-fixture.h"

#include <signal.h>

/* The attach was killed. */

#define NIC "0000:05:01.0"
#define SATA "0000:05:02.0" /* in one IOMMU group with NIC */

static const char *const one[] = {VF, NULL};
static const char *const two[] = {VF, OTHER_VF, NULL};

static const char by_somebody_else[] =
    "<hostdev mode='subsystem' type='pci' managed='yes'><source>"
    "<address domain='0x0000' bus='0x01' slot='0x10' function='0x0'/></source>"
    "<alias name='ua-theirs'/>"
    "<address type='pci' domain='0x0000' bus='0x04' slot='0x00' function='0x0'/></hostdev>";

static VasVfSettings *
settings(const RecoverWorld *recover)
{
    return fake_vf_settings(recover->world.fake, VF);
}

static void
assert_as_before(const RecoverWorld *recover)
{
    assert_state(&recover->world, VF, FALSE, FALSE, "igbvf");
    assert_settings_as_before(recover);
    assert_nothing_on_record(recover);
}

static void
test_before_any_step(RecoverWorld *recover, gconstpointer data)
{
    const VasRecovery *recovery = NULL;

    recover->world.wish->has_type = TRUE;
    recover->world.wish->type = VAS_ASSIGNMENT_HOSTDEV;
    die_at(recover, FAKE_ATTACH_LIVE, 1);
    kill_attach(recover, one);
    g_assert_true(is_on_record(recover));
    recovery = assert_recovered(recover, VAS_RECOVERY_UNDONE);
    g_assert_cmpstr(recovery->command, ==, "attach");
    g_assert_cmpint(recovery->started_at, >, 0);
    g_assert_cmpuint(recovery->devices->len, ==, 1);
    assert_as_before(recover);
}

static void
test_live_only(RecoverWorld *recover, gconstpointer data)
{
    die_at(recover, FAKE_ATTACH_CONFIG, 1);
    kill_attach(recover, one);
    assert_state(&recover->world, VF, TRUE, FALSE, "vfio-pci");
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    assert_as_before(recover);
}

/* The attach did all but end its record. */
static void
test_complete(RecoverWorld *recover, gconstpointer data)
{
    recover->world.wish->vf.trust = 1;
    die_behind_attach(recover, VAS_SCOPE_CONFIG, 1);
    kill_attach(recover, one);
    (void) assert_recovered(recover, VAS_RECOVERY_FINISHED);
    assert_state(&recover->world, VF, TRUE, TRUE, "vfio-pci");
    g_assert_cmpint(settings(recover)->trust, ==, 1);
    g_assert_cmpuint(recover->world.fake->calls[FAKE_DETACH_LIVE], ==, 0);
    g_assert_cmpuint(recover->world.fake->calls[FAKE_ATTACH_LIVE], ==, 1);
    g_assert_false(is_on_record(recover));
    g_assert_true(run_detach(&recover->world, one));
    assert_as_before(recover);
}

static void
test_config_of_shut_off_guest(RecoverWorld *recover, gconstpointer data)
{
    fake_stop_guest(recover->world.fake, recover->world.guest);
    recover->world.wish->vf.trust = 1;
    die_at(recover, FAKE_ATTACH_CONFIG, 1);
    kill_attach(recover, one);
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    assert_as_before(recover);
    die_behind_attach(recover, VAS_SCOPE_CONFIG, 1);
    kill_attach(recover, one);
    (void) assert_recovered(recover, VAS_RECOVERY_FINISHED);
    assert_state(&recover->world, VF, FALSE, TRUE, "igbvf");
    g_assert_cmpint(settings(recover)->trust, ==, 1);
    g_assert_false(is_on_record(recover));
}

static void
test_settings_only(RecoverWorld *recover, gconstpointer data)
{
    recover->world.wish->vf.trust = 1;
    recover->world.wish->vf.max_rate = 10;
    die_at(recover, FAKE_ATTACH_LIVE, 1);
    kill_attach(recover, one);
    g_assert_cmpint(settings(recover)->trust, ==, 1);
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    assert_as_before(recover);
}

static void
test_priority_not_set(RecoverWorld *recover, gconstpointer data)
{
    recover->world.wish->vlan = 100;
    recover->world.wish->vf.qos = 5;
    recover->world.scope = VAS_SCOPE_LIVE;
    die_behind_attach(recover, VAS_SCOPE_LIVE, 1);
    kill_attach(recover, one);
    g_assert_cmpint(settings(recover)->vlan, ==, 100);
    g_assert_cmpint(settings(recover)->qos, ==, 0);
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    assert_as_before(recover);
}

/* The record is in the config, too. */
static void
test_guest_destroyed_behind_live(RecoverWorld *recover, gconstpointer data)
{
    recover->world.wish->vf.trust = 1;
    die_at(recover, FAKE_ATTACH_CONFIG, 1);
    kill_attach(recover, one);
    fake_stop_guest(recover->world.fake, recover->world.guest);
    g_assert_cmpint(settings(recover)->trust, ==, 1);
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    assert_as_before(recover);
}

/* The device was all there; what the end of the run takes, it takes from any guest. */
static void
test_guest_destroyed_behind_config(RecoverWorld *recover, gconstpointer data)
{
    recover->world.wish->vf.trust = 1;
    die_behind_attach(recover, VAS_SCOPE_CONFIG, 1);
    kill_attach(recover, one);
    fake_stop_guest(recover->world.fake, recover->world.guest);
    (void) assert_recovered(recover, VAS_RECOVERY_FINISHED);
    assert_state(&recover->world, VF, FALSE, TRUE, "igbvf");
    g_assert_cmpint(settings(recover)->trust, ==, 1);
    g_assert_true(run_detach(&recover->world, one));
    assert_as_before(recover);
}

static void
test_guest_started_anew(RecoverWorld *recover, gconstpointer data)
{
    die_behind_attach(recover, VAS_SCOPE_CONFIG, 1);
    kill_attach(recover, one);
    fake_stop_guest(recover->world.fake, recover->world.guest);
    fake_start_guest(recover->world.fake, recover->world.guest);
    (void) assert_recovered(recover, VAS_RECOVERY_FINISHED);
    assert_state(&recover->world, VF, TRUE, TRUE, "vfio-pci");
    g_assert_false(is_on_record(recover));
}

static void
test_guest_started_anew_without(RecoverWorld *recover, gconstpointer data)
{
    recover->world.wish->vf.trust = 1;
    die_at(recover, FAKE_ATTACH_CONFIG, 1);
    kill_attach(recover, one);
    fake_stop_guest(recover->world.fake, recover->world.guest);
    fake_start_guest(recover->world.fake, recover->world.guest);
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    assert_as_before(recover);
}

/* One of two is in, with all that belongs to it; it stays there if each goes alone. */
static void
test_one_of_two(RecoverWorld *recover, gconstpointer data)
{
    gboolean each_alone = GPOINTER_TO_INT(data);
    const VasRecovery *recovery = NULL;

    recover->world.keep_going = each_alone;
    die_at(recover, FAKE_ATTACH_LIVE, 2);
    kill_attach(recover, two);
    assert_state(&recover->world, VF, TRUE, TRUE, "vfio-pci");
    recovery = assert_recovered(recover, VAS_RECOVERY_UNDONE);
    g_assert_cmpuint(recovery->devices->len, ==, each_alone ? 1 : 2);
    g_assert_cmpint(was_noted(recover, VF " stays in guest db1"), ==, each_alone);
    assert_state(&recover->world, VF, each_alone, each_alone, each_alone ? "vfio-pci" : "igbvf");
    assert_state(&recover->world, OTHER_VF, FALSE, FALSE, "igbvf");
    g_assert_false(is_on_record(recover));
}

static void
test_somebody_elses(RecoverWorld *recover, gconstpointer data)
{
    die_at(recover, FAKE_ATTACH_LIVE, 1);
    kill_attach(recover, one);
    g_ptr_array_add(recover->world.guest->live, g_strdup(by_somebody_else));
    fake_set_driver(recover->world.fake, VF, "vfio-pci");
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    assert_state(&recover->world, VF, TRUE, FALSE, "vfio-pci");
    g_assert_cmpuint(recover->world.fake->calls[FAKE_DETACH_LIVE], ==, 0);
    g_assert_cmpuint(recover->world.fake->calls[FAKE_REATTACH_NODE_DEVICE], ==, 0);
    g_assert_false(is_on_record(recover));
}

/* The other guest's device is neither taken from it nor given back to the host under it. */
static void
test_taken_by_another_guest(RecoverWorld *recover, gconstpointer data)
{
    FakeGuest *other = fake_add_guest(recover->world.fake, "web", TRUE, TRUE);

    die_at(recover, FAKE_ATTACH_LIVE, 1);
    kill_attach(recover, one);
    g_ptr_array_add(other->live, g_strdup(by_somebody_else));
    fake_set_driver(recover->world.fake, VF, "vfio-pci");
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    assert_state(&recover->world, VF, FALSE, FALSE, "vfio-pci");
    g_assert_true(fake_has(other, VAS_SCOPE_LIVE, VF));
    g_assert_cmpuint(recover->world.fake->calls[FAKE_REATTACH_NODE_DEVICE], ==, 0);
    assert_nothing_on_record(recover);
}

static void
test_left_on_vfio(RecoverWorld *recover, gconstpointer data)
{
    die_at(recover, FAKE_ATTACH_LIVE, 1);
    kill_attach(recover, one);
    fake_set_driver(recover->world.fake, VF, "vfio-pci");
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    assert_as_before(recover);
}

/* Whoever has bound it meanwhile: an attach to the config moves nothing. */
static void
test_bound_by_somebody(RecoverWorld *recover, gconstpointer data)
{
    recover->world.scope = VAS_SCOPE_CONFIG;
    die_at(recover, FAKE_ATTACH_CONFIG, 1);
    kill_attach(recover, one);
    fake_set_driver(recover->world.fake, VF, "vfio-pci");
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    assert_state(&recover->world, VF, FALSE, FALSE, "vfio-pci");
    assert_nothing_on_record(recover);
}

/* QEMU has it, and libvirt, which died, knows nothing of it. */
static void
test_held_by_a_process(RecoverWorld *recover, gconstpointer data)
{
    recover->world.wish->vf.trust = 1;
    die_at(recover, FAKE_ATTACH_LIVE, 1);
    kill_attach(recover, one);
    fake_set_driver(recover->world.fake, VF, "vfio-pci");
    fake_vfio_hold(recover->world.fake->root, VF, 11);
    (void) assert_recovered(recover, VAS_RECOVERY_FAILED);
    testing_assert_hint(recover->world.error, "fuser -v");
    testing_assert_hint(recover->world.error, "; then: virt-assign recover db1");
    testing_assert_error(&recover->world.error, VAS_ERROR_IN_USE, "a process holds " VF);
    assert_state(&recover->world, VF, FALSE, FALSE, "vfio-pci");
    g_assert_cmpint(settings(recover)->trust, ==, 1);
    g_assert_true(is_on_record(recover));
    fake_vfio_let_go();
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    assert_as_before(recover);
}

static void
hold_vf(FakeHypervisor *fake)
{
    fake_vfio_hold(fake->root, VF, 11);
}

/* The same, when recover is at work already. */
static void
test_held_meanwhile(RecoverWorld *recover, gconstpointer data)
{
    recover->world.wish->vf.trust = 1;
    die_at(recover, FAKE_ATTACH_LIVE, 1);
    kill_attach(recover, one);
    fake_set_driver(recover->world.fake, VF, "vfio-pci");
    recover->world.fake->on_fault = hold_vf;
    fake_plan_fault(recover->world.fake, FAKE_STEP, 1, FAKE_LIES, 0, NULL);
    (void) assert_recovered(recover, VAS_RECOVERY_FAILED);
    testing_assert_error(&recover->world.error, VAS_ERROR_IN_USE, "a process holds " VF);
    assert_state(&recover->world, VF, FALSE, FALSE, "vfio-pci");
    g_assert_true(is_on_record(recover));
    fake_vfio_let_go();
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    assert_state(&recover->world, VF, FALSE, FALSE, "igbvf");
}

/* A host driver may not have it while a guest has another device of its IOMMU group. */
static void
test_mate_in_another_guest(RecoverWorld *recover, gconstpointer data)
{
    FakeGuest *other = fake_add_guest(recover->world.fake, "web", TRUE, TRUE);

    recover->world.whole_group = TRUE;
    die_at(recover, FAKE_ATTACH_LIVE, 1);
    kill_attach(recover, (const char *const[]){NIC, NULL});
    fake_set_driver(recover->world.fake, NIC, "vfio-pci");
    fake_set_driver(recover->world.fake, SATA, "vfio-pci");
    g_ptr_array_add(other->live,
                    g_strdup("<hostdev mode='subsystem' type='pci' managed='no'><source><address "
                             "domain='0x0000' bus='0x05' slot='0x02' function='0x0'/></source>"
                             "</hostdev>"));
    (void) assert_recovered(recover, VAS_RECOVERY_FAILED);
    testing_assert_error(&recover->world.error, VAS_ERROR_IN_USE, "shares IOMMU group");
    assert_state(&recover->world, NIC, FALSE, FALSE, "vfio-pci");
    g_assert_true(is_on_record(recover));
    g_ptr_array_set_size(other->live, 0);
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    assert_state(&recover->world, NIC, FALSE, FALSE, "e1000");
}

static void
test_guest_ignores_unplug(RecoverWorld *recover, gconstpointer data)
{
    die_at(recover, FAKE_ATTACH_CONFIG, 1);
    kill_attach(recover, one);
    recover->world.fake->guest_ignores_unplug = TRUE;
    (void) assert_recovered(recover, VAS_RECOVERY_PENDING);
    testing_assert_hint(recover->world.error, "virt-assign recover db1");
    g_assert_cmpint(vas_error_exit_status(recover->world.error), ==, 5);
    testing_assert_error(&recover->world.error, VAS_ERROR_TIMED_OUT, "stays pending");
    assert_state(&recover->world, VF, TRUE, FALSE, "vfio-pci");
    g_assert_true(is_on_record(recover));
    (void) assert_recovered(recover, VAS_RECOVERY_PENDING);
    testing_assert_error(&recover->world.error, VAS_ERROR_TIMED_OUT, "stays pending");
    g_assert_cmpuint(recover->world.fake->calls[FAKE_DETACH_LIVE], ==, 1);
    fake_release_all(recover->world.fake);
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    assert_as_before(recover);
}

static void
raise_now(FakeHypervisor *fake)
{
    vas_interrupt_raise(fake->context.interrupt, SIGINT);
}

/* A signal comes while recover waits for the guest: what is left is for the next recover, not for a
 * detach that nobody has begun. */
static void
test_interrupted(RecoverWorld *recover, gconstpointer data)
{
    FakeHypervisor *fake = recover->world.fake;
    g_autoptr(VasInterrupt) interrupt = vas_interrupt_new(&fake->port);

    die_at(recover, FAKE_ATTACH_CONFIG, 1);
    kill_attach(recover, one);
    fake->guest_ignores_unplug = TRUE;
    fake->on_wait = raise_now;
    fake->context.interrupt = interrupt;
    (void) assert_recovered(recover, VAS_RECOVERY_FAILED);
    g_assert_cmpstr(vas_error_hint(recover->world.error), ==, "try again: virt-assign recover db1");
    testing_assert_error(&recover->world.error, VAS_ERROR_INTERRUPTED,
                         "yet (interrupted by SIGINT)");
    assert_state(&recover->world, VF, TRUE, FALSE, "vfio-pci");
    g_assert_true(is_on_record(recover));
    fake->context.interrupt = NULL;
    fake_release_all(fake);
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    assert_as_before(recover);
}

/* A signal came before the second device, and the first could not be taken back: it is no whole
 * attach. */
static void
test_undo_failed(RecoverWorld *recover, gconstpointer data)
{
    FakeHypervisor *fake = recover->world.fake;
    g_autoptr(VasInterrupt) interrupt = vas_interrupt_new(&fake->port);

    recover->world.wish->has_type = TRUE;
    recover->world.wish->type = VAS_ASSIGNMENT_HOSTDEV;
    recover->world.scope = VAS_SCOPE_LIVE;
    recover->world.timeout = 0;
    recover->world.undo_timeout = 0;
    fake->context.interrupt = interrupt;
    fake->on_fault = raise_now;
    fake_plan_fault(fake, FAKE_STEP, 1, FAKE_FAILS, 0, NULL);
    fake_plan_fault(fake, FAKE_DETACH_LIVE, 1, FAKE_FAILS, VAS_ERROR_FAILED, "it stays");
    g_assert_false(run_attach(&recover->world, two));
    testing_assert_error(&recover->world.error, VAS_ERROR_UNDO_FAILED, "it stays");
    assert_state(&recover->world, VF, TRUE, FALSE, "vfio-pci");
    fake->context.interrupt = NULL;
    fake->on_fault = NULL;
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    assert_as_before(recover);
}

/* The attach was to change the settings of a device that is in the guest already. @data: only
 * there.
 */
static void
test_settings_of_one_there(RecoverWorld *recover, gconstpointer data)
{
    recover->world.scope = (VasScope) GPOINTER_TO_INT(data);
    g_assert_true(run_attach(&recover->world, one));
    recover->world.wish->vf.trust = 1;
    recover->world.wish->vf.max_rate = 10;
    die_behind_write_vf(recover);
    kill_attach(recover, one);
    g_assert_true(settings(recover)->trust == 1 || settings(recover)->max_rate == 10);
    g_assert_true(is_on_record(recover));
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    assert_state(&recover->world, VF, TRUE, data == NULL, "vfio-pci");
    g_assert_cmpint(settings(recover)->trust, ==, 0);
    g_assert_cmpint(settings(recover)->max_rate, ==, 100);
    g_assert_false(is_on_record(recover));
    g_assert_true(run_detach(&recover->world, one));
    assert_as_before(recover);
}

/* The guest is off, and keeps the device in its config, with what is noted of it. */
static void
test_settings_of_one_in_config(RecoverWorld *recover, gconstpointer data)
{
    recover->world.wish->vf.trust = 1;
    g_assert_true(run_attach(&recover->world, one));
    fake_stop_guest(recover->world.fake, recover->world.guest);
    recover->world.wish->vf = (VasVfWish){-1, 10, -1, 1, VAS_VF_LINK_ENABLE};
    die_behind_write_vf(recover);
    kill_attach(recover, one);
    g_assert_cmpint(settings(recover)->link_state, ==, VAS_VF_LINK_ENABLE);
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    assert_state(&recover->world, VF, FALSE, TRUE, "igbvf");
    g_assert_cmpint(settings(recover)->trust, ==, 1);
    g_assert_cmpint(settings(recover)->link_state, ==, VAS_VF_LINK_AUTO);
    g_assert_true(run_detach(&recover->world, one));
    assert_as_before(recover);
}

/* A guest that is gone had the VF before, with settings that nobody is to have again. */
static void
test_settings_of_guest_before(RecoverWorld *recover, gconstpointer data)
{
    FakeHypervisor *fake = recover->world.fake;
    FakeGuest *other = fake_add_guest(fake, "web", TRUE, TRUE);
    VasAttachRequest request = {
        .guest = "web", .devices = one, .wish = recover->world.wish, .timeout = 1};
    g_autoptr(GPtrArray) results = NULL;

    recover->world.wish->vf.trust = 1;
    g_assert_true(vas_attach(&fake->context, &request, &results, NULL, &recover->world.error));
    fake_stop_guest(fake, other);
    g_ptr_array_remove(fake->guests, other);
    g_assert_cmpint(settings(recover)->trust, ==, 1);
    recover->world.wish->vf = VAS_VF_WISH_NOTHING;
    die_at(recover, FAKE_ATTACH_LIVE, 1);
    kill_attach(recover, one);
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    assert_as_before(recover);
}

/* The device was all in, and the guest is asked for it again: the undo was killed. */
static void
test_asked_back(RecoverWorld *recover, gconstpointer data)
{
    VasHypervisor *port = &recover->world.fake->port;
    const FakeGuest *db1 = recover->world.guest;
    g_autoptr(VasGuest) guest = NULL;

    recover->world.scope = VAS_SCOPE_LIVE;
    die_behind_attach(recover, VAS_SCOPE_LIVE, 1);
    kill_attach(recover, one);
    guest = vas_scan_guest(&recover->world.fake->context, db1->uuid, &recover->world.error);
    g_assert_true(vas_pending_record(&recover->world.fake->context, guest,
                                     g_ptr_array_index(guest->live->assignments, 0), guest->live,
                                     &recover->world.error));
    recover->world.fake->guest_ignores_unplug = TRUE;
    g_assert_true(port->request_unplug(
        port, db1->uuid,
        ((const VasAssignment *) g_ptr_array_index(guest->live->assignments, 0))->alias,
        &recover->world.error));
    recover->world.fake->on_wait = fake_release_all;
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    g_assert_cmpuint(recover->world.fake->calls[FAKE_DETACH_LIVE], ==, 1);
    assert_as_before(recover);
}

/* The device was all there, but another guest has it, too, and the right to it (engine/run/rival).
 */
static void
test_backs_out(RecoverWorld *recover, gconstpointer data)
{
    FakeGuest *other = fake_add_guest(recover->world.fake, "web", FALSE, TRUE);

    g_free(other->uuid);
    other->uuid = g_strdup("00000000-0000-0000-0000-000000000000");
    die_behind_attach(recover, VAS_SCOPE_CONFIG, 1);
    kill_attach(recover, one);
    g_ptr_array_add(other->config, g_strdup(by_somebody_else));
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    g_assert_true(fake_has(other, VAS_SCOPE_CONFIG, VF));
    assert_as_before(recover);
}

/* A live-only attach has gone with the guest's run; its settings are still to be put back. */
static void
test_run_ended(RecoverWorld *recover, gconstpointer data)
{
    recover->world.scope = VAS_SCOPE_LIVE;
    recover->world.wish->vf.trust = 1;
    die_behind_attach(recover, VAS_SCOPE_LIVE, 1);
    kill_attach(recover, one);
    fake_stop_guest(recover->world.fake, recover->world.guest);
    g_assert_cmpint(settings(recover)->trust, ==, 1);
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    assert_as_before(recover);
}

/* libvirt, which is still at the attach of who was killed: it comes to its end with the job that it
 * has for the next one to change the guest. */
static char *in_flight;
static gboolean (*noted_attach)(VasHypervisor *port, const char *uuid, const char *xml,
                                VasScope scope, GError **error);

static gboolean
attach_noted(VasHypervisor *port, const char *uuid, const char *xml, VasScope scope, GError **error)
{
    g_free(in_flight);
    in_flight = g_strdup(xml);
    return noted_attach(port, uuid, xml, scope, error);
}

static void
land(FakeHypervisor *fake)
{
    fake->on_fault = NULL;
    g_assert_true(noted_attach(&fake->port, fake_find_guest(fake, "db1")->uuid, in_flight,
                               VAS_SCOPE_LIVE, NULL));
}

static void
test_libvirt_still_at_it(RecoverWorld *recover, gconstpointer data)
{
    FakeHypervisor *fake = recover->world.fake;

    noted_attach = fake->port.attach;
    fake->port.attach = attach_noted;
    die_at(recover, FAKE_ATTACH_LIVE, 1);
    kill_attach(recover, one);
    fake->port.attach = noted_attach;
    fake_plan_fault(fake, FAKE_SET_METADATA, 1, FAKE_LIES, 0, NULL);
    fake->on_fault = land;
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    g_assert_null(fake->on_fault);
    assert_as_before(recover);
    g_clear_pointer(&in_flight, g_free);
}

#define ADD(name, data, function)                                                                  \
    g_test_add("/recover-attach/" name, RecoverWorld, data, recover_set_up, function,              \
               recover_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("before-any-step", NULL, test_before_any_step);
    ADD("live-only", NULL, test_live_only);
    ADD("complete", NULL, test_complete);
    ADD("config-of-shut-off-guest", NULL, test_config_of_shut_off_guest);
    ADD("settings-only", NULL, test_settings_only);
    ADD("priority-not-set", NULL, test_priority_not_set);
    ADD("guest-destroyed/behind-live", NULL, test_guest_destroyed_behind_live);
    ADD("guest-destroyed/behind-config", NULL, test_guest_destroyed_behind_config);
    ADD("guest-started-anew", NULL, test_guest_started_anew);
    ADD("guest-started-anew/without", NULL, test_guest_started_anew_without);
    ADD("one-of-two", GINT_TO_POINTER(FALSE), test_one_of_two);
    ADD("one-of-two/each-alone", GINT_TO_POINTER(TRUE), test_one_of_two);
    ADD("somebody-elses", NULL, test_somebody_elses);
    ADD("taken-by-another-guest", NULL, test_taken_by_another_guest);
    ADD("left-on-vfio", NULL, test_left_on_vfio);
    ADD("bound-by-somebody", NULL, test_bound_by_somebody);
    ADD("held-by-a-process", NULL, test_held_by_a_process);
    ADD("held-by-a-process/meanwhile", NULL, test_held_meanwhile);
    ADD("mate-in-another-guest", NULL, test_mate_in_another_guest);
    ADD("interrupted", NULL, test_interrupted);
    ADD("guest-ignores-unplug", NULL, test_guest_ignores_unplug);
    ADD("undo-failed", NULL, test_undo_failed);
    ADD("settings-of-one-there", NULL, test_settings_of_one_there);
    ADD("settings-of-one-there/live", GINT_TO_POINTER(VAS_SCOPE_LIVE), test_settings_of_one_there);
    ADD("settings-of-one-there/config", NULL, test_settings_of_one_in_config);
    ADD("settings-of-guest-before", NULL, test_settings_of_guest_before);
    ADD("asked-back", NULL, test_asked_back);
    ADD("backs-out", NULL, test_backs_out);
    ADD("run-ended", NULL, test_run_ended);
    ADD("libvirt-still-at-it", NULL, test_libvirt_still_at_it);
    return g_test_run();
}
