/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/error.h"
#include "engine/verbs/attach.h"
#include "engine/verbs/detach.h"
#include "engine/verbs/host-driver.h"
#include "engine/verbs/ports.h"
#include "engine/verbs/vfs.h"
#include "fake-clock.h"
#include "host/files/lock.h"
#include "world.h"

#define PF "0000:01:00.0"
#define VF "0000:01:10.0"
#define OTHER_VF "0000:01:10.2"
#define NIC "0000:05:01.0"
#define SATA "0000:05:02.0" /* in one IOMMU group with NIC */
#define GUEST "00000000-0000-0000-0000-000000000001"

/* A verb that finds another command there shows which locks it takes. */

typedef struct {
    World base;    /* first: the functions of world.h take it */
    VasLock *lock; /* of the other command */
} LockedWorld;

static const char element[] = WORLD_VF_ELEMENT;

static const char other_element[] =
    "<interface type='hostdev' managed='yes'><mac address='52:54:00:6d:90:03'/><source>"
    "<address type='pci' domain='0x0000' bus='0x01' slot='0x10' function='0x2'/></source>"
    "<alias name='ua-other'/>"
    "<address type='pci' domain='0x0000' bus='0x03' slot='0x00' function='0x0'/></interface>";

static void
set_up(LockedWorld *world, gconstpointer data)
{
    world_set_up(&world->base, data);
    world_give_locks(&world->base, "virt-assign test");
    testing_scratch_write(world->base.fake->root, "/etc/udev/rules.d/99-other.rules",
                          "# another\n");
}

static void
tear_down(LockedWorld *world, gconstpointer data)
{
    vas_lock_free(world->lock);
    world_tear_down(&world->base, data);
}

static void
hold(LockedWorld *world, const char *name, gboolean shared)
{
    VasLockHolder *holder = NULL;

    g_assert_true(vas_lock_try(world->base.lock_folder, name, shared, "virt-assign other",
                               &world->lock, &holder, &world->base.error));
    g_assert_nonnull(world->lock);
}

/* The verbs take one device each. */
typedef gboolean (*Verb)(LockedWorld *world, const char *device, gboolean whole_group,
                         gboolean dry_run);

static gboolean
attach(LockedWorld *world, const char *device, gboolean whole_group, gboolean dry_run)
{
    g_autoptr(VasAssignmentWish) wish = vas_assignment_wish_new();
    g_autoptr(GPtrArray) results = NULL;
    g_autoptr(GPtrArray) steps = NULL;
    VasAttachRequest request = {.guest = "db1",
                                .devices = (const char *const[]){device, NULL},
                                .wish = wish,
                                .scope = VAS_SCOPE_CONFIG,
                                .whole_group = whole_group,
                                .dry_run = dry_run};

    return vas_attach(&world->base.fake->context, &request, &results, &steps, &world->base.error);
}

static gboolean
detach(LockedWorld *world, const char *device, gboolean whole_group, gboolean dry_run)
{
    g_autoptr(GPtrArray) results = NULL;
    g_autoptr(GPtrArray) steps = NULL;
    VasDetachRequest request = {
        .guest = "db1", .subjects = (const char *const[]){device, NULL}, .dry_run = dry_run};

    (void) whole_group;
    return vas_detach(&world->base.fake->context, &request, &results, &steps, &world->base.error);
}

static gboolean
host_detach(LockedWorld *world, const char *device, gboolean whole_group, gboolean dry_run)
{
    g_autoptr(GPtrArray) results = NULL;
    g_autoptr(GPtrArray) steps = NULL;
    VasHostDriverRequest request = {.devices = (const char *const[]){device, NULL},
                                    .whole_group = whole_group,
                                    .dry_run = dry_run};

    return vas_host_detach(&world->base.fake->context, &request, &results, &steps,
                           &world->base.error);
}

static gboolean
host_reattach(LockedWorld *world, const char *device, gboolean whole_group, gboolean dry_run)
{
    g_autoptr(GPtrArray) results = NULL;
    g_autoptr(GPtrArray) steps = NULL;
    VasHostDriverRequest request = {.devices = (const char *const[]){device, NULL},
                                    .dry_run = dry_run};

    (void) whole_group;
    return vas_host_reattach(&world->base.fake->context, &request, &results, &steps,
                             &world->base.error);
}

static gboolean
add_ports(LockedWorld *world, const char *device, gboolean whole_group, gboolean dry_run)
{
    g_autoptr(VasGuestPorts) ports = NULL;
    g_autoptr(GPtrArray) results = NULL;
    g_autoptr(GPtrArray) steps = NULL;
    VasPortsRequest request = {.guest = "db1", .count = 1, .dry_run = dry_run};

    (void) device;
    (void) whole_group;
    return vas_ports_add(&world->base.fake->context, &request, &ports, &results, &steps,
                         &world->base.error);
}

