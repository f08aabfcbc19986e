/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/run/execute.h"

#include "core/value/error.h"
#include "world.h"

#include <signal.h>

/* Two subjects, an attach-live and an attach-config step each; what ran is written down. */
typedef struct {
    World base; /* first: the functions of world.h take it */
    GString *log;
    guint acted;
    guint fails_at;       /* the nth act fails; 0: none */
    int code;             /* with this code */
    gboolean undo_fails;  /* of subject 0's attach-live */
    guint interrupted_at; /* in the nth act a signal comes; 0: never */
} ExecuteWorld;

static gboolean
act(gpointer run, const VasStep *step, GError **error)
{
    ExecuteWorld *world = run;

    world->acted++;
    g_string_append_printf(world->log, "%u%s ", step->subject,
                           step->kind == VAS_STEP_ATTACH_LIVE ? "live" : "config");
    if (world->acted == world->interrupted_at)
        vas_interrupt_raise(world->base.interrupt, SIGTERM);
    if (world->acted != world->fails_at)
        return TRUE;
    g_set_error(error, VAS_ERROR, world->code, "step %u went wrong", world->acted);
    return FALSE;
}

static gboolean
undo(gpointer run, const VasStep *step, GError **error)
{
    ExecuteWorld *world = run;

    g_string_append_printf(world->log, "-%u%s ", step->subject,
                           step->kind == VAS_STEP_ATTACH_LIVE ? "live" : "config");
    if (!world->undo_fails || step->subject != 0 || step->kind != VAS_STEP_ATTACH_LIVE)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_TIMED_OUT, "it stays");
    vas_error_set_hint(error, "wait");
    return FALSE;
}

static const VasStepAction actions[] = {
    {VAS_STEP_ATTACH_LIVE, act, undo},
    {VAS_STEP_ATTACH_CONFIG, act, undo},
    {0},
};

static void
set_up(ExecuteWorld *world, gconstpointer data)
{
    world_set_up_interruptible(&world->base, data);
    world->base.steps = g_ptr_array_new_with_free_func((GDestroyNotify) vas_step_free);
    world->base.results = g_ptr_array_new_with_free_func((GDestroyNotify) vas_result_free);
    world->log = g_string_new(NULL);
    world->code = VAS_ERROR_FAILED;
    for (guint subject = 0; subject < 2; subject++) {
        g_autoptr(VasAssignment) assignment = vas_assignment_new(VAS_ASSIGNMENT_HOSTDEV);

        g_ptr_array_add(world->base.results, vas_result_new("db1", assignment));
        g_ptr_array_add(world->base.steps,
                        vas_step_new(VAS_STEP_ATTACH_LIVE, subject, assignment, NULL, "db1"));
        g_ptr_array_add(world->base.steps,
                        vas_step_new(VAS_STEP_ATTACH_CONFIG, subject, assignment, NULL, "db1"));
    }
}

static void
tear_down(ExecuteWorld *world, gconstpointer data)
{
    g_string_free(world->log, TRUE);
    world_tear_down(&world->base, data);
}

static gboolean
execute(ExecuteWorld *world, VasExecuteMode mode)
{
    VasContext context = {.interrupt = world->base.interrupt};

    return vas_execute(&context, world->base.steps, actions, mode, world, world->base.results,
                       &world->base.error);
}

static VasOutcome
outcome(const ExecuteWorld *world, guint subject)
{
    return ((const VasResult *) g_ptr_array_index(world->base.results, subject))->outcome;
}

static void
test_in_order(ExecuteWorld *world, gconstpointer data)
{
    g_assert_true(execute(world, VAS_EXECUTE_ALL_OR_NONE));
    g_assert_cmpstr(world->log->str, ==, "0live 0config 1live 1config ");
    g_assert_cmpint(outcome(world, 1), ==, VAS_OUTCOME_DONE);
}

/* The failed step is undone as well: it may have happened. */
static void
test_failure_undoes_all_in_reverse(ExecuteWorld *world, gconstpointer data)
{
    world->fails_at = 3;
    g_assert_false(execute(world, VAS_EXECUTE_ALL_OR_NONE));
    testing_assert_error(&world->base.error, VAS_ERROR_FAILED, "step 3 went wrong");
    g_assert_cmpstr(world->log->str, ==, "0live 0config 1live -1live -0config -0live ");
    g_assert_cmpint(outcome(world, 0), ==, VAS_OUTCOME_UNDONE);
    g_assert_cmpint(outcome(world, 1), ==, VAS_OUTCOME_FAILED);
}

static void
test_failed_undo_says_what_is_left(ExecuteWorld *world, gconstpointer data)
{
    world->fails_at = 4;
    world->undo_fails = TRUE;
    g_assert_false(execute(world, VAS_EXECUTE_ALL_OR_NONE));
    g_assert_cmpstr(vas_error_hint(world->base.error), ==, "wait");
    testing_assert_error(&world->base.error, VAS_ERROR_UNDO_FAILED, "it stays");
    g_assert_cmpint(outcome(world, 0), ==, VAS_OUTCOME_FAILED);
}

