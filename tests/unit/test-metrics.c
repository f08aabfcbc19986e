/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/check/metrics.h"

#include "core/value/error.h"
#include "engine/journal/record-file.h"
#include "engine/journal/wish-file.h"
#include "measuring.h"
#include "world.h"

#define VF "0000:01:10.0"

static GPtrArray *
read_metrics(World *world)
{
    GPtrArray *metrics = vas_metrics(&world->fake->context, &world->error);

    g_assert_no_error(world->error);
    return metrics;
}

static void
assert_unreadable(const GPtrArray *metrics, guint devices, guint guests, guint records,
                  guint wishes)
{
    g_autofree char *expected = g_strdup_printf("device %u\nguest %u\nrecord %u\nwish %u\n",
                                                devices, guests, records, wishes);

    measuring_assert(metrics, "virt_assign_unreadable", expected);
}

/* db1 has the VF, running and in its config, was asked to release it @ago seconds ago in the run
 * that is @run_offset runs on, and a command on it did not end. */
static void
give_vf(World *world, int run_offset, int ago)
{
    FakeGuest *guest = world->guest;

    g_ptr_array_add(guest->live, g_strdup(WORLD_VF_ELEMENT));
    g_ptr_array_add(guest->config, g_strdup(WORLD_VF_ELEMENT));
    guest->metadata = g_strdup_printf(
        "<assignments version='1'><release alias='ua-uplink' device='" VF "' run='%d' asked='%" //
        G_GINT64_FORMAT "'/><operation id='x' command='detach' started='1'><device device='" VF
        "' live='yes'/></operation></assignments>",
        guest->run_id + run_offset, g_get_real_time() / G_USEC_PER_SEC - ago);
    world_seal(world, guest);
}

static void
test_guest(World *world, gconstpointer data)
{
    g_autoptr(GPtrArray) metrics = NULL;
    g_autofree char *assignments =
        g_strdup_printf(VF "|db1|%s|ua-uplink|0000:02:00.0|52:54:00:6d:90:02|live 1\n" VF
                           "|db1|%s|ua-uplink|0000:02:00.0|52:54:00:6d:90:02|config 1\n",
                        world->guest->uuid, world->guest->uuid);
    g_autofree char *operations = g_strdup_printf("| 0\ndb1|%s 1\n", world->guest->uuid);

    give_vf(world, 0, 0);
    metrics = read_metrics(world);
    measuring_assert(metrics, "virt_assign_assignment_info", assignments);
    measuring_assert(metrics, "virt_assign_vfs", "enp1s0|0000:01:00.0 2\nenp2s0|0000:02:00.0 1\n");
    measuring_assert(metrics, "virt_assign_vfs_free",
                     "enp1s0|0000:01:00.0 1\nenp2s0|0000:02:00.0 1\n");
    measuring_assert(metrics, "virt_assign_unfinished_operations", operations);
    assert_unreadable(metrics, 0, 0, 0, 0);
    g_assert_cmpuint(world->fake->notes->len, ==, 0);
}

/* The seconds since the request; a clock that was set back counts as none. */
static guint
pending_seconds(World *world)
{
    g_autoptr(GPtrArray) metrics = read_metrics(world);

    for (guint i = 0; i < metrics->len; i++) {
        const VasMetric *metric = g_ptr_array_index(metrics, i);
        const VasMetricSample *sample;

        if (!g_str_equal(metric->name, "virt_assign_release_pending_seconds"))
            continue;
        g_assert_cmpuint(metric->samples->len, ==, 1);
        sample = g_ptr_array_index(metric->samples, 0);
        g_assert_cmpstr(sample->values[0], ==, VF);
        g_assert_cmpstr(sample->values[1], ==, "db1");
        g_assert_cmpstr(sample->values[3], ==, "ua-uplink");
        return (guint) sample->value;
    }
    g_assert_not_reached();
}

static void
test_pending_release(World *world, gconstpointer data)
{
    give_vf(world, 0, 86400);
    g_assert_cmpuint(pending_seconds(world), >=, 86400);
    g_assert_cmpuint(pending_seconds(world), <, 2 * 86400);
}

static void
test_pending_in_the_future(World *world, gconstpointer data)
{
    give_vf(world, 0, -86400);
    g_assert_cmpuint(pending_seconds(world), ==, 0);
}

