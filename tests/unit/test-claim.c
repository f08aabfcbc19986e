/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/run/claim.h"

#include "core/value/error.h"
#include "core/inventory/selector.h"
#include "engine/base/scan.h"
#include "world.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#define PF "0000:01:00.0"
#define VF "0000:01:10.0"
#define OTHER_VF "0000:01:10.2"
#define NIC "0000:05:01.0"
#define SATA "0000:05:02.0" /* in one IOMMU group with NIC */
#define ROUNDS 20

/* A request says what a claim of the tests names. */
typedef struct {
    const char *guest; /* NULL: none */
    const char *devices[3];
    gboolean whole_group;
    const char *later; /* from the second look on instead of the devices; NULL: the same */
    guint looks;
} Request;

typedef struct {
    World base;      /* first: the functions of world.h take it */
    VasClaim *held;  /* by "another command" */
    gboolean frees;  /* the other command ends as soon as somebody waits for it */
    gboolean raises; /* a signal comes instead */
    GPtrArray *said; /* char *: what was waited for or noted */
    VasInventory *inventory;
} ClaimWorld;

static void
watch_progress(VasProgressKind kind, const char *text, guint elapsed, guint limit, gpointer data)
{
    ClaimWorld *world = data;

    (void) elapsed;
    (void) limit;
    if (kind != VAS_PROGRESS_STEP)
        g_ptr_array_add(world->said, g_strdup(text));
    if (kind != VAS_PROGRESS_WAITING)
        return;
    if (world->frees)
        g_clear_pointer(&world->held, vas_claim_free);
    if (world->raises)
        vas_interrupt_raise(world->base.interrupt, SIGTERM);
}

static void
set_up(ClaimWorld *world, gconstpointer data)
{
    world_set_up_interruptible(&world->base, data);
    world_give_locks(&world->base, "virt-assign attach db1 x");
    world->said = g_ptr_array_new_with_free_func(g_free);
    world->base.fake->context.progress = watch_progress;
    world->base.fake->context.progress_data = world;
}

static void
tear_down(ClaimWorld *world, gconstpointer data)
{
    vas_claim_free(world->held);
    vas_inventory_free(world->inventory);
    g_ptr_array_unref(world->said);
    world_tear_down(&world->base, data);
}

/* This is a VasClaimFinder. */
static void
find(const VasInventory *inventory, gconstpointer data, VasClaimSet *set)
{
    Request *request = (Request *) data;
    const char *const again[] = {request->later, NULL};
    const char *const *names =
        request->looks++ > 0 && request->later != NULL ? again : request->devices;

    for (guint i = 0; names[i] != NULL; i++)
        vas_claim_set_add_device(set, inventory, vas_selector_device(inventory, names[i], NULL),
                                 request->whole_group);
    if (request->guest != NULL)
        vas_claim_set_add_guest(set, vas_selector_guest(inventory, request->guest, NULL));
}

static VasClaim *
take(ClaimWorld *world, Request request, guint timeout)
{
    g_clear_pointer(&world->inventory, vas_inventory_free);
    return vas_claim_take(&world->base.fake->context, NULL, find, &request, timeout, FALSE,
                          &world->inventory, &world->base.error);
}

/* Tells whether the claim can be had just now. */
static gboolean
is_free(ClaimWorld *world, Request request)
{
    g_autoptr(VasClaim) claim = take(world, request, 0);

    if (claim != NULL)
        return TRUE;
    testing_assert_error(&world->base.error, VAS_ERROR_LOCKED, "is in use by pid");
    return FALSE;
}

static gboolean
was_said(const ClaimWorld *world, const char *part)
{
    for (guint i = 0; i < world->said->len; i++) {
        if (strstr(g_ptr_array_index(world->said, i), part) != NULL)
            return TRUE;
    }
    return FALSE;
}

static void
test_scans_again_with_the_locks(ClaimWorld *world, gconstpointer data)
{
    g_autoptr(VasClaim) claim = take(world, (Request){.guest = "db1", .devices = {VF}}, 0);

    g_assert_nonnull(claim);
    g_assert_nonnull(world->inventory);
    g_assert_cmpuint(world->base.fake->calls[FAKE_LIST_GUESTS], ==, 2);
}

static void
assert_takes_none(ClaimWorld *world, gboolean dry_run)
{
    Request request = {.guest = "db1", .devices = {VF}};
    g_autoptr(VasClaim) claim = vas_claim_take(&world->base.fake->context, NULL, find, &request, 0,
                                               dry_run, &world->inventory, &world->base.error);

    g_assert_nonnull(claim);
    g_assert_nonnull(world->inventory);
    g_assert_cmpuint(world->base.fake->calls[FAKE_LIST_GUESTS], ==, 1);
    g_assert_false(g_file_test(world->base.lock_folder, G_FILE_TEST_EXISTS));
}

