/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/error.h"
#include "engine/verbs/attach.h"
#include "engine/verbs/detach.h"
#include "engine/verbs/host-driver.h"
#include "engine/verbs/ports.h"
#include "engine/verbs/vfs.h"
#include "host/sriov/vf-rule.h"
#include "world.h"

#include <signal.h>

#define VF "0000:01:10.0"
#define OTHER_VF "0000:01:10.2"
#define USB "0000:03:00.0"

/* A sweep: each operation is interrupted in each of its steps in turn. Whichever it was, all is as
 * it was before, or all is done since it was the last step, or the release is pending; and the
 * error says which. */

typedef struct {
    World base;     /* first: the functions of world.h take it */
    guint raise_at; /* the step, from 1, in which the signal comes */
    guint begun;    /* steps, undo not counted */
    gboolean again; /* a second signal comes in each step of the undo */
} InterruptedWorld;

static void
watch_progress(VasProgressKind kind, const char *text, guint elapsed, guint limit, gpointer data)
{
    InterruptedWorld *world = data;

    (void) elapsed;
    (void) limit;
    if (kind != VAS_PROGRESS_STEP)
        return;
    if (g_str_has_prefix(text, "undo: ")) {
        if (world->again)
            vas_interrupt_raise(world->base.interrupt, SIGTERM);
        return;
    }
    if (++world->begun == world->raise_at)
        vas_interrupt_raise(world->base.interrupt, SIGINT);
}

static void
set_up(InterruptedWorld *world, gconstpointer data)
{
    world_set_up_interruptible(&world->base, data);
    world->base.fake->context.progress = watch_progress;
    world->base.fake->context.progress_data = world;
    world->again = TRUE;
}

static void
tear_down(InterruptedWorld *world, gconstpointer data)
{
    world_tear_down(&world->base, data);
}

typedef gboolean (*Operation)(InterruptedWorld *world);
typedef void (*Check)(InterruptedWorld *world);

/* An operation that goes on to its end is never found interrupted. */
static void
never(InterruptedWorld *world)
{
    (void) world;
    g_assert_not_reached();
}

/* Runs @operation in a world of its own for each of its steps; says how many there were. */
static guint
sweep(void (*give)(InterruptedWorld *world), Operation operation, Check check_before,
      Check check_after)
{
    for (guint at = 1;; at++) {
        InterruptedWorld world = {0};
        guint steps = 0;
        gboolean ok = FALSE;

        set_up(&world, NULL);
        give(&world);
        world.raise_at = at;
        ok = operation(&world);
        steps = world.begun;
        if (ok) {
            check_after(&world);
        } else {
            testing_assert_error(&world.base.error, VAS_ERROR_INTERRUPTED, "interrupted by SIGINT");
            check_before(&world);
        }
        tear_down(&world, NULL);
        /* Behind the last step there is nothing to be left out; the sweep ends beyond it. */
        g_assert_true(!ok || at >= steps || check_before == never);
        if (at > steps)
            return steps;
    }
}

static void
assert_vf(const InterruptedWorld *world, const char *device, gboolean live, gboolean config,
          const char *driver)
{
    g_autofree char *now = fake_driver(world->base.fake, device);

    g_assert_cmpint(fake_has(world->base.guest, VAS_SCOPE_LIVE, device), ==, live);
    g_assert_cmpint(fake_has(world->base.guest, VAS_SCOPE_CONFIG, device), ==, config);
    g_assert_cmpstr(now, ==, driver);
}

static void
assert_outcomes(const InterruptedWorld *world, VasOutcome outcome)
{
    for (guint i = 0; i < world->base.results->len; i++) {
        const VasResult *result = g_ptr_array_index(world->base.results, i);

        g_assert_cmpint(result->outcome, ==, outcome);
        g_assert_true(g_error_matches(result->error, VAS_ERROR, VAS_ERROR_INTERRUPTED) ==
                      (outcome != VAS_OUTCOME_DONE));
    }
}

static void
nothing(InterruptedWorld *world)
{
    (void) world;
}