static void
test_each_goes_on_without_the_failed(ExecuteWorld *world, gconstpointer data)
{
    world->fails_at = 1;
    g_assert_false(execute(world, VAS_EXECUTE_EACH));
    testing_assert_error(&world->base.error, VAS_ERROR_PARTIAL, "step 1 went wrong");
    g_assert_cmpstr(world->log->str, ==, "0live 1live 1config ");
    g_assert_cmpint(outcome(world, 0), ==, VAS_OUTCOME_FAILED);
    g_assert_cmpint(outcome(world, 1), ==, VAS_OUTCOME_DONE);
}

static void
test_each_timed_out_is_pending(ExecuteWorld *world, gconstpointer data)
{
    world->fails_at = 1;
    world->code = VAS_ERROR_TIMED_OUT;
    g_assert_false(execute(world, VAS_EXECUTE_EACH));
    testing_assert_error(&world->base.error, VAS_ERROR_TIMED_OUT, "step 1 went wrong");
    g_assert_cmpint(outcome(world, 0), ==, VAS_OUTCOME_PENDING);
}

/* The step in hand is finished and taken back; the next one is not begun, nor undone. */
static void
test_interrupted_undoes(ExecuteWorld *world, gconstpointer data)
{
    world->interrupted_at = 2;
    g_assert_false(execute(world, VAS_EXECUTE_ALL_OR_NONE));
    testing_assert_error(&world->base.error, VAS_ERROR_INTERRUPTED,
                         "interrupted by SIGTERM: what was done is undone");
    g_assert_cmpstr(world->log->str, ==, "0live 0config -0config -0live ");
    g_assert_cmpint(outcome(world, 0), ==, VAS_OUTCOME_UNDONE);
    g_assert_cmpint(outcome(world, 1), ==, VAS_OUTCOME_UNDONE);
}

static void
test_interrupted_before(ExecuteWorld *world, gconstpointer data)
{
    vas_interrupt_raise(world->base.interrupt, SIGINT);
    g_assert_false(execute(world, VAS_EXECUTE_ALL_OR_NONE));
    testing_assert_error(&world->base.error, VAS_ERROR_INTERRUPTED,
                         "interrupted by SIGINT: nothing was changed");
    g_assert_cmpstr(world->log->str, ==, "");
    g_assert_cmpint(outcome(world, 0), ==, VAS_OUTCOME_UNDONE);
}

/* A signal in the last step undoes nothing: the command has come to its end. */
static void
test_interrupted_in_the_last(ExecuteWorld *world, gconstpointer data)
{
    world->interrupted_at = 4;
    g_assert_true(execute(world, VAS_EXECUTE_ALL_OR_NONE));
    g_assert_cmpint(outcome(world, 1), ==, VAS_OUTCOME_DONE);
}

/* A failed undo is worse than an interruption. */
static void
test_interrupted_undo_fails(ExecuteWorld *world, gconstpointer data)
{
    world->interrupted_at = 2;
    world->undo_fails = TRUE;
    g_assert_false(execute(world, VAS_EXECUTE_ALL_OR_NONE));
    testing_assert_error(&world->base.error, VAS_ERROR_UNDO_FAILED, "it stays");
}

/* A device that has begun goes on to its end, and one that has not does not begin. */
static void
test_interrupted_each(ExecuteWorld *world, gconstpointer data)
{
    world->interrupted_at = 1;
    g_assert_false(execute(world, VAS_EXECUTE_EACH));
    testing_assert_error(&world->base.error, VAS_ERROR_INTERRUPTED,
                         "1 of 2 devices: interrupted by SIGTERM");
    g_assert_cmpstr(world->log->str, ==, "0live 0config ");
    g_assert_cmpint(outcome(world, 0), ==, VAS_OUTCOME_DONE);
    g_assert_cmpint(outcome(world, 1), ==, VAS_OUTCOME_UNDONE);
}

static void
test_interrupted_step_of_each(ExecuteWorld *world, gconstpointer data)
{
    world->fails_at = 2;
    world->code = VAS_ERROR_INTERRUPTED;
    g_assert_false(execute(world, VAS_EXECUTE_EACH));
    testing_assert_error(&world->base.error, VAS_ERROR_INTERRUPTED, "step 2 went wrong");
    g_assert_cmpint(outcome(world, 0), ==, VAS_OUTCOME_PENDING);
    g_assert_cmpint(outcome(world, 1), ==, VAS_OUTCOME_DONE);
}

static void
test_each_or_none_undoes_its_own(ExecuteWorld *world, gconstpointer data)
{
    world->fails_at = 2;
    g_assert_false(execute(world, VAS_EXECUTE_EACH_OR_NONE));
    testing_assert_error(&world->base.error, VAS_ERROR_PARTIAL,
                         "1 of 2 devices: step 2 went wrong");
    g_assert_cmpstr(world->log->str, ==, "0live 0config -0config -0live 1live 1config ");
    g_assert_cmpint(outcome(world, 0), ==, VAS_OUTCOME_FAILED);
    g_assert_cmpint(outcome(world, 1), ==, VAS_OUTCOME_DONE);
}

