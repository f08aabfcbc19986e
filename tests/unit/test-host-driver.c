/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host-driver-fixture.h"

#include "core/report/step.h"
#include "core/value/error.h"

#define PF "0000:01:00.0"

static const char element[] =
    "<hostdev mode='subsystem' type='pci' managed='yes'><source>"
    "<address domain='0x0000' bus='0x03' slot='0x00' function='0x0'/></source>"
    "<alias name='ua-usb'/>"
    "<address type='pci' domain='0x0000' bus='0x02' slot='0x00' function='0x0'/></hostdev>";

static void
test_detach(DriverWorld *world, gconstpointer data)
{
    g_assert_true(run(world, vas_host_detach, VF, USB));
    assert_result(world, 0, VAS_OUTCOME_DONE, "igbvf", "vfio-pci");
    assert_result(world, 1, VAS_OUTCOME_DONE, "xhci_hcd", "vfio-pci");
    assert_bound(world, VF, "vfio-pci", "vfio-pci");
    assert_bound(world, USB, "vfio-pci", "vfio-pci");
}

static void
test_detach_already(DriverWorld *world, gconstpointer data)
{
    put_on(world, VF, "vfio-pci", NULL);
    g_assert_true(run(world, vas_host_detach, VF, NULL));
    assert_result(world, 0, VAS_OUTCOME_ALREADY, "vfio-pci", "vfio-pci");
    g_assert_cmpuint(world->base.fake->calls[FAKE_DETACH_NODE_DEVICE], ==, 0);
}

static void
test_detach_from_stub(DriverWorld *world, gconstpointer data)
{
    put_on(world, VF, "pci-stub", "pci-stub");
    g_assert_true(run(world, vas_host_detach, VF, NULL));
    assert_result(world, 0, VAS_OUTCOME_DONE, "pci-stub", "vfio-pci");
}

static void
test_detach_dry_run(DriverWorld *world, gconstpointer data)
{
    world->request.dry_run = TRUE;
    g_assert_true(run(world, vas_host_detach, VF, NULL));
    g_assert_cmpuint(world->base.steps->len, ==, 2);
    assert_bound(world, VF, "igbvf", NULL);
    assert_result(world, 0, VAS_OUTCOME_PLANNED, "igbvf", "igbvf");
}

/* libvirt chooses a variant of vfio-pci, or is told one; what it comes to is read afterwards. */
static void
test_detach_to_a_variant(DriverWorld *world, gconstpointer data)
{
    const VasStep *step = NULL;

    world->base.fake->version = 9007000;
    world->request.dry_run = TRUE;
    testing_scratch_write(world->base.fake->root, "/proc/sys/kernel/osrelease", "6.12.1\n");
    testing_scratch_write(world->base.fake->root, "/lib/modules/6.12.1/modules.alias",
                          "alias vfio_pci:v00008086d000010CAsv*sd*bc*sc*i* igb_vfio_pci\n");
    testing_scratch_write(world->base.fake->root, "/sys/bus/pci/devices/" VF "/modalias",
                          "pci:v00008086d000010CAsv0sd0bc02sc00i00\n");
    g_assert_true(run(world, vas_host_detach, VF, NULL));
    step = g_ptr_array_index(world->base.steps, 0);
    g_assert_cmpstr(step->text, ==, "take " VF " from its host driver, onto igb_vfio_pci");
    g_assert_cmpstr(step->driver, ==, "igb_vfio_pci");
    world->request.driver = "vfio-pci";
    g_assert_true(run(world, vas_host_detach, VF, NULL));
    step = g_ptr_array_index(world->base.steps, 0);
    g_assert_cmpstr(step->text, ==, "take " VF " from its host driver, onto vfio-pci");
    g_assert_cmpstr(step->driver, ==, "vfio-pci");
}

