/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/error.h"
#include "engine/base/scan-guest.h"
#include "engine/journal/operation.h"
#include "recover-fixture.h"

#include <string.h>

/* The detach was killed, or did not come to its end. */

#define NIC "0000:05:01.0"
#define SATA "0000:05:02.0" /* in one IOMMU group with NIC */

static const char *const one[] = {VF, NULL};
static const char *const nic[] = {NIC, NULL};

/* The guest has the VF, with settings of ours. */
static void
set_up(RecoverWorld *recover, gconstpointer data)
{
    recover_set_up(recover, data);
    recover->world.wish->vf.trust = 1;
    g_assert_true(run_attach(&recover->world, one));
}

static void
assert_out(const RecoverWorld *recover)
{
    assert_state(&recover->world, VF, FALSE, FALSE, "igbvf");
    assert_settings_as_before(recover);
    assert_nothing_on_record(recover);
}

static void
ask_in_vain(RecoverWorld *recover)
{
    recover->world.fake->guest_ignores_unplug = TRUE;
    g_assert_false(run_detach(&recover->world, one));
    testing_assert_error(&recover->world.error, VAS_ERROR_TIMED_OUT, "stays pending");
    g_assert_true(is_on_record(recover));
}

/* The operation is on record in both definitions, the request is not. */
static void
test_before_asking(RecoverWorld *recover, gconstpointer data)
{
    const VasRecovery *recovery = NULL;

    die_at(recover, FAKE_SET_METADATA, 3);
    kill_detach(recover, one);
    g_assert_true(is_on_record(recover));
    recovery = assert_recovered(recover, VAS_RECOVERY_UNDONE);
    g_assert_cmpstr(recovery->command, ==, "detach");
    assert_state(&recover->world, VF, TRUE, TRUE, "vfio-pci");
    g_assert_cmpuint(recover->world.fake->calls[FAKE_DETACH_LIVE], ==, 0);
    g_assert_false(is_on_record(recover));
    g_assert_true(run_detach(&recover->world, one));
    assert_out(recover);
}

static void
test_not_released(RecoverWorld *recover, gconstpointer data)
{
    ask_in_vain(recover);
    (void) assert_recovered(recover, VAS_RECOVERY_PENDING);
    testing_assert_hint(recover->world.error, "virt-assign detach db1 " VF);
    g_assert_cmpint(vas_error_exit_status(recover->world.error), ==, 5);
    testing_assert_error(&recover->world.error, VAS_ERROR_TIMED_OUT, "asked to release " VF);
    assert_state(&recover->world, VF, TRUE, TRUE, "vfio-pci");
    g_assert_true(is_on_record(recover));
    recover->world.fake->on_wait = fake_release_all;
    g_assert_true(run_detach(&recover->world, one));
    g_assert_cmpuint(recover->world.fake->calls[FAKE_DETACH_LIVE], ==, 1);
    assert_out(recover);
}

static void
test_released_meanwhile(RecoverWorld *recover, gconstpointer data)
{
    ask_in_vain(recover);
    fake_release_all(recover->world.fake);
    (void) assert_recovered(recover, VAS_RECOVERY_FINISHED);
    assert_out(recover);
}

/* The detach was killed with one out and the other not asked for. */
static void
test_one_of_two(RecoverWorld *recover, gconstpointer data)
{
    const char *const two[] = {VF, OTHER_VF, NULL};
    const char *const other[] = {OTHER_VF, NULL};

    g_assert_true(run_attach(&recover->world, other));
    die_at(recover, FAKE_SET_METADATA, 4);
    kill_detach(recover, two);
    g_assert_cmpuint(assert_recovered(recover, VAS_RECOVERY_FINISHED)->devices->len, ==, 1);
    g_assert_true(was_noted(recover, OTHER_VF " stays in guest db1: the guest had not been asked"));
    assert_state(&recover->world, OTHER_VF, TRUE, TRUE, "vfio-pci");
    g_assert_true(run_detach(&recover->world, other));
    assert_out(recover);
}

/* The detach was killed right behind the release, in the middle of the steps. */
static void
test_config_left(RecoverWorld *recover, gconstpointer data)
{
    die_at(recover, FAKE_DETACH_CONFIG, 1);
    kill_detach(recover, one);
    assert_state(&recover->world, VF, FALSE, TRUE, "igbvf");
    (void) assert_recovered(recover, VAS_RECOVERY_FINISHED);
    assert_out(recover);
}

