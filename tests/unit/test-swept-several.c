/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/error.h"
#include "engine/verbs/detach.h"
#include "fake-clock.h"
#include "fake-private.h"
#include "several-fixture.h"

#include <string.h>

/* recover is at work on several guests at once, and one of its calls goes wrong, each in turn: the
 * other guests are none the worse for it, and a second recover ends what is left. Which guest a
 * call is about is up to the threads. */

typedef struct {
    const char *name;
    FakeFault fault;
    gboolean is_of_changes; /* only calls that change something can go wrong so */
    gboolean stays;         /* the connection that is lost is lost for good */
} Case;

static gboolean
changes_something(FakeCall call)
{
    return call == FAKE_DETACH_LIVE || call == FAKE_SET_METADATA || call == FAKE_WRITE_VF ||
           call == FAKE_REATTACH_NODE_DEVICE;
}

/* Each scan reads all devices and guests: one reading is as good as the other. */
static guint
stride(FakeCall call)
{
    return call == FAKE_NODE_DEVICE_XML || call == FAKE_GUEST_XML ? 7 : 1;
}

static void
begin(World *world)
{
    *world = (World){0};
    world_set_up(world, NULL);
    world->fake->pass_time = fake_clock_pass;
    world_give_locks(world, "virt-assign recover");
    several_leave_attaches(world);
}

/* Rows come in the order of the guests; one guest may have two, of its command and of the guest. */
static void
check_rows(const World *world)
{
    guint at = 0;

    for (guint i = 0; i < world->recoveries->len; i++) {
        const VasRecovery *recovery = g_ptr_array_index(world->recoveries, i);

        while (at < SEVERAL && !g_str_equal(several_killed[at].guest, recovery->guest))
            at++;
        g_assert_cmpuint(at, <, SEVERAL);
    }
}

static void
check_first(World *world, gboolean ok)
{
    guint left = 0;

    for (guint i = 0; i < SEVERAL; i++)
        left += several_has_ended(world, i) ? 0 : 1;
    if (!ok)
        g_assert_cmpstr(world->error->message, !=, "");
    if (world->recoveries == NULL)
        return;
    check_rows(world);
    g_assert_cmpuint(left, <=, 1);
}

static gboolean
stay_closed(VasHypervisor *port, GError **error)
{
    (void) port;
    return fake_fail_unreachable(error);
}

/* A request that is on record may never have gone out: the user asks again, as the hint says. */
static void
ask_again(World *world)
{
    for (guint i = 0; i < SEVERAL; i++) {
        const char *record = several_guest(world, i)->metadata;
        const VasDetachRequest request = {.guest = several_killed[i].guest,
                                          .subjects =
                                              (const char *const[]){several_killed[i].device, NULL},
                                          .timeout = 60,
                                          .ask_again = TRUE};

        world_forget(world);
        if (record != NULL && strstr(record, "<release ") != NULL)
            g_assert_true(vas_detach(&world->fake->context, &request, &world->results,
                                     &world->steps, &world->error));
    }
}

static void
try(FakeCall call, guint nth, const Case *c)
{
    World world;
    gboolean (*reopen)(VasHypervisor * port, GError * *error) = NULL;
    gboolean ok;

    begin(&world);
    reopen = world.fake->port.reopen;
    if (c->stays)
        world.fake->port.reopen = stay_closed;
    fake_plan_fault(world.fake, call, nth, c->fault, VAS_ERROR_FAILED, "no");
    ok = several_recover(&world, 60);
    check_first(&world, ok);
    g_clear_error(&world.error);
    world.fake->port.reopen = reopen;
    g_assert_true(reopen(&world.fake->port, NULL));
    ask_again(&world);
    g_assert_no_error(world.error);
    ok = several_recover(&world, 60);
    g_assert_no_error(world.error);
    g_assert_true(ok);
    for (guint i = 0; i < SEVERAL; i++)
        several_assert_undone(&world, i);
    assert_nothing_noted(&world);
    world_tear_down(&world, NULL);
}

static void
learn(guint *counts)
{
    World world;

    begin(&world);
    memcpy(counts, world.fake->calls, sizeof world.fake->calls);
    g_assert_true(several_recover(&world, 60));
    for (guint i = 0; i < FAKE_N_CALLS; i++)
        counts[i] = world.fake->calls[i] - counts[i];
    world_tear_down(&world, NULL);
}

static void
test_sweep(gconstpointer data)
{
    const Case *c = data;
    guint counts[FAKE_N_CALLS];
    guint tries = 0;

    learn(counts);
    for (guint call = 0; call < FAKE_STEP; call++) {
        gboolean is_of_libvirt = call < FAKE_READ_VF && call != FAKE_CLONE;

        if ((c->is_of_changes && !changes_something(call)) ||
            (c->fault >= FAKE_DISCONNECTS && !is_of_libvirt) || call == FAKE_READ_NETWORK)
            continue;
        for (guint nth = 1; nth <= counts[call]; nth += stride(call)) {
            try(call, nth, c);
            tries++;
        }
    }
    g_test_message("%u faults", tries);
    g_assert_cmpuint(tries, >, 0);
}

int
main(int argc, char **argv)
{
    static const Case cases[] = {
        {"fails", FAKE_FAILS, FALSE, FALSE},
        {"fails-late", FAKE_FAILS_LATE, TRUE, FALSE},
        {"disconnects", FAKE_DISCONNECTS, FALSE, FALSE},
        {"disconnects-late", FAKE_DISCONNECTS_LATE, TRUE, FALSE},
        {"cuts-off", FAKE_DISCONNECTS, FALSE, TRUE},
    };

    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strconcat("/swept-several/", cases[i].name, NULL);

        g_test_add_data_func(path, &cases[i], test_sweep);
    }
    return g_test_run();
}
