/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/error.h"
#include "engine/recover/recover-host.h"
#include "fake-vfio.h"
#include "host-driver-fixture.h"
#include "engine/journal/record-file.h"
#include "host/files/taken-driver.h"
#include "host/sriov/vf-state.h"

#include <glib/gstdio.h>
#include <string.h>

/* host-detach and host-reattach of two devices are killed at each of their points. */

#define RECORD "/run/virt-assign/operation-" VF

static const VasHostAddress vf = {.pci = {.bus = 1, .slot = 0x10}};
static const VasHostAddress usb = {.pci = {.bus = 3}};
static const VasHostAddress nic = {.pci = {.bus = 5, .slot = 1}};

static VasOperationDevice *
add(DriverWorld *world, VasOperation *operation, VasHostAddress device, const char *driver,
    const char *override)
{
    VasOperationDevice *row = vas_operation_add(operation, device);

    row->identity = vas_vf_state_identity(world->base.fake->host, device);
    row->driver = g_strdup(driver);
    row->override = g_strdup(override);
    return row;
}

static void
record(DriverWorld *world, VasOperationKind kind)
{
    gboolean detach = kind == VAS_OPERATION_HOST_DETACH;
    g_autoptr(VasOperation) operation = vas_operation_new(kind, NULL);

    add(world, operation, vf, detach ? "igbvf" : "vfio-pci", detach ? NULL : "vfio-pci");
    add(world, operation, usb, detach ? "xhci_hcd" : "vfio-pci", detach ? NULL : "vfio-pci");
    g_assert_true(vas_record_file_write(world->base.fake->host, operation, &world->base.error));
}

static gboolean
is_recorded(const DriverWorld *world)
{
    g_autofree char *path = g_build_filename(world->base.fake->root->path, RECORD, NULL);

    return g_file_test(path, G_FILE_TEST_EXISTS);
}

static const VasRecovery *
recover(DriverWorld *world)
{
    g_ptr_array_set_size(world->base.recoveries, 0);
    g_assert_true(vas_recover_host(&world->base.fake->context, NULL, 1, world->base.recoveries,
                                   &world->base.error));
    g_assert_cmpuint(world->base.recoveries->len, ==, 1);
    return g_ptr_array_index(world->base.recoveries, 0);
}

static void
assert_recovered(DriverWorld *world, VasRecoveryOutcome outcome)
{
    const VasRecovery *recovery = recover(world);

    g_assert_no_error(recovery->error);
    g_assert_cmpint(recovery->outcome, ==, outcome);
    g_assert_false(is_recorded(world));
}

static void
assert_failed(DriverWorld *world, VasError code, const char *hint)
{
    const VasRecovery *recovery = recover(world);

    g_assert_cmpint(recovery->outcome, ==, VAS_RECOVERY_FAILED);
    testing_assert_hint(recovery->error, hint);
    g_assert_error(recovery->error, VAS_ERROR, (int) code);
    g_assert_true(is_recorded(world));
}

/* A device can be here on its way: driver, override. */
static const char *const ways[][2] = {{"igbvf", NULL},
                                      {"igbvf", "vfio-pci"},
                                      {NULL, "vfio-pci"},
                                      {"vfio-pci", "vfio-pci"},
                                      {NULL, NULL}};

static void
test_detach_killed(DriverWorld *world, gconstpointer data)
{
    for (guint i = 0; i < G_N_ELEMENTS(ways); i++) {
        g_autofree char *taken = NULL;

        put_on(world, VF, ways[i][0], ways[i][1]);
        put_on(world, USB, "xhci_hcd", NULL);
        g_assert_true(vas_taken_driver_note(world->base.fake->host, vf, "igbvf", NULL));
        record(world, VAS_OPERATION_HOST_DETACH);
        assert_recovered(world, VAS_RECOVERY_UNDONE);
        assert_bound(world, VF, "igbvf", NULL);
        assert_bound(world, USB, "xhci_hcd", NULL);
        taken = vas_taken_driver_read(world->base.fake->host, vf);
        g_assert_null(taken);
    }
}

