/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/base/device-identity.h"
#include "engine/base/pools.h"
#include "engine/base/scan.h"
#include "engine/check/check.h"
#include "engine/check/metrics.h"
#include "engine/check/names.h"
#include "engine/steps/vf-settings.h"
#include "engine/verbs/host-driver.h"
#include "engine/verbs/ports.h"
#include "engine/verbs/vfs.h"
#include "fake-kernel.h"
#include "fake-sriov.h"
#include "world.h"

/* Each verb is held to what it may cost: calls of libvirt and of netlink, at most
 * a + b * guests + c * devices + d * named, on hosts of several sizes. */

/* The ports that a fake guest has: so many devices fit in. */
#define NAMED_MAX 4

typedef struct {
    guint guests;  /* G: of the host, all running and persistent */
    guint devices; /* D: PCI functions of the host */
    guint named;   /* n: devices that the command is about, or VFs or ports that it makes */
} Size;

typedef struct {
    World world;
    Size size;
    char *locks; /* the folder */
    const char *names[NAMED_MAX + 1];
    FakeKernel *kernel;
    FakeSriov *sriov;
} Case;

typedef struct {
    const char *name;
    gboolean counts_named; /* n means something to it */
    void (*set_up)(Case *c);
    void (*run)(Case *c);
    guint a, b, c, d; /* it costs no more than this; tests/README has these, too */
} Verb;

/* The small host has 8 functions, and with the VFs that make it larger comes their PF. */
#define SMALL_HOST 9

static void
case_begin(Case *c, Size size)
{
    World *world = &c->world;

    *c = (Case){.size = size};
    world_set_up(world, NULL);
    c->locks = g_build_filename(world->fake->root->path, "locks", NULL);
    world->fake->context.lock_folder = c->locks;
    world->fake->context.origin = "uid 0 on here";
    world->fake->context.command = "virt-assign";
    for (guint i = 1; i < size.guests; i++) {
        g_autofree char *name = g_strdup_printf("guest%u", i);

        (void) fake_add_guest(world->fake, name, TRUE, TRUE);
    }
    fake_add_vfs(world->fake, size.devices - SMALL_HOST);
    for (guint i = 0; i < size.named; i++) {
        char *name = fake_more_vf(i);

        fake_vf_settings(world->fake, name)->mac = (VasMacAddress){{0x52, 0x54, 0, 1, 0, i + 1}};
        c->names[i] = name;
    }
}

static void
case_end(Case *c)
{
    g_clear_pointer(&c->kernel, fake_kernel_free);
    g_clear_pointer(&c->sriov, fake_sriov_free);
    world_tear_down(&c->world, NULL);
    g_free(c->locks);
    for (guint i = 0; i < c->size.named; i++)
        g_free((char *) c->names[i]);
}

/* Asked for a list of guests, libvirt is asked about each guest twice more (state, persistence). */
static guint
sum_of_calls(const FakeHypervisor *fake)
{
    guint sum = 2 * fake->guests->len * fake->calls[FAKE_LIST_GUESTS];

    for (guint i = 0; i < FAKE_N_CALLS; i++) {
        if (i != FAKE_STEP)
            sum += fake->calls[i];
    }
    return sum;
}

static guint
measure(const Verb *verb, Size size)
{
    Case c;
    guint before;
    guint after;

    case_begin(&c, size);
    if (verb->set_up != NULL)
        verb->set_up(&c);
    before = sum_of_calls(c.world.fake);
    verb->run(&c);
    g_assert_no_error(c.world.error);
    after = sum_of_calls(c.world.fake);
    case_end(&c);
    return after - before;
}

/* Doubling two sizes at once costs no more than the sum of doubling each, if neither costs once
 * more for each of the other. */
