/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/verbs/recover.h"

#include "core/value/error.h"
#include "engine/journal/guest-note.h"
#include "engine/journal/operation.h"
#include "engine/journal/pending.h"
#include "engine/verbs/ports.h"
#include "engine/journal/record-store.h"
#include "engine/base/scan-guest.h"
#include "host/files/lock.h"
#include "engine/journal/record-file.h"
#include "recover-fixture.h"

#include <signal.h>
#include <string.h>

static const char *const one[] = {VF, NULL};

static void
test_nothing(RecoverWorld *recover, gconstpointer data)
{
    g_assert_true(run_recover(recover, "db1"));
    g_assert_cmpuint(recover->world.recoveries->len, ==, 0);
    g_assert_true(run_recover(recover, NULL));
    g_assert_cmpuint(recover->world.recoveries->len, ==, 0);
    g_assert_cmpuint(recover->world.fake->calls[FAKE_SET_METADATA], ==, 0);
    g_assert_false(run_recover(recover, "db2"));
    testing_assert_error(&recover->world.error, VAS_ERROR_NOT_FOUND, "db2");
}

/* A command of the host is recovered with all that is unfinished, not with what is of one guest. */
static void
test_of_the_host(RecoverWorld *recover, gconstpointer data)
{
    const VasHost *host = recover->world.fake->host;
    const VasHostAddress vf = {.pci = {.bus = 1, .slot = 0x10}};
    g_autoptr(VasOperation) operation = vas_operation_new(VAS_OPERATION_HOST_DETACH, NULL);
    g_autoptr(VasOperation) kept = NULL;
    g_autoptr(VasOperation) none = NULL;

    vas_operation_add(operation, vf)->driver = g_strdup("igbvf");
    g_assert_true(vas_record_file_write(host, operation, &recover->world.error));
    g_assert_true(run_recover(recover, "db1"));
    g_assert_cmpuint(recover->world.recoveries->len, ==, 0);
    g_assert_true(vas_record_file_read(host, vf, &kept, &recover->world.error));
    g_assert_nonnull(kept);
    g_assert_true(run_recover(recover, NULL));
    g_assert_cmpuint(recover->world.recoveries->len, ==, 1);
    g_assert_true(vas_record_file_read(host, vf, &none, &recover->world.error));
    g_assert_null(none);
}

static void
kill_ports(RecoverWorld *recover)
{
    const VasPortsRequest request = {.guest = "db1", .count = 2};
    g_autoptr(VasGuestPorts) ports = NULL;
    g_autoptr(GPtrArray) results = NULL;
    g_autoptr(GPtrArray) steps = NULL;

    g_assert_false(vas_ports_add(&recover->world.fake->context, &request, &ports, &results, &steps,
                                 &recover->world.error));
    revive(recover);
    g_assert_true(is_on_record(recover));
}

static void
test_one_port_of_two(RecoverWorld *recover, gconstpointer data)
{
    die_at(recover, FAKE_ATTACH_CONFIG, 2);
    kill_ports(recover);
    g_assert_cmpuint(recover->world.guest->ports->len, ==, 1);
    g_assert_cmpstr(assert_recovered(recover, VAS_RECOVERY_UNDONE)->command, ==, "ports");
    g_assert_cmpuint(recover->world.guest->ports->len, ==, 0);
    assert_nothing_on_record(recover);
}

/* Both ports are there, and the proof of them was to come. */
static void
test_all_ports(RecoverWorld *recover, gconstpointer data)
{
    die_behind_attach(recover, VAS_SCOPE_CONFIG, 2);
    kill_ports(recover);
    g_assert_cmpuint(recover->world.guest->ports->len, ==, 2);
    (void) assert_recovered(recover, VAS_RECOVERY_FINISHED);
    g_assert_cmpuint(recover->world.guest->ports->len, ==, 2);
    assert_nothing_on_record(recover);
}