static void
test_dry_run(ClaimWorld *world, gconstpointer data)
{
    assert_takes_none(world, TRUE);
}

static void
test_without_a_folder(ClaimWorld *world, gconstpointer data)
{
    world->base.fake->context.lock_folder = NULL;
    assert_takes_none(world, FALSE);
}

static void
test_one_device(ClaimWorld *world, gconstpointer data)
{
    g_autofree char *expected = g_strdup_printf(
        "device " VF " is in use by pid %d (virt-assign attach db1 x) since 2", (int) getpid());

    world->held = take(world, (Request){.devices = {VF}}, 0);
    g_assert_nonnull(world->held);
    g_assert_null(take(world, (Request){.devices = {VF}}, 0));
    g_assert_nonnull(strstr(world->base.error->message, "; waited 0 s"));
    testing_assert_hint(world->base.error, "--timeout");
    testing_assert_error(&world->base.error, VAS_ERROR_LOCKED, expected);
    g_assert_true(is_free(world, (Request){.devices = {OTHER_VF}}));
    g_clear_pointer(&world->held, vas_claim_free);
    g_assert_true(is_free(world, (Request){.devices = {VF}}));
}

static void
test_one_guest(ClaimWorld *world, gconstpointer data)
{
    world->held = take(world, (Request){.guest = "db1", .devices = {VF}}, 0);
    g_assert_null(take(world, (Request){.guest = "db1", .devices = {OTHER_VF}}, 0));
    testing_assert_error(&world->base.error, VAS_ERROR_LOCKED, "guest db1 is in use by pid");
    /* A claim takes all or none. */
    g_assert_true(is_free(world, (Request){.devices = {OTHER_VF}}));
}

static void
test_pf_and_vfs(ClaimWorld *world, gconstpointer data)
{
    world->held = take(world, (Request){.devices = {VF}}, 0);
    g_assert_false(is_free(world, (Request){.devices = {PF}}));
    vas_claim_free(world->held);
    world->held = take(world, (Request){.devices = {PF}}, 0);
    g_assert_nonnull(world->held);
    g_assert_false(is_free(world, (Request){.devices = {VF}}));
    g_assert_false(is_free(world, (Request){.devices = {OTHER_VF}}));
}

/* A PF and its VF are taken in whatever order they are named. */
static void
test_pf_with_its_vf(ClaimWorld *world, gconstpointer data)
{
    static const Request requests[] = {{.devices = {PF, VF}}, {.devices = {VF, PF}}};

    for (guint i = 0; i < G_N_ELEMENTS(requests); i++) {
        world->held = take(world, requests[i], 0);
        g_assert_nonnull(world->held);
        g_assert_false(is_free(world, (Request){.devices = {OTHER_VF}}));
        g_clear_pointer(&world->held, vas_claim_free);
    }
}

static void
test_group(ClaimWorld *world, gconstpointer data)
{
    world->held = take(world, (Request){.devices = {NIC}, .whole_group = TRUE}, 0);
    g_assert_nonnull(world->held);
    g_assert_false(is_free(world, (Request){.devices = {SATA}}));
    vas_claim_free(world->held);
    /* Members exclude each other one by one, too: what one does decides on what the other may. */
    world->held = take(world, (Request){.devices = {NIC}}, 0);
    g_assert_false(is_free(world, (Request){.devices = {SATA}}));
}

static void
test_waits(ClaimWorld *world, gconstpointer data)
{
    g_autofree char *expected = g_strdup_printf(
        "waiting for pid %d (virt-assign attach db1 x), which has device " VF, (int) getpid());
    g_autoptr(VasClaim) claim = NULL;

    world->held = take(world, (Request){.devices = {VF}}, 0);
    world->frees = TRUE;
    claim = take(world, (Request){.devices = {VF}}, 60);
    g_assert_nonnull(claim);
    g_assert_true(was_said(world, expected));
}

static void
test_interrupted(ClaimWorld *world, gconstpointer data)
{
    world->held = take(world, (Request){.devices = {VF}}, 0);
    world->raises = TRUE;
    g_assert_null(take(world, (Request){.devices = {VF}}, 60));
    g_assert_nonnull(strstr(world->base.error->message, "nothing was changed"));
    testing_assert_error(&world->base.error, VAS_ERROR_INTERRUPTED, "interrupted by SIGTERM");
}

/* The name fits another device once the locks are there. */
static void
test_begins_anew(ClaimWorld *world, gconstpointer data)
{
    world->held = take(world, (Request){.devices = {VF}, .later = OTHER_VF}, 0);
    g_assert_nonnull(world->held);
    g_assert_true(was_said(world, "beginning anew"));
    g_assert_cmpuint(world->base.fake->calls[FAKE_LIST_GUESTS], ==, 3);
    g_assert_true(is_free(world, (Request){.devices = {VF}}));
    g_assert_false(is_free(world, (Request){.devices = {OTHER_VF}}));
}

