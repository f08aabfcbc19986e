/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/error.h"
#include "engine/verbs/vfs.h"
#include "fake-vfio.h"
#include "world.h"

/* Somebody takes the VF 0000:01:10.2 at the nth write, behind every check that was made before. */
typedef struct {
    World base; /* first: the functions of world.h take it */
    VasVfsRequest request;
    VasPf *pf;
    VasAttributeWriter writer; /* the fake kernel's */
    guint at;
    gboolean by_guest;
} TakenWorld;

static int
take_at_write(const char *path, const char *text, gpointer data)
{
    const TakenWorld *world = data;
    FakeHypervisor *fake = world->base.fake;
    int answer = world->writer(path, text, world->base.sriov);

    if (world->base.sriov->writes != world->at)
        return answer;
    fake_vfio_hold(fake->root, "0000:01:10.2", 12);
    fake_set_driver(fake, "0000:01:10.2", "vfio-pci");
    if (world->by_guest)
        g_ptr_array_add(world->base.guest->live,
                        g_strdup("<hostdev mode='subsystem' type='pci' managed='yes'><source>"
                                 "<address domain='0x0000' bus='0x01' slot='0x10' "
                                 "function='0x2'/></source></hostdev>"));
    return answer;
}

static void
set_up(TakenWorld *world, gconstpointer data)
{
    VasHost *host = NULL;

    world_set_up(&world->base, NULL);
    world->base.sriov = fake_sriov_new(world->base.fake);
    world->request = (VasVfsRequest){.pf = "enp1s0", .count = 4, .timeout = 1};
    world->by_guest = data != NULL;
    host = world->base.fake->host;
    g_assert_true(host->writer_data == world->base.sriov);
    world->writer = host->write_attribute;
    host->write_attribute = take_at_write;
    host->writer_data = world;
}

static void
tear_down(TakenWorld *world, gconstpointer data)
{
    fake_vfio_let_go();
    g_clear_pointer(&world->pf, vas_pf_free);
    world_tear_down(&world->base, data);
}

static gboolean
set(TakenWorld *world)
{
    g_clear_pointer(&world->pf, vas_pf_free);
    world_forget(&world->base);
    return vas_vfs_set(&world->base.fake->context, &world->request, &world->pf,
                       &world->base.results, &world->base.steps, &world->base.error);
}

/* The kernel would never come back from the removal of a VF that is held. */
static void
test_behind_the_checks(TakenWorld *world, gconstpointer data)
{
    world->at = 1;
    world->request.autoprobe = VAS_AUTOPROBE_OFF;
    g_assert_false(set(world));
    testing_assert_hint(world->base.error,
                        world->by_guest ? "virt-assign detach db1 0000:01:10.2" : "fuser -v");
    testing_assert_error(&world->base.error, VAS_ERROR_IN_USE,
                         "the VFs of 0000:01:00.0 stay, the kernel would wait without end: ");
    g_assert_cmpstr(world->base.sriov->log->str, ==,
                    "sriov_drivers_autoprobe=0 sriov_drivers_autoprobe=1 ");
}

static void
test_before_the_undo(TakenWorld *world, gconstpointer data)
{
    world->at = 2;
    world->base.sriov->makes_at_most = 3;
    g_assert_false(set(world));
    testing_assert_hint(world->base.error, "virt-assign recover");
    testing_assert_error(&world->base.error, VAS_ERROR_UNDO_FAILED,
                         world->by_guest ? "guest db1 has 0000:01:10.2"
                                         : "a process holds 0000:01:10.2");
    g_assert_cmpstr(world->base.sriov->log->str, ==, "sriov_numvfs=0 sriov_numvfs=4 ");
}

/* The kernel waits for a VF of another PF already. */
static void
test_elsewhere(TakenWorld *world, gconstpointer data)
{
    const TestingScratch *root = world->base.fake->root;

    testing_scratch_write(root, "/sys/bus/pci/devices/0000:07:00.0/sriov_totalvfs", "1\n");
    testing_scratch_write(root, "/sys/bus/pci/devices/0000:07:00.0/sriov_offset", "1\n");
    testing_scratch_write(root, "/sys/bus/pci/devices/0000:07:00.0/sriov_stride", "1\n");
    testing_scratch_write(root, "/sys/bus/pci/devices/0000:07:00.1/class", "0x020000\n");
    for (guint i = 0; i < 2; i++) {
        world->request.dry_run = i == 0;
        g_assert_false(set(world));
        testing_assert_error(&world->base.error, VAS_ERROR_IN_USE,
                             "removing the VFs of 0000:07:00.0");
    }
    g_assert_cmpuint(world->base.sriov->writes, ==, 0);
    g_assert_cmpuint(world->base.fake->notes->len, ==, 0);
    world->request.count = 2;
    g_assert_true(set(world));
}

#define ADD(name, data, function)                                                                  \
    g_test_add("/vfs-taken/" name, TakenWorld, data, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("behind-the-checks/by-a-process", NULL, test_behind_the_checks);
    ADD("behind-the-checks/by-a-guest", "", test_behind_the_checks);
    ADD("before-the-undo/by-a-process", NULL, test_before_the_undo);
    ADD("before-the-undo/by-a-guest", "", test_before_the_undo);
    ADD("elsewhere", NULL, test_elsewhere);
    return g_test_run();
}