static void
assert_no_product(const Verb *verb, Size small, Size one, Size other, const char *what)
{
    Size both = {MAX(one.guests, other.guests), MAX(one.devices, other.devices),
                 MAX(one.named, other.named)};
    guint together = measure(verb, both) + measure(verb, small);
    guint alone = measure(verb, one) + measure(verb, other);

    if (together > alone)
        g_test_message("%s costs %u calls more for %s together than for each alone", verb->name,
                       together - alone, what);
    g_assert_cmpuint(together, <=, alone);
}

/* The growth of the cost from @small to @large, which is twice as large, for each of @count more.
 */
static double
growth(const Verb *verb, Size small, Size large, guint count)
{
    return ((double) measure(verb, large) - measure(verb, small)) / count;
}

static void
test_cost(gconstpointer data)
{
    const Verb *verb = data;
    const Size small = {2, 16, 1};
    const Size guests = {4, 16, 1};
    const Size devices = {2, 32, 1};
    const Size named = {2, 16, 2};
    const Size large = {8, 64, NAMED_MAX};
    double b = growth(verb, small, guests, 2);
    double c = growth(verb, small, devices, 16);
    double d = verb->counts_named ? growth(verb, small, named, 1) : 0;
    double a = measure(verb, small) - b * small.guests - c * small.devices - d * small.named;

    g_test_message("%s costs %.1f + %.1f G + %.1f D + %.1f n", verb->name, a, b, c, d);
    assert_no_product(verb, small, guests, devices, "guests and devices");
    if (verb->counts_named) {
        assert_no_product(verb, small, guests, named, "guests and named devices");
        assert_no_product(verb, small, devices, named, "devices and named devices");
    }
    g_assert_cmpfloat(a, <=, verb->a);
    g_assert_cmpfloat(b, <=, verb->b);
    g_assert_cmpfloat(c, <=, verb->c);
    g_assert_cmpfloat(d, <=, verb->d);
    g_assert_cmpuint(measure(verb, large), <=,
                     verb->a + verb->b * large.guests + verb->c * large.devices +
                         verb->d * large.named);
}

static void
attach(Case *c)
{
    (void) run_attach(&c->world, c->names);
}

static void
detach(Case *c)
{
    (void) run_detach(&c->world, c->names);
}

static void
in_config(Case *c)
{
    c->world.scope = VAS_SCOPE_CONFIG;
}

static void
keep_going(Case *c)
{
    c->world.keep_going = TRUE;
}

static void
add_ports(Case *c)
{
    VasPortsRequest request = {.guest = "db1", .count = c->size.named, .timeout = 1};
    g_autoptr(VasGuestPorts) ports = NULL;
    g_autoptr(GPtrArray) results = NULL;
    g_autoptr(GPtrArray) steps = NULL;

    (void) vas_ports_add(&c->world.fake->context, &request, &ports, &results, &steps,
                         &c->world.error);
}

static void
have_sriov(Case *c)
{
    c->sriov = fake_sriov_new(c->world.fake);
}

static void
set_vfs(Case *c)
{
    VasVfsRequest request = {.pf = "enp1s0", .count = 2 + c->size.named, .timeout = 1};
    g_autoptr(VasPf) pf = NULL;
    g_autoptr(GPtrArray) results = NULL;
    g_autoptr(GPtrArray) steps = NULL;

    (void) vas_vfs_set(&c->world.fake->context, &request, &pf, &results, &steps, &c->world.error);
}

typedef gboolean (*Move)(const VasContext *context, const VasHostDriverRequest *request,
                         GPtrArray **ret_results, GPtrArray **ret_steps, GError **error);

static void
move(Case *c, Move verb)
{
    VasHostDriverRequest request = {.devices = c->names, .timeout = 1};
    g_autoptr(GPtrArray) results = NULL;
    g_autoptr(GPtrArray) steps = NULL;

    (void) verb(&c->world.fake->context, &request, &results, &steps, &c->world.error);
}

static void
host_detach(Case *c)
{
    move(c, vas_host_detach);
}

static void
host_reattach(Case *c)
{
    move(c, vas_host_reattach);
}

