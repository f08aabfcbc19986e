/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/error.h"
#include "engine/recover/recover-host.h"
#include "engine/verbs/vfs.h"
#include "engine/journal/record-file.h"
#include "engine/journal/wish-file.h"
#include "engine/steps/persist.h"
#include "fake-vfio.h"
#include "host/sriov/vf-rule.h"
#include "host/sriov/vf-state.h"
#include "world.h"

#include <glib/gstdio.h>
#include <string.h>

/* `vfs` is killed at each of its points: a record of it, and the state that it left. */

#define PF "0000:01:00.0"
#define RECORD "/run/virt-assign/operation-" PF

static const VasHostAddress pf = {.pci = {.bus = 1}};

/* The command goes from 2 VFs to 4 of no autoprobe, at each boot. */
static void
set_up(World *world, gconstpointer data)
{
    VasVfRule rule = {4, FALSE, (char *) "igb"};

    world_set_up(world, data);
    world->sriov = fake_sriov_new(world->fake);
    testing_scratch_write(world->fake->root, "/etc/udev/rules.d/99-other.rules", "# another\n");
    world->operation = vas_operation_new(VAS_OPERATION_VFS, NULL);
    vas_operation_add(world->operation, pf)->identity =
        vas_vf_state_identity(world->fake->host, pf);
    vas_vfs_state_set(&world->operation->vfs_before, 2, TRUE, NULL);
    vas_vfs_state_set(&world->operation->vfs_wished, 4, FALSE, &rule);
}

static void
record(World *world)
{
    g_assert_true(vas_record_file_write(world->fake->host, world->operation, &world->error));
    g_assert_no_error(world->error);
}

static gboolean
is_recorded(const World *world)
{
    g_autofree char *path = g_build_filename(world->fake->root->path, RECORD, NULL);

    return g_file_test(path, G_FILE_TEST_EXISTS);
}

static const VasRecovery *
recover(World *world)
{
    g_ptr_array_set_size(world->recoveries, 0);
    g_assert_true(
        vas_recover_host(&world->fake->context, NULL, 1, world->recoveries, &world->error));
    g_assert_cmpuint(world->recoveries->len, ==, 1);
    return g_ptr_array_index(world->recoveries, 0);
}

static gboolean
has_udev_rule(const World *world)
{
    g_autofree char *path = g_build_filename(world->fake->root->path, VAS_VF_RULES_FILE, NULL);

    return g_file_test(path, G_FILE_TEST_EXISTS);
}

static void
assert_pf(const World *world, const VasVfsState *state)
{
    g_autoptr(VasHostWish) wish = NULL;
    VasSriovState now;

    g_assert_true(vas_sriov_read(world->fake->host, pf, &now, NULL));
    g_assert_cmpuint(now.now, ==, state->count);
    g_assert_cmpint(now.autoprobe, ==, state->autoprobe);
    g_assert_true(vas_wish_file_read(world->fake->host, &wish, NULL));
    g_assert_true(vas_vf_rule_equal(vas_host_wish_vfs(wish, pf), state->rule));
    g_assert_cmpint(has_udev_rule(world), ==, state->rule != NULL);
}

/* Brings the PF to where the command came with this many steps done. */
static void
come_to(World *world, guint steps)
{
    static const guint counts[] = {2, 2, 2, 0, 4};

    g_assert_true(vas_persist_vfs(&world->fake->context, pf,
                                  steps > 0 ? world->operation->vfs_wished.rule : NULL, NULL,
                                  NULL));
    testing_scratch_write(world->fake->root, "/sys/bus/pci/devices/" PF "/sriov_drivers_autoprobe",
                          steps > 1 ? "0\n" : "1\n");
    fake_sriov_set_count(world->sriov, counts[steps]);
}