static void
test_config_only(RecoverWorld *recover, gconstpointer data)
{
    recover->world.scope = VAS_SCOPE_CONFIG;
    die_at(recover, FAKE_DETACH_CONFIG, 1);
    kill_detach(recover, one);
    (void) assert_recovered(recover, VAS_RECOVERY_FINISHED);
    assert_state(&recover->world, VF, TRUE, FALSE, "vfio-pci");
    g_assert_cmpint(fake_vf_settings(recover->world.fake, VF)->trust, ==, 1);
    g_assert_false(is_on_record(recover));
}

/* The config keeps the VF; its settings are put back all the same, as by the detach. */
static void
test_live_only(RecoverWorld *recover, gconstpointer data)
{
    recover->world.scope = VAS_SCOPE_LIVE;
    die_at(recover, FAKE_SET_METADATA, 4);
    kill_detach(recover, one);
    g_assert_cmpint(fake_vf_settings(recover->world.fake, VF)->trust, ==, 1);
    (void) assert_recovered(recover, VAS_RECOVERY_FINISHED);
    assert_state(&recover->world, VF, FALSE, TRUE, "igbvf");
    assert_settings_as_before(recover);
    assert_nothing_on_record(recover);
}

/* Somebody has edited the config since: its alias tells what goes. */
static void
test_of_another_device_in_config(RecoverWorld *recover, gconstpointer data)
{
    static const char format[] =
        "<interface type='hostdev' managed='yes'><mac address='52:54:00:6d:90:0%d'/><source>"
        "<address type='pci' domain='0x0000' bus='%s' slot='0x10' function='%d'/></source>"
        "<alias name='ua-it'/><address type='pci' domain='0x0000' bus='0x03' slot='0x00' "
        "function='0x0'/></interface>";
    const char *const named[] = {"ua-it", NULL};
    GPtrArray *config = recover->world.guest->config;

    g_ptr_array_add(recover->world.guest->live, g_strdup_printf(format, 3, "0x01", 2));
    g_ptr_array_add(config, g_strdup_printf(format, 4, "0x02", 0));
    fake_set_driver(recover->world.fake, OTHER_VF, "vfio-pci");
    die_at(recover, FAKE_DETACH_CONFIG, 1);
    kill_detach(recover, named);
    g_assert_cmpuint(config->len, ==, 2);
    (void) assert_recovered(recover, VAS_RECOVERY_FINISHED);
    assert_state(&recover->world, VF, TRUE, TRUE, "vfio-pci");
    assert_state(&recover->world, OTHER_VF, FALSE, FALSE, "igbvf");
    g_assert_cmpuint(config->len, ==, 1);
    g_assert_false(is_on_record(recover));
}

/* The device is out, and the mate of its group that was held for it was never asked for. */
static void
test_mate_left_behind(RecoverWorld *recover, gconstpointer data)
{
    recover->world.wish->vf = VAS_VF_WISH_NOTHING;
    recover->world.whole_group = TRUE;
    g_assert_true(run_attach(&recover->world, nic));
    die_at(recover, FAKE_SET_METADATA, 5);
    kill_detach(recover, nic);
    assert_state(&recover->world, NIC, FALSE, FALSE, "e1000");
    assert_state(&recover->world, SATA, TRUE, TRUE, "vfio-pci");
    (void) assert_recovered(recover, VAS_RECOVERY_FINISHED);
    assert_state(&recover->world, SATA, FALSE, FALSE, "ahci");
    g_assert_false(is_on_record(recover));
}

/* A detach of NIC was killed when NIC was out of the running guest, and with it nothing else. */
static void
kill_detach_behind_live(RecoverWorld *recover)
{
    recover->world.wish->vf = VAS_VF_WISH_NOTHING;
    recover->world.whole_group = TRUE;
    g_assert_true(run_attach(&recover->world, nic));
    die_at(recover, FAKE_DETACH_CONFIG, 1);
    kill_detach(recover, nic);
    assert_state(&recover->world, NIC, FALSE, TRUE, "e1000");
    assert_state(&recover->world, SATA, TRUE, TRUE, "vfio-pci");
}

static void
test_mate_of_a_half_detached_one(RecoverWorld *recover, gconstpointer data)
{
    kill_detach_behind_live(recover);
    (void) assert_recovered(recover, VAS_RECOVERY_FINISHED);
    assert_state(&recover->world, NIC, FALSE, FALSE, "e1000");
    assert_state(&recover->world, SATA, FALSE, FALSE, "ahci");
    g_assert_false(is_on_record(recover));
}