static void
test_each_or_none_keeps_what_is_done(ExecuteWorld *world, gconstpointer data)
{
    world->fails_at = 4;
    g_assert_false(execute(world, VAS_EXECUTE_EACH_OR_NONE));
    testing_assert_error(&world->base.error, VAS_ERROR_PARTIAL, "step 4 went wrong");
    g_assert_cmpstr(world->log->str, ==, "0live 0config 1live 1config -1config -1live ");
    g_assert_cmpint(outcome(world, 0), ==, VAS_OUTCOME_DONE);
    g_assert_cmpint(outcome(world, 1), ==, VAS_OUTCOME_FAILED);
}

static void
test_each_or_none_undo_fails(ExecuteWorld *world, gconstpointer data)
{
    world->fails_at = 2;
    world->undo_fails = TRUE;
    g_assert_false(execute(world, VAS_EXECUTE_EACH_OR_NONE));
    g_assert_cmpstr(vas_error_hint(world->base.error), ==, "wait");
    testing_assert_error(&world->base.error, VAS_ERROR_UNDO_FAILED, "it stays");
    g_assert_cmpint(outcome(world, 0), ==, VAS_OUTCOME_FAILED);
    g_assert_cmpint(outcome(world, 1), ==, VAS_OUTCOME_DONE);
}

/* A device that was refused before is not the execution's business. */
static void
test_each_or_none_refused(ExecuteWorld *world, gconstpointer data)
{
    VasResult *refused = g_ptr_array_index(world->base.results, 0);

    g_ptr_array_remove_range(world->base.steps, 0, 2);
    refused->outcome = VAS_OUTCOME_FAILED;
    refused->error = g_error_new_literal(VAS_ERROR, VAS_ERROR_IN_USE, "another has it");
    world->fails_at = 1;
    g_assert_false(execute(world, VAS_EXECUTE_EACH_OR_NONE));
    testing_assert_error(&world->base.error, VAS_ERROR_IN_USE, "2 of 2 devices: another has it");
    g_assert_cmpstr(world->log->str, ==, "1live -1live ");
    g_assert_error(refused->error, VAS_ERROR, VAS_ERROR_IN_USE);
}

/* The signal that came before, or in, the undo of one still keeps the next from its begin. */
static void
test_each_or_none_interrupted(ExecuteWorld *world, gconstpointer data)
{
    world->interrupted_at = 1;
    g_assert_false(execute(world, VAS_EXECUTE_EACH_OR_NONE));
    testing_assert_error(&world->base.error, VAS_ERROR_INTERRUPTED,
                         "2 of 2 devices: interrupted by SIGTERM: what was done is undone");
    g_assert_cmpstr(world->log->str, ==, "0live -0live ");
    g_assert_cmpint(outcome(world, 0), ==, VAS_OUTCOME_UNDONE);
    g_assert_cmpint(outcome(world, 1), ==, VAS_OUTCOME_UNDONE);
    g_assert_cmpstr(((const VasResult *) g_ptr_array_index(world->base.results, 1))->error->message,
                    ==, "interrupted by SIGTERM: nothing was changed");
}

static void
test_each_or_none_interrupted_between(ExecuteWorld *world, gconstpointer data)
{
    world->interrupted_at = 2;
    g_assert_false(execute(world, VAS_EXECUTE_EACH_OR_NONE));
    testing_assert_error(&world->base.error, VAS_ERROR_INTERRUPTED,
                         "1 of 2 devices: interrupted by SIGTERM: nothing was changed");
    g_assert_cmpstr(world->log->str, ==, "0live 0config ");
    g_assert_cmpint(outcome(world, 0), ==, VAS_OUTCOME_DONE);
}

#define ADD(name, function)                                                                        \
    g_test_add("/execute/" name, ExecuteWorld, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("in-order", test_in_order);
    ADD("failure-undoes-all", test_failure_undoes_all_in_reverse);
    ADD("failed-undo", test_failed_undo_says_what_is_left);
    ADD("each-goes-on", test_each_goes_on_without_the_failed);
    ADD("each-timed-out", test_each_timed_out_is_pending);
    ADD("interrupted-undoes", test_interrupted_undoes);
    ADD("interrupted-before", test_interrupted_before);
    ADD("interrupted-in-the-last", test_interrupted_in_the_last);
    ADD("interrupted-undo-fails", test_interrupted_undo_fails);
    ADD("interrupted-each", test_interrupted_each);
    ADD("interrupted-step-of-each", test_interrupted_step_of_each);
    ADD("each-or-none-undoes", test_each_or_none_undoes_its_own);
    ADD("each-or-none-keeps", test_each_or_none_keeps_what_is_done);
    ADD("each-or-none-undo-fails", test_each_or_none_undo_fails);
    ADD("each-or-none-refused", test_each_or_none_refused);
    ADD("each-or-none-interrupted", test_each_or_none_interrupted);
    ADD("each-or-none-interrupted-between", test_each_or_none_interrupted_between);
    return g_test_run();
}