static void
test_detach_finished(DriverWorld *world, gconstpointer data)
{
    g_autofree char *taken = NULL;

    put_on(world, VF, "vfio-pci", "vfio-pci");
    put_on(world, USB, "vfio-pci", "vfio-pci");
    g_assert_true(vas_taken_driver_note(world->base.fake->host, vf, "igbvf", NULL));
    record(world, VAS_OPERATION_HOST_DETACH);
    assert_recovered(world, VAS_RECOVERY_FINISHED);
    assert_bound(world, VF, "vfio-pci", "vfio-pci");
    g_assert_cmpuint(world->base.kernel->writes, ==, 0);
    taken = vas_taken_driver_read(world->base.fake->host, vf);
    g_assert_cmpstr(taken, ==, "igbvf");
}

/* The command was to move the VF to another VFIO driver than it is on. */
static void
test_detach_to_driver(DriverWorld *world, gconstpointer data)
{
    g_autoptr(VasOperation) operation = vas_operation_new(VAS_OPERATION_HOST_DETACH, NULL);

    operation->driver = g_strdup("mlx5_vfio_pci");
    put_on(world, VF, "vfio-pci", "vfio-pci");
    add(world, operation, vf, "igbvf", NULL);
    g_assert_true(vas_record_file_write(world->base.fake->host, operation, &world->base.error));
    assert_recovered(world, VAS_RECOVERY_UNDONE);
    assert_bound(world, VF, "igbvf", NULL);
}

static void
test_reattach_killed(DriverWorld *world, gconstpointer data)
{
    for (guint i = 0; i < G_N_ELEMENTS(ways); i++) {
        put_on(world, VF, ways[i][0], ways[i][1]);
        put_on(world, USB, "vfio-pci", "vfio-pci");
        record(world, VAS_OPERATION_HOST_REATTACH);
        assert_recovered(world, VAS_RECOVERY_UNDONE);
        assert_bound(world, VF, "vfio-pci", "vfio-pci");
        assert_bound(world, USB, "vfio-pci", "vfio-pci");
    }
}

static void
test_reattach_finished(DriverWorld *world, gconstpointer data)
{
    g_autofree char *taken = NULL;

    g_assert_true(vas_taken_driver_note(world->base.fake->host, vf, "igbvf", NULL));
    record(world, VAS_OPERATION_HOST_REATTACH);
    assert_recovered(world, VAS_RECOVERY_FINISHED);
    assert_bound(world, VF, "igbvf", NULL);
    taken = vas_taken_driver_read(world->base.fake->host, vf);
    g_assert_null(taken);
}

/* The kernel's choice is not yet the driver that it was taken from. */
static void
test_reattach_to_driver(DriverWorld *world, gconstpointer data)
{
    g_autoptr(VasOperation) operation = vas_operation_new(VAS_OPERATION_HOST_REATTACH, NULL);
    VasOperationDevice *row = add(world, operation, vf, "vfio-pci", "vfio-pci");

    row->wanted = g_strdup("uio_pci_generic");
    g_assert_true(vas_record_file_write(world->base.fake->host, operation, &world->base.error));
    assert_recovered(world, VAS_RECOVERY_UNDONE);
    assert_bound(world, VF, "vfio-pci", "vfio-pci");
}

static void
give(DriverWorld *world, const char *function)
{
    FakeGuest *guest = world->base.guest;

    g_ptr_array_add(guest->live,
                    g_strdup_printf("<hostdev mode='subsystem' type='pci' managed='yes'><source>"
                                    "<address type='pci' domain='0x0000' %s/></source></hostdev>",
                                    function));
}

static void
test_held_by_guest(DriverWorld *world, gconstpointer data)
{
    give(world, "bus='0x01' slot='0x10' function='0x0'");
    put_on(world, VF, "vfio-pci", "vfio-pci");
    record(world, VAS_OPERATION_HOST_DETACH);
    assert_failed(world, VAS_ERROR_IN_USE, "virt-assign detach db1 " VF);
    g_assert_cmpuint(world->base.kernel->writes, ==, 0);
}

