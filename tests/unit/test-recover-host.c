/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/recover/recover-host.h"

#include "core/value/error.h"
#include "host-driver-fixture.h"
#include "host/files/lock.h"
#include "engine/journal/record-file.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

/* These tests see which records are looked at, and when. */

static const VasHostAddress vf = {.pci = {.bus = 1, .slot = 0x10}};
static const VasHostAddress usb = {.pci = {.bus = 3}};
static const VasHostAddress pf = {.pci = {.bus = 1}};
static const VasHostAddress sata = {.pci = {.bus = 5, .slot = 2}};

/* Records a command that was killed before its first step. */
static void
record(DriverWorld *world, VasHostAddress device, const char *driver)
{
    g_autoptr(VasOperation) operation = vas_operation_new(VAS_OPERATION_HOST_DETACH, NULL);

    vas_operation_add(operation, device)->driver = g_strdup(driver);
    g_assert_true(vas_record_file_write(world->base.fake->host, operation, &world->base.error));
}

static gboolean
is_recorded(const DriverWorld *world, VasHostAddress device)
{
    g_autofree char *path = vas_record_file_path(device);
    g_autofree char *full = g_build_filename(world->base.fake->root->path, path, NULL);

    return g_file_test(full, G_FILE_TEST_EXISTS);
}

static gboolean
recover(DriverWorld *world, const GArray *devices)
{
    g_ptr_array_set_size(world->base.recoveries, 0);
    return vas_recover_host(&world->base.fake->context, devices, 0, world->base.recoveries,
                            &world->base.error);
}

static const VasRecovery *
recovery(const DriverWorld *world, guint i)
{
    g_assert_cmpuint(i, <, world->base.recoveries->len);
    return g_ptr_array_index(world->base.recoveries, i);
}

static void
test_none(DriverWorld *world, gconstpointer data)
{
    g_assert_true(recover(world, NULL));
    g_assert_cmpuint(world->base.recoveries->len, ==, 0);
    g_assert_cmpuint(world->base.fake->calls[FAKE_LIST_NODE_DEVICES], ==, 0);
    world->base.fake->context.host = NULL;
    g_assert_true(recover(world, NULL));
}

static void
test_of_devices(DriverWorld *world, gconstpointer data)
{
    g_autoptr(GArray) devices = g_array_new(FALSE, FALSE, sizeof(VasHostAddress));

    record(world, vf, "igbvf");
    record(world, usb, "xhci_hcd");
    g_assert_true(recover(world, devices));
    g_assert_cmpuint(world->base.recoveries->len, ==, 0);
    g_array_append_val(devices, usb);
    g_assert_true(recover(world, devices));
    g_assert_cmpuint(world->base.recoveries->len, ==, 1);
    g_assert_true(is_recorded(world, vf));
    g_assert_false(is_recorded(world, usb));
}

/* A record that cannot be read is told, and keeps nobody from the others. */
static void
test_unreadable(DriverWorld *world, gconstpointer data)
{
    g_autoptr(GArray) devices = g_array_new(FALSE, FALSE, sizeof(VasHostAddress));

    record(world, usb, "xhci_hcd");
    testing_scratch_write(world->base.fake->root, "/run/virt-assign/operation-" VF, "rubbish\n");
    g_assert_true(recover(world, NULL));
    g_assert_cmpuint(world->base.recoveries->len, ==, 2);
    g_assert_cmpint(recovery(world, 0)->outcome, ==, VAS_RECOVERY_FAILED);
    g_assert_error(recovery(world, 0)->error, VAS_ERROR, VAS_ERROR_FAILED);
    g_assert_cmpint(recovery(world, 1)->outcome, ==, VAS_RECOVERY_UNDONE);
    g_assert_true(is_recorded(world, vf));
    g_array_append_val(devices, usb);
    g_assert_true(recover(world, devices));
    g_assert_cmpuint(world->base.recoveries->len, ==, 0);
    g_array_append_val(devices, vf);
    g_assert_true(recover(world, devices));
    g_assert_cmpuint(world->base.recoveries->len, ==, 1);
}

static void
test_newer(DriverWorld *world, gconstpointer data)
{
    testing_scratch_write(world->base.fake->root, "/run/virt-assign/operation-" VF,
                          "<operation version='2'/>");
    g_assert_true(recover(world, NULL));
    g_assert_error(recovery(world, 0)->error, VAS_ERROR, VAS_ERROR_UNSUPPORTED);
    g_assert_true(is_recorded(world, vf));
}