/* A guest that is called as db1's UUID is another one. */
static void
test_guest_named_as_uuid(RecoverWorld *recover, gconstpointer data)
{
    die_behind_attach(recover, VAS_SCOPE_CONFIG, 2);
    kill_ports(recover);
    fake_add_guest(recover->world.fake, recover->world.guest->uuid, FALSE, TRUE);
    fake_plan_fault(recover->world.fake, FAKE_SET_METADATA, 1, FAKE_FAILS, VAS_ERROR_FAILED, "no");
    g_assert_false(run_recover(recover, NULL));
    testing_assert_error(&recover->world.error, VAS_ERROR_FAILED, "no");
    g_assert_true(is_on_record(recover));
    (void) assert_recovered(recover, VAS_RECOVERY_FINISHED);
    assert_nothing_on_record(recover);
}

static void
test_port_in_use(RecoverWorld *recover, gconstpointer data)
{
    die_at(recover, FAKE_ATTACH_CONFIG, 2);
    kill_ports(recover);
    recover->world.guest->extra = g_strdup(
        "<interface type='bridge'><mac address='52:54:00:00:00:01'/><model type='virtio'/>"
        "<address type='pci' domain='0x0000' bus='0x05' slot='0x00' function='0x0'/></interface>");
    (void) assert_recovered(recover, VAS_RECOVERY_FAILED);
    testing_assert_error(&recover->world.error, VAS_ERROR_IN_USE, "bus 05 of the config");
    g_assert_cmpuint(recover->world.guest->ports->len, ==, 1);
    g_assert_true(is_on_record(recover));
    g_clear_pointer(&recover->world.guest->extra, g_free);
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    g_assert_cmpuint(recover->world.guest->ports->len, ==, 0);
    assert_nothing_on_record(recover);
}

/* libvirt says that it took it out, and did not. */
static void
test_port_stays(RecoverWorld *recover, gconstpointer data)
{
    die_at(recover, FAKE_ATTACH_CONFIG, 2);
    kill_ports(recover);
    fake_plan_fault(recover->world.fake, FAKE_DETACH_CONFIG, 1, FAKE_LIES, 0, NULL);
    (void) assert_recovered(recover, VAS_RECOVERY_FAILED);
    testing_assert_error(&recover->world.error, VAS_ERROR_FAILED, "bus 05 is still there");
    g_assert_true(is_on_record(recover));
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
}

static VasGuest *
scan(RecoverWorld *recover)
{
    VasGuest *guest = vas_scan_guest(&recover->world.fake->context, recover->world.guest->uuid,
                                     &recover->world.error);

    g_assert_no_error(recover->world.error);
    return guest;
}

static VasOperation *
operation_of(VasOperationKind kind, const char *first, const char *second)
{
    VasOperation *operation = vas_operation_new(kind, NULL);
    const char *names[] = {first, second};

    for (guint i = 0; i < G_N_ELEMENTS(names) && names[i] != NULL; i++) {
        VasOperationDevice *device = NULL;
        VasHostAddress address;

        g_assert_true(vas_host_address_parse(names[i], &address, NULL));
        device = vas_operation_add(operation, address);
        device->alias = g_strdup("ua-none");
        device->driver = g_strdup("igbvf");
        device->scope = VAS_SCOPE_LIVE | VAS_SCOPE_CONFIG;
    }
    return operation;
}

static void
record(RecoverWorld *recover, const VasOperation *operation)
{
    g_autoptr(VasGuest) guest = scan(recover);
    gboolean is_recorded = FALSE;

    g_assert_true(vas_operation_begin(&recover->world.fake->context, guest, operation, &is_recorded,
                                      &recover->world.error));
    g_assert_true(is_recorded);
}