/* A lock that is shared so far is not enough for the PF as a whole. */
static void
test_begins_anew_for_more(ClaimWorld *world, gconstpointer data)
{
    world->held = take(world, (Request){.devices = {VF}, .later = PF}, 0);
    g_assert_nonnull(world->held);
    g_assert_true(was_said(world, "beginning anew"));
    g_assert_false(is_free(world, (Request){.devices = {OTHER_VF}}));
}

/* A missing parent stands for whatever keeps the folder from being made or written to. */
static void
lose_folder(ClaimWorld *world)
{
    g_autofree char *folder = g_steal_pointer(&world->base.lock_folder);

    world->base.lock_folder = g_build_filename(folder, "missing", "virt-assign", NULL);
    world->base.fake->context.lock_folder = world->base.lock_folder;
}

static void
test_no_locks_to_be_had(ClaimWorld *world, gconstpointer data)
{
    g_autoptr(VasClaim) claim = NULL;

    lose_folder(world);
    claim = take(world, (Request){.devices = {VF}}, 0);
    g_assert_nonnull(claim);
    g_assert_true(was_said(world, "other commands are not kept off meanwhile: no lock can be had"));
    vas_claim_lend(claim);
    g_assert_true(vas_claim_regain(claim, &world->base.error));
}

static void
test_must_lock(ClaimWorld *world, gconstpointer data)
{
    lose_folder(world);
    world->base.fake->context.must_lock = TRUE;
    g_assert_null(take(world, (Request){.devices = {VF}}, 0));
    testing_assert_hint(world->base.error, "df -i ");
    testing_assert_error(&world->base.error, VAS_ERROR_UNSUPPORTED, "no lock can be had in ");
}

/* Locks that were lent have to come back before anything more is changed. */
static void
test_must_lock_again(ClaimWorld *world, gconstpointer data)
{
    g_autoptr(VasClaim) claim = NULL;

    world->base.fake->context.must_lock = TRUE;
    claim = take(world, (Request){.devices = {VF}}, 0);
    g_assert_nonnull(claim);
    vas_claim_lend(claim);
    lose_folder(world);
    g_assert_false(vas_claim_regain(claim, &world->base.error));
    testing_assert_error(&world->base.error, VAS_ERROR_UNSUPPORTED, "no lock can be had in ");
}

static void
test_not_ours(ClaimWorld *world, gconstpointer data)
{
    testing_scratch_link(world->base.fake->root, "/run/virt-assign", "/");
    g_assert_null(take(world, (Request){.devices = {VF}}, 0));
    testing_assert_error(&world->base.error, VAS_ERROR_DENIED, "cannot be trusted");
}

static void
test_other_machines_devices(ClaimWorld *world, gconstpointer data)
{
    world->held = take(world, (Request){.devices = {VF}}, 0);
    world->base.fake->context.lock_realm = "0123456789abcdef-";
    g_assert_true(is_free(world, (Request){.devices = {VF}}));
    world->base.fake->context.lock_realm = NULL;
    g_assert_false(is_free(world, (Request){.devices = {VF}}));
}

static void
test_lent(ClaimWorld *world, gconstpointer data)
{
    g_autoptr(VasClaim) claim = take(world, (Request){.guest = "db1", .devices = {VF}}, 0);

    g_assert_true(vas_claim_regain(claim, &world->base.error));
    g_assert_false(is_free(world, (Request){.guest = "db1"}));
    vas_claim_lend(claim);
    vas_claim_lend(claim);
    world->held = take(world, (Request){.guest = "db1", .devices = {OTHER_VF}}, 0);
    g_assert_nonnull(world->held);
    world->frees = TRUE;
    g_assert_true(vas_claim_regain(claim, &world->base.error));
    g_assert_true(was_said(world, "which has guest db1"));
    g_assert_false(is_free(world, (Request){.guest = "db1"}));
}

/* A claim regains all or none, too. */
static void
test_lent_and_interrupted(ClaimWorld *world, gconstpointer data)
{
    g_autoptr(VasClaim) claim = take(world, (Request){.guest = "db1", .devices = {VF}}, 0);

    vas_claim_lend(claim);
    world->held = take(world, (Request){.guest = "db1"}, 0);
    world->raises = TRUE;
    g_assert_false(vas_claim_regain(claim, &world->base.error));
    g_assert_true(g_str_has_prefix(world->base.error->message, "waiting for "));
    testing_assert_error(&world->base.error, VAS_ERROR_INTERRUPTED, "which has guest db1");
    g_assert_true(is_free(world, (Request){.devices = {VF}}));
}