static gboolean
set_vfs(LockedWorld *world, const char *device, gboolean whole_group, gboolean dry_run)
{
    g_autoptr(VasPf) pf = NULL;
    g_autoptr(GPtrArray) results = NULL;
    g_autoptr(GPtrArray) steps = NULL;
    VasVfsRequest request = {.pf = device, .count = 4, .dry_run = dry_run};

    (void) whole_group;
    return vas_vfs_set(&world->base.fake->context, &request, &pf, &results, &steps,
                       &world->base.error);
}

/* A case has a lock that another command holds, and what then comes of the verb. */
typedef struct {
    const char *name;
    Verb verb;
    const char *device;
    gboolean whole_group;
    const char *lock;
    gboolean shared; /* the other command shares it */
    gboolean barred; /* it would not be done without the other command either */
} Case;

static const Case cases[] = {
    {"attach-device", attach, VF, FALSE, "device-" VF, FALSE},
    {"attach-pf-of-device", attach, VF, FALSE, "device-" PF, FALSE},
    {"attach-guest", attach, VF, FALSE, "guest-" GUEST, FALSE},
    {"attach-mate", attach, NIC, FALSE, "device-" SATA, FALSE, TRUE},
    {"attach-whole-group", attach, NIC, TRUE, "device-" SATA, TRUE},
    {"detach-device", detach, VF, FALSE, "device-" VF, FALSE},
    {"detach-by-alias", detach, "ua-uplink", FALSE, "device-" VF, FALSE},
    {"detach-by-guest-address", detach, "0000:02:00.0", FALSE, "device-" VF, FALSE},
    {"detach-guest", detach, VF, FALSE, "guest-" GUEST, FALSE},
    {"host-detach-device", host_detach, VF, FALSE, "device-" VF, FALSE},
    {"host-detach-pf-of-device", host_detach, VF, FALSE, "device-" PF, FALSE},
    {"host-detach-whole-group", host_detach, NIC, TRUE, "device-" SATA, TRUE},
    {"host-reattach-device", host_reattach, VF, FALSE, "device-" VF, FALSE},
    {"ports-guest", add_ports, NULL, FALSE, "guest-" GUEST, FALSE},
    {"vfs-pf", set_vfs, PF, FALSE, "device-" PF, FALSE},
    {"vfs-pf-whose-vf-is-at-work", set_vfs, PF, FALSE, "device-" PF, TRUE},
};

/* Prepares a world in which the verb has something to do, but for the lock in its way. */
static void
prepare(LockedWorld *world, const Case *one)
{
    static const char *const devices[][2] = {{VF, "igbvf"}, {NIC, "e1000"}, {SATA, "ahci"}};

    if (one->verb == set_vfs)
        world->base.sriov = fake_sriov_new(world->base.fake);
    if (one->verb == detach)
        g_ptr_array_add(world->base.guest->config, g_strdup(element));
    if (one->verb != host_detach && one->verb != host_reattach)
        return;
    world->base.kernel = fake_kernel_new(world->base.fake->host, world->base.fake->root);
    fake_kernel_add_driver(world->base.kernel, "vfio-pci");
    for (guint i = 0; i < G_N_ELEMENTS(devices); i++) {
        fake_kernel_add_driver(world->base.kernel, devices[i][1]);
        fake_kernel_add_device(world->base.kernel, devices[i][0], devices[i][1], devices[i][1]);
    }
}

static void
assert_untouched(LockedWorld *world)
{
    g_assert_cmpuint(world->base.fake->calls[FAKE_ATTACH_CONFIG], ==, 0);
    g_assert_cmpuint(world->base.fake->calls[FAKE_DETACH_CONFIG], ==, 0);
    g_assert_cmpuint(world->base.fake->calls[FAKE_DETACH_NODE_DEVICE], ==, 0);
    g_assert_cmpuint(world->base.fake->calls[FAKE_REATTACH_NODE_DEVICE], ==, 0);
    g_assert_true(world->base.sriov == NULL || world->base.sriov->writes == 0);
}

static void
test_case(LockedWorld *world, gconstpointer data)
{
    const Case *one = data;

    prepare(world, one);
    hold(world, one->lock, one->shared);
    g_assert_false(one->verb(world, one->device, one->whole_group, FALSE));
    testing_assert_error(&world->base.error, VAS_ERROR_LOCKED, "(virt-assign other)");
    assert_untouched(world);
}

/* --dry-run looks on at whatever others do. */
static void
test_dry_run(LockedWorld *world, gconstpointer data)
{
    const Case *one = data;

    prepare(world, one);
    hold(world, one->lock, one->shared);
    g_assert_true(one->verb(world, one->device, one->whole_group, TRUE) == !one->barred);
    g_assert_false(g_error_matches(world->base.error, VAS_ERROR, VAS_ERROR_LOCKED));
    g_clear_error(&world->base.error);
    assert_untouched(world);
}

