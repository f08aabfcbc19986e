/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/recover-host.h"

#include "core/error.h"
#include "engine/host-driver.h"
#include "fake-hypervisor.h"
#include "fake-kernel.h"
#include "host/lock.h"
#include "host/operation-file.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

/* Which records are looked at, and when. */

#define VF "0000:01:10.0"
#define USB "0000:03:00.0"

static const VasHostAddress vf = {.pci = {.bus = 1, .slot = 0x10}};
static const VasHostAddress usb = {.pci = {.bus = 3}};

typedef struct {
    FakeHypervisor *fake;
    FakeKernel *kernel;
    char *folder;
    GPtrArray *recoveries;
    VasLock *lock; /* of the other command */
    GError *error;
} World;

static World *current;

static void
world_set_up(World *world, gconstpointer data)
{
    static const char *const drivers[] = {"igbvf", "xhci_hcd", "vfio-pci"};

    (void) data;
    current = world;
    world->fake = fake_hypervisor_new();
    world->kernel = fake_kernel_new(world->fake->host, world->fake->root);
    for (guint i = 0; i < G_N_ELEMENTS(drivers); i++)
        fake_kernel_add_driver(world->kernel, drivers[i]);
    fake_kernel_add_device(world->kernel, VF, "igbvf", "igbvf");
    fake_kernel_add_device(world->kernel, USB, "xhci_hcd", "xhci_hcd");
    world->recoveries = g_ptr_array_new_with_free_func((GDestroyNotify) vas_recovery_free);
    world->folder = g_build_filename(world->fake->root->path, "run/virt-assign", NULL);
    world->fake->context.lock_folder = world->folder;
    world->fake->context.command = "virt-assign test";
}

static void
world_tear_down(World *world, gconstpointer data)
{
    (void) data;
    g_assert_no_error(world->error);
    vas_lock_free(world->lock);
    g_free(world->folder);
    g_ptr_array_unref(world->recoveries);
    fake_kernel_free(world->kernel);
    fake_hypervisor_free(world->fake);
}

/* Killed before its first step. */
static void
record(World *world, VasHostAddress device, const char *driver)
{
    g_autoptr(VasHostOperation) operation = vas_host_operation_new(VAS_HOST_OPERATION_DETACH);

    vas_host_operation_add(operation, device)->driver = g_strdup(driver);
    g_assert_true(vas_operation_file_write(world->fake->host, operation, &world->error));
}

static gboolean
is_recorded(const World *world, VasHostAddress device)
{
    g_autofree char *path = vas_operation_file_path(device);
    g_autofree char *full = g_build_filename(world->fake->root->path, path, NULL);

    return g_file_test(full, G_FILE_TEST_EXISTS);
}

static void
hold(World *world, const char *name)
{
    VasLockHolder *holder = NULL;

    g_assert_true(vas_lock_try(world->folder, name, FALSE, "virt-assign other", &world->lock,
                               &holder, &world->error));
    g_assert_nonnull(world->lock);
}

static gboolean
recover(World *world, const GArray *devices)
{
    g_ptr_array_set_size(world->recoveries, 0);
    return vas_recover_host(&world->fake->context, devices, 0, world->recoveries, &world->error);
}

static const VasRecovery *
recovery(const World *world, guint i)
{
    g_assert_cmpuint(i, <, world->recoveries->len);
    return g_ptr_array_index(world->recoveries, i);
}

static void
test_none(World *world, gconstpointer data)
{
    (void) data;
    g_assert_true(recover(world, NULL));
    g_assert_cmpuint(world->recoveries->len, ==, 0);
    g_assert_cmpuint(world->fake->calls[FAKE_LIST_NODE_DEVICES], ==, 0);
    world->fake->context.host = NULL;
    g_assert_true(recover(world, NULL));
}

static void
test_of_devices(World *world, gconstpointer data)
{
    g_autoptr(GArray) devices = g_array_new(FALSE, FALSE, sizeof(VasHostAddress));

    (void) data;
    record(world, vf, "igbvf");
    record(world, usb, "xhci_hcd");
    g_assert_true(recover(world, devices));
    g_assert_cmpuint(world->recoveries->len, ==, 0);
    g_array_append_val(devices, usb);
    g_assert_true(recover(world, devices));
    g_assert_cmpuint(world->recoveries->len, ==, 1);
    g_assert_true(is_recorded(world, vf));
    g_assert_false(is_recorded(world, usb));
}