static gboolean
attach_both(InterruptedWorld *world)
{
    g_autoptr(VasAssignmentWish) wish = vas_assignment_wish_new();
    g_autoptr(GPtrArray) steps = NULL;
    VasAttachRequest request = {.guest = "db1",
                                .devices = (const char *const[]){VF, OTHER_VF, NULL},
                                .wish = wish,
                                .timeout = 1};

    return vas_attach(&world->base.fake->context, &request, &world->base.results, &steps,
                      &world->base.error);
}

static void
neither_is_attached(InterruptedWorld *world)
{
    assert_vf(world, VF, FALSE, FALSE, "igbvf");
    assert_vf(world, OTHER_VF, FALSE, FALSE, "igbvf");
    assert_outcomes(world, VAS_OUTCOME_UNDONE);
}

static void
both_are_attached(InterruptedWorld *world)
{
    assert_vf(world, VF, TRUE, TRUE, "vfio-pci");
    assert_vf(world, OTHER_VF, TRUE, TRUE, "vfio-pci");
    assert_outcomes(world, VAS_OUTCOME_DONE);
}

static void
test_attach(void)
{
    g_assert_cmpuint(sweep(nothing, attach_both, neither_is_attached, both_are_attached), ==, 14);
}

static void
release_and_raise(FakeHypervisor *fake)
{
    fake_release_all(fake);
    vas_interrupt_raise(fake->context.interrupt, SIGTERM);
}

/* The undo has a guest to wait for, and does, whatever signals come. */
static void
test_attach_undo_waits(InterruptedWorld *world, gconstpointer data)
{
    world->base.fake->guest_ignores_unplug = TRUE;
    world->base.fake->on_wait = release_and_raise;
    world->raise_at = 3;
    g_assert_false(attach_both(world));
    testing_assert_error(&world->base.error, VAS_ERROR_INTERRUPTED,
                         "SIGINT: what was done is undone");
    neither_is_attached(world);
    g_assert_null(world->base.fake->on_wait);
}

static void
give_vf(InterruptedWorld *world)
{
    static const char element[] = WORLD_VF_ELEMENT;

    g_ptr_array_add(world->base.guest->live, g_strdup(element));
    g_ptr_array_add(world->base.guest->config, g_strdup(element));
    fake_set_driver(world->base.fake, VF, "vfio-pci");
}

static void
give_vf_to_deaf(InterruptedWorld *world)
{
    give_vf(world);
    world->base.fake->guest_ignores_unplug = TRUE;
}

static gboolean
detach(InterruptedWorld *world)
{
    g_autoptr(GPtrArray) steps = NULL;
    VasDetachRequest request = {
        .guest = "db1", .subjects = (const char *const[]){VF, NULL}, .timeout = 60};

    return vas_detach(&world->base.fake->context, &request, &world->base.results, &steps,
                      &world->base.error);
}

static void
is_detached(InterruptedWorld *world)
{
    assert_vf(world, VF, FALSE, FALSE, "igbvf");
    assert_outcomes(world, VAS_OUTCOME_DONE);
    g_assert_null(world->base.guest->metadata);
}

static void
is_still_attached(InterruptedWorld *world)
{
    assert_vf(world, VF, TRUE, TRUE, "vfio-pci");
    g_assert_nonnull(world->base.guest->metadata);
    assert_outcomes(world, VAS_OUTCOME_PENDING);
}

static gboolean
detach_interrupted_before(InterruptedWorld *world)
{
    vas_interrupt_raise(world->base.interrupt, SIGINT);
    return detach(world);
}

static void
was_not_asked(InterruptedWorld *world)
{
    assert_vf(world, VF, TRUE, TRUE, "vfio-pci");
    g_assert_null(world->base.guest->metadata);
    g_assert_cmpuint(world->base.fake->calls[FAKE_DETACH_LIVE], ==, 0);
    assert_outcomes(world, VAS_OUTCOME_UNDONE);
}

/* A guest has let go by then: the rest is done. */
static void
test_detach(void)
{
    g_assert_cmpuint(sweep(give_vf, detach, never, is_detached), ==, 4);
}

/* A guest that does not let go has two steps: asking, and waiting. */
static void
test_detach_pending(void)
{
    for (guint at = 1; at <= 2; at++) {
        InterruptedWorld world = {0};

        set_up(&world, NULL);
        give_vf_to_deaf(&world);
        world.raise_at = at;
        g_assert_false(detach(&world));
        g_assert_nonnull(vas_error_hint(world.base.error));
        testing_assert_error(&world.base.error, VAS_ERROR_INTERRUPTED, "stays pending");
        is_still_attached(&world);
        tear_down(&world, NULL);
    }
}

