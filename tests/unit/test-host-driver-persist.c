/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/error.h"
#include "engine/journal/record-file.h"
#include "engine/journal/wish-file.h"
#include "engine/recover/recover-host.h"
#include "engine/steps/persist.h"
#include "host-driver-fixture.h"

#include <sys/stat.h>

/* host-detach and host-reattach with --persist, and what recover makes of them. */

static const VasHostAddress usb = {.pci = {.bus = 3}};

static void
assert_wish(const DriverWorld *world, const char *driver)
{
    g_autoptr(VasHostWish) wish = NULL;

    g_assert_true(vas_wish_file_read(world->base.fake->host, &wish, NULL));
    g_assert_cmpstr(vas_host_wish_driver(wish, usb), ==, driver);
}

static void
set_up(DriverWorld *world, gconstpointer data)
{
    driver_world_set_up(world, data);
    world->request.persist = TRUE;
}

static void
test_wished_and_dropped(DriverWorld *world, gconstpointer data)
{
    g_assert_true(run(world, vas_host_detach, USB, NULL));
    assert_result(world, 0, VAS_OUTCOME_DONE, "xhci_hcd", "vfio-pci");
    assert_noted(world, "systemctl enable virt-assign-boot.service");
    assert_wish(world, "vfio-pci");
    g_assert_true(run(world, vas_host_detach, USB, NULL));
    assert_result(world, 0, VAS_OUTCOME_ALREADY, "vfio-pci", "vfio-pci");
    world->request.persist = FALSE;
    g_assert_true(run(world, vas_host_reattach, USB, NULL));
    assert_wish(world, "vfio-pci");
    world->request.persist = TRUE;
    g_assert_true(run(world, vas_host_reattach, USB, NULL));
    assert_result(world, 0, VAS_OUTCOME_DONE, "xhci_hcd", "xhci_hcd");
    assert_wish(world, NULL);
}

/* The wish says what the device is, and goes on saying it when no key can be read. */
static void
test_identity(DriverWorld *world, gconstpointer data)
{
    const VasHost *host = world->base.fake->host;
    g_autoptr(VasHostWish) wish = NULL;
    g_autoptr(VasHostWish) kept = NULL;
    VasIdentity *known = NULL;

    g_assert_true(run(world, vas_host_detach, USB, NULL));
    g_assert_true(vas_wish_file_read(host, &wish, NULL));
    g_assert_nonnull(vas_host_wish_identity(wish->drivers, usb));
    known = vas_identity_copy(vas_host_wish_identity(wish->drivers, usb));
    g_assert_cmphex(known->vendor_id, !=, 0);
    g_assert_false(vas_identity_has_key(known));
    vas_identity_set_key(known, VAS_CARD_KEY_SERIAL, "52-54-00-ff-ff-12-34-56");
    vas_host_wish_set_identity(wish->drivers, usb, known);
    vas_identity_free(known);
    g_assert_true(vas_wish_file_write(host, wish, NULL));
    g_assert_true(run(world, vas_host_detach, USB, NULL));
    g_assert_true(vas_wish_file_read(host, &kept, NULL));
    g_assert_true(vas_identity_has_key(vas_host_wish_identity(kept->drivers, usb)));
}

/* The wish for the address that the device had before would fail at each boot. */
static void
test_moved(DriverWorld *world, gconstpointer data)
{
    const VasHost *host = world->base.fake->host;
    const VasHostAddress before = {.pci = {.bus = 0x77}};
    const VasHostAddress other = {.pci = {.bus = 0x78}};
    char serial[] = "52-54-00-ff-ff-12-34-56";
    char place[] = "0000:00/1c.0/00.0";
    const VasIdentity identity = {.vendor_id = 0x1b36,
                                  .product_id = 0xd,
                                  .keys = {[VAS_CARD_KEY_SERIAL] = serial},
                                  .place = place,
                                  .vf_index = -1};
    g_autoptr(VasHostWish) wish = vas_host_wish_new();
    g_autoptr(VasHostWish) after = NULL;

    vas_host_wish_set_driver(wish, before, "vfio-pci");
    vas_host_wish_set_identity(wish->drivers, before, &identity);
    vas_host_wish_set_driver(wish, other, "vfio-pci");
    vas_host_wish_set_driver(wish, usb, "vfio-pci");
    g_assert_true(vas_wish_file_write(host, wish, NULL));
    g_assert_true(vas_persist_identity(&world->base.fake->context, FALSE, usb, &identity, NULL));
    g_assert_true(vas_wish_file_read(host, &after, NULL));
    g_assert_null(vas_host_wish_driver(after, before));
    g_assert_nonnull(vas_host_wish_driver(after, other));
    g_assert_nonnull(vas_host_wish_identity(after->drivers, usb));
}