static void
test_killed(World *world, gconstpointer data)
{
    for (guint steps = 0; steps <= 4; steps++) {
        const VasRecovery *recovery = NULL;

        come_to(world, steps);
        record(world);
        g_string_truncate(world->sriov->log, 0);
        recovery = recover(world);
        g_assert_no_error(recovery->error);
        /* VFs that are as before are not made anew. */
        g_assert_cmpint(strstr(world->sriov->log->str, "numvfs") != NULL, ==, steps == 3);
        g_assert_cmpstr(recovery->command, ==, "vfs");
        g_assert_cmpint(recovery->started_at, ==, world->operation->started_at);
        g_assert_cmpuint(recovery->devices->len, ==, 1);
        g_assert_cmpint(recovery->outcome, ==,
                        steps == 4 ? VAS_RECOVERY_FINISHED : VAS_RECOVERY_UNDONE);
        assert_pf(world,
                  steps == 4 ? &world->operation->vfs_wished : &world->operation->vfs_before);
        g_assert_false(is_recorded(world));
    }
}

/* The driver made fewer than it was asked for. */
static void
test_killed_with_some(World *world, gconstpointer data)
{
    come_to(world, 4);
    fake_sriov_set_count(world->sriov, 3);
    record(world);
    g_assert_cmpint(recover(world)->outcome, ==, VAS_RECOVERY_UNDONE);
    assert_pf(world, &world->operation->vfs_before);
}

static void
test_held(World *world, gconstpointer data)
{
    FakeGuest *guest = world->guest;
    const VasRecovery *recovery = NULL;

    g_ptr_array_add(guest->live, g_strdup("<hostdev mode='subsystem' type='pci' managed='yes'>"
                                          "<source><address domain='0x0000' bus='0x01' slot='0x10' "
                                          "function='0x2'/></source></hostdev>"));
    come_to(world, 4);
    fake_sriov_set_count(world->sriov, 3);
    record(world);
    recovery = recover(world);
    g_assert_cmpint(recovery->outcome, ==, VAS_RECOVERY_FAILED);
    testing_assert_hint(recovery->error, "virt-assign detach db1 0000:01:10.2");
    g_assert_error(recovery->error, VAS_ERROR, VAS_ERROR_IN_USE);
    g_assert_true(is_recorded(world));
    g_assert_cmpuint(world->sriov->writes, ==, 0);
}

/* Each write of the way back goes wrong in each of the ways: the record stays, and the next
 * recovery does it. */
static void
test_write_goes_wrong(World *world, gconstpointer data)
{
    for (FakeWriteFault fault = FAKE_WRITE_FAILS; fault <= FAKE_WRITE_LIES; fault++) {
        world->sriov->fault = fault;
        for (guint write = 1; write <= 3; write++) {
            come_to(world, 4);
            fake_sriov_set_count(world->sriov, 3);
            record(world);
            world->sriov->writes = 0;
            world->sriov->faulty_write = write;
            g_assert_cmpint(recover(world)->outcome, ==, VAS_RECOVERY_FAILED);
            g_assert_true(is_recorded(world));
            g_assert_cmpint(recover(world)->outcome, ==, VAS_RECOVERY_UNDONE);
            assert_pf(world, &world->operation->vfs_before);
        }
    }
}

/* A process holds a VF, and no guest knows of it. */
static void
test_held_by_process(World *world, gconstpointer data)
{
    const VasRecovery *recovery = NULL;

    fake_vfio_hold(world->fake->root, "0000:01:10.2", 12);
    come_to(world, 4);
    fake_sriov_set_count(world->sriov, 3);
    fake_set_driver(world->fake, "0000:01:10.2", "vfio-pci");
    record(world);
    recovery = recover(world);
    testing_assert_hint(recovery->error, "fuser -v");
    g_assert_error(recovery->error, VAS_ERROR, VAS_ERROR_IN_USE);
    g_assert_true(is_recorded(world));
    g_assert_cmpuint(world->sriov->writes, ==, 0);
    /* Where the VFs stay it is in nobody's way. */
    come_to(world, 2);
    fake_set_driver(world->fake, "0000:01:10.2", "vfio-pci");
    g_assert_cmpint(recover(world)->outcome, ==, VAS_RECOVERY_UNDONE);
    assert_pf(world, &world->operation->vfs_before);
    fake_vfio_let_go();
}