static void
test_two_operations(RecoverWorld *recover, gconstpointer data)
{
    g_autoptr(VasOperation) attach = operation_of(VAS_OPERATION_ATTACH, VF, NULL);
    g_autoptr(VasOperation) detach = operation_of(VAS_OPERATION_DETACH, OTHER_VF, NULL);
    const VasRecovery *recovery = NULL;

    record(recover, attach);
    record(recover, detach);
    fake_set_driver(recover->world.fake, VF, "vfio-pci");
    g_assert_true(run_recover(recover, NULL));
    g_assert_cmpuint(recover->world.recoveries->len, ==, 2);
    recovery = g_ptr_array_index(recover->world.recoveries, 0);
    g_assert_cmpstr(recovery->command, ==, "attach");
    g_assert_cmpint(recovery->outcome, ==, VAS_RECOVERY_UNDONE);
    recovery = g_ptr_array_index(recover->world.recoveries, 1);
    g_assert_cmpstr(recovery->command, ==, "detach");
    g_assert_cmpint(recovery->outcome, ==, VAS_RECOVERY_FINISHED);
    assert_state(&recover->world, VF, FALSE, FALSE, "igbvf");
    assert_nothing_on_record(recover);
}

/* Two commands wait for one device; the earlier gives up while the later still waits. */
static void
test_ends_behind_a_later_one(RecoverWorld *recover, gconstpointer data)
{
    const VasContext *context = &recover->world.fake->context;
    g_autoptr(VasOperation) earlier = operation_of(VAS_OPERATION_DETACH, VF, NULL);
    g_autoptr(VasOperation) later = operation_of(VAS_OPERATION_DETACH, VF, NULL);
    g_autoptr(VasGuest) guest = scan(recover);

    record(recover, earlier);
    record(recover, later);
    g_assert_true(vas_operation_end(context, guest, earlier));
    g_ptr_array_set_size(later->devices, 0);
    g_assert_true(vas_operation_end(context, guest, later));
    assert_nothing_on_record(recover);
}

/* The later one could not be put on record: the earlier one still has the device, and its driver.
 */
static void
test_later_one_fails(RecoverWorld *recover, gconstpointer data)
{
    g_autoptr(VasOperation) earlier = operation_of(VAS_OPERATION_ATTACH, VF, NULL);
    g_autoptr(VasOperation) later = operation_of(VAS_OPERATION_DETACH, VF, NULL);
    g_autoptr(VasGuest) guest = scan(recover);
    gboolean is_recorded = FALSE;

    record(recover, earlier);
    fake_plan_fault(recover->world.fake, FAKE_SET_METADATA, 1, FAKE_FAILS, VAS_ERROR_FAILED, "no");
    g_assert_false(vas_operation_begin(&recover->world.fake->context, guest, later, &is_recorded,
                                       &recover->world.error));
    testing_assert_error(&recover->world.error, VAS_ERROR_FAILED, "no");
    fake_set_driver(recover->world.fake, VF, "vfio-pci");
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    assert_state(&recover->world, VF, FALSE, FALSE, "igbvf");
    assert_nothing_on_record(recover);
}

/* The command was killed behind its record in the metadata, or before it. */
static void
test_noted_only(RecoverWorld *recover, gconstpointer data)
{
    g_autoptr(VasOperation) operation = operation_of(VAS_OPERATION_ATTACH, VF, NULL);
    g_autoptr(VasGuest) guest = scan(recover);

    vas_guest_note_put(&recover->world.fake->context, guest, operation);
    g_assert_true(run_recover(recover, NULL));
    g_assert_cmpuint(recover->world.recoveries->len, ==, 0);
    assert_nothing_on_record(recover);
    vas_guest_note_put(&recover->world.fake->context, guest, operation);
    g_assert_true(attach_one(&recover->world, OTHER_VF));
    g_assert_false(vas_guest_note_exists(&recover->world.fake->context, guest->uuid));
}

/* More devices than a record may have are refused before anything is written. */
static void
test_too_many_devices(RecoverWorld *recover, gconstpointer data)
{
    g_autoptr(VasOperation) operation = vas_operation_new(VAS_OPERATION_DETACH, NULL);
    g_autoptr(VasGuest) guest = scan(recover);
    gboolean is_recorded = FALSE;

    for (guint i = 0; i <= VAS_OPERATION_GUEST_PARTS_MAX; i++)
        (void) vas_operation_add(operation, (VasHostAddress){.pci = {.bus = (guint8) i}});
    g_assert_false(vas_operation_begin(&recover->world.fake->context, guest, operation,
                                       &is_recorded, &recover->world.error));
    testing_assert_hint(recover->world.error, "several commands");
    testing_assert_error(&recover->world.error, VAS_ERROR_USAGE, "64 devices");
    assert_nothing_on_record(recover);
}