static void
test_detach_not_begun(InterruptedWorld *world, gconstpointer data)
{
    give_vf(world);
    g_assert_false(detach_interrupted_before(world));
    testing_assert_error(&world->base.error, VAS_ERROR_INTERRUPTED, "interrupted by SIGINT");
    was_not_asked(world);
}

static void
raise_now(FakeHypervisor *fake)
{
    vas_interrupt_raise(fake->context.interrupt, SIGHUP);
}

/* The signal comes in the middle of the wait, which has 60 s. */
static void
test_detach_waiting(InterruptedWorld *world, gconstpointer data)
{
    gint64 begin = g_get_monotonic_time();

    give_vf_to_deaf(world);
    world->base.fake->on_wait = raise_now;
    g_assert_false(detach(world));
    testing_assert_error(&world->base.error, VAS_ERROR_INTERRUPTED, "yet (interrupted by SIGHUP)");
    is_still_attached(world);
    g_assert_cmpint(g_get_monotonic_time() - begin, <, 50 * G_USEC_PER_SEC);
}

/* Nobody knows whether the guest was asked. */
static void
test_detach_lost_while_asked(InterruptedWorld *world, gconstpointer data)
{
    give_vf_to_deaf(world);
    world->base.fake->on_fault = raise_now;
    fake_plan_fault(world->base.fake, FAKE_DETACH_LIVE, 1, FAKE_CUTS_OFF, 0, NULL);
    g_assert_false(detach(world));
    testing_assert_error(&world->base.error, VAS_ERROR_INTERRUPTED, "interrupted by SIGHUP");
    is_still_attached(world);
}

/* The guest's answer and the signal come together: it is out, so it is taken from the config. */
static void
test_detach_released_meanwhile(InterruptedWorld *world, gconstpointer data)
{
    give_vf_to_deaf(world);
    world->base.fake->on_wait = release_and_raise;
    g_assert_true(detach(world));
    is_detached(world);
}

static gboolean
add_ports(InterruptedWorld *world)
{
    g_autoptr(VasGuestPorts) ports = NULL;
    g_autoptr(GPtrArray) steps = NULL;
    VasPortsRequest request = {.guest = "db1", .count = 2, .timeout = 1};

    return vas_ports_add(&world->base.fake->context, &request, &ports, &world->base.results, &steps,
                         &world->base.error);
}

static void
no_port_is_new(InterruptedWorld *world)
{
    g_assert_cmpuint(world->base.guest->ports->len, ==, 0);
}

static void
two_ports_are_new(InterruptedWorld *world)
{
    g_assert_cmpuint(world->base.guest->ports->len, ==, 2);
}

static void
test_ports(void)
{
    g_assert_cmpuint(sweep(nothing, add_ports, no_port_is_new, two_ports_are_new), ==, 3);
}

static void
make_kernel(InterruptedWorld *world)
{
    world->base.sriov = fake_sriov_new(world->base.fake);
    testing_scratch_write(world->base.fake->root, "/etc/udev/rules.d/99-other.rules",
                          "# another\n");
}

static gboolean
set_vfs(InterruptedWorld *world)
{
    g_autoptr(VasPf) pf = NULL;
    g_autoptr(GPtrArray) steps = NULL;
    VasVfsRequest request = {
        .pf = "enp1s0", .count = 4, .autoprobe = VAS_AUTOPROBE_OFF, .persist = TRUE, .timeout = 60};

    return vas_vfs_set(&world->base.fake->context, &request, &pf, &world->base.results, &steps,
                       &world->base.error);
}

static gboolean
has_rule(const InterruptedWorld *world)
{
    g_autofree char *path = g_build_filename(world->base.fake->root->path, VAS_VF_RULES_FILE, NULL);

    return g_file_test(path, G_FILE_TEST_EXISTS);
}

static void
has_two_vfs(InterruptedWorld *world)
{
    VasSriovState now;

    g_assert_true(
        vas_sriov_read(world->base.fake->host, (VasHostAddress){{0, 1, 0, 0}}, &now, NULL));
    g_assert_cmpuint(world->base.sriov->now, ==, 2);
    g_assert_true(now.autoprobe);
    g_assert_false(has_rule(world));
}