/* Neither the kernel nor libvirt can tell who its VFs are. */
static void
test_unknown(World *world, gconstpointer data)
{
    come_to(world, 3);
    record(world);
    for (guint i = 1; i <= 100; i++)
        fake_plan_fault(world->fake, FAKE_NODE_DEVICE_XML, i, FAKE_FAILS, VAS_ERROR_NOT_FOUND,
                        "gone");
    g_assert_error(recover(world)->error, VAS_ERROR, VAS_ERROR_NOT_FOUND);
    g_assert_true(is_recorded(world));
    g_assert_cmpuint(world->sriov->writes, ==, 0);
}

/* The command is killed with the udev rules written and the wish not. */
static void
test_killed_between_rules_and_wish(World *world, gconstpointer data)
{
    g_autofree char *path = g_build_filename(world->fake->root->path, VAS_WISH_FILE, NULL);

    come_to(world, 1);
    g_assert_cmpint(g_unlink(path), ==, 0);
    record(world);
    g_assert_cmpint(recover(world)->outcome, ==, VAS_RECOVERY_UNDONE);
    assert_pf(world, &world->operation->vfs_before);
}

/* A wish that comes back is for the card again. */
static void
test_wish_again(World *world, gconstpointer data)
{
    VasVfRule rule = {2, TRUE, (char *) "igb"};
    g_autoptr(VasHostWish) wish = NULL;
    const VasIdentity *identity = NULL;

    vas_vfs_state_set(&world->operation->vfs_before, 2, TRUE, &rule);
    vas_vfs_state_set(&world->operation->vfs_wished, 0, TRUE, NULL);
    come_to(world, 1);
    record(world);
    g_assert_cmpint(recover(world)->outcome, ==, VAS_RECOVERY_UNDONE);
    assert_pf(world, &world->operation->vfs_before);
    g_assert_true(vas_wish_file_read(world->fake->host, &wish, NULL));
    identity = vas_host_wish_identity(wish->vfs, pf);
    g_assert_nonnull(identity);
    g_assert_nonnull(identity->keys[VAS_CARD_KEY_MAC]);
}

/* Another device at the address is nothing to the command; the rule of the address still is. */
static void
test_another_at_its_address(World *world, gconstpointer data)
{
    VasOperationDevice *row = g_ptr_array_index(world->operation->devices, 0);
    VasVfRule half = {3, FALSE, (char *) "igb"};
    g_autoptr(VasHostWish) wish = NULL;

    g_free(row->identity);
    row->identity = g_strdup("boot/another");
    come_to(world, 3);
    record(world);
    g_assert_cmpint(recover(world)->outcome, ==, VAS_RECOVERY_FINISHED);
    g_assert_true(vas_persist_vfs(&world->fake->context, pf, &half, NULL, NULL));
    record(world);
    g_assert_cmpint(recover(world)->outcome, ==, VAS_RECOVERY_UNDONE);
    g_assert_true(vas_wish_file_read(world->fake->host, &wish, NULL));
    g_assert_null(vas_host_wish_vfs(wish, pf));
    g_assert_cmpuint(world->sriov->writes, ==, 0);
}

static void
test_pf_gone(World *world, gconstpointer data)
{
    g_autofree char *folder =
        g_build_filename(world->fake->root->path, "/sys/bus/pci/devices/" PF, NULL);
    g_autofree char *away = g_strconcat(folder, "-away", NULL);

    come_to(world, 1);
    record(world);
    g_assert_cmpint(g_rename(folder, away), ==, 0);
    g_assert_cmpint(recover(world)->outcome, ==, VAS_RECOVERY_FINISHED);
    g_assert_false(is_recorded(world));
    g_assert_nonnull(strstr(g_ptr_array_index(world->fake->notes, 0), "the PF " PF));
    g_assert_cmpint(g_rename(away, folder), ==, 0);
}