/* Nor is a command more than there is room for. */
static void
test_too_many_commands(RecoverWorld *recover, gconstpointer data)
{
    gboolean is_recorded = FALSE;

    for (guint i = 0; i <= VAS_GUEST_RECORD_OPERATIONS_MAX; i++) {
        g_autoptr(VasOperation) operation = vas_operation_new(VAS_OPERATION_DETACH, NULL);
        g_autoptr(VasGuest) guest = scan(recover);

        (void) vas_operation_add(operation, (VasHostAddress){.pci = {.bus = (guint8) i}});
        if (i < VAS_GUEST_RECORD_OPERATIONS_MAX)
            record(recover, operation);
        else
            g_assert_false(vas_operation_begin(&recover->world.fake->context, guest, operation,
                                               &is_recorded, &recover->world.error));
    }
    testing_assert_hint(recover->world.error, "virt-assign recover db1");
    testing_assert_error(&recover->world.error, VAS_ERROR_CONFLICT, "as many unfinished commands");
    g_assert_true(run_recover(recover, "db1"));
    g_assert_cmpuint(recover->world.recoveries->len, ==, VAS_GUEST_RECORD_OPERATIONS_MAX);
    assert_nothing_on_record(recover);
}

/* The command was killed between the two writes of what was left of it: the running guest's was
 * first. */
static void
test_copies_differ(RecoverWorld *recover, gconstpointer data)
{
    g_autoptr(VasOperation) both = operation_of(VAS_OPERATION_ATTACH, VF, OTHER_VF);
    g_autoptr(VasOperation) rest = vas_operation_copy(both);
    g_autoptr(VasGuest) guest = NULL;
    g_autoptr(VasGuestRecord) live = vas_guest_record_new();

    record(recover, both);
    guest = scan(recover);
    g_ptr_array_remove_index(rest->devices, 0);
    vas_guest_record_take_operation(live, vas_operation_copy(rest));
    g_assert_true(vas_record_store(&recover->world.fake->context, guest, VAS_SCOPE_LIVE, live,
                                   &recover->world.error));
    g_assert_cmpuint(assert_recovered(recover, VAS_RECOVERY_UNDONE)->devices->len, ==, 1);
    assert_nothing_on_record(recover);
}

static void
test_from_elsewhere(RecoverWorld *recover, gconstpointer data)
{
    g_autofree char *metadata = NULL;

    recover->world.fake->context.origin = "uid 0 on hv2";
    die_at(recover, FAKE_ATTACH_CONFIG, 1);
    kill_attach(recover, one);
    metadata = g_strdup(recover->world.guest->metadata);
    recover->world.fake->context.origin = "uid 0 on hv1";
    (void) assert_recovered(recover, VAS_RECOVERY_FAILED);
    testing_assert_hint(recover->world.error, "--force");
    g_assert_cmpint(vas_error_exit_status(recover->world.error), ==, 4);
    testing_assert_error(&recover->world.error, VAS_ERROR_LOCKED, "started by uid 0 on hv2");
    g_assert_cmpstr(recover->world.guest->metadata, ==, metadata);
    assert_state(&recover->world, VF, TRUE, FALSE, "vfio-pci");
    recover->force = TRUE;
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    assert_state(&recover->world, VF, FALSE, FALSE, "igbvf");
    assert_nothing_on_record(recover);
}

static VasInterrupt *raised;

static void
raise_interrupt(FakeHypervisor *fake)
{
    (void) fake;
    vas_interrupt_raise(raised, SIGTERM);
}

/* Whoever began it did not know where they are. */
static void
test_from_nowhere(RecoverWorld *recover, gconstpointer data)
{
    die_at(recover, FAKE_ATTACH_CONFIG, 1);
    kill_attach(recover, one);
    recover->world.fake->context.origin = "uid 0 on hv1";
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    assert_nothing_on_record(recover);
}