/* Nothing is moved when one cannot be. */
static void
test_driver_gone(DriverWorld *world, gconstpointer data)
{
    g_autofree char *bind =
        g_build_filename(world->base.fake->root->path, "/sys/bus/pci/drivers/igbvf/bind", NULL);
    g_autofree char *driver = g_path_get_dirname(bind);

    put_on(world, VF, "vfio-pci", "vfio-pci");
    put_on(world, USB, NULL, "vfio-pci");
    g_assert_cmpint(g_unlink(bind), ==, 0);
    g_assert_cmpint(g_rmdir(driver), ==, 0);
    record(world, VAS_OPERATION_HOST_DETACH);
    assert_failed(world, VAS_ERROR_NOT_FOUND, "load the driver's module");
    g_assert_cmpuint(world->base.kernel->writes, ==, 0);
    world->base.kernel->loadable = "igbvf";
    assert_recovered(world, VAS_RECOVERY_UNDONE);
    assert_bound(world, VF, "igbvf", NULL);
    assert_bound(world, USB, "xhci_hcd", NULL);
}

/* Each write of the way back goes wrong in each of the ways, or does not matter; the next recovery
 * has it right. */
static void
test_write_goes_wrong(DriverWorld *world, gconstpointer data)
{
    for (FakeWriteFault fault = FAKE_WRITE_FAILS; fault <= FAKE_WRITE_LIES; fault++) {
        for (guint write = 1; write <= 8; write++) {
            put_on(world, VF, "vfio-pci", "vfio-pci");
            put_on(world, USB, NULL, "vfio-pci");
            record(world, VAS_OPERATION_HOST_DETACH);
            world->base.kernel->writes = 0;
            world->base.kernel->faulty_write = write;
            world->base.kernel->fault = fault;
            if (recover(world)->outcome == VAS_RECOVERY_FAILED) {
                g_assert_true(is_recorded(world));
                assert_recovered(world, VAS_RECOVERY_UNDONE);
            } else {
                /* 3 writes for USB, which is on none, and 4 for VF. */
                g_assert_cmpuint(write, ==, 8);
            }
            assert_bound(world, VF, "igbvf", NULL);
            assert_bound(world, USB, "xhci_hcd", NULL);
        }
    }
}

/* The VF was unplugged, or made anew: another device has its address. */
static void
test_device_gone(DriverWorld *world, gconstpointer data)
{
    g_autoptr(VasOperation) operation = vas_operation_new(VAS_OPERATION_HOST_DETACH, NULL);
    VasOperationDevice *row = add(world, operation, vf, "uio_pci_generic", NULL);

    g_free(row->identity);
    row->identity = g_strdup("boot/another");
    g_assert_true(vas_record_file_write(world->base.fake->host, operation, &world->base.error));
    assert_recovered(world, VAS_RECOVERY_FINISHED);
    assert_bound(world, VF, "igbvf", NULL);
    g_assert_nonnull(strstr(g_ptr_array_index(world->base.fake->notes, 0), "not there any more"));
    add(world, operation, usb, "xhci_hcd", NULL);
    put_on(world, USB, NULL, "vfio-pci");
    g_assert_true(vas_record_file_write(world->base.fake->host, operation, &world->base.error));
    assert_recovered(world, VAS_RECOVERY_UNDONE);
    assert_bound(world, VF, "igbvf", NULL);
    assert_bound(world, USB, "xhci_hcd", NULL);
}

/* The driver is on it, and the override by which it was bound is still to go. */
static void
test_reattach_with_override_left(DriverWorld *world, gconstpointer data)
{
    put_on(world, VF, "igbvf", "igbvf");
    record(world, VAS_OPERATION_HOST_REATTACH);
    assert_recovered(world, VAS_RECOVERY_UNDONE);
    assert_bound(world, VF, "vfio-pci", "vfio-pci");
    assert_bound(world, USB, "vfio-pci", "vfio-pci");
}

