/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "boot-fixture.h"

#include "core/value/error.h"
#include "engine/journal/wish-file.h"
#include "engine/steps/persist.h"
#include "host/sriov/vf-rule.h"

#include <stdio.h>
#include <string.h>

#define FLAGS "/sys/class/net/enp1s0/flags"

static void
test_nothing_wished(BootWorld *world, gconstpointer data)
{
    g_assert_true(boot_world_boot(world));
    g_assert_cmpuint(world->base.base.results->len, ==, 0);
}

static void
test_vfs(BootWorld *world, gconstpointer data)
{
    boot_world_wish_vfs(world, 4, FALSE);
    g_assert_true(boot_world_boot(world));
    g_assert_no_error(world->base.base.error);
    g_assert_cmpstr(boot_world_writes(world), ==, "sriov_drivers_autoprobe=0 sriov_numvfs=4 ");
    boot_world_assert_outcome(world, 0, VAS_OUTCOME_DONE, -1);
    g_assert_cmpuint(result_at(&world->base.base, 0)->vfs, ==, 4);
    g_assert_true(boot_world_boot(world));
    boot_world_assert_outcome(world, 0, VAS_OUTCOME_ALREADY, -1);
    g_assert_cmpuint(world->base.base.sriov->writes, ==, 2);
}

static void
test_dry_run(BootWorld *world, gconstpointer data)
{
    g_autofree char *rules =
        g_build_filename(world->base.base.fake->root->path, VAS_VF_RULES_FILE, NULL);

    boot_world_wish_vfs(world, 4, TRUE);
    world->request.dry_run = TRUE;
    g_assert_true(boot_world_boot(world));
    boot_world_assert_outcome(world, 0, VAS_OUTCOME_PLANNED, -1);
    g_assert_cmpuint(world->base.base.steps->len, ==, 2);
    g_assert_cmpuint(world->base.base.sriov->writes, ==, 0);
    g_assert_false(g_file_test(rules, G_FILE_TEST_EXISTS));
}

/* The wishes were edited by hand: the rules follow. */
static void
test_rules_follow(BootWorld *world, gconstpointer data)
{
    g_autofree char *rules =
        g_build_filename(world->base.base.fake->root->path, VAS_VF_RULES_FILE, NULL);
    g_autofree char *text = NULL;

    boot_world_wish_vfs(world, 4, TRUE);
    g_assert_true(boot_world_boot(world));
    g_assert_true(g_file_get_contents(rules, &text, NULL, NULL));
    g_assert_nonnull(strstr(text, "ATTR{sriov_numvfs}=\"4\""));
}

/* The VFs may be held by guests, of which boot knows nothing. */
static void
test_another_number(BootWorld *world, gconstpointer data)
{
    fake_sriov_set_count(world->base.base.sriov, 2);
    boot_world_wish_vfs(world, 4, FALSE);
    g_assert_false(boot_world_boot(world));
    testing_assert_hint(world->base.base.error, "virt-assign vfs " PF " 4");
    testing_assert_error(&world->base.base.error, VAS_ERROR_CONFLICT,
                         PF " has 2 VFs, and 4 are wished");
    g_assert_cmpuint(world->base.base.sriov->writes, ==, 0);
}

/* bnxt_en: the number is taken, and there are no VFs, as long as the interface is down. */
static BootWorld *watched;
static VasAttributeWriter obeying_writer;

static int
bring_up_behind_write(const char *path, const char *text, gpointer data)
{
    int answer = obeying_writer(path, text, data);

    watched->base.base.sriov->ignores = FALSE;
    testing_scratch_write(watched->base.base.fake->root, FLAGS, "0x1003\n");
    return answer;
}

static void
test_down_at_first(BootWorld *world, gconstpointer data)
{
    watched = world;
    obeying_writer = world->base.base.fake->host->write_attribute;
    world->base.base.fake->host->write_attribute = bring_up_behind_write;
    world->base.base.sriov->ignores = TRUE;
    testing_scratch_write(world->base.base.fake->root, FLAGS, "0x1002\n");
    boot_world_wish_vfs(world, 4, TRUE);
    world->request.timeout = 60;
    g_assert_true(boot_world_boot(world));
    g_assert_cmpstr(boot_world_writes(world), ==, "sriov_numvfs=4 sriov_numvfs=4 ");
    boot_world_assert_outcome(world, 0, VAS_OUTCOME_DONE, -1);
}

/* Nothing changes: it is tried once, and the time is up in the end. */
static void
test_down_for_good(BootWorld *world, gconstpointer data)
{
    world->base.base.sriov->ignores = TRUE;
    testing_scratch_write(world->base.base.fake->root, FLAGS, "0x1002\n");
    boot_world_wish_vfs(world, 4, TRUE);
    g_assert_false(boot_world_boot(world));
    testing_assert_hint(world->base.base.error, "its interface is down");
    testing_assert_error(&world->base.base.error, VAS_ERROR_UNSUPPORTED, "ignores sriov_numvfs");
    g_assert_cmpstr(boot_world_writes(world), ==, "sriov_numvfs=4 ");
}