static void
attach_another(FakeHypervisor *fake)
{
    g_autoptr(VasLock) device = NULL;
    g_autoptr(VasLock) guest = NULL;
    g_autoptr(VasLockHolder) holder = NULL;
    const char *folder = fake->context.lock_folder;

    g_assert_true(vas_lock_try(folder, "device-" VF, FALSE, "other", &device, &holder, NULL));
    g_assert_nonnull(device);
    g_assert_true(vas_lock_try(folder, "guest-" GUEST, FALSE, "other", &guest, &holder, NULL));
    g_assert_nonnull(guest);
    fake_release_all(fake);
}

/* While the guest takes its time, others get on with it. */
static void
test_detach_lends(LockedWorld *world, gconstpointer data)
{
    g_autoptr(GPtrArray) results = NULL;
    g_autoptr(GPtrArray) steps = NULL;
    VasDetachRequest request = {
        .guest = "db1", .subjects = (const char *const[]){VF, NULL}, .timeout = 60};

    g_ptr_array_add(world->base.guest->live, g_strdup(element));
    g_ptr_array_add(world->base.guest->config, g_strdup(element));
    fake_set_driver(world->base.fake, VF, "vfio-pci");
    world->base.fake->guest_ignores_unplug = TRUE;
    world->base.fake->on_wait = attach_another;
    g_assert_true(
        vas_detach(&world->base.fake->context, &request, &results, &steps, &world->base.error));
    g_assert_null(world->base.fake->on_wait);
    g_assert_false(fake_has(world->base.guest, VAS_SCOPE_CONFIG, VF));
}

static gboolean (*true_set_metadata)(VasHypervisor *port, const char *uuid, const char *uri,
                                     const char *prefix, const char *xml, VasScope scope,
                                     GError **error);
static LockedWorld *watched;
static guint writes_behind_wait;

static gboolean
set_metadata_with_lock(VasHypervisor *port, const char *uuid, const char *uri, const char *prefix,
                       const char *xml, VasScope scope, GError **error)
{
    g_autoptr(VasLock) lock = NULL;
    g_autoptr(VasLockHolder) holder = NULL;

    g_assert_true(vas_lock_try(watched->base.lock_folder, "guest-" GUEST, FALSE, "other", &lock,
                               &holder, NULL));
    g_assert_null(lock);
    if (watched->base.fake->on_wait == NULL)
        writes_behind_wait++;
    return true_set_metadata(port, uuid, uri, prefix, xml, scope, error);
}

static void
release_first(FakeHypervisor *fake)
{
    FakeGuest *guest = fake_find_guest(fake, "db1");

    fake_push_event(fake, VAS_EVENT_DEVICE_REMOVED, "db1", "ua-uplink");
    g_ptr_array_remove_index(guest->live, 0);
    fake_set_driver(fake, VF, "igbvf");
}

/* One device is out in time, and has to go from the record; the wait for the other was in vain. */
static void
test_record_ends_with_lock(LockedWorld *world, gconstpointer data)
{
    g_autoptr(GPtrArray) results = NULL;
    g_autoptr(GPtrArray) steps = NULL;
    const char *const both[] = {VF, OTHER_VF, NULL};
    VasDetachRequest request = {.guest = "db1", .subjects = both, .timeout = 1};

    g_ptr_array_add(world->base.guest->live, g_strdup(element));
    g_ptr_array_add(world->base.guest->live, g_strdup(other_element));
    fake_set_driver(world->base.fake, VF, "vfio-pci");
    fake_set_driver(world->base.fake, OTHER_VF, "vfio-pci");
    world->base.fake->guest_ignores_unplug = TRUE;
    world->base.fake->on_wait = release_first;
    world->base.fake->pass_time = fake_clock_pass;
    watched = world;
    writes_behind_wait = 0;
    true_set_metadata = world->base.fake->port.set_metadata;
    world->base.fake->port.set_metadata = set_metadata_with_lock;
    g_assert_false(
        vas_detach(&world->base.fake->context, &request, &results, &steps, &world->base.error));
    testing_assert_error(&world->base.error, VAS_ERROR_TIMED_OUT, "1 of 2 devices: ");
    g_assert_cmpuint(writes_behind_wait, >=, 3);
}

static void
let_another_in(LockedWorld *world)
{
    hold(world, "guest-" GUEST, FALSE);
}

static void
let_another_in_and_release(FakeHypervisor *fake)
{
    let_another_in(watched);
    fake_release_all(fake);
}