static void
list(Case *c)
{
    g_autoptr(VasInventory) inventory = vas_scan(&c->world.fake->context, &c->world.error);

    g_assert_nonnull(inventory);
}

/* The picture asks in addition for what the PFs hold about the VFs. */
static void
draw(Case *c)
{
    const VasContext *context = &c->world.fake->context;
    g_autoptr(VasInventory) inventory = vas_scan(context, &c->world.error);

    for (guint i = 0; i < inventory->devices->len; i++) {
        gboolean known = FALSE;
        VasVfSettings settings;

        (void) vas_vf_settings_read(context, g_ptr_array_index(inventory->devices, i), &known,
                                    &settings, &c->world.error);
    }
}

static void
metrics(Case *c)
{
    g_autoptr(GPtrArray) all = vas_metrics(&c->world.fake->context, &c->world.error);

    g_assert_nonnull(all);
}

static void
show(Case *c)
{
    const VasContext *context = &c->world.fake->context;
    const char *const named[] = {c->names[0], NULL};
    const VasScanSubject subject = {named[0], named, .may_name_other = TRUE};
    g_autoptr(VasInventory) inventory = vas_scan_about(context, &subject, &c->world.error);
    g_autoptr(VasIdentity) identity = NULL;
    const VasDevice *device = NULL;
    VasHostAddress address;
    gboolean known = FALSE;
    VasVfSettings settings;

    (void) vas_pools_read(context, inventory, &c->world.error);
    g_assert_true(vas_host_address_parse(c->names[0], &address, NULL));
    device = vas_inventory_find_device(inventory, address);
    (void) vas_device_identity_read(context, inventory, device, &identity, &c->world.error);
    (void) vas_vf_settings_read(context, device, &known, &settings, &c->world.error);
    g_assert_true(identity != NULL && known);
}

static void
check_guest(Case *c)
{
    const VasContext *context = &c->world.fake->context;
    static const char *const names[] = {"db1", NULL};
    const VasScanSubject subject = {"db1", names, .may_name_other = TRUE};
    g_autoptr(VasInventory) inventory = vas_scan_about(context, &subject, &c->world.error);
    g_autoptr(GPtrArray) findings = vas_check_guest(
        context, inventory, vas_inventory_find_guest(inventory, c->world.guest->uuid));

    g_assert_cmpuint(findings->len, >, 0);
}

static void
predict_names(Case *c)
{
    g_autoptr(VasNames) names =
        vas_names(&c->world.fake->context, "db1", NULL, FALSE, &c->world.error);

    g_assert_nonnull(names);
}

static const Verb verbs[] = {
    {"attach", TRUE, NULL, attach, 22, 12, 0, 8},
    {"attach/config", TRUE, in_config, attach, 22, 12, 0, 5},
    {"attach/keep-going", TRUE, keep_going, attach, 22, 12, 0, 8},
    {"detach", TRUE, attach, detach, 23, 8, 0, 12},
    {"ports", TRUE, NULL, add_ports, 18, 12, 0, 1},
    {"vfs", TRUE, have_sriov, set_vfs, 26, 12, 3, 1},
    {"host-detach", TRUE, NULL, host_detach, 15, 8, 2, 1},
    {"host-reattach", TRUE, host_detach, host_reattach, 14, 8, 2, 1},
    {"list", FALSE, NULL, list, 7, 4, 1, 0},
    {"metrics", FALSE, NULL, metrics, 7, 4, 1, 0},
    {"topology", FALSE, NULL, draw, 1, 4, 2, 0},
    {"show", FALSE, NULL, show, 12, 4, 0, 0},
    {"check-guest", FALSE, NULL, check_guest, 2, 4, 0, 0},
    {"names", FALSE, NULL, predict_names, 2, 4, 0, 0},
};

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(verbs); i++) {
        g_autofree char *path = g_strdup_printf("/cost/%s", verbs[i].name);

        g_test_add_data_func(path, &verbs[i], test_cost);
    }
    return g_test_run();
}