/* Whatever the command was not to change is somebody else's. */
static void
test_concerns_only_its_own(World *world, gconstpointer data)
{
    vas_vfs_state_set(&world->operation->vfs_before, 2, TRUE, NULL);
    vas_vfs_state_set(&world->operation->vfs_wished, 4, TRUE, NULL);
    come_to(world, 3);
    testing_scratch_write(world->fake->root, VAS_WISH_FILE, "the admin's");
    record(world);
    g_assert_cmpint(recover(world)->outcome, ==, VAS_RECOVERY_UNDONE);
    g_assert_cmpstr(world->sriov->log->str, ==, "sriov_numvfs=2 ");
}

/* The number of VFs is somebody else's, too. */
static void
test_concerns_no_count(World *world, gconstpointer data)
{
    vas_vfs_state_set(&world->operation->vfs_wished, 2, FALSE, NULL);
    come_to(world, 0);
    testing_scratch_write(world->fake->root, "/sys/bus/pci/devices/" PF "/sriov_drivers_autoprobe",
                          "0\n");
    fake_sriov_set_count(world->sriov, 3);
    record(world);
    g_assert_cmpint(recover(world)->outcome, ==, VAS_RECOVERY_FINISHED);
    g_assert_cmpuint(world->sriov->writes, ==, 0);
}

/* The next command for it puts it right and says so; a dry run only says so. */
static void
test_by_next_command(World *world, gconstpointer data)
{
    VasVfsRequest request = {.pf = "enp1s0", .count = 1, .timeout = 1, .dry_run = TRUE};
    g_autoptr(GPtrArray) results = NULL;
    g_autoptr(GPtrArray) steps = NULL;
    g_autoptr(VasPf) planned = NULL;
    g_autoptr(GPtrArray) done = NULL;
    g_autoptr(VasPf) after = NULL;

    come_to(world, 3);
    record(world);
    g_assert_true(
        vas_vfs_set(&world->fake->context, &request, &planned, &results, &steps, &world->error));
    g_assert_cmpuint(world->sriov->writes, ==, 0);
    g_assert_true(is_recorded(world));
    g_assert_nonnull(strstr(g_ptr_array_index(world->fake->notes, 0), "virt-assign recover"));
    g_ptr_array_set_size(world->fake->notes, 0);
    request.dry_run = FALSE;
    g_assert_true(
        vas_vfs_set(&world->fake->context, &request, &after, &done, &steps, &world->error));
    g_assert_no_error(world->error);
    g_assert_cmpuint(after->sriov.now, ==, 1);
    g_assert_true(after->sriov.autoprobe);
    g_assert_nonnull(strstr(g_ptr_array_index(world->fake->notes, 0), "did not end: undone"));
    g_assert_false(is_recorded(world));
}

static void
test_next_command_fails(World *world, gconstpointer data)
{
    VasVfsRequest request = {.pf = PF, .count = 1, .timeout = 1};
    GPtrArray *results = NULL;
    GPtrArray *steps = NULL;
    VasPf *after = NULL;

    testing_scratch_write(world->fake->root, RECORD, "<operation version='9'/>");
    g_assert_false(
        vas_vfs_set(&world->fake->context, &request, &after, &results, &steps, &world->error));
    testing_assert_error(&world->error, VAS_ERROR_UNSUPPORTED, RECORD);
    g_assert_cmpuint(world->sriov->writes, ==, 0);
    g_assert_true(is_recorded(world));
}

#define ADD(name, function)                                                                        \
    g_test_add("/recover-vfs/" name, World, NULL, set_up, function, world_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("killed", test_killed);
    ADD("killed-with-some", test_killed_with_some);
    ADD("held", test_held);
    ADD("held-by-process", test_held_by_process);
    ADD("unknown", test_unknown);
    ADD("write-goes-wrong", test_write_goes_wrong);
    ADD("killed-between-rules-and-wish", test_killed_between_rules_and_wish);
    ADD("wish-again", test_wish_again);
    ADD("another-at-its-address", test_another_at_its_address);
    ADD("pf-gone", test_pf_gone);
    ADD("concerns-only-its-own", test_concerns_only_its_own);
    ADD("concerns-only-its-own/no-count", test_concerns_no_count);
    ADD("by-next-command", test_by_next_command);
    ADD("next-command-fails", test_next_command_fails);
    return g_test_run();
}