static void
let_another_in_for_long(FakeHypervisor *fake)
{
    (void) fake;
    let_another_in(watched);
}

/* Another command has the guest when the wait for the first device is over: the second, which is in
 * the config only, stays there. */
static void
test_config_stays_without_locks(LockedWorld *world, gconstpointer data)
{
    g_ptr_array_add(world->base.guest->live, g_strdup(element));
    g_ptr_array_add(world->base.guest->config, g_strdup(other_element));
    fake_set_driver(world->base.fake, VF, "vfio-pci");
    world->base.fake->guest_ignores_unplug = TRUE;
    world->base.fake->on_wait = let_another_in_for_long;
    world->base.fake->pass_time = fake_clock_pass;
    watched = world;
    g_assert_false(run_detach(&world->base, (const char *const[]){VF, OTHER_VF, NULL}));
    g_assert_error(result_at(&world->base, 0)->error, VAS_ERROR, VAS_ERROR_TIMED_OUT);
    testing_assert_hint(result_at(&world->base, 1)->error, "it goes on from here");
    g_assert_error(result_at(&world->base, 1)->error, VAS_ERROR, VAS_ERROR_LOCKED);
    g_clear_error(&world->base.error);
    g_assert_true(fake_has(world->base.guest, VAS_SCOPE_CONFIG, OTHER_VF));
}

/* So does what is noted of a device that was out before. */
static void
test_settings_stay_without_locks(LockedWorld *world, gconstpointer data)
{
    FakeGuest *guest = world->base.guest;

    world->base.wish->vf.trust = 1;
    g_assert_true(attach_one(&world->base, OTHER_VF));
    g_ptr_array_set_size(guest->live, 0);
    g_ptr_array_set_size(guest->config, 0);
    fake_set_driver(world->base.fake, OTHER_VF, "igbvf");
    g_ptr_array_add(guest->live, g_strdup(element));
    fake_set_driver(world->base.fake, VF, "vfio-pci");
    world->base.fake->guest_ignores_unplug = TRUE;
    world->base.fake->on_wait = let_another_in_for_long;
    world->base.fake->pass_time = fake_clock_pass;
    watched = world;
    g_assert_false(run_detach(&world->base, (const char *const[]){VF, OTHER_VF, NULL}));
    g_clear_error(&world->base.error);
    g_assert_error(result_at(&world->base, 1)->error, VAS_ERROR, VAS_ERROR_LOCKED);
    g_assert_cmpint(fake_vf_settings(world->base.fake, OTHER_VF)->trust, ==, 1);
}

/* The device is out by then: that is said, and its mate is not asked for. */
static void
test_mate_stays_without_locks(LockedWorld *world, gconstpointer data)
{
    world->base.whole_group = TRUE;
    g_assert_true(run_attach(&world->base, (const char *const[]){NIC, NULL}));
    world->base.fake->guest_ignores_unplug = TRUE;
    world->base.fake->on_wait = let_another_in_and_release;
    world->base.fake->pass_time = fake_clock_pass;
    watched = world;
    g_assert_false(run_detach(&world->base, (const char *const[]){NIC, NULL}));
    testing_assert_error(&world->base.error, VAS_ERROR_PARTIAL, "the running guest has let go");
    g_assert_error(result_at(&world->base, 0)->error, VAS_ERROR, VAS_ERROR_PARTIAL);
    g_assert_error(result_at(&world->base, 1)->error, VAS_ERROR, VAS_ERROR_LOCKED);
    g_assert_cmpuint(world->base.fake->calls[FAKE_DETACH_LIVE], ==, 1);
    g_assert_true(fake_has(world->base.guest, VAS_SCOPE_CONFIG, NIC));
    g_assert_true(fake_has(world->base.guest, VAS_SCOPE_LIVE, SATA));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *held = g_strdup_printf("/locked/%s", cases[i].name);
        g_autofree char *dry = g_strdup_printf("/locked/%s/dry-run", cases[i].name);

        g_test_add(held, LockedWorld, &cases[i], set_up, test_case, tear_down);
        g_test_add(dry, LockedWorld, &cases[i], set_up, test_dry_run, tear_down);
    }
    g_test_add("/locked/detach-lends", LockedWorld, NULL, set_up, test_detach_lends, tear_down);
    g_test_add("/locked/record-ends-with-lock", LockedWorld, NULL, set_up,
               test_record_ends_with_lock, tear_down);
    g_test_add("/locked/config-stays", LockedWorld, NULL, set_up, test_config_stays_without_locks,
               tear_down);
    g_test_add("/locked/settings-stay", LockedWorld, NULL, set_up, test_settings_stay_without_locks,
               tear_down);
    g_test_add("/locked/mate-stays", LockedWorld, NULL, set_up, test_mate_stays_without_locks,
               tear_down);
    return g_test_run();
}