/* The device is in the config, and recover has nothing to do with that: so does its mate stay. */
static void
assert_mate_stays_in_config(const RecoverWorld *recover)
{
    assert_state(&recover->world, NIC, FALSE, TRUE, "e1000");
    assert_state(&recover->world, SATA, FALSE, TRUE, "ahci");
}

/* Another command has taken the device over, and has ended. */
static void
test_mate_alone_on_record(RecoverWorld *recover, gconstpointer data)
{
    const VasContext *context = &recover->world.fake->context;
    const VasHostAddress address = {.pci = {.bus = 5, .slot = 1}};
    g_autoptr(VasGuest) guest = NULL;
    g_autoptr(GPtrArray) operations = NULL;
    g_autoptr(VasOperation) rest = NULL;

    kill_detach_behind_live(recover);
    guest = vas_scan_guest(context, recover->world.guest->uuid, &recover->world.error);
    operations = vas_operation_list(guest);
    g_assert_cmpuint(operations->len, ==, 1);
    rest = vas_operation_copy(g_ptr_array_index(operations, 0));
    g_ptr_array_remove(rest->devices, vas_operation_find_device(rest, address));
    g_assert_true(vas_operation_end(context, guest, rest));
    (void) assert_recovered(recover, VAS_RECOVERY_FINISHED);
    assert_mate_stays_in_config(recover);
}

/* The detach was of what the running guest had; somebody puts the device into the config since. */
static void
test_mate_of_one_put_into_config(RecoverWorld *recover, gconstpointer data)
{
    FakeGuest *guest = recover->world.guest;

    recover->world.wish->vf = VAS_VF_WISH_NOTHING;
    recover->world.whole_group = TRUE;
    g_assert_true(run_attach(&recover->world, nic));
    g_ptr_array_remove_index(guest->config, guest->config->len - 1);
    g_assert_false(fake_has(guest, VAS_SCOPE_CONFIG, NIC));
    die_at(recover, FAKE_SET_METADATA, 5);
    kill_detach(recover, nic);
    assert_state(&recover->world, NIC, FALSE, FALSE, "e1000");
    g_ptr_array_add(guest->config,
                    g_strdup("<hostdev mode='subsystem' type='pci' managed='yes'><source><address "
                             "domain='0x0000' bus='0x05' slot='0x01' function='0x0'/></source>"
                             "</hostdev>"));
    (void) assert_recovered(recover, VAS_RECOVERY_FINISHED);
    assert_mate_stays_in_config(recover);
}

/* The next command names the device, and leaves it in the config. */
static void
test_mate_of_one_named_again(RecoverWorld *recover, gconstpointer data)
{
    kill_detach_behind_live(recover);
    recover->world.scope = VAS_SCOPE_LIVE;
    g_assert_true(run_detach(&recover->world, nic));
    assert_mate_stays_in_config(recover);
    g_assert_null(strstr(recover->world.guest->config_metadata, "<device device=\"" SATA));
}

/* It does not, and dies once more: a mate leaves the config behind its device. */
static void
test_mate_goes_last(RecoverWorld *recover, gconstpointer data)
{
    kill_detach_behind_live(recover);
    die_at(recover, FAKE_DETACH_CONFIG, 2);
    kill_detach(recover, nic);
    assert_state(&recover->world, NIC, FALSE, FALSE, "e1000");
    assert_state(&recover->world, SATA, FALSE, TRUE, "ahci");
    (void) assert_recovered(recover, VAS_RECOVERY_FINISHED);
    assert_state(&recover->world, SATA, FALSE, FALSE, "ahci");
}

/* The guest has the mate in its config only, and is not to keep it there for ever. */
static void
test_mate_in_config_only(RecoverWorld *recover, gconstpointer data)
{
    FakeGuest *guest = recover->world.guest;

    recover->world.wish->vf = VAS_VF_WISH_NOTHING;
    recover->world.whole_group = TRUE;
    g_assert_true(run_attach(&recover->world, nic));
    g_ptr_array_remove_index(guest->live, guest->live->len - 2);
    assert_state(&recover->world, SATA, FALSE, TRUE, "vfio-pci");
    fake_set_driver(recover->world.fake, SATA, "ahci");
    recover->world.fake->guest_ignores_unplug = TRUE;
    g_assert_false(run_detach(&recover->world, nic));
    g_clear_error(&recover->world.error);
    (void) assert_recovered(recover, VAS_RECOVERY_PENDING);
    g_clear_error(&recover->world.error);
    g_assert_true(fake_has(guest, VAS_SCOPE_CONFIG, SATA));
    fake_release_all(recover->world.fake);
    (void) assert_recovered(recover, VAS_RECOVERY_FINISHED);
    assert_state(&recover->world, NIC, FALSE, FALSE, "e1000");
    assert_state(&recover->world, SATA, FALSE, FALSE, "ahci");
    g_assert_false(is_on_record(recover));
}