/* The device is on the driver already: there is only the wish to be written. */
static void
test_only_wish(DriverWorld *world, gconstpointer data)
{
    put_on(world, USB, "vfio-pci", "vfio-pci");
    world->request.dry_run = TRUE;
    g_assert_true(run(world, vas_host_detach, USB, NULL));
    g_assert_cmpuint(world->base.steps->len, ==, 1);
    assert_wish(world, NULL);
    world->request.dry_run = FALSE;
    g_assert_true(run(world, vas_host_detach, USB, NULL));
    assert_result(world, 0, VAS_OUTCOME_DONE, "vfio-pci", "vfio-pci");
    assert_wish(world, "vfio-pci");
}

/* A wish that cannot be written: the device is the host's again. */
static void
test_cannot_be_wished(DriverWorld *world, gconstpointer data)
{
    testing_scratch_write(world->base.fake->root, "/etc/virt-assign", "a file");
    g_assert_false(run(world, vas_host_detach, USB, NULL));
    g_clear_error(&world->base.error);
    assert_bound(world, USB, "xhci_hcd", NULL);
}

static void
test_malformed(DriverWorld *world, gconstpointer data)
{
    testing_scratch_write(world->base.fake->root, VAS_WISH_FILE, "<host/>");
    g_assert_false(run(world, vas_host_detach, USB, NULL));
    testing_assert_error(&world->base.error, VAS_ERROR_INVALID, VAS_WISH_FILE ": line 1");
    assert_bound(world, USB, "xhci_hcd", NULL);
}

static const VasRecovery *
recover(DriverWorld *world)
{
    g_autoptr(VasOperation) operation = vas_operation_new(VAS_OPERATION_HOST_DETACH, NULL);
    VasOperationDevice *row = vas_operation_add(operation, usb);

    row->driver = g_strdup("xhci_hcd");
    operation->persist = TRUE;
    g_assert_true(vas_record_file_write(world->base.fake->host, operation, &world->base.error));
    g_ptr_array_set_size(world->base.recoveries, 0);
    g_assert_true(vas_recover_host(&world->base.fake->context, NULL, 1, world->base.recoveries,
                                   &world->base.error));
    g_assert_cmpuint(world->base.recoveries->len, ==, 1);
    return g_ptr_array_index(world->base.recoveries, 0);
}

/* The command is killed before its wish, and behind it. */
static void
test_killed(DriverWorld *world, gconstpointer data)
{
    put_on(world, USB, "vfio-pci", "vfio-pci");
    g_assert_cmpint(recover(world)->outcome, ==, VAS_RECOVERY_UNDONE);
    assert_bound(world, USB, "xhci_hcd", NULL);
    put_on(world, USB, "vfio-pci", "vfio-pci");
    g_assert_true(vas_persist_driver(&world->base.fake->context, usb, "vfio-pci", NULL));
    g_assert_cmpint(recover(world)->outcome, ==, VAS_RECOVERY_FINISHED);
    assert_wish(world, "vfio-pci");
    put_on(world, USB, "xhci_hcd", NULL);
    g_assert_cmpint(recover(world)->outcome, ==, VAS_RECOVERY_UNDONE);
    assert_wish(world, NULL);
}

#define ADD(name, function)                                                                        \
    g_test_add("/host-driver-persist/" name, DriverWorld, NULL, set_up, function,                  \
               driver_world_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("wished-and-dropped", test_wished_and_dropped);
    ADD("identity", test_identity);
    ADD("moved", test_moved);
    ADD("only-wish", test_only_wish);
    ADD("cannot-be-wished", test_cannot_be_wished);
    ADD("malformed", test_malformed);
    ADD("killed", test_killed);
    return g_test_run();
}