static void
test_detach_refused(DriverWorld *world, gconstpointer data)
{
    FakeGuest *guest = world->base.guest;

    g_ptr_array_add(guest->live, g_strdup(element));
    put_on(world, USB, "vfio-pci", "vfio-pci");
    g_assert_false(run(world, vas_host_detach, VF, USB));
    testing_assert_error(&world->base.error, VAS_ERROR_IN_USE, "host-detach " USB ": " USB);
    g_assert_false(run(world, vas_host_detach, PF, NULL));
    testing_assert_error(&world->base.error, VAS_ERROR_NOT_READY, "2 VFs");
    g_assert_false(run(world, vas_host_detach, VF, "01:10.0"));
    testing_assert_error(&world->base.error, VAS_ERROR_USAGE, VF " is named twice");
    g_assert_false(run(world, vas_host_reattach, USB, NULL));
    testing_assert_error(&world->base.error, VAS_ERROR_IN_USE, "guest db1");
    assert_bound(world, VF, "igbvf", NULL);
    g_assert_cmpuint(world->base.fake->calls[FAKE_DETACH_NODE_DEVICE], ==, 0);
}

static void
test_on_another_machine(DriverWorld *world, gconstpointer data)
{
    world->base.fake->context.host = NULL;
    g_assert_false(run(world, vas_host_detach, VF, NULL));
    testing_assert_error(&world->base.error, VAS_ERROR_UNSUPPORTED,
                         "host-detach works on the machine");
    g_assert_false(run(world, vas_host_reattach, VF, NULL));
    testing_assert_error(&world->base.error, VAS_ERROR_UNSUPPORTED, "host-reattach works on the");
}

/* The second one fails, in each of the ways there are: the first is put back. */
static void
test_detach_is_undone(DriverWorld *world, gconstpointer data)
{
    fake_plan_fault(world->base.fake, FAKE_DETACH_NODE_DEVICE, 2, (FakeFault) GPOINTER_TO_INT(data),
                    VAS_ERROR_FAILED, "no such module");
    g_assert_false(run(world, vas_host_detach, VF, USB));
    testing_assert_error(
        &world->base.error,
        GPOINTER_TO_INT(data) == FAKE_DISCONNECTS ? VAS_ERROR_UNREACHABLE : VAS_ERROR_FAILED, USB);
    assert_bound(world, VF, "igbvf", NULL);
    assert_bound(world, USB, "xhci_hcd", NULL);
    assert_result(world, 0, VAS_OUTCOME_UNDONE, "igbvf", "igbvf");
    assert_result(world, 1, VAS_OUTCOME_FAILED, "xhci_hcd", "xhci_hcd");
}

/* Each write of the undo fails once: VF's override, unbind, probe, override; USB is as before. */
static void
test_undo_fails(DriverWorld *world, gconstpointer data)
{
    for (guint write = 1; write <= 4; write++) {
        put_on(world, VF, "igbvf", NULL);
        put_on(world, USB, "xhci_hcd", NULL);
        world->base.kernel->writes = 0;
        world->base.kernel->faulty_write = write;
        world->base.kernel->fault = FAKE_WRITE_FAILS;
        fake_plan_fault(world->base.fake, FAKE_DETACH_NODE_DEVICE, 2, FAKE_FAILS, VAS_ERROR_FAILED,
                        "no such module");
        g_assert_false(run(world, vas_host_detach, VF, USB));
        testing_assert_error(&world->base.error, VAS_ERROR_UNDO_FAILED, "no such module");
    }
}

/* The undo writes VF's override, unbind, probe, override. */
static void
test_undo_is_proven(DriverWorld *world, gconstpointer data)
{
    gboolean probed = GPOINTER_TO_INT(data);

    world->base.kernel->faulty_write = probed ? 4 : 3;
    world->base.kernel->fault = FAKE_WRITE_LIES;
    fake_plan_fault(world->base.fake, FAKE_DETACH_NODE_DEVICE, 2, FAKE_FAILS, VAS_ERROR_FAILED,
                    "no");
    g_assert_false(run(world, vas_host_detach, VF, USB));
    testing_assert_hint(world->base.error, "give it back: virt-assign host-reattach " VF);
    testing_assert_hint(world->base.error, "; then: virt-assign recover");
    testing_assert_error(&world->base.error, VAS_ERROR_UNDO_FAILED,
                         probed ? "the kernel left it on igbvf, driver_override igbvf"
                                : "the kernel left it on no driver, driver_override none");
}