/* A mate that is held for a device follows when that is out, not before, and is not forgotten till
 * then. */
static void
test_mate_of_a_pending_one(RecoverWorld *recover, gconstpointer data)
{
    recover->world.wish->vf = VAS_VF_WISH_NOTHING;
    recover->world.whole_group = TRUE;
    g_assert_true(run_attach(&recover->world, nic));
    recover->world.fake->guest_ignores_unplug = TRUE;
    g_assert_false(run_detach(&recover->world, nic));
    g_clear_error(&recover->world.error);
    (void) assert_recovered(recover, VAS_RECOVERY_PENDING);
    testing_assert_error(&recover->world.error, VAS_ERROR_TIMED_OUT, "asked to release " NIC);
    assert_state(&recover->world, SATA, TRUE, TRUE, "vfio-pci");
    fake_release_all(recover->world.fake);
    recover->world.fake->guest_ignores_unplug = FALSE;
    (void) assert_recovered(recover, VAS_RECOVERY_FINISHED);
    assert_state(&recover->world, NIC, FALSE, FALSE, "e1000");
    assert_state(&recover->world, SATA, FALSE, FALSE, "ahci");
    g_assert_false(is_on_record(recover));
}

static void
test_guest_shut_off(RecoverWorld *recover, gconstpointer data)
{
    ask_in_vain(recover);
    fake_stop_guest(recover->world.fake, recover->world.guest);
    (void) assert_recovered(recover, VAS_RECOVERY_FINISHED);
    assert_out(recover);
}

/* The guest has the VF again, from its config, and nobody has asked this run for it. */
static void
test_guest_started_anew(RecoverWorld *recover, gconstpointer data)
{
    ask_in_vain(recover);
    fake_stop_guest(recover->world.fake, recover->world.guest);
    fake_start_guest(recover->world.fake, recover->world.guest);
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    assert_state(&recover->world, VF, TRUE, TRUE, "vfio-pci");
    g_assert_false(is_on_record(recover));
}

/* The guest is gone with its records: what root noted of the command is put right. */
static void
test_guest_gone(RecoverWorld *recover, gconstpointer data)
{
    FakeHypervisor *fake = recover->world.fake;

    ask_in_vain(recover);
    fake_stop_guest(fake, recover->world.guest);
    g_ptr_array_remove(fake->guests, recover->world.guest);
    g_assert_true(run_recover(recover, NULL));
    g_assert_cmpuint(recover->world.recoveries->len, ==, 1);
    g_assert_cmpint(((const VasRecovery *) recover->world.recoveries->pdata[0])->outcome, ==,
                    VAS_RECOVERY_FINISHED);
    assert_nothing_noted(&recover->world);
    g_assert_true(run_recover(recover, NULL));
    g_assert_cmpuint(recover->world.recoveries->len, ==, 0);
}

#define ADD(name, data, function)                                                                  \
    g_test_add("/recover-detach/" name, RecoverWorld, data, set_up, function, recover_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("before-asking", NULL, test_before_asking);
    ADD("not-released", NULL, test_not_released);
    ADD("released-meanwhile", NULL, test_released_meanwhile);
    ADD("one-of-two", NULL, test_one_of_two);
    ADD("config-left", NULL, test_config_left);
    ADD("config-only", NULL, test_config_only);
    ADD("live-only", NULL, test_live_only);
    ADD("another-in-config", NULL, test_of_another_device_in_config);
    ADD("mate-left-behind", NULL, test_mate_left_behind);
    ADD("mate-of-a-half-detached-one", NULL, test_mate_of_a_half_detached_one);
    ADD("mate-alone-on-record", NULL, test_mate_alone_on_record);
    ADD("mate-of-one-put-into-config", NULL, test_mate_of_one_put_into_config);
    ADD("mate-of-one-named-again", NULL, test_mate_of_one_named_again);
    ADD("mate-goes-last", NULL, test_mate_goes_last);
    ADD("mate-in-config-only", NULL, test_mate_in_config_only);
    ADD("mate-of-a-pending-one", NULL, test_mate_of_a_pending_one);
    ADD("guest-shut-off", NULL, test_guest_shut_off);
    ADD("guest-started-anew", NULL, test_guest_started_anew);
    ADD("guest-gone", NULL, test_guest_gone);
    return g_test_run();
}