static void
test_folder_unreadable(DriverWorld *world, gconstpointer data)
{
    const char *const names[] = {VF, NULL};

    testing_scratch_write(world->base.fake->root, "/elsewhere/file", "");
    testing_scratch_link(world->base.fake->root, "/run/virt-assign", "../elsewhere");
    g_assert_false(recover(world, NULL));
    testing_assert_error(&world->base.error, VAS_ERROR_DENIED, "/run/virt-assign");
    /* A command goes on, as it does where it cannot write its own. */
    g_assert_true(vas_recover_host_first(&world->base.fake->context, names, FALSE, 0, FALSE,
                                         &world->base.error));
}

/* Another command has @name from here on, by a lock in *@ret_folder, which is the context's. */
static VasLock *
hold(DriverWorld *world, const char *name, char **ret_folder)
{
    VasLock *lock = NULL;
    VasLockHolder *holder = NULL;

    testing_scratch_write(world->base.fake->root, "/run/other", "");
    *ret_folder = g_build_filename(world->base.fake->root->path, "run/virt-assign", NULL);
    world->base.fake->context.lock_folder = *ret_folder;
    world->base.fake->context.command = "virt-assign test";
    g_assert_true(vas_lock_try(*ret_folder, name, FALSE, "virt-assign other", &lock, &holder,
                               &world->base.error));
    g_assert_nonnull(lock);
    return lock;
}

/* The record's command runs still. */
static void
test_locked(DriverWorld *world, gconstpointer data)
{
    const char *const names[] = {VF, NULL};
    g_autofree char *folder = NULL;
    g_autoptr(VasLock) lock = NULL;

    record(world, vf, "igbvf");
    fake_set_driver(world->base.fake, VF, "vfio-pci");
    lock = hold(world, "device-" VF, &folder);
    g_assert_true(recover(world, NULL));
    g_assert_cmpint(recovery(world, 0)->outcome, ==, VAS_RECOVERY_FAILED);
    g_assert_error(recovery(world, 0)->error, VAS_ERROR, VAS_ERROR_LOCKED);
    g_assert_true(is_recorded(world, vf));
    g_assert_cmpuint(world->base.kernel->writes, ==, 0);
    g_assert_false(vas_recover_host_first(&world->base.fake->context, names, FALSE, 0, FALSE,
                                          &world->base.error));
    g_assert_nonnull(strstr(world->base.error->message,
                            "did not end, or still runs: device " VF " is in use by"));
    testing_assert_error(&world->base.error, VAS_ERROR_LOCKED, VF);
}

/* The other command has ended when the first scan is through. */
static GStrv (*list_before)(VasHypervisor *port, VasNodeDeviceKind kind, GError **error);

static GStrv
list_and_end(VasHypervisor *port, VasNodeDeviceKind kind, GError **error)
{
    g_assert_true(vas_record_file_remove(((FakeHypervisor *) port)->host, vf, NULL));
    return list_before(port, kind, error);
}

static void
test_ends_meanwhile(DriverWorld *world, gconstpointer data)
{
    record(world, vf, "uio_pci_generic");
    list_before = world->base.fake->port.list_node_devices;
    world->base.fake->port.list_node_devices = list_and_end;
    g_assert_true(recover(world, NULL));
    g_assert_cmpuint(world->base.recoveries->len, ==, 0);
    g_assert_cmpuint(world->base.kernel->writes, ==, 0);
}

/* Nothing is begun any more. */
static void
test_interrupted(DriverWorld *world, gconstpointer data)
{
    g_autoptr(VasInterrupt) interrupt = vas_interrupt_new(&world->base.fake->port);

    record(world, vf, "uio_pci_generic");
    world->base.fake->context.interrupt = interrupt;
    vas_interrupt_raise(interrupt, SIGTERM);
    g_assert_true(recover(world, NULL));
    g_assert_error(recovery(world, 0)->error, VAS_ERROR, VAS_ERROR_INTERRUPTED);
    g_assert_cmpuint(world->base.kernel->writes, ==, 0);
    g_assert_true(is_recorded(world, vf));
}

/* In the first scan another command takes the record's place, with a device that is not locked. */
static void
write_two(const VasHost *host, VasHostAddress second)
{
    g_autoptr(VasOperation) operation = vas_operation_new(VAS_OPERATION_HOST_DETACH, NULL);

    vas_operation_add(operation, vf)->driver = g_strdup("igbvf");
    vas_operation_add(operation, second);
    g_assert_true(vas_record_file_write(host, operation, NULL));
}

static GStrv
list_and_replace(VasHypervisor *port, VasNodeDeviceKind kind, GError **error)
{
    write_two(((FakeHypervisor *) port)->host, usb);
    return list_before(port, kind, error);
}

