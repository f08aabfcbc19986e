/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host-driver-fixture.h"

#include "core/value/error.h"
#include "engine/journal/record-file.h"
#include "host/files/taken-driver.h"

#define PF "0000:01:00.0" /* with VFs: refused */

static void
assert_no_note_of(const DriverWorld *world, const char *device)
{
    g_autofree char *driver = NULL;
    VasHostAddress address;

    g_assert_true(vas_host_address_parse(device, &address, NULL));
    driver = vas_taken_driver_read(world->base.fake->host, address);
    g_assert_cmpstr(driver, ==, NULL);
}

static void
test_detach(DriverWorld *world, gconstpointer data)
{
    world->request.keep_going = TRUE;
    fake_plan_fault(world->base.fake, FAKE_DETACH_NODE_DEVICE, 1, FAKE_FAILS, VAS_ERROR_FAILED,
                    "no");
    g_assert_false(run(world, vas_host_detach, VF, USB));
    testing_assert_error(&world->base.error, VAS_ERROR_PARTIAL, "1 of 2 devices: take " VF);
    assert_result(world, 0, VAS_OUTCOME_FAILED, "igbvf", "igbvf");
    assert_result(world, 1, VAS_OUTCOME_DONE, "xhci_hcd", "vfio-pci");
    assert_bound(world, VF, "igbvf", NULL);
    assert_bound(world, USB, "vfio-pci", "vfio-pci");
}

static void
test_without_the_refused(DriverWorld *world, gconstpointer data)
{
    world->request.keep_going = TRUE;
    g_assert_false(run(world, vas_host_detach, PF, USB));
    testing_assert_error(&world->base.error, VAS_ERROR_PARTIAL,
                         "1 of 2 devices: host-detach " PF ": ");
    assert_result(world, 1, VAS_OUTCOME_DONE, "xhci_hcd", "vfio-pci");
    g_assert_false(run(world, vas_host_reattach, "0000:aa:00.0", USB));
    testing_assert_error(&world->base.error, VAS_ERROR_PARTIAL, "0000:aa:00.0");
    assert_result(world, 0, VAS_OUTCOME_FAILED, NULL, NULL);
    g_assert_cmpstr(((const VasResult *) g_ptr_array_index(world->base.results, 0))->name, ==,
                    "0000:aa:00.0");
    assert_bound(world, USB, "xhci_hcd", NULL);
    assert_no_note_of(world, USB);
    g_assert_false(run(world, vas_host_detach, VF, "01:10.0"));
    testing_assert_error(&world->base.error, VAS_ERROR_USAGE, VF " is named twice");
    assert_bound(world, VF, "igbvf", NULL);
}

/* A device that was not taken leaves no note of the driver that it would be taken from. */
static void
test_in_use_by_then(DriverWorld *world, gconstpointer data)
{
    world->request.keep_going = TRUE;
    fake_plan_fault(world->base.fake, FAKE_DETACH_NODE_DEVICE, 1, FAKE_FAILS, VAS_ERROR_IN_USE,
                    "guest");
    g_assert_false(run(world, vas_host_detach, VF, USB));
    testing_assert_error(&world->base.error, VAS_ERROR_PARTIAL, "1 of 2 devices: take " VF);
    assert_bound(world, VF, "igbvf", NULL);
    assert_no_note_of(world, VF);
}

static void
test_dry_run(DriverWorld *world, gconstpointer data)
{
    world->request.keep_going = TRUE;
    world->request.dry_run = TRUE;
    g_assert_false(run(world, vas_host_detach, PF, VF));
    testing_assert_error(&world->base.error, VAS_ERROR_PARTIAL,
                         "1 of 2 devices: host-detach " PF ": ");
    g_assert_cmpuint(world->base.steps->len, ==, 2);
    assert_bound(world, VF, "igbvf", NULL);
}

/* The record keeps the device that is neither here nor there: not what was refused, nor what is
 * done. */
static void
test_undo_fails(DriverWorld *world, gconstpointer data)
{
    g_autoptr(GArray) records = NULL;
    g_autoptr(VasOperation) record = NULL;
    VasHostAddress first;

    world->request.keep_going = TRUE;
    world->base.kernel->faulty_write = 1;
    world->base.kernel->fault = FAKE_WRITE_FAILS;
    fake_plan_fault(world->base.fake, FAKE_DETACH_NODE_DEVICE, 1, FAKE_FAILS_LATE, VAS_ERROR_FAILED,
                    "no");
    g_assert_false(run(world, vas_host_detach, PF, VF));
    testing_assert_hint(world->base.error, "virt-assign recover");
    testing_assert_error(&world->base.error, VAS_ERROR_UNDO_FAILED, "2 of 2 devices: ");
    records = vas_record_file_list(world->base.fake->host, &world->base.error);
    g_assert_cmpuint(records->len, ==, 1);
    first = g_array_index(records, VasHostAddress, 0);
    g_assert_cmpstr(vas_host_address_text(first).text, ==, VF);
    g_assert_true(vas_record_file_read(world->base.fake->host, first, &record, &world->base.error));
    g_assert_cmpuint(record->devices->len, ==, 1);
}

#define ADD(name, function)                                                                        \
    g_test_add("/host-driver-keep-going/" name, DriverWorld, NULL, driver_world_set_up, function,  \
               driver_world_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("detach", test_detach);
    ADD("without-the-refused", test_without_the_refused);
    ADD("in-use-by-then", test_in_use_by_then);
    ADD("dry-run", test_dry_run);
    ADD("undo-fails", test_undo_fails);
    return g_test_run();
}