/* There is nothing to wait for: the test would take an hour. */
static void
test_ignored_while_up(BootWorld *world, gconstpointer data)
{
    world->base.base.sriov->ignores = TRUE;
    testing_scratch_write(world->base.base.fake->root, FLAGS, "0x1003\n");
    boot_world_wish_vfs(world, 4, TRUE);
    world->request.timeout = 3600;
    g_assert_false(boot_world_boot(world));
    testing_assert_error(&world->base.base.error, VAS_ERROR_UNSUPPORTED, "ignores sriov_numvfs");
}

static void
test_on_another_driver(BootWorld *world, gconstpointer data)
{
    fake_set_driver(world->base.base.fake, PF, "vfio-pci");
    boot_world_wish_vfs(world, 4, TRUE);
    g_assert_false(boot_world_boot(world));
    testing_assert_error(&world->base.base.error, VAS_ERROR_NOT_READY,
                         PF " is on vfio-pci, and igb is to make its VFs");
    g_assert_cmpuint(world->base.base.sriov->writes, ==, 0);
}

/* The missing PF keeps nobody from the other one, and the exit status is that of a part. */
static void
test_partly(BootWorld *world, gconstpointer data)
{
    char driver[] = "igb";
    const VasVfRule rule = {4, TRUE, driver};

    fake_sriov_set_count(world->base.base.sriov, 4);
    boot_world_wish_vfs(world, 4, TRUE);
    vas_host_wish_set_vfs(world->wish, boot_world_address("0000:77:00.0"), &rule);
    g_assert_false(boot_world_boot(world));
    testing_assert_error(&world->base.base.error, VAS_ERROR_PARTIAL, "0000:77:00.0");
    boot_world_assert_outcome(world, 0, VAS_OUTCOME_ALREADY, -1);
    boot_world_assert_outcome(world, 1, VAS_OUTCOME_FAILED, VAS_ERROR_NOT_FOUND);
}

/* A write goes wrong in each of the ways, which also leaves what a boot that was killed there would
 * leave. VFs never go, and the next boot makes what is missing. */
static void
test_swept(BootWorld *world, gconstpointer data)
{
    FakeSriov *sriov = world->base.base.sriov;

    boot_world_wish_vfs(world, 4, FALSE);
    testing_scratch_write(world->base.base.fake->root, FLAGS, "0x1003\n");
    for (guint i = 1; i <= 2; i++) {
        for (FakeWriteFault fault = FAKE_WRITE_FAILS; fault <= FAKE_WRITE_LIES; fault++) {
            fake_sriov_set_count(sriov, 0);
            testing_scratch_write(world->base.base.fake->root,
                                  "/sys/bus/pci/devices/" PF "/sriov_drivers_autoprobe", "1\n");
            g_string_truncate(sriov->log, 0);
            sriov->writes = 0;
            sriov->faulty_write = i;
            sriov->fault = fault;
            g_assert_false(boot_world_boot(world));
            g_clear_error(&world->base.base.error);
            boot_world_assert_outcome(world, 0, VAS_OUTCOME_FAILED,
                                      (int) result_at(&world->base.base, 0)->error->code);
            sriov->faulty_write = 0;
            g_assert_true(boot_world_boot(world));
            g_assert_null(strstr(boot_world_writes(world), "sriov_numvfs=0"));
            g_assert_cmpuint(sriov->now, ==, 4);
        }
    }
}

/* Fewer VFs came than are wished: they stay, and so at the next boot. */
static void
test_fewer(BootWorld *world, gconstpointer data)
{
    world->base.base.sriov->makes_at_most = 3;
    boot_world_wish_vfs(world, 4, TRUE);
    g_assert_false(boot_world_boot(world));
    testing_assert_error(&world->base.base.error, VAS_ERROR_FAILED, "asked for 4 VFs and made 3");
    g_assert_false(boot_world_boot(world));
    testing_assert_error(&world->base.base.error, VAS_ERROR_CONFLICT, "has 3 VFs");
    g_assert_cmpstr(boot_world_writes(world), ==, "sriov_numvfs=4 ");
}

static void
test_malformed(BootWorld *world, gconstpointer data)
{
    World *base = &world->base.base;

    testing_scratch_write(base->fake->root, VAS_WISH_FILE, "<host/>");
    g_assert_false(
        vas_boot(&world->context, &world->request, &base->results, &base->steps, &base->error));
    g_assert_null(base->results);
    testing_assert_error(&base->error, VAS_ERROR_INVALID, VAS_WISH_FILE ": line 1");
}