static void
test_release_of_another_run(World *world, gconstpointer data)
{
    g_autoptr(GPtrArray) metrics = NULL;

    give_vf(world, 1, 86400);
    metrics = read_metrics(world);
    measuring_assert(metrics, "virt_assign_release_pending_seconds", "");
}

/* Whoever may edit the guest can write a release there, but cannot seal it. */
static void
test_forged_release(World *world, gconstpointer data)
{
    g_autoptr(GPtrArray) metrics = NULL;
    char *begin = NULL;

    give_vf(world, 0, 86400);
    begin = strstr(world->guest->metadata, "seal=");
    g_assert_nonnull(begin);
    memset(begin + strlen("seal='"), '0', 8);
    metrics = read_metrics(world);
    measuring_assert(metrics, "virt_assign_release_pending_seconds", "");
}

static void
test_host_operation(World *world, gconstpointer data)
{
    static const VasHostAddress pf = {.pci = {.bus = 1}};
    g_autoptr(VasOperation) operation = vas_operation_new(VAS_OPERATION_VFS, NULL);
    g_autofree char *expected = g_strdup_printf("| 1\ndb1|%s 0\n", world->guest->uuid);
    g_autoptr(GPtrArray) metrics = NULL;

    vas_operation_add(operation, pf);
    g_assert_true(vas_record_file_write(world->fake->host, operation, &world->error));
    metrics = read_metrics(world);
    measuring_assert(metrics, "virt_assign_unfinished_operations", expected);
}

/* host.xml wishes VFs of a PF that is there and of one that is not; udev's rules give another PF
 * its VFs, and host.xml goes before them. */
static void
test_saved_vfs(World *world, gconstpointer data)
{
    g_autoptr(GPtrArray) metrics = NULL;

    world->sriov = fake_sriov_new(world->fake);
    testing_scratch_write(world->fake->root, "/etc/udev/rules.d/80-vfs.rules",
                          "KERNEL==\"enp1s0\", ATTR{device/sriov_numvfs}=\"3\"\n");
    metrics = read_metrics(world);
    measuring_assert(metrics, "virt_assign_vfs_saved", "enp1s0|0000:01:00.0 3\n");
    g_clear_pointer(&metrics, g_ptr_array_unref);

    testing_scratch_write(world->fake->root, VAS_WISH_FILE,
                          "<host xmlns='urn:virt-assign:host:1' version='1'>"
                          "<pf address='0000:01:00.0'><vfs count='7' autoprobe='on' driver='igb'/>"
                          "</pf><pf address='0000:0f:00.0'>"
                          "<vfs count='5' autoprobe='on' driver='ice'/></pf></host>");
    metrics = read_metrics(world);
    measuring_assert(metrics, "virt_assign_vfs_saved",
                     "enp1s0|0000:01:00.0 7\n0000:0f:00.0|0000:0f:00.0 5\n");
}

static void
test_unreadable(World *world, gconstpointer data)
{
    g_autoptr(GPtrArray) metrics = NULL;

    world->fake->garbled = "0000:03:00.0";
    world->guest->config_metadata = g_strdup("<assignments version='1'><release/></assignments>");
    testing_scratch_write(world->fake->root, VAS_WISH_FILE, "<host");
    testing_scratch_write(world->fake->root, "/run/virt-assign", "not a folder");
    fake_add_guest(world->fake, "other", FALSE, TRUE);
    fake_plan_fault(world->fake, FAKE_GUEST_XML, 3, FAKE_FAILS, 1, "no");
    metrics = read_metrics(world);
    assert_unreadable(metrics, 1, 1, 2, 1);
    g_assert_cmpuint(world->fake->notes->len, ==, 5);
}

/* Nothing of the machine that we run on is told of another. */
static void
test_another_machine(World *world, gconstpointer data)
{
    g_autofree char *operations = g_strdup_printf("db1|%s 0\n", world->guest->uuid);
    g_autoptr(GPtrArray) metrics = NULL;

    world->fake->context.host = NULL;
    world->fake->garbled = "0000:03:00.0";
    metrics = read_metrics(world);
    measuring_assert(metrics, "virt_assign_unfinished_operations", operations);
    assert_unreadable(metrics, 1, 0, 0, 0);
    for (guint i = 0; i < metrics->len; i++)
        g_assert_cmpstr(((const VasMetric *) metrics->pdata[i])->name, !=, "virt_assign_vfs_saved");
}