static void
has_four_vfs(InterruptedWorld *world)
{
    g_assert_cmpuint(world->base.sriov->now, ==, 4);
    g_assert_true(has_rule(world));
}

static void
test_vfs(void)
{
    g_assert_cmpuint(sweep(make_kernel, set_vfs, has_two_vfs, has_four_vfs), ==, 6);
}

static void
make_drivers(InterruptedWorld *world)
{
    static const char *const devices[][2] = {{VF, "igbvf"}, {USB, "xhci_hcd"}};

    world->base.kernel = fake_kernel_new(world->base.fake->host, world->base.fake->root);
    fake_kernel_add_driver(world->base.kernel, "vfio-pci");
    for (guint i = 0; i < G_N_ELEMENTS(devices); i++) {
        fake_kernel_add_driver(world->base.kernel, devices[i][1]);
        fake_kernel_add_device(world->base.kernel, devices[i][0], devices[i][1], devices[i][1]);
    }
}

static void
make_detached(InterruptedWorld *world)
{
    make_drivers(world);
    fake_set_driver(world->base.fake, VF, "vfio-pci");
    fake_set_override(world->base.fake, VF, "vfio-pci");
    fake_set_driver(world->base.fake, USB, "vfio-pci");
    fake_set_override(world->base.fake, USB, "vfio-pci");
}

static gboolean
host_detach(InterruptedWorld *world)
{
    g_autoptr(GPtrArray) steps = NULL;
    VasHostDriverRequest request = {.devices = (const char *const[]){VF, USB, NULL}, .timeout = 1};

    return vas_host_detach(&world->base.fake->context, &request, &world->base.results, &steps,
                           &world->base.error);
}

static gboolean
host_reattach(InterruptedWorld *world)
{
    g_autoptr(GPtrArray) steps = NULL;
    VasHostDriverRequest request = {.devices = (const char *const[]){VF, USB, NULL}, .timeout = 1};

    return vas_host_reattach(&world->base.fake->context, &request, &world->base.results, &steps,
                             &world->base.error);
}

static void
assert_bound(const InterruptedWorld *world, const char *device, const char *driver,
             const char *override)
{
    g_autofree char *driver_now = fake_kernel_driver(world->base.kernel, device);
    g_autofree char *override_now = fake_kernel_override(world->base.kernel, device);

    g_assert_cmpstr(driver_now, ==, driver);
    g_assert_cmpstr(override_now, ==, override);
}

static void
are_on_the_host(InterruptedWorld *world)
{
    assert_bound(world, VF, "igbvf", NULL);
    assert_bound(world, USB, "xhci_hcd", NULL);
}

static void
are_on_vfio(InterruptedWorld *world)
{
    assert_bound(world, VF, "vfio-pci", "vfio-pci");
    assert_bound(world, USB, "vfio-pci", "vfio-pci");
}

static void
test_host_detach(void)
{
    g_assert_cmpuint(sweep(make_drivers, host_detach, are_on_the_host, are_on_vfio), ==, 4);
}

static void
test_host_reattach(void)
{
    g_assert_cmpuint(sweep(make_detached, host_reattach, are_on_vfio, are_on_the_host), ==, 4);
}

#define ADD(name, function)                                                                        \
    g_test_add("/interrupted-steps/" name, InterruptedWorld, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/interrupted-steps/attach", test_attach);
    g_test_add_func("/interrupted-steps/detach", test_detach);
    g_test_add_func("/interrupted-steps/detach-pending", test_detach_pending);
    ADD("attach-undo-waits", test_attach_undo_waits);
    ADD("detach-not-begun", test_detach_not_begun);
    ADD("detach-waiting", test_detach_waiting);
    ADD("detach-lost-while-asked", test_detach_lost_while_asked);
    ADD("detach-released-meanwhile", test_detach_released_meanwhile);
    g_test_add_func("/interrupted-steps/ports", test_ports);
    g_test_add_func("/interrupted-steps/vfs", test_vfs);
    g_test_add_func("/interrupted-steps/host-detach", test_host_detach);
    g_test_add_func("/interrupted-steps/host-reattach", test_host_reattach);
    return g_test_run();
}