/* Nothing moves a device, either, where all but the override is as before. */
static void
test_override_of_one_held(DriverWorld *world, gconstpointer data)
{
    give(world, "bus='0x01' slot='0x10' function='0x0'");
    put_on(world, VF, "vfio-pci", NULL);
    put_on(world, USB, "vfio-pci", "vfio-pci");
    record(world, VAS_OPERATION_HOST_REATTACH);
    assert_failed(world, VAS_ERROR_IN_USE, "virt-assign detach db1 " VF);
    g_assert_cmpuint(world->base.kernel->writes, ==, 0);
}

/* A device must not be on a host driver while a guest has another of its group; VFIO is fine. */
static void
test_mate_in_guest(DriverWorld *world, gconstpointer data)
{
    gboolean detach = GPOINTER_TO_INT(data);
    g_autoptr(VasOperation) operation =
        vas_operation_new(detach ? VAS_OPERATION_HOST_DETACH : VAS_OPERATION_HOST_REATTACH, NULL);
    const VasRecovery *recovery = NULL;

    give(world, "bus='0x05' slot='0x02' function='0x0'");
    put_on(world, SATA, "vfio-pci", "vfio-pci");
    put_on(world, NIC, NULL, "vfio-pci");
    add(world, operation, nic, detach ? "e1000" : "vfio-pci", detach ? NULL : "vfio-pci");
    g_assert_true(vas_record_file_write(world->base.fake->host, operation, &world->base.error));
    recovery = recover(world);
    g_assert_cmpint(recovery->outcome, ==, detach ? VAS_RECOVERY_FAILED : VAS_RECOVERY_UNDONE);
    assert_bound(world, NIC, detach ? NULL : "vfio-pci", "vfio-pci");
    if (detach)
        testing_assert_hint(recovery->error, "virt-assign detach db1 " SATA);
}

/* A process holds the VF, and no guest knows of it. */
static void
test_held_by_process(DriverWorld *world, gconstpointer data)
{
    put_on(world, VF, "vfio-pci", "vfio-pci");
    record(world, VAS_OPERATION_HOST_DETACH);
    fake_vfio_hold(world->base.fake->root, VF, 11);
    assert_failed(world, VAS_ERROR_IN_USE, "fuser -v");
    g_assert_cmpuint(world->base.kernel->writes, ==, 0);
    fake_vfio_let_go();
    assert_recovered(world, VAS_RECOVERY_UNDONE);
    assert_bound(world, VF, "igbvf", NULL);
}

/* Nobody can tell by which rules it may be moved. */
static void
test_unknown_to_libvirt(DriverWorld *world, gconstpointer data)
{
    const VasRecovery *recovery = NULL;

    put_on(world, VF, "vfio-pci", "vfio-pci");
    record(world, VAS_OPERATION_HOST_DETACH);
    world->base.fake->vanished = VF;
    recovery = recover(world);
    g_assert_error(recovery->error, VAS_ERROR, VAS_ERROR_NOT_FOUND);
    g_assert_true(is_recorded(world));
    g_assert_cmpuint(world->base.kernel->writes, ==, 0);
}

static void
test_by_next_command(DriverWorld *world, gconstpointer data)
{
    const char *const devices[] = {USB, NULL};
    VasHostDriverRequest request = {.devices = devices, .timeout = 1, .dry_run = TRUE};
    g_autoptr(GPtrArray) planned = NULL;
    g_autoptr(GPtrArray) steps = NULL;
    g_autoptr(GPtrArray) results = NULL;

    put_on(world, VF, "vfio-pci", "vfio-pci");
    record(world, VAS_OPERATION_HOST_DETACH);
    g_assert_true(vas_host_detach(&world->base.fake->context, &request, &planned, &steps,
                                  &world->base.error));
    g_assert_true(is_recorded(world));
    g_assert_nonnull(strstr(g_ptr_array_index(world->base.fake->notes, 0), "virt-assign recover"));
    g_ptr_array_set_size(world->base.fake->notes, 0);
    request.dry_run = FALSE;
    g_assert_true(vas_host_detach(&world->base.fake->context, &request, &results, &steps,
                                  &world->base.error));
    g_assert_nonnull(strstr(g_ptr_array_index(world->base.fake->notes, 0), "did not end: undone"));
    assert_bound(world, VF, "igbvf", NULL);
    assert_bound(world, USB, "vfio-pci", "vfio-pci");
    g_assert_false(is_recorded(world));
}