static void
test_driver(BootWorld *world, gconstpointer data)
{
    vas_host_wish_set_driver(world->wish, boot_world_address(USB), "vfio-pci");
    g_assert_true(boot_world_boot(world));
    g_assert_no_error(world->base.base.error);
    assert_bound(&world->base, USB, "vfio-pci", "vfio-pci");
    assert_result(&world->base, 0, VAS_OUTCOME_DONE, "xhci_hcd", "vfio-pci");
    g_assert_true(boot_world_boot(world));
    boot_world_assert_outcome(world, 0, VAS_OUTCOME_ALREADY, -1);
}

/* Nobody asks libvirt which networks may give the VF away, nor for its version. */
static void
test_driver_of_vf(BootWorld *world, gconstpointer data)
{
    boot_world_describe(world, PF, "bc02sc00i00", "5");
    boot_world_describe(world, VF, "bc02sc00i00", "6");
    testing_scratch_link(world->base.base.fake->root, "/sys/bus/pci/devices/" VF "/physfn",
                         "../" PF);
    vas_host_wish_set_driver(world->wish, boot_world_address(VF), "vfio-pci");
    g_assert_true(boot_world_boot(world));
    g_assert_no_error(world->base.base.error);
    assert_bound(&world->base, VF, "vfio-pci", "vfio-pci");
}

/* Somebody else's driver_override is refused, as host-detach does, and the other device is taken.
 */
static void
test_driver_refused(BootWorld *world, gconstpointer data)
{
    fake_set_override(world->base.base.fake, USB, "xhci_hcd");
    vas_host_wish_set_driver(world->wish, boot_world_address(USB), "vfio-pci");
    vas_host_wish_set_driver(world->wish, boot_world_address(NIC), "vfio-pci");
    g_assert_false(boot_world_boot(world));
    testing_assert_error(&world->base.base.error, VAS_ERROR_PARTIAL, "somebody wants " USB);
    assert_bound(&world->base, USB, "xhci_hcd", "xhci_hcd");
    assert_bound(&world->base, NIC, "vfio-pci", "vfio-pci");
}

/* Another device stands where the one that is meant was. */
static void
test_driver_of_other_device(BootWorld *world, gconstpointer data)
{
    const VasIdentity identity = {.vendor_id = 0x1b36, .product_id = 0xd, .vf_index = -1};

    vas_host_wish_set_driver(world->wish, boot_world_address(USB), "vfio-pci");
    vas_host_wish_set_identity(world->wish->drivers, boot_world_address(USB), &identity);
    g_assert_false(boot_world_boot(world));
    testing_assert_hint(world->base.base.error, "virt-assign host-detach " USB " --persist");
    testing_assert_error(&world->base.base.error, VAS_ERROR_MISMATCH,
                         USB " is not the device that is meant");
    assert_bound(&world->base, USB, "xhci_hcd", NULL);
}

/* A write goes wrong: the host driver has the device again, and the next boot takes it. */
static void
test_driver_swept(BootWorld *world, gconstpointer data)
{
    vas_host_wish_set_driver(world->wish, boot_world_address(USB), "vfio-pci");
    for (guint i = 1; i <= 3; i++) {
        world->base.base.kernel->writes = 0;
        world->base.base.kernel->faulty_write = i;
        world->base.base.kernel->fault = FAKE_WRITE_FAILS;
        g_assert_false(boot_world_boot(world));
        g_clear_error(&world->base.base.error);
        assert_bound(&world->base, USB, "xhci_hcd", NULL);
        world->base.base.kernel->faulty_write = 0;
        g_assert_true(boot_world_boot(world));
        assert_bound(&world->base, USB, "vfio-pci", "vfio-pci");
        put_on(&world->base, USB, "xhci_hcd", NULL);
    }
}

#define ADD(name, function)                                                                        \
    g_test_add("/boot/" name, BootWorld, NULL, boot_world_set_up, function, boot_world_tear_down)
#define ADD_DRIVER(name, function)                                                                 \
    g_test_add("/boot/" name, BootWorld, NULL, boot_world_set_up_drivers, function,                \
               boot_world_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("nothing-wished", test_nothing_wished);
    ADD("vfs", test_vfs);
    ADD("dry-run", test_dry_run);
    ADD("rules-follow", test_rules_follow);
    ADD("another-number", test_another_number);
    ADD("down-at-first", test_down_at_first);
    ADD("down-for-good", test_down_for_good);
    ADD("ignored-while-up", test_ignored_while_up);
    ADD("on-another-driver", test_on_another_driver);
    ADD("partly", test_partly);
    ADD("swept", test_swept);
    ADD("fewer", test_fewer);
    ADD("malformed", test_malformed);
    ADD_DRIVER("driver", test_driver);
    ADD_DRIVER("driver/of-vf", test_driver_of_vf);
    ADD_DRIVER("driver/refused", test_driver_refused);
    ADD_DRIVER("driver/of-other-device", test_driver_of_other_device);
    ADD_DRIVER("driver/swept", test_driver_swept);
    return g_test_run();
}