static void
test_driver_by_name(DriverWorld *world, gconstpointer data)
{
    world->request.driver = "mlx5_vfio_pci";
    world->base.kernel->loadable = "mlx5_vfio_pci";
    g_assert_true(run(world, vas_host_detach, VF, NULL));
    assert_bound(world, VF, "mlx5_vfio_pci", "mlx5_vfio_pci");
    g_assert_cmpuint(world->base.kernel->writes, ==, 0);
}

/* libvirt before 9.7 does not know drivers by their names. */
static void
test_driver_by_name_without_libvirt(DriverWorld *world, gconstpointer data)
{
    world->base.fake->speaks_german = data != NULL;
    world->request.driver = "vfio_pci";
    fake_plan_fault(world->base.fake, FAKE_DETACH_NODE_DEVICE, 1, FAKE_FAILS, VAS_ERROR_UNSUPPORTED,
                    "unknown driver name 'vfio-pci'");
    g_assert_true(run(world, vas_host_detach, VF, NULL));
    assert_result(world, 0, VAS_OUTCOME_DONE, "igbvf", "vfio-pci");
    assert_bound(world, VF, "vfio-pci", "vfio-pci");
    g_assert_cmpuint(world->base.kernel->writes, ==, 3);
}

/* A write of ours fails, fails though it worked, or does not do what it says. */
static void
test_driver_by_name_write_goes_wrong(DriverWorld *world, gconstpointer data)
{
    world->request.driver = "vfio-pci";
    for (guint write = 1; write <= 3; write++) {
        for (FakeWriteFault fault = FAKE_WRITE_FAILS; fault <= FAKE_WRITE_LIES; fault++) {
            put_on(world, VF, "igbvf", NULL);
            world->base.kernel->writes = 0;
            world->base.kernel->faulty_write = write;
            world->base.kernel->fault = fault;
            fake_plan_fault(world->base.fake, FAKE_DETACH_NODE_DEVICE, 1, FAKE_FAILS,
                            VAS_ERROR_UNSUPPORTED, "unknown driver name");
            g_assert_false(run(world, vas_host_detach, VF, NULL));
            testing_assert_error(&world->base.error, VAS_ERROR_FAILED, VF);
            assert_bound(world, VF, "igbvf", NULL);
        }
    }
}

static void
give_vf_to_db1(FakeHypervisor *fake)
{
    g_ptr_array_add(fake_find_guest(fake, "db1")->live,
                    g_strdup("<hostdev mode='subsystem' type='pci' managed='yes'><source>"
                             "<address domain='0x0000' bus='0x01' slot='0x10' function='0x0'/>"
                             "</source><alias name='ua-x'/></hostdev>"));
    fake_set_driver(fake, VF, "vfio-pci");
}

/* A guest got it first: it is the guest's, and is left alone. */
static void
test_guest_was_first(DriverWorld *world, gconstpointer data)
{
    world->base.fake->speaks_german = data != NULL;
    world->base.fake->on_fault = give_vf_to_db1;
    fake_plan_fault(world->base.fake, FAKE_DETACH_NODE_DEVICE, 1, FAKE_FAILS, VAS_ERROR_IN_USE,
                    "PCI device " VF " is in use by driver QEMU, domain db1");
    g_assert_false(run(world, vas_host_detach, VF, NULL));
    testing_assert_error(&world->base.error, VAS_ERROR_IN_USE, "take " VF);
    g_assert_cmpuint(world->base.kernel->writes, ==, 0);
}

static void
test_bad_driver(DriverWorld *world, gconstpointer data)
{
    world->request.driver = "igb";
    g_assert_false(run(world, vas_host_detach, VF, NULL));
    testing_assert_error(&world->base.error, VAS_ERROR_INVALID, "igb is not a VFIO driver");
    world->request.driver = "qat_vfio_pci";
    g_assert_false(run(world, vas_host_detach, VF, NULL));
    testing_assert_error(&world->base.error, VAS_ERROR_NOT_FOUND, "no PCI driver qat_vfio_pci");
}