static gboolean
attach_usb(DriverWorld *world)
{
    return run_attach(&world->base, (const char *const[]){USB, NULL});
}

/* An attach would else note the driver of the way as the driver of before. */
static void
test_by_attach(DriverWorld *world, gconstpointer data)
{
    put_on(world, USB, NULL, "vfio-pci");
    record(world, VAS_OPERATION_HOST_DETACH);
    world->base.dry_run = TRUE;
    g_assert_true(attach_usb(world));
    assert_noted(world, "an earlier host-detach of " VF " did not end");
    g_assert_true(is_recorded(world));
    world->base.dry_run = FALSE;
    g_assert_true(attach_usb(world));
    assert_noted(world, "did not end: undone");
    g_assert_cmpstr(result_at(&world->base, 0)->driver, ==, "vfio-pci");
    assert_bound(world, USB, "vfio-pci", NULL);
    g_assert_false(is_recorded(world));
}

/* A guest has got the device meanwhile: that is nothing to the next attach of it. */
static void
test_by_attach_of_one_there(DriverWorld *world, gconstpointer data)
{
    world->base.scope = VAS_SCOPE_LIVE;
    g_assert_true(attach_usb(world));
    record(world, VAS_OPERATION_HOST_DETACH);
    world->base.scope = VAS_SCOPE_CONFIG;
    g_assert_true(attach_usb(world));
    g_assert_true(fake_has(world->base.guest, VAS_SCOPE_CONFIG, USB));
    g_assert_true(is_recorded(world));
}

/* It cannot be told what the device would come back to. */
static void
test_attach_fails(DriverWorld *world, gconstpointer data)
{
    g_autofree char *driver =
        g_build_filename(world->base.fake->root->path, "/sys/bus/pci/drivers/xhci_hcd/bind", NULL);
    g_autofree char *folder = g_path_get_dirname(driver);

    put_on(world, USB, "vfio-pci", "vfio-pci");
    record(world, VAS_OPERATION_HOST_DETACH);
    g_assert_cmpint(g_unlink(driver), ==, 0);
    g_assert_cmpint(g_rmdir(folder), ==, 0);
    g_assert_false(attach_usb(world));
    testing_assert_hint(world->base.error, "virt-assign recover");
    g_clear_error(&world->base.error);
    g_assert_false(fake_has(world->base.guest, VAS_SCOPE_LIVE, USB));
    g_assert_true(is_recorded(world));
}

#define ADD(name, data, function)                                                                  \
    g_test_add("/recover-binding/" name, DriverWorld, data, driver_world_set_up, function,         \
               driver_world_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("detach/killed", NULL, test_detach_killed);
    ADD("detach/finished", NULL, test_detach_finished);
    ADD("detach/to-driver", NULL, test_detach_to_driver);
    ADD("reattach/killed", NULL, test_reattach_killed);
    ADD("reattach/finished", NULL, test_reattach_finished);
    ADD("reattach/to-driver", NULL, test_reattach_to_driver);
    ADD("reattach/override-left", NULL, test_reattach_with_override_left);
    ADD("held-by-guest", NULL, test_held_by_guest);
    ADD("held-by-guest/but-for-override", NULL, test_override_of_one_held);
    ADD("held-by-guest/mate/detach", GINT_TO_POINTER(TRUE), test_mate_in_guest);
    ADD("held-by-guest/mate/reattach", GINT_TO_POINTER(FALSE), test_mate_in_guest);
    ADD("held-by-process", NULL, test_held_by_process);
    ADD("unknown-to-libvirt", NULL, test_unknown_to_libvirt);
    ADD("driver-gone", NULL, test_driver_gone);
    ADD("write-goes-wrong", NULL, test_write_goes_wrong);
    ADD("device-gone", NULL, test_device_gone);
    ADD("by-next-command", NULL, test_by_next_command);
    ADD("by-attach", NULL, test_by_attach);
    ADD("by-attach/of-one-there", NULL, test_by_attach_of_one_there);
    ADD("by-attach/fails", NULL, test_attach_fails);
    return g_test_run();
}
