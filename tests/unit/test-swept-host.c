/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/verbs/host-driver.h"
#include "engine/verbs/ports.h"
#include "engine/verbs/recover.h"
#include "engine/verbs/vfs.h"
#include "sweep.h"

/* Operations that change the host, or a guest's ports, are swept (sweep.h). */

#define VF "0000:01:10.0"
#define USB "0000:03:00.0"

static gboolean
add_ports(SweptWorld *swept)
{
    World *world = &swept->world;
    g_autoptr(VasGuestPorts) ports = NULL;
    VasPortsRequest request = {.guest = "db1", .count = 2, .timeout = 1};

    g_clear_pointer(&world->results, g_ptr_array_unref);
    return vas_ports_add(&world->fake->context, &request, &ports, &world->results, &world->steps,
                         &world->error);
}

static void
make_drivers(SweptWorld *swept)
{
    static const char *const devices[][2] = {{VF, "igbvf"}, {USB, "xhci_hcd"}};
    FakeHypervisor *fake = swept->world.fake;

    swept->kernel = fake_kernel_new(fake->host, fake->root);
    fake_kernel_add_driver(swept->kernel, "vfio-pci");
    for (guint i = 0; i < G_N_ELEMENTS(devices); i++) {
        fake_kernel_add_driver(swept->kernel, devices[i][1]);
        fake_kernel_add_device(swept->kernel, devices[i][0], devices[i][1], devices[i][1]);
    }
}

static gboolean
move(SweptWorld *swept, const char *const *devices, gboolean to_host)
{
    World *world = &swept->world;
    VasHostDriverRequest request = {.devices = devices, .timeout = 1};

    g_clear_pointer(&world->results, g_ptr_array_unref);
    return (to_host ? vas_host_reattach : vas_host_detach)(
        &world->fake->context, &request, &world->results, &world->steps, &world->error);
}

static gboolean
host_detach(SweptWorld *swept)
{
    return move(swept, (const char *const[]){USB, NULL}, FALSE);
}

static gboolean
host_detach_two(SweptWorld *swept)
{
    return move(swept, (const char *const[]){VF, USB, NULL}, FALSE);
}

static gboolean
host_reattach(SweptWorld *swept)
{
    return move(swept, (const char *const[]){USB, NULL}, TRUE);
}

static gboolean
host_reattach_two(SweptWorld *swept)
{
    return move(swept, (const char *const[]){VF, USB, NULL}, TRUE);
}

static void
make_detached(SweptWorld *swept)
{
    make_drivers(swept);
    g_assert_true(host_detach_two(swept));
}

static void
make_sriov(SweptWorld *swept)
{
    swept->sriov = fake_sriov_new(swept->world.fake);
    testing_scratch_write(swept->world.fake->root, "/etc/udev/rules.d/99-other.rules", "# other\n");
}

static gboolean
set_vfs(SweptWorld *swept, guint count, VasAutoprobeWish autoprobe, gboolean persist)
{
    World *world = &swept->world;
    g_autoptr(VasPf) pf = NULL;
    VasVfsRequest request = {
        .pf = "enp1s0", .count = count, .autoprobe = autoprobe, .persist = persist, .timeout = 60};

    g_clear_pointer(&world->results, g_ptr_array_unref);
    return vas_vfs_set(&world->fake->context, &request, &pf, &world->results, &world->steps,
                       &world->error);
}

static void
make_no_vfs(SweptWorld *swept)
{
    make_sriov(swept);
    fake_sriov_set_count(swept->sriov, 0);
}

static gboolean
create_vfs(SweptWorld *swept)
{
    return set_vfs(swept, 3, VAS_AUTOPROBE_AS_IS, FALSE);
}

static gboolean
remove_vfs(SweptWorld *swept)
{
    return set_vfs(swept, 0, VAS_AUTOPROBE_AS_IS, FALSE);
}

static gboolean
persist_vfs(SweptWorld *swept)
{
    return set_vfs(swept, 4, VAS_AUTOPROBE_OFF, TRUE);
}

static gboolean
recover(SweptWorld *swept)
{
    const VasRecoverRequest request = {.timeout = 60};
    g_autoptr(GPtrArray) recoveries = NULL;

    return vas_recover(&swept->world.fake->context, &request, &recoveries, &swept->world.error);
}

/* The command is killed with its rule written, no autoprobe, and no VFs any more. */
static void
kill_vfs(SweptWorld *swept)
{
    make_sriov(swept);
    g_assert_true(sweep_kill(swept, persist_vfs, FAKE_STEP, 5));
    sweep_revive(swept);
}

/* The command is killed with one of two done. */
static void
kill_host_detach(SweptWorld *swept)
{
    make_drivers(swept);
    g_assert_true(sweep_kill(swept, host_detach_two, FAKE_STEP, 3));
    sweep_revive(swept);
}

static const SweptOperation operations[] = {
    {"ports", NULL, add_ports, FALSE, TRUE, FALSE},
    {"host-detach", make_drivers, host_detach, FALSE, FALSE, FALSE},
    {"host-detach-two", make_drivers, host_detach_two, FALSE, FALSE, FALSE},
    {"host-reattach", make_detached, host_reattach, FALSE, FALSE, FALSE},
    {"host-reattach-two", make_detached, host_reattach_two, FALSE, FALSE, FALSE},
    {"vfs-create", make_no_vfs, create_vfs, FALSE, FALSE, TRUE},
    {"vfs-remove", make_sriov, remove_vfs, FALSE, FALSE, TRUE},
    {"vfs-change", make_sriov, create_vfs, FALSE, FALSE, TRUE},
    {"vfs-persist", make_sriov, persist_vfs, FALSE, FALSE, TRUE},
};

/* Only killed. */
static const SweptOperation recoveries[] = {
    {"recover-vfs", kill_vfs, recover, TRUE, FALSE, TRUE},
    {"recover-host-detach", kill_host_detach, recover, TRUE, FALSE, TRUE},
};

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(operations); i++) {
        sweep_add(&operations[i]);
        sweep_add_killed(&operations[i]);
        sweep_add_pairs(&operations[i]);
    }
    for (guint i = 0; i < G_N_ELEMENTS(recoveries); i++)
        sweep_add_killed(&recoveries[i]);
    return g_test_run();
}