static void
test_group(DriverWorld *world, gconstpointer data)
{
    g_assert_true(run(world, vas_host_detach, NIC, NULL));
    assert_noted(world, SATA ", in the same IOMMU group 4, is on ahci");
    assert_bound(world, SATA, "ahci", NULL);
    world->request.whole_group = TRUE;
    g_assert_true(run(world, vas_host_detach, NIC, NULL));
    assert_result(world, 0, VAS_OUTCOME_ALREADY, "vfio-pci", "vfio-pci");
    assert_result(world, 1, VAS_OUTCOME_DONE, "ahci", "vfio-pci");
    assert_bound(world, SATA, "vfio-pci", "vfio-pci");
}

/* All or nothing: the mate fails, and the device that was named is put back. */
static void
test_group_is_undone(DriverWorld *world, gconstpointer data)
{
    world->request.whole_group = TRUE;
    fake_plan_fault(world->base.fake, FAKE_DETACH_NODE_DEVICE, 2, (FakeFault) GPOINTER_TO_INT(data),
                    VAS_ERROR_FAILED, "no such module");
    g_assert_false(run(world, vas_host_detach, NIC, NULL));
    testing_assert_error(&world->base.error, VAS_ERROR_FAILED, SATA);
    assert_bound(world, NIC, "e1000", NULL);
    assert_bound(world, SATA, "ahci", NULL);
    assert_result(world, 0, VAS_OUTCOME_UNDONE, "e1000", "e1000");
    assert_result(world, 1, VAS_OUTCOME_FAILED, "ahci", "ahci");
}

static void
test_override_of_somebody_else(DriverWorld *world, gconstpointer data)
{
    fake_set_override(world->base.fake, VF, "igbvf");
    g_assert_false(run(world, vas_host_detach, VF, NULL));
    testing_assert_hint(world->base.error, "--clear-override");
    testing_assert_error(&world->base.error, VAS_ERROR_CONFLICT, VF " on igbvf");
    world->request.clear_override = TRUE;
    g_assert_true(run(world, vas_host_detach, VF, NULL));
    assert_bound(world, VF, "vfio-pci", "vfio-pci");
}

static void
test_reattach(DriverWorld *world, gconstpointer data)
{
    const char *const *way = data; /* driver, override */

    put_on(world, VF, way[0], way[1]);
    g_assert_true(run(world, vas_host_reattach, VF, USB));
    assert_result(world, 0, VAS_OUTCOME_DONE, way[0], "igbvf");
    assert_result(world, 1, VAS_OUTCOME_ALREADY, "xhci_hcd", "xhci_hcd");
    assert_bound(world, VF, "igbvf", NULL);
}

/* libvirt's success says nothing: the device stayed where it was, as with new_id. */
static void
test_reattach_libvirt_lies(DriverWorld *world, gconstpointer data)
{
    put_on(world, VF, "vfio-pci", NULL);
    world->base.kernel->dynamic = "vfio-pci";
    fake_plan_fault(world->base.fake, FAKE_REATTACH_NODE_DEVICE, 1, FAKE_LIES, 0, NULL);
    g_assert_true(run(world, vas_host_reattach, VF, NULL));
    assert_result(world, 0, VAS_OUTCOME_DONE, "vfio-pci", "igbvf");
}

static void
test_reattach_nobody_wants(DriverWorld *world, gconstpointer data)
{
    put_on(world, VF, "vfio-pci", NULL);
    g_hash_table_remove(world->base.kernel->native, VF);
    fake_plan_fault(world->base.fake, FAKE_REATTACH_NODE_DEVICE, 1, FAKE_LIES, 0, NULL);
    g_assert_true(run(world, vas_host_reattach, VF, NULL));
    assert_result(world, 0, VAS_OUTCOME_DONE, "vfio-pci", NULL);
    assert_noted(world, "no host driver takes " VF);
}

static void
test_reattach_is_undone(DriverWorld *world, gconstpointer data)
{
    put_on(world, VF, "vfio-pci", "vfio-pci");
    put_on(world, USB, "pci-stub", NULL);
    fake_kernel_add_driver(world->base.kernel, "pci-stub");
    fake_plan_fault(world->base.fake, FAKE_REATTACH_NODE_DEVICE, 2, FAKE_FAILS_LATE,
                    VAS_ERROR_FAILED, "no");
    g_assert_false(run(world, vas_host_reattach, VF, USB));
    testing_assert_error(&world->base.error, VAS_ERROR_FAILED, USB);
    assert_bound(world, VF, "vfio-pci", "vfio-pci");
    assert_bound(world, USB, "pci-stub", NULL);
}