static void
test_another_meanwhile(DriverWorld *world, gconstpointer data)
{
    g_autofree char *folder = NULL;
    g_autoptr(VasLock) lock G_GNUC_UNUSED = hold(world, "device-" USB, &folder);

    if (data != NULL)
        write_two(world->base.fake->host, *(const VasHostAddress *) data);
    else
        record(world, vf, "igbvf");
    list_before = world->base.fake->port.list_node_devices;
    world->base.fake->port.list_node_devices = list_and_replace;
    g_assert_true(recover(world, NULL));
    g_assert_error(recovery(world, 0)->error, VAS_ERROR, VAS_ERROR_LOCKED);
    g_assert_true(is_recorded(world, vf));
}

static gboolean
recover_first(DriverWorld *world, const char *name, gboolean whole_group, gboolean dry_run)
{
    const char *const names[] = {name, NULL};

    return vas_recover_host_first(&world->base.fake->context, names, whole_group, 0, dry_run,
                                  &world->base.error);
}

/* A command for a device meets what is unfinished of the PF, of a VF, of another in its group. */
static void
test_of_relatives(DriverWorld *world, gconstpointer data)
{
    record(world, pf, "igb");
    record(world, sata, "ahci");
    g_assert_true(recover_first(world, USB, TRUE, FALSE));
    g_assert_true(recover_first(world, NIC, FALSE, FALSE));
    g_assert_true(is_recorded(world, pf));
    g_assert_true(is_recorded(world, sata));
    g_assert_true(recover_first(world, VF, FALSE, FALSE));
    g_assert_false(is_recorded(world, pf));
    g_assert_true(recover_first(world, NIC, TRUE, FALSE));
    g_assert_false(is_recorded(world, sata));
    record(world, vf, "igbvf");
    g_assert_true(recover_first(world, "enp1s0", FALSE, FALSE));
    g_assert_false(is_recorded(world, vf));
}

static void
test_dry_run(DriverWorld *world, gconstpointer data)
{
    record(world, vf, "igbvf");
    g_assert_true(recover_first(world, USB, FALSE, TRUE));
    g_assert_cmpuint(world->base.fake->notes->len, ==, 0);
    g_assert_true(recover_first(world, VF, FALSE, TRUE));
    assert_noted(world, "an earlier host-detach of " VF);
    g_assert_true(is_recorded(world, vf));
}

/* The command does not go on, and tells what to do. */
static void
test_first_fails(DriverWorld *world, gconstpointer data)
{
    write_two(world->base.fake->host, usb);
    world->base.fake->vanished = USB;
    g_assert_false(recover_first(world, VF, FALSE, FALSE));
    testing_assert_hint(world->base.error, "when the cause is gone: virt-assign recover");
    g_assert_nonnull(strstr(world->base.error->message, "did not end: could not be put right"));
    testing_assert_error(&world->base.error, VAS_ERROR_NOT_FOUND, "libvirt does not know " USB);
    g_assert_true(is_recorded(world, vf));
}

/* The signal comes while recover waits for the other command. */
static void
test_first_is_interrupted(DriverWorld *world, gconstpointer data)
{
    const char *const names[] = {VF, NULL};
    g_autoptr(VasInterrupt) interrupt = vas_interrupt_new(&world->base.fake->port);
    g_autofree char *folder = NULL;
    g_autoptr(VasLock) lock G_GNUC_UNUSED = hold(world, "device-" VF, &folder);

    record(world, vf, "igbvf");
    world->base.fake->context.interrupt = interrupt;
    vas_interrupt_raise(interrupt, SIGINT);
    g_assert_false(vas_recover_host_first(&world->base.fake->context, names, FALSE, 60, FALSE,
                                          &world->base.error));
    g_assert_nonnull(strstr(world->base.error->message, "did not end: not put right yet"));
    testing_assert_error(&world->base.error, VAS_ERROR_INTERRUPTED, "interrupted by SIGINT");
    g_assert_true(is_recorded(world, vf));
}

#define ADD(name, data, function)                                                                  \
    g_test_add("/recover-host/" name, DriverWorld, data, driver_world_set_up, function,            \
               driver_world_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("none", NULL, test_none);
    ADD("of-devices", NULL, test_of_devices);
    ADD("unreadable", NULL, test_unreadable);
    ADD("newer", NULL, test_newer);
    ADD("folder-unreadable", NULL, test_folder_unreadable);
    ADD("locked", NULL, test_locked);
    ADD("ends-meanwhile", NULL, test_ends_meanwhile);
    ADD("interrupted", NULL, test_interrupted);
    ADD("another-meanwhile/of-more", NULL, test_another_meanwhile);
    ADD("another-meanwhile/of-others", &sata, test_another_meanwhile);
    ADD("first/of-relatives", NULL, test_of_relatives);
    ADD("first/dry-run", NULL, test_dry_run);
    ADD("first/fails", NULL, test_first_fails);
    ADD("first/interrupted", NULL, test_first_is_interrupted);
    return g_test_run();
}