typedef struct {
    const char *metadata;
    VasError code;
    const char *message;
    const char *hint;
} Unreadable;

/* The signal comes with the first in hand: the other one stays for the next time. */
static void
test_interrupted(RecoverWorld *recover, gconstpointer data)
{
    VasContext *context = &recover->world.fake->context;
    g_autoptr(VasInterrupt) interrupt = vas_interrupt_new(&recover->world.fake->port);
    g_autoptr(VasOperation) first = operation_of(VAS_OPERATION_ATTACH, VF, NULL);
    g_autoptr(VasOperation) second = operation_of(VAS_OPERATION_ATTACH, OTHER_VF, NULL);

    record(recover, first);
    record(recover, second);
    fake_set_driver(recover->world.fake, VF, "vfio-pci");
    context->interrupt = interrupt;
    raised = interrupt;
    fake_plan_fault(recover->world.fake, FAKE_REATTACH_NODE_DEVICE, 1, FAKE_FAILS_LATE,
                    VAS_ERROR_FAILED, "no");
    recover->world.fake->on_fault = raise_interrupt;
    g_assert_false(run_recover(recover, NULL));
    context->interrupt = NULL;
    testing_assert_error(&recover->world.error, VAS_ERROR_INTERRUPTED, "interrupted by SIGTERM");
    g_assert_cmpuint(recover->world.recoveries->len, ==, 2);
    g_assert_true(is_on_record(recover));
    g_assert_true(run_recover(recover, NULL));
    assert_nothing_on_record(recover);
}

/* A record that cannot be read stays as it is, and keeps no other guest from being recovered. */
static void
test_unreadable(RecoverWorld *recover, gconstpointer data)
{
    const Unreadable *unreadable = data;
    FakeGuest *other = fake_add_guest(recover->world.fake, "aaa", FALSE, TRUE);

    other->config_metadata = g_strdup(unreadable->metadata);
    die_at(recover, FAKE_ATTACH_CONFIG, 1);
    kill_attach(recover, one);
    g_assert_false(run_recover(recover, "aaa"));
    testing_assert_hint(recover->world.error, unreadable->hint);
    testing_assert_error(&recover->world.error, (int) unreadable->code, unreadable->message);
    g_assert_false(run_recover(recover, NULL));
    testing_assert_error(&recover->world.error, VAS_ERROR_PARTIAL, unreadable->message);
    g_assert_cmpuint(recover->world.recoveries->len, ==, 2);
    g_assert_cmpstr(other->config_metadata, ==, unreadable->metadata);
    assert_state(&recover->world, VF, FALSE, FALSE, "igbvf");
    assert_nothing_on_record(recover);
}

/* The guest ended, and nobody looked. */
static void
test_settings_left(RecoverWorld *recover, gconstpointer data)
{
    const VasRecovery *recovery = NULL;

    recover->world.scope = VAS_SCOPE_LIVE;
    recover->world.wish->vf.trust = 1;
    g_assert_true(run_attach(&recover->world, one));
    g_assert_true(run_recover(recover, NULL));
    g_assert_cmpuint(recover->world.recoveries->len, ==, 0);
    fake_stop_guest(recover->world.fake, recover->world.guest);
    g_assert_cmpint(fake_vf_settings(recover->world.fake, VF)->trust, ==, 1);
    recovery = assert_recovered(recover, VAS_RECOVERY_FINISHED);
    g_assert_cmpstr(recovery->command, ==, "release");
    g_assert_cmpuint(recovery->devices->len, ==, 1);
    assert_settings_as_before(recover);
    assert_nothing_on_record(recover);
}

/* Settings are on record twice when somebody else took the VF from a running guest, and put back
 * once. */