static void
test_reattach_driver_fails(DriverWorld *world, gconstpointer data)
{
    put_on(world, VF, "vfio-pci", NULL);
    world->base.kernel->failing = "igbvf";
    fake_plan_fault(world->base.fake, FAKE_REATTACH_NODE_DEVICE, 1, FAKE_LIES, 0, NULL);
    g_assert_false(run(world, vas_host_reattach, VF, NULL));
    testing_assert_error(&world->base.error, VAS_ERROR_FAILED, "drivers/igbvf/bind");
    assert_bound(world, VF, "vfio-pci", NULL);
}

static void
test_reattach_keeps_override(DriverWorld *world, gconstpointer data)
{
    put_on(world, VF, "vfio-pci", "igbvf");
    g_assert_true(run(world, vas_host_reattach, VF, NULL));
    assert_noted(world, "driver_override of " VF ", igbvf, stays");
    assert_bound(world, VF, "igbvf", "igbvf");
    put_on(world, VF, "vfio-pci", "elsewhere");
    g_assert_false(run(world, vas_host_reattach, VF, NULL));
    testing_assert_hint(world->base.error, "--clear-override");
    testing_assert_error(&world->base.error, VAS_ERROR_FAILED, "on no driver");
    assert_bound(world, VF, "vfio-pci", "elsewhere");
    world->request.clear_override = TRUE;
    g_assert_true(run(world, vas_host_reattach, VF, NULL));
    assert_bound(world, VF, "igbvf", NULL);
}

/* A device goes back in one of these ways, which take writes of ours. */
typedef struct {
    const char *override;   /* somebody else's; NULL: none */
    const char *persistent; /* driverctl's; NULL: none */
    guint writes;
    const char *driver; /* in the end */
    const char *override_after;
} WayBack;

/* Each write goes wrong in each of the ways, until there is none left to go wrong: the device is
 * where it was. Where libvirt is asked, its success is a lie. */
static void
test_reattach_write_goes_wrong(DriverWorld *world, gconstpointer data)
{
    const WayBack *way = data;

    fake_kernel_add_driver(world->base.kernel, "uio_pci_generic");
    if (way->persistent != NULL)
        testing_scratch_write(world->base.fake->root, "/etc/driverctl.d/pci-" VF, way->persistent);
    for (FakeWriteFault fault = FAKE_WRITE_FAILS; fault <= FAKE_WRITE_LIES; fault++) {
        gboolean struck = TRUE;

        for (guint write = 1; struck; write++) {
            put_on(world, VF, "vfio-pci", way->override);
            world->base.kernel->writes = 0;
            world->base.kernel->faulty_write = write;
            world->base.kernel->fault = fault;
            if (way->override == NULL && way->persistent == NULL)
                fake_plan_fault(world->base.fake, FAKE_REATTACH_NODE_DEVICE, 1, FAKE_LIES, 0, NULL);
            struck = !run(world, vas_host_reattach, VF, NULL);
            if (struck) {
                testing_assert_error(&world->base.error, VAS_ERROR_FAILED, VF);
                assert_bound(world, VF, "vfio-pci", way->override);
                continue;
            }
            assert_bound(world, VF, way->driver, way->override_after);
            g_assert_cmpuint(write, ==, way->writes + 1);
        }
    }
}