/* What cannot be read is told, and keeps nobody from the others. */
static void
test_unreadable(World *world, gconstpointer data)
{
    g_autoptr(GArray) devices = g_array_new(FALSE, FALSE, sizeof(VasHostAddress));

    (void) data;
    record(world, usb, "xhci_hcd");
    testing_scratch_write(world->fake->root, "/run/virt-assign/operation-" VF, "rubbish\n");
    g_assert_true(recover(world, NULL));
    g_assert_cmpuint(world->recoveries->len, ==, 2);
    g_assert_cmpint(recovery(world, 0)->outcome, ==, VAS_RECOVERY_FAILED);
    g_assert_error(recovery(world, 0)->error, VAS_ERROR, VAS_ERROR_FAILED);
    g_assert_cmpint(recovery(world, 1)->outcome, ==, VAS_RECOVERY_UNDONE);
    g_assert_true(is_recorded(world, vf));
    g_array_append_val(devices, usb);
    g_assert_true(recover(world, devices));
    g_assert_cmpuint(world->recoveries->len, ==, 0);
    g_array_append_val(devices, vf);
    g_assert_true(recover(world, devices));
    g_assert_cmpuint(world->recoveries->len, ==, 1);
}

static void
test_newer(World *world, gconstpointer data)
{
    (void) data;
    testing_scratch_write(world->fake->root, "/run/virt-assign/operation-" VF,
                          "[operation]\nversion=2\n");
    g_assert_true(recover(world, NULL));
    g_assert_error(recovery(world, 0)->error, VAS_ERROR, VAS_ERROR_UNSUPPORTED);
    g_assert_true(is_recorded(world, vf));
}

static void
test_folder_unreadable(World *world, gconstpointer data)
{
    const char *const names[] = {VF, NULL};

    (void) data;
    testing_scratch_write(world->fake->root, "/elsewhere/file", "");
    testing_scratch_link(world->fake->root, "/run/virt-assign", "../elsewhere");
    g_assert_false(recover(world, NULL));
    testing_assert_error(&world->error, VAS_ERROR_DENIED, "/run/virt-assign");
    /* A command goes on, as it does where it cannot write its own. */
    g_assert_true(
        vas_recover_host_first(&world->fake->context, names, FALSE, 0, FALSE, &world->error));
}

/* Its command runs still. */
static void
test_locked(World *world, gconstpointer data)
{
    const char *const names[] = {VF, NULL};

    (void) data;
    record(world, vf, "igbvf");
    fake_set_driver(world->fake, VF, "vfio-pci");
    hold(world, "device-" VF);
    g_assert_true(recover(world, NULL));
    g_assert_cmpint(recovery(world, 0)->outcome, ==, VAS_RECOVERY_FAILED);
    g_assert_error(recovery(world, 0)->error, VAS_ERROR, VAS_ERROR_LOCKED);
    g_assert_true(is_recorded(world, vf));
    g_assert_cmpuint(world->kernel->writes, ==, 0);
    g_assert_false(
        vas_recover_host_first(&world->fake->context, names, FALSE, 0, FALSE, &world->error));
    g_assert_nonnull(
        strstr(world->error->message, "did not end, or still runs: device " VF " is in use by"));
    testing_assert_error(&world->error, VAS_ERROR_LOCKED, VF);
}

/* The other command has ended when the first scan is through. */
static GStrv (*list_before)(VasHypervisor *port, VasNodeDeviceKind kind, GError **error);

static GStrv
list_and_end(VasHypervisor *port, VasNodeDeviceKind kind, GError **error)
{
    g_assert_true(vas_operation_file_remove(current->fake->host, vf, NULL));
    return list_before(port, kind, error);
}

static void
test_ends_meanwhile(World *world, gconstpointer data)
{
    (void) data;
    record(world, vf, "uio_pci_generic");
    list_before = world->fake->port.list_node_devices;
    world->fake->port.list_node_devices = list_and_end;
    g_assert_true(recover(world, NULL));
    g_assert_cmpuint(world->recoveries->len, ==, 0);
    g_assert_cmpuint(world->kernel->writes, ==, 0);
}

/* Nothing is begun any more. */
static void
test_interrupted(World *world, gconstpointer data)
{
    g_autoptr(VasInterrupt) interrupt = vas_interrupt_new(&world->fake->port);

    (void) data;
    record(world, vf, "uio_pci_generic");
    world->fake->context.interrupt = interrupt;
    vas_interrupt_raise(interrupt, SIGTERM);
    g_assert_true(recover(world, NULL));
    g_assert_error(recovery(world, 0)->error, VAS_ERROR, VAS_ERROR_INTERRUPTED);
    g_assert_cmpuint(world->kernel->writes, ==, 0);
    g_assert_true(is_recorded(world, vf));
}

#define ADD(name, function)                                                                        \
    g_test_add("/recover-host/" name, World, NULL, world_set_up, function, world_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("none", test_none);
    ADD("of-devices", test_of_devices);
    ADD("unreadable", test_unreadable);
    ADD("newer", test_newer);
    ADD("folder-unreadable", test_folder_unreadable);
    ADD("locked", test_locked);
    ADD("ends-meanwhile", test_ends_meanwhile);
    ADD("interrupted", test_interrupted);
    return g_test_run();
}