/* How much is told, and how much is told to be unreadable. */
typedef struct {
    guint samples;
    gint64 unreadable;
} Extent;

static Extent
extent_of(const GPtrArray *metrics)
{
    Extent extent = {0};

    for (guint i = 0; i < metrics->len; i++) {
        const VasMetric *metric = g_ptr_array_index(metrics, i);

        extent.samples += metric->samples->len;
        for (guint k = 0; k < metric->samples->len; k++) {
            if (g_str_equal(metric->name, "virt_assign_unreadable"))
                extent.unreadable += ((const VasMetricSample *) metric->samples->pdata[k])->value;
        }
    }
    return extent;
}

/* Lets the @nth call of @call go wrong, or none if @nth is 0. FALSE: there are not so many. */
static gboolean
try_fault(FakeCall call, guint nth, FakeFault fault, gboolean here, Extent *ret_extent)
{
    World world = {0};
    g_autoptr(GPtrArray) metrics = NULL;
    gboolean struck;

    *ret_extent = (Extent){0};
    world_set_up(&world, NULL);
    if (!here)
        world.fake->context.host = NULL;
    g_ptr_array_add(world.guest->live, g_strdup(WORLD_VF_ELEMENT));
    fake_add_guest(world.fake, "other", FALSE, TRUE);
    if (nth > 0)
        fake_plan_fault(world.fake, call, nth, fault, VAS_ERROR_FAILED, "no");
    metrics = vas_metrics(&world.fake->context, &world.error);
    struck = world.fake->calls[call] >= nth;
    g_assert_true((metrics != NULL) == (world.error == NULL));
    if (metrics != NULL)
        *ret_extent = extent_of(metrics);
    g_clear_error(&world.error);
    world_tear_down(&world, NULL);
    return struck;
}

/* Whichever call goes wrong, either all fails, or all is told, since it is asked for again, or what
 * is missing is told to be unreadable. */
static guint
sweep(FakeCall call, FakeFault fault, gboolean here)
{
    Extent whole;
    Extent got;
    guint nth = 1;

    (void) try_fault(call, 0, fault, here, &whole);
    g_assert_cmpint(whole.unreadable, ==, 0);
    for (; try_fault(call, nth, fault, here, &got); nth++) {
        g_test_message("call %d, the %uth, fault %d: %u of %u samples", call, nth, fault,
                       got.samples, whole.samples);
        if (got.samples > 0)
            g_assert_true((got.samples < whole.samples) == (got.unreadable > 0));
    }
    return nth - 1;
}

static void
test_swept(void)
{
    static const FakeCall calls[] = {FAKE_LIST_NODE_DEVICES, FAKE_NODE_DEVICE_XML, FAKE_LIST_GUESTS,
                                     FAKE_GUEST_XML, FAKE_READ_NETWORK};
    static const FakeFault faults[] = {FAKE_FAILS, FAKE_DISCONNECTS, FAKE_CUTS_OFF};
    guint tried = 0;

    for (guint i = 0; i < G_N_ELEMENTS(calls); i++) {
        for (guint k = 0; k < G_N_ELEMENTS(faults); k++) {
            tried += sweep(calls[i], faults[k], TRUE);
            tried += sweep(calls[i], faults[k], FALSE);
        }
    }
    g_test_message("%u faults", tried);
    g_assert_cmpuint(tried, >, 30);
}

#define ADD(name, function)                                                                        \
    g_test_add("/metrics/" name, World, NULL, world_set_up, function, world_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("guest", test_guest);
    ADD("pending-release", test_pending_release);
    ADD("pending-release/in-the-future", test_pending_in_the_future);
    ADD("pending-release/another-run", test_release_of_another_run);
    ADD("pending-release/forged", test_forged_release);
    ADD("host-operation", test_host_operation);
    ADD("saved-vfs", test_saved_vfs);
    ADD("unreadable", test_unreadable);
    ADD("another-machine", test_another_machine);
    g_test_add_func("/metrics/swept", test_swept);
    return g_test_run();
}