static void
test_settings_left_by_a_running_guest(RecoverWorld *recover, gconstpointer data)
{
    VasHypervisor *port = &recover->world.fake->port;
    const FakeGuest *guest = recover->world.guest;

    recover->world.wish->vf.trust = 1;
    g_assert_true(run_attach(&recover->world, one));
    g_assert_true(port->request_unplug(port, guest->uuid, result_at(&recover->world, 0)->alias,
                                       &recover->world.error));
    g_assert_true(port->detach_config(port, guest->uuid, g_ptr_array_index(guest->config, 0),
                                      &recover->world.error));
    g_assert_cmpint(fake_vf_settings(recover->world.fake, VF)->trust, ==, 1);
    g_assert_cmpstr(assert_recovered(recover, VAS_RECOVERY_FINISHED)->command, ==, "release");
    assert_settings_as_before(recover);
    assert_nothing_on_record(recover);
}

static void
test_stale_release(RecoverWorld *recover, gconstpointer data)
{
    g_autoptr(VasGuest) guest = NULL;

    recover->world.scope = VAS_SCOPE_LIVE;
    recover->world.wish->has_type = TRUE;
    recover->world.wish->type = VAS_ASSIGNMENT_HOSTDEV;
    g_assert_true(run_attach(&recover->world, one));
    guest = scan(recover);
    g_assert_true(vas_pending_record(&recover->world.fake->context, guest,
                                     g_ptr_array_index(guest->live->assignments, 0), guest->live,
                                     &recover->world.error));
    g_ptr_array_set_size(recover->world.guest->live, 0);
    g_assert_nonnull(recover->world.guest->metadata);
    g_assert_true(run_recover(recover, "db1"));
    g_assert_cmpuint(recover->world.recoveries->len, ==, 0);
    assert_nothing_on_record(recover);
}

/* Another command has @name from here on, by a lock in *@ret_folder, which is the context's. */
static VasLock *
hold(RecoverWorld *recover, const char *name, char **ret_folder)
{
    FakeHypervisor *fake = recover->world.fake;
    VasLock *lock = NULL;
    VasLockHolder *holder = NULL;

    testing_scratch_write(fake->root, "/run/other", "");
    *ret_folder = g_build_filename(fake->root->path, "run/virt-assign", NULL);
    fake->context.lock_folder = *ret_folder;
    fake->context.command = "virt-assign test";
    g_assert_true(vas_lock_try(*ret_folder, name, FALSE, "virt-assign other", &lock, &holder,
                               &recover->world.error));
    g_assert_nonnull(lock);
    return lock;
}

/* Another command is at the device, or the guest. */
static void
test_locked(RecoverWorld *recover, gconstpointer data)
{
    g_autofree char *folder = NULL;
    g_autoptr(VasLock) lock = NULL;

    die_at(recover, FAKE_ATTACH_CONFIG, 1);
    kill_attach(recover, one);
    lock = hold(recover, data, &folder);
    g_assert_false(run_recover(recover, NULL));
    testing_assert_error(&recover->world.error, VAS_ERROR_LOCKED, "virt-assign other");
    assert_state(&recover->world, VF, TRUE, FALSE, "vfio-pci");
    g_clear_pointer(&lock, vas_lock_free);
    (void) assert_recovered(recover, VAS_RECOVERY_UNDONE);
    recover->world.fake->context.lock_folder = NULL;
}

static void
test_one_of_two_locked(RecoverWorld *recover, gconstpointer data)
{
    FakeGuest *other = fake_add_guest(recover->world.fake, "web", FALSE, TRUE);
    g_autofree char *folder = NULL;
    g_autoptr(VasLock) lock = NULL;

    die_at(recover, FAKE_ATTACH_CONFIG, 1);
    kill_attach(recover, one);
    other->config_metadata = g_strdup(recover->world.guest->config_metadata);
    world_seal(&recover->world, other);
    lock = hold(recover, data, &folder);
    g_assert_false(run_recover(recover, NULL));
    testing_assert_error(&recover->world.error, VAS_ERROR_PARTIAL, "1 of 2 unfinished commands");
    g_assert_cmpuint(recover->world.recoveries->len, ==, 2);
    g_assert_true(is_on_record(recover));
    g_assert_cmpstr(other->config_metadata, ==, NULL);
}