/* Two threads, each with a hypervisor of its own, contend for the same things. */
typedef struct {
    const char *folder;
    Request request;
    gint *inside; /* how many have the locks; atomic */
} Contender;

static gpointer
contend(gpointer data)
{
    Contender *contender = data;
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();

    fake_add_guest(fake, "db1", TRUE, TRUE);
    fake->context.lock_folder = contender->folder;
    fake->context.command = "contender";
    for (guint i = 0; i < ROUNDS; i++) {
        g_autoptr(VasInventory) inventory = NULL;
        g_autoptr(GError) error = NULL;
        g_autoptr(VasClaim) claim G_GNUC_UNUSED = vas_claim_take(
            &fake->context, NULL, find, &contender->request, 60, FALSE, &inventory, &error);

        g_assert_no_error(error);
        g_assert_cmpint(g_atomic_int_add(contender->inside, 1), ==, 0);
        g_thread_yield();
        g_atomic_int_add(contender->inside, -1);
    }
    return NULL;
}

/* Were they taken in the order in which they are named, both would wait for one another. */
static void
test_no_deadlock(ClaimWorld *world, gconstpointer data)
{
    gint inside = 0;
    Contender contenders[] = {
        {world->base.lock_folder, {.guest = "db1", .devices = {VF, OTHER_VF}}, &inside},
        {world->base.lock_folder, {.guest = "db1", .devices = {OTHER_VF, VF}}, &inside},
    };
    GThread *threads[G_N_ELEMENTS(contenders)];

    for (guint i = 0; i < G_N_ELEMENTS(contenders); i++)
        threads[i] = g_thread_new("contender", contend, &contenders[i]);
    for (guint i = 0; i < G_N_ELEMENTS(contenders); i++)
        g_thread_join(threads[i]);
    g_assert_cmpint(inside, ==, 0);
}

/* Two VFs of one PF do not conflict, nor do two guests; the PF does with each of its VFs. */
static void
test_conflicts(ClaimWorld *world, gconstpointer data)
{
    static const char *const names[] = {VF, OTHER_VF, PF, NIC, SATA};
    static const gboolean conflicts[G_N_ELEMENTS(names)][G_N_ELEMENTS(names)] = {
        {TRUE, FALSE, TRUE, FALSE, FALSE}, {FALSE, TRUE, TRUE, FALSE, FALSE},
        {TRUE, TRUE, TRUE, FALSE, FALSE},  {FALSE, FALSE, FALSE, TRUE, TRUE},
        {FALSE, FALSE, FALSE, TRUE, TRUE},
    };
    g_autoptr(GPtrArray) sets = g_ptr_array_new_with_free_func((GDestroyNotify) vas_claim_set_free);

    world->inventory = vas_scan(&world->base.fake->context, &world->base.error);
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_ptr_array_add(sets, vas_claim_set_new());
        vas_claim_set_add_device(g_ptr_array_index(sets, i), world->inventory,
                                 vas_selector_device(world->inventory, names[i], NULL), FALSE);
        for (guint k = 0; k <= i; k++) {
            g_assert_cmpint(
                vas_claim_set_conflicts(g_ptr_array_index(sets, i), g_ptr_array_index(sets, k)), ==,
                conflicts[i][k]);
            g_assert_cmpint(
                vas_claim_set_conflicts(g_ptr_array_index(sets, k), g_ptr_array_index(sets, i)), ==,
                conflicts[i][k]);
        }
    }
}

#define ADD(name, function)                                                                        \
    g_test_add("/claim/" name, ClaimWorld, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("scans-again", test_scans_again_with_the_locks);
    ADD("dry-run", test_dry_run);
    ADD("without-a-folder", test_without_a_folder);
    ADD("one-device", test_one_device);
    ADD("one-guest", test_one_guest);
    ADD("pf-and-vfs", test_pf_and_vfs);
    ADD("pf-with-its-vf", test_pf_with_its_vf);
    ADD("group", test_group);
    ADD("waits", test_waits);
    ADD("interrupted", test_interrupted);
    ADD("begins-anew", test_begins_anew);
    ADD("begins-anew-for-more", test_begins_anew_for_more);
    ADD("no-locks-to-be-had", test_no_locks_to_be_had);
    ADD("must-lock", test_must_lock);
    ADD("must-lock-again", test_must_lock_again);
    ADD("not-ours", test_not_ours);
    ADD("other-machines-devices", test_other_machines_devices);
    ADD("lent", test_lent);
    ADD("lent-and-interrupted", test_lent_and_interrupted);
    ADD("no-deadlock", test_no_deadlock);
    ADD("conflicts", test_conflicts);
    return g_test_run();
}
