/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/error.h"
#include "fake-private.h"
#include "several-fixture.h"

#include <signal.h>
#include <string.h>

/* recover takes the device of each guest out again, and waits for each. */

/* Seconds that a guest gets to release; a test that works waits for none of them. */
#define PATIENCE 120

typedef struct {
    World world; /* first: the functions of world.h take it */
    guint asked;
    GPtrArray *ended; /* const char *: the guests, as nothing of them is on record any more */
} Several;

/* The hooks work on this one. */
static Several *current;
static gboolean (*true_request)(VasHypervisor *port, const char *uuid, const char *alias,
                                GError **error);
static gboolean (*true_set_metadata)(VasHypervisor *port, const char *uuid, const char *uri,
                                     const char *prefix, const char *xml, VasScope scope,
                                     GError **error);

static gboolean
is_of(const char *uuid, guint i)
{
    return g_str_equal(several_guest(&current->world, i)->uuid, uuid);
}

static void
set_up(Several *several, gconstpointer data)
{
    world_set_up_interruptible(&several->world, data);
    world_give_locks(&several->world, "virt-assign recover");
    several->ended = g_ptr_array_new();
    several_leave_attaches(&several->world);
    current = several;
}

static void
tear_down(Several *several, gconstpointer data)
{
    g_ptr_array_unref(several->ended);
    world_tear_down(&several->world, data);
}

static void
replace_request(Several *several, gboolean (*request)(VasHypervisor *port, const char *uuid,
                                                      const char *alias, GError **error))
{
    true_request = several->world.fake->port.request_unplug;
    several->world.fake->port.request_unplug = request;
}

static const VasRecovery *
recovery_at(const Several *several, guint i)
{
    g_assert_cmpuint(i, <, several->world.recoveries->len);
    return g_ptr_array_index(several->world.recoveries, i);
}

/* Each guest has one recovery, in the order of the guests. */
static void
assert_outcomes(const Several *several, const VasRecoveryOutcome *outcomes)
{
    g_assert_cmpuint(several->world.recoveries->len, ==, SEVERAL);
    for (guint i = 0; i < SEVERAL; i++) {
        g_assert_cmpstr(recovery_at(several, i)->guest, ==, several_killed[i].guest);
        g_assert_cmpstr(vas_recovery_outcome_name(recovery_at(several, i)->outcome), ==,
                        vas_recovery_outcome_name(outcomes[i]));
    }
}

static void
assert_all_undone(const Several *several)
{
    static const VasRecoveryOutcome undone[SEVERAL] = {VAS_RECOVERY_UNDONE, VAS_RECOVERY_UNDONE,
                                                       VAS_RECOVERY_UNDONE};

    assert_outcomes(several, undone);
    for (guint i = 0; i < SEVERAL; i++)
        several_assert_undone(&several->world, i);
    assert_nothing_noted(&several->world);
}

static gboolean
release_when_all_are_asked(VasHypervisor *port, const char *uuid, const char *alias, GError **error)
{
    gboolean ok = true_request(port, uuid, alias, error);

    if (++current->asked == SEVERAL)
        fake_release_all(current->world.fake);
    return ok;
}

/* No guest lets go before all of them were asked: one after the other, the first one would spend
 * its whole time. */
static void
test_at_once(Several *several, gconstpointer data)
{
    several->world.fake->guest_ignores_unplug = TRUE;
    replace_request(several, release_when_all_are_asked);
    g_assert_true(several_recover(&several->world, PATIENCE));
    assert_all_undone(several);
    g_assert_cmpuint(several->world.fake->calls[FAKE_CLONE], ==, SEVERAL);
}

static void
release_guest(guint i)
{
    g_autofree char *alias = g_strdup_printf("ua-pci_%s", several_killed[i].device);

    g_strdelimit(alias, ":.", '_');
    fake_release(current->world.fake, alias);
}

static gboolean
release_last_when_all_are_asked(VasHypervisor *port, const char *uuid, const char *alias,
                                GError **error)
{
    gboolean ok = true_request(port, uuid, alias, error);

    if (++current->asked == SEVERAL)
        release_guest(SEVERAL - 1);
    return ok;
}

/* A guest with nothing on record is through, and the one before it lets go. */
static gboolean
release_next(VasHypervisor *port, const char *uuid, const char *uri, const char *prefix,
             const char *xml, VasScope scope, GError **error)
{
    gboolean ok = true_set_metadata(port, uuid, uri, prefix, xml, scope, error);

    for (guint i = 0; i < SEVERAL; i++) {
        if (!is_of(uuid, i) || !several_has_ended(&current->world, i))
            continue;
        g_ptr_array_add(current->ended, (gpointer) several_killed[i].guest);
        if (i > 0)
            release_guest(i - 1);
    }
    return ok;
}

/* They end in the reverse order, and are told in their own. */
static void
test_order(Several *several, gconstpointer data)
{
    several->world.fake->guest_ignores_unplug = TRUE;
    replace_request(several, release_last_when_all_are_asked);
    true_set_metadata = several->world.fake->port.set_metadata;
    several->world.fake->port.set_metadata = release_next;
    g_assert_true(several_recover(&several->world, PATIENCE));
    assert_all_undone(several);
    g_assert_cmpuint(several->ended->len, ==, SEVERAL);
    for (guint i = 0; i < SEVERAL; i++)
        g_assert_cmpstr(g_ptr_array_index(several->ended, i), ==,
                        several_killed[SEVERAL - 1 - i].guest);
}

static gboolean
refuse_second(VasHypervisor *port, const char *uuid, const char *alias, GError **error)
{
    if (!is_of(uuid, 1))
        return true_request(port, uuid, alias, error);
    g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "no monitor");
    return FALSE;
}