/* The signal comes before the first: nothing is begun. */
static void
test_interrupted_at_once(RecoverWorld *recover, gconstpointer data)
{
    g_autoptr(VasInterrupt) interrupt = vas_interrupt_new(&recover->world.fake->port);

    die_at(recover, FAKE_ATTACH_CONFIG, 1);
    kill_attach(recover, one);
    recover->world.fake->context.interrupt = interrupt;
    vas_interrupt_raise(interrupt, SIGINT);
    g_assert_false(run_recover(recover, NULL));
    testing_assert_error(&recover->world.error, VAS_ERROR_INTERRUPTED, "interrupted by SIGINT");
    g_assert_cmpuint(recover->world.recoveries->len, ==, 1);
    g_assert_true(is_on_record(recover));
}

/* libvirt is lost while it is at the guest: that is told of the guest. */
static void
test_unreachable(RecoverWorld *recover, gconstpointer data)
{
    die_at(recover, FAKE_ATTACH_CONFIG, 1);
    kill_attach(recover, one);
    die_at(recover, FAKE_LIST_GUESTS, 2);
    g_assert_false(run_recover(recover, NULL));
    testing_assert_error(&recover->world.error, VAS_ERROR_UNREACHABLE,
                         "for guest db1 did not end: could not be put right: client socket");
    g_assert_cmpuint(recover->world.recoveries->len, ==, 1);
    g_assert_true(is_on_record(recover));
}

#define ADD(name, data, function)                                                                  \
    g_test_add("/recover/" name, RecoverWorld, data, recover_set_up, function, recover_tear_down)

int
main(int argc, char **argv)
{
    static const Unreadable newer = {"<assignments version='2'/>", VAS_ERROR_UNSUPPORTED,
                                     "is of version 2", "or a newer one"};
    static const Unreadable malformed = {
        "<assignments version='1'><operation id=''/></assignments>", VAS_ERROR_FAILED,
        "an <operation> without id",
        "virsh metadata aaa urn:virt-assign:domain:1 --config --remove"};

    g_test_init(&argc, &argv, NULL);
    ADD("nothing", NULL, test_nothing);
    ADD("of-the-host", NULL, test_of_the_host);
    ADD("ports/one-of-two", NULL, test_one_port_of_two);
    ADD("ports/all", NULL, test_all_ports);
    ADD("ports/guest-named-as-uuid", NULL, test_guest_named_as_uuid);
    ADD("ports/in-use", NULL, test_port_in_use);
    ADD("ports/stays", NULL, test_port_stays);
    ADD("two-operations", NULL, test_two_operations);
    ADD("ends-behind-a-later-one", NULL, test_ends_behind_a_later_one);
    ADD("later-one-fails", NULL, test_later_one_fails);
    ADD("noted-only", NULL, test_noted_only);
    ADD("too-many/devices", NULL, test_too_many_devices);
    ADD("too-many/commands", NULL, test_too_many_commands);
    ADD("copies-differ", NULL, test_copies_differ);
    ADD("from-elsewhere", NULL, test_from_elsewhere);
    ADD("interrupted", NULL, test_interrupted);
    ADD("from-elsewhere/unknown", NULL, test_from_nowhere);
    ADD("unreadable/newer", &newer, test_unreadable);
    ADD("unreadable/malformed", &malformed, test_unreadable);
    ADD("settings-left", NULL, test_settings_left);
    ADD("settings-left/running", NULL, test_settings_left_by_a_running_guest);
    ADD("stale-release", NULL, test_stale_release);
    ADD("locked/device", "device-" VF, test_locked);
    ADD("locked/guest", "guest-00000000-0000-0000-0000-000000000001", test_locked);
    ADD("locked/one-of-two", "guest-00000000-0000-0000-0000-000000000001", test_one_of_two_locked);
    ADD("interrupted/at-once", NULL, test_interrupted_at_once);
    ADD("unreachable", NULL, test_unreachable);
    return g_test_run();
}
