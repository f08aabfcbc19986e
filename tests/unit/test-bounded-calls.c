/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/bounded-calls.h"

#include "core/value/error.h"
#include "testing.h"

#define LONG 600
#define GUEST "6695eb01-f6a4-8304-79aa-97f2502e193f"

/* A call stands still until the test opens the gate. */
static struct {
    GMutex mutex;
    GCond changed;
    gboolean is_open;
    guint acted;
    guint freed;
} gate;

static void
open_gate(gboolean is_open)
{
    g_mutex_lock(&gate.mutex);
    gate.is_open = is_open;
    gate.acted = 0;
    gate.freed = 0;
    g_cond_broadcast(&gate.changed);
    g_mutex_unlock(&gate.mutex);
}

static void
note_freed(gpointer data)
{
    g_mutex_lock(&gate.mutex);
    gate.freed++;
    g_cond_broadcast(&gate.changed);
    g_mutex_unlock(&gate.mutex);
}

/* Waits until the call that was left behind has ended. */
static void
let_end(void)
{
    g_mutex_lock(&gate.mutex);
    gate.is_open = TRUE;
    g_cond_broadcast(&gate.changed);
    while (gate.freed == 0)
        g_cond_wait(&gate.changed, &gate.mutex);
    g_mutex_unlock(&gate.mutex);
}

static gboolean
act(gpointer data, GError **error)
{
    gate.acted++;
    if (data == NULL)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_DENIED, "not for you");
    return FALSE;
}

static gboolean
wait_for_gate(gpointer data, GError **error)
{
    g_mutex_lock(&gate.mutex);
    while (!gate.is_open)
        g_cond_wait(&gate.changed, &gate.mutex);
    g_mutex_unlock(&gate.mutex);
    return act(data, error);
}

/* Patience ends when it has begun. */
static gboolean
stand_still(gpointer data, GError **error)
{
    vas_bounded_calls_set_patience(data, 0);
    return wait_for_gate(data, error);
}

static void
test_returns(void)
{
    VasBoundedCalls *calls = vas_bounded_calls_new(LONG);
    g_autoptr(GError) error = NULL;

    open_gate(TRUE);
    g_assert_true(vas_bounded_calls_run(calls, GUEST, "guest db1", act, NULL, note_freed, &error));
    g_assert_no_error(error);
    g_assert_false(vas_bounded_calls_run(calls, GUEST, "guest db1", act, GINT_TO_POINTER(TRUE),
                                         note_freed, &error));
    testing_assert_error(&error, VAS_ERROR_DENIED, "not for you");
    g_assert_cmpuint(gate.acted, ==, 2);
    g_assert_cmpuint(gate.freed, ==, 2);
    vas_bounded_calls_free(calls);
}

/* Nothing else is done to the guest until the call has come back; others are not held up. */
static void
test_given_up(void)
{
    VasBoundedCalls *calls = vas_bounded_calls_new(LONG);
    g_autoptr(GError) error = NULL;

    open_gate(FALSE);
    g_assert_false(
        vas_bounded_calls_run(calls, GUEST, "guest db1", stand_still, calls, note_freed, &error));
    testing_assert_hint(error, "QEMU stands still");
    testing_assert_error(&error, VAS_ERROR_TIMED_OUT,
                         "has not answered about guest db1 in time, and may");
    vas_bounded_calls_set_patience(calls, LONG);
    g_assert_cmpuint(gate.freed, ==, 0);
    g_assert_false(vas_bounded_calls_run(calls, GUEST, "guest db1", act, NULL, note_freed, &error));
    testing_assert_error(&error, VAS_ERROR_TIMED_OUT,
                         "an earlier request about guest db1 yet, so this one was not sent");
    g_assert_cmpuint(gate.acted, ==, 0);
    g_assert_cmpuint(gate.freed, ==, 1);
    g_assert_true(
        vas_bounded_calls_run(calls, "another", "guest db2", act, NULL, note_freed, &error));
    open_gate(FALSE);
    let_end();
    g_assert_true(vas_bounded_calls_run(calls, GUEST, "guest db1", act, NULL, note_freed, &error));
    vas_bounded_calls_free(calls);
}

/* A call that only reads has a bound of its own, below all patience. */
static void
test_read(void)
{
    VasBoundedCalls *calls = vas_bounded_calls_new(LONG);
    g_autoptr(GError) error = NULL;

    open_gate(TRUE);
    g_assert_true(
        vas_bounded_calls_read(calls, GUEST, "guest db1", LONG, act, NULL, note_freed, &error));
    g_assert_no_error(error);
    open_gate(FALSE);
    g_assert_false(vas_bounded_calls_read(calls, GUEST, "guest db1", 0, wait_for_gate, calls,
                                          note_freed, &error));
    testing_assert_error(&error, VAS_ERROR_TIMED_OUT,
                         "libvirt has not answered about guest db1 in time");
    g_assert_false(vas_bounded_calls_run(calls, GUEST, "guest db1", act, NULL, note_freed, &error));
    testing_assert_error(&error, VAS_ERROR_TIMED_OUT,
                         "an earlier request about guest db1 yet, so this one was not sent");
    open_gate(FALSE);
    let_end();
    vas_bounded_calls_free(calls);
}

/* Whoever made the calls is gone before the one that was given up. */
static void
test_outlives_owner(void)
{
    VasBoundedCalls *calls = vas_bounded_calls_new(LONG);
    g_autoptr(GError) error = NULL;

    open_gate(FALSE);
    g_assert_false(
        vas_bounded_calls_run(calls, GUEST, "guest db1", stand_still, calls, note_freed, &error));
    testing_assert_error(&error, VAS_ERROR_TIMED_OUT, "in time");
    vas_bounded_calls_free(calls);
    let_end();
    g_assert_cmpuint(gate.acted, ==, 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/bounded-calls/returns", test_returns);
    g_test_add_func("/bounded-calls/given-up", test_given_up);
    g_test_add_func("/bounded-calls/read", test_read);
    g_test_add_func("/bounded-calls/outlives-owner", test_outlives_owner);
    return g_test_run();
}