/* host-detach --clear-override took it from the driver that driverctl puts it on at each boot. */
static void
test_reattach_as_driverctl_has_it(DriverWorld *world, gconstpointer data)
{
    put_on(world, VF, "vfio-pci", "vfio-pci");
    testing_scratch_write(world->base.fake->root, "/etc/driverctl.d/pci-" VF, "uio_pci_generic\n");
    g_assert_false(run(world, vas_host_reattach, VF, NULL));
    testing_assert_error(&world->base.error, VAS_ERROR_NOT_FOUND, "no PCI driver uio_pci_generic");
    assert_bound(world, VF, "vfio-pci", "vfio-pci");
    world->base.kernel->loadable = "uio_pci_generic";
    g_assert_true(run(world, vas_host_reattach, VF, NULL));
    assert_noted(world, VF " goes to uio_pci_generic, as driverctl has it");
    assert_result(world, 0, VAS_OUTCOME_DONE, "vfio-pci", "uio_pci_generic");
    assert_bound(world, VF, "uio_pci_generic", "uio_pci_generic");
    put_on(world, VF, "vfio-pci", "vfio-pci");
    world->request.clear_override = TRUE;
    g_assert_true(run(world, vas_host_reattach, VF, NULL));
    assert_noted(world, "driverctl puts " VF " on uio_pci_generic again at the next boot");
    assert_bound(world, VF, "igbvf", NULL);
}

static void
test_reattach_against_driverctl(DriverWorld *world, gconstpointer data)
{
    put_on(world, VF, "vfio-pci", "vfio-pci");
    testing_scratch_write(world->base.fake->root, "/etc/driverctl.d/pci-" VF, "vfio-pci\n");
    g_assert_false(run(world, vas_host_reattach, VF, NULL));
    testing_assert_hint(world->base.error, "driverctl unset-override " VF);
    testing_assert_error(&world->base.error, VAS_ERROR_CONFLICT,
                         "driverctl keeps " VF " on vfio-pci");
    world->request.clear_override = TRUE;
    g_assert_true(run(world, vas_host_reattach, VF, NULL));
    assert_noted(world, "again at the next boot: /etc/driverctl.d/pci-" VF);
    assert_bound(world, VF, "igbvf", NULL);
}

static gboolean
is_recorded(const DriverWorld *world)
{
    g_autofree char *path =
        g_build_filename(world->base.fake->root->path, "/run/virt-assign/operation-" VF, NULL);

    return g_file_test(path, G_FILE_TEST_EXISTS);
}

/* libvirt looks for the record at each detach here. */
static const DriverWorld *watched;
static gboolean (*watched_detach)(VasHypervisor *port, const char *name, const char *driver,
                                  GError **error);

static gboolean
detach_watched(VasHypervisor *port, const char *name, const char *driver, GError **error)
{
    g_assert_true(is_recorded(watched));
    return watched_detach(port, name, driver, error);
}

static void
test_recorded(DriverWorld *world, gconstpointer data)
{
    watched = world;
    watched_detach = world->base.fake->port.detach_node_device;
    world->base.fake->port.detach_node_device = detach_watched;
    g_assert_true(run(world, vas_host_detach, VF, USB));
    g_assert_cmpuint(world->base.fake->calls[FAKE_DETACH_NODE_DEVICE], ==, 2);
    g_assert_false(is_recorded(world));
    g_assert_true(run(world, vas_host_reattach, VF, USB));
    fake_plan_fault(world->base.fake, FAKE_DETACH_NODE_DEVICE, 2, FAKE_FAILS, VAS_ERROR_FAILED,
                    "no");
    g_assert_false(run(world, vas_host_detach, VF, USB));
    testing_assert_error(&world->base.error, VAS_ERROR_FAILED, "no");
    g_assert_false(is_recorded(world));
    world->base.kernel->writes = 0;
    world->base.kernel->faulty_write = 1;
    fake_plan_fault(world->base.fake, FAKE_DETACH_NODE_DEVICE, 2, FAKE_FAILS, VAS_ERROR_FAILED,
                    "no");
    g_assert_false(run(world, vas_host_detach, VF, USB));
    testing_assert_error(&world->base.error, VAS_ERROR_UNDO_FAILED, "no");
    g_assert_true(is_recorded(world));
}

#define ADD(name, function, data)                                                                  \
    g_test_add("/host-driver/" name, DriverWorld, data, driver_world_set_up, function,             \
               driver_world_tear_down)