static void
test_one_fails(Several *several, gconstpointer data)
{
    static const VasRecoveryOutcome outcomes[SEVERAL] = {VAS_RECOVERY_UNDONE, VAS_RECOVERY_FAILED,
                                                         VAS_RECOVERY_UNDONE};

    replace_request(several, refuse_second);
    g_assert_false(several_recover(&several->world, 0));
    assert_outcomes(several, outcomes);
    g_assert_cmpint(vas_error_exit_status(several->world.error), ==, 6);
    testing_assert_error(&several->world.error, VAS_ERROR_PARTIAL,
                         "1 of 3 unfinished commands: attach of 0000:01:10.2 for guest db2");
    several->world.fake->port.request_unplug = true_request;
    g_assert_true(several_recover(&several->world, 0));
    g_assert_cmpuint(several->world.recoveries->len, ==, 1);
}

static gboolean
raise_when_all_are_asked(VasHypervisor *port, const char *uuid, const char *alias, GError **error)
{
    gboolean ok = true_request(port, uuid, alias, error);

    if (++current->asked == SEVERAL)
        vas_interrupt_raise(current->world.interrupt, SIGTERM);
    return ok;
}

/* The signal ends all waits; what was begun stays on record, and recover goes on from there. */
static void
test_interrupted(Several *several, gconstpointer data)
{
    VasContext *context = &several->world.fake->context;

    several->world.fake->guest_ignores_unplug = TRUE;
    replace_request(several, raise_when_all_are_asked);
    g_assert_false(several_recover(&several->world, PATIENCE));
    testing_assert_error(&several->world.error, VAS_ERROR_INTERRUPTED, "SIGTERM");
    for (guint i = 0; i < several->world.recoveries->len; i++)
        testing_assert_error(&((VasRecovery *) recovery_at(several, i))->error,
                             VAS_ERROR_INTERRUPTED, "SIGTERM");
    context->interrupt = NULL;
    fake_release_all(several->world.fake);
    several->world.fake->port.request_unplug = true_request;
    g_assert_true(several_recover(&several->world, 0));
    assert_all_undone(several);
}

static void
test_interrupted_before(Several *several, gconstpointer data)
{
    vas_interrupt_raise(several->world.interrupt, SIGTERM);
    g_assert_false(several_recover(&several->world, PATIENCE));
    testing_assert_error(&several->world.error, VAS_ERROR_INTERRUPTED, "SIGTERM");
    g_assert_cmpuint(several->world.fake->calls[FAKE_DETACH_LIVE], ==, 0);
    g_assert_cmpuint(several->world.recoveries->len, ==, SEVERAL);
}

/* The connection in use is the one of the second guest's thread. */
static gboolean
disconnect_second(VasHypervisor *port, const char *uuid, const char *alias, GError **error)
{
    gboolean ok = true_request(port, uuid, alias, error);

    if (!is_of(uuid, 1))
        return ok;
    fake_disconnect((Fake *) current->world.fake);
    return fake_fail_unreachable(error);
}

static void
test_one_is_disconnected(Several *several, gconstpointer data)
{
    replace_request(several, disconnect_second);
    g_assert_true(several_recover(&several->world, PATIENCE));
    assert_all_undone(several);
    g_assert_cmpuint(several->world.fake->calls[FAKE_REOPEN], >=, 1);
}

static void
test_no_connection(Several *several, gconstpointer data)
{
    FakeHypervisor *fake = several->world.fake;
    guint writes = fake->calls[FAKE_SET_METADATA];

    fake_plan_fault(fake, FAKE_CLONE, 2, FAKE_FAILS, VAS_ERROR_UNREACHABLE, "too many clients");
    g_assert_false(several_recover(&several->world, 0));
    testing_assert_hint(several->world.error, "virt-assign recover db1");
    testing_assert_error(&several->world.error, VAS_ERROR_UNREACHABLE,
                         "a connection for each of 3 guests to work on at once: too many clients");
    g_assert_null(several->world.recoveries);
    g_assert_cmpuint(fake->calls[FAKE_SET_METADATA], ==, writes);
    g_assert_cmpuint(fake->calls[FAKE_DETACH_LIVE], ==, 0);
    g_assert_true(several_recover(&several->world, 0));
    assert_all_undone(several);
}

/* Two guests whose records name one device are worked on one after the other: neither waits for
 * the other's lock, for which there is no time here. */
static void
test_same_device(Several *several, gconstpointer data)
{
    World *world = &several->world;

    g_assert_true(several_recover(&several->world, 0));
    several_leave_attach(world, "db1", several_killed[0].device);
    fake_release_all(world->fake);
    g_ptr_array_set_size(world->guest->live, 0);
    several_leave_attach(world, "db2", several_killed[0].device);
    world->fake->calls[FAKE_CLONE] = 0;
    g_assert_true(several_recover(&several->world, 0));
    g_assert_cmpuint(world->recoveries->len, ==, 2);
    g_assert_cmpuint(world->fake->calls[FAKE_CLONE], ==, 0);
    assert_nothing_noted(world);
}

#define ADD(name, function)                                                                        \
    g_test_add("/recover-several/" name, Several, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("at-once", test_at_once);
    ADD("order", test_order);
    ADD("one-fails", test_one_fails);
    ADD("interrupted", test_interrupted);
    ADD("interrupted-before", test_interrupted_before);
    ADD("one-is-disconnected", test_one_is_disconnected);
    ADD("no-connection", test_no_connection);
    ADD("same-device", test_same_device);
    return g_test_run();
}