static void
add_detach_tests(void)
{
    ADD("detach", test_detach, NULL);
    ADD("detach/already", test_detach_already, NULL);
    ADD("detach/from-stub", test_detach_from_stub, NULL);
    ADD("detach/dry-run", test_detach_dry_run, NULL);
    ADD("detach/to-a-variant", test_detach_to_a_variant, NULL);
    ADD("detach/refused", test_detach_refused, NULL);
    ADD("detach/fails", test_detach_is_undone, GINT_TO_POINTER(FAKE_FAILS));
    ADD("detach/fails-late", test_detach_is_undone, GINT_TO_POINTER(FAKE_FAILS_LATE));
    ADD("detach/lies", test_detach_is_undone, GINT_TO_POINTER(FAKE_LIES));
    ADD("detach/disconnects", test_detach_is_undone, GINT_TO_POINTER(FAKE_DISCONNECTS));
    ADD("undo/fails", test_undo_fails, NULL);
    ADD("undo/is-proven", test_undo_is_proven, NULL);
    ADD("undo/is-proven/override", test_undo_is_proven, GINT_TO_POINTER(TRUE));
    ADD("guest-first", test_guest_was_first, NULL);
    ADD("guest-first/german", test_guest_was_first, "de");
    ADD("driver-by-name", test_driver_by_name, NULL);
    ADD("driver-by-name/without-libvirt", test_driver_by_name_without_libvirt, NULL);
    ADD("driver-by-name/without-libvirt/german", test_driver_by_name_without_libvirt, "de");
    ADD("driver-by-name/write-goes-wrong", test_driver_by_name_write_goes_wrong, NULL);
    ADD("driver-by-name/bad", test_bad_driver, NULL);
    ADD("group", test_group, NULL);
    ADD("group/fails", test_group_is_undone, GINT_TO_POINTER(FAKE_FAILS));
    ADD("group/fails-late", test_group_is_undone, GINT_TO_POINTER(FAKE_FAILS_LATE));
    ADD("group/lies", test_group_is_undone, GINT_TO_POINTER(FAKE_LIES));
    ADD("override/detach", test_override_of_somebody_else, NULL);
    ADD("recorded", test_recorded, NULL);
}

int
main(int argc, char **argv)
{
    static const char *const by_libvirt[] = {"vfio-pci", "vfio-pci"};
    static const char *const by_new_id[] = {"vfio-pci", NULL};
    static const char *const by_stub[] = {"pci-stub", "pci-stub"};
    static const char *const unbound[] = {NULL, NULL};
    /* unbind, and the bind of ahci, e1000 and igbvf; the others take it without */
    static const WayBack by_offer = {NULL, NULL, 4, "igbvf", NULL};
    static const WayBack by_override = {"igbvf", NULL, 2, "igbvf", "igbvf"};
    static const WayBack by_driverctl = {NULL, "uio_pci_generic\n", 3, "uio_pci_generic",
                                         "uio_pci_generic"};

    g_test_init(&argc, &argv, NULL);
    add_detach_tests();
    ADD("on-another-machine", test_on_another_machine, NULL);
    ADD("reattach/by-libvirt", test_reattach, by_libvirt);
    ADD("reattach/by-new-id", test_reattach, by_new_id);
    ADD("reattach/by-stub", test_reattach, by_stub);
    ADD("reattach/unbound", test_reattach, unbound);
    ADD("reattach/libvirt-lies", test_reattach_libvirt_lies, NULL);
    ADD("reattach/nobody-wants", test_reattach_nobody_wants, NULL);
    ADD("reattach/is-undone", test_reattach_is_undone, NULL);
    ADD("reattach/driver-fails", test_reattach_driver_fails, NULL);
    ADD("reattach/keeps-override", test_reattach_keeps_override, NULL);
    ADD("reattach/write-goes-wrong", test_reattach_write_goes_wrong, &by_offer);
    ADD("reattach/write-goes-wrong/keeps-override", test_reattach_write_goes_wrong, &by_override);
    ADD("reattach/write-goes-wrong/driverctl", test_reattach_write_goes_wrong, &by_driverctl);
    ADD("reattach/as-driverctl-has-it", test_reattach_as_driverctl_has_it, NULL);
    ADD("reattach/against-driverctl", test_reattach_against_driverctl, NULL);
    return g_test_run();
}
