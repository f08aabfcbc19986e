/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/run/execute.h"

#include "core/value/error.h"

/* All of it is borrowed. */
typedef struct {
    const VasContext *context;
    const GPtrArray *steps;
    const VasStepAction *actions;
    VasExecuteMode mode;
    gpointer run;
    GPtrArray *results; /* NULL: nobody asks for them */
} Execution;

static const VasStepAction *
action_of(const Execution *execution, const VasStep *step)
{
    const VasStepAction *action = execution->actions;

    while (action->act != NULL && action->kind != step->kind)
        action++;
    g_assert(action->act != NULL);
    return action;
}

static gboolean
undo(const Execution *execution, const VasStep *step, GError **error)
{
    const VasStepAction *action = action_of(execution, step);

    if (action->undo == NULL)
        return TRUE;
    vas_context_progress(execution->context, VAS_PROGRESS_STEP, 0, 0, "undo: %s", step->text);
    return action->undo(execution->run, step, error);
}

static gboolean
is_interruption(const GError *cause)
{
    return g_error_matches(cause, VAS_ERROR, VAS_ERROR_INTERRUPTED);
}

/* Does @subject share the fate of @failed, a subject, too? */
static gboolean
shares_fate(const Execution *execution, guint subject, guint failed)
{
    return execution->mode == VAS_EXECUTE_ALL_OR_NONE || subject == failed;
}

/* An interruption is nobody's failure. */
static void
mark_undone(const Execution *execution, guint failed, const GError *cause)
{
    guint culprit = is_interruption(cause) ? execution->results->len : failed;

    for (guint i = 0; i < execution->results->len; i++) {
        VasResult *result = g_ptr_array_index(execution->results, i);

        if (result->outcome == VAS_OUTCOME_ALREADY || !shares_fate(execution, i, failed))
            continue;
        result->outcome = i == culprit ? VAS_OUTCOME_FAILED : VAS_OUTCOME_UNDONE;
        result->error = g_error_copy(cause);
    }
}

/* Somebody else had the device or the address first, or the guest is not in a state for it: the
 * step itself did nothing, and what it would find to undo is theirs. These codes come from state
 * that was read (engine/run/rival), or from libvirt's number. */
static gboolean
is_refusal(const GError *cause)
{
    return g_error_matches(cause, VAS_ERROR, VAS_ERROR_IN_USE) ||
           g_error_matches(cause, VAS_ERROR, VAS_ERROR_TAKEN) ||
           g_error_matches(cause, VAS_ERROR, VAS_ERROR_WRONG_STATE);
}

/* Takes back those of the first @count steps that share the fate of @failed, a subject: the last
 * one first, all of them, whatever fails on the way. Returns full: the first failure, its message
 * the list of all; NULL: everything is as before. */
static GError *
unwind(const Execution *execution, guint count, guint failed)
{
    g_autoptr(GString) left = g_string_new(NULL);
    GError *first = NULL;

    for (guint i = count; i > 0; i--) {
        const VasStep *step = g_ptr_array_index(execution->steps, i - 1);
        g_autoptr(GError) failure = NULL;

        if (!shares_fate(execution, step->subject, failed) || undo(execution, step, &failure))
            continue;
        g_string_append_printf(left, "%sundo \"%s\": %s", left->len > 0 ? "; " : "", step->text,
                               failure->message);
        if (execution->results != NULL)
            ((VasResult *) g_ptr_array_index(execution->results, step->subject))->outcome =
                VAS_OUTCOME_FAILED;
        if (first == NULL)
            first = g_steal_pointer(&failure);
    }
    if (first != NULL) {
        g_free(first->message);
        first->message = g_strdup(left->str);
    }
    return first;
}

/* Whether there is anything to take back among the first @count steps. */
static gboolean
has_begun(const Execution *execution, guint count, guint failed)
{
    for (guint i = 0; i < count; i++) {
        const VasStep *step = g_ptr_array_index(execution->steps, i);

        if (shares_fate(execution, step->subject, failed))
            return TRUE;
    }
    return FALSE;
}

/* @failed is the subject that @cause is about, @count the steps that may have done something.
 * Returns full: @cause with what came of it. */
static GError *
take_back(const Execution *execution, guint failed, guint count, const GError *cause)
{
    gboolean begun = has_begun(execution, count, failed);
    g_autoptr(GError) left = NULL;
    GError *error = NULL;

    mark_undone(execution, failed, cause);
    vas_interrupt_shield(execution->context->interrupt);
    if (is_interruption(cause) && begun)
        vas_context_progress(execution->context, VAS_PROGRESS_NOTE, 0, 0,
                             "%s: what was done is being undone", cause->message);
    left = unwind(execution, count, failed);
    if (execution->mode == VAS_EXECUTE_EACH_OR_NONE)
        vas_interrupt_expose(execution->context->interrupt);
    if (left == NULL && is_interruption(cause))
        return g_error_new(VAS_ERROR, VAS_ERROR_INTERRUPTED, "%s: %s", cause->message,
                           begun ? "what was done is undone" : "nothing was changed");
    if (left == NULL)
        return g_error_copy(cause);
    g_set_error(&error, VAS_ERROR, VAS_ERROR_UNDO_FAILED, "%s; and it could not be taken back: %s",
                cause->message, left->message);
    if (vas_error_hint(left) != NULL)
        vas_error_set_hint(&error, "%s", vas_error_hint(left));
    return error;
}

gboolean
vas_execute_undo(const VasContext *context, const GPtrArray *steps, const VasStepAction *actions,
                 gpointer run, GError **error)
{
    const Execution execution = {context, steps, actions, VAS_EXECUTE_ALL_OR_NONE, run, NULL};
    GError *left = unwind(&execution, steps->len, 0);

    if (left == NULL)
        return TRUE;
    g_propagate_error(error, left);
    return FALSE;
}

static gboolean
is_first_of_subject(const Execution *execution, guint position)
{
    const VasStep *step = g_ptr_array_index(execution->steps, position);

    for (guint i = 0; i < position; i++) {
        const VasStep *earlier = g_ptr_array_index(execution->steps, i);

        if (earlier->subject == step->subject)
            return FALSE;
    }
    return TRUE;
}

/* Whether the step may begin. */
static gboolean
check_interrupt(const Execution *execution, guint position, GError **error)
{
    if (execution->mode == VAS_EXECUTE_EACH && !is_first_of_subject(execution, position))
        return TRUE;
    return vas_interrupt_check(execution->context->interrupt, error);
}

/* EACH mode undoes nothing; a wait that was given up leaves its subject asked for. */
static VasOutcome
outcome_of_failure(const Execution *execution, guint position, const GError *failure)
{
    if (g_error_matches(failure, VAS_ERROR, VAS_ERROR_TIMED_OUT))
        return VAS_OUTCOME_PENDING;
    if (!is_interruption(failure))
        return VAS_OUTCOME_FAILED;
    return is_first_of_subject(execution, position) ? VAS_OUTCOME_UNDONE : VAS_OUTCOME_PENDING;
}

/* libvirt may still do the step, so that nobody can take it back: what was done stays, on record.
 */
static void
leave_pending(const Execution *execution, guint left, const GError *cause)
{
    for (guint i = 0; i < execution->results->len; i++) {
        VasResult *result = g_ptr_array_index(execution->results, i);

        if (result->outcome == VAS_OUTCOME_ALREADY || !shares_fate(execution, i, left))
            continue;
        result->outcome = VAS_OUTCOME_PENDING;
        result->error = g_error_copy(cause);
    }
}

/* A subject that was planned and met no error is done. */
static void
mark_done(const Execution *execution)
{
    for (guint i = 0; i < execution->results->len; i++) {
        VasResult *result = g_ptr_array_index(execution->results, i);

        if (result->outcome == VAS_OUTCOME_PLANNED)
            result->outcome = VAS_OUTCOME_DONE;
    }
}

gboolean
vas_execute(const VasContext *context, const GPtrArray *steps, const VasStepAction *actions,
            VasExecuteMode mode, gpointer run, GPtrArray *results, GError **error)
{
    const Execution execution = {context, steps, actions, mode, run, results};

    for (guint i = 0; i < steps->len; i++) {
        const VasStep *step = g_ptr_array_index(steps, i);
        VasResult *result = g_ptr_array_index(results, step->subject);
        g_autoptr(GError) failure = NULL;
        g_autoptr(GError) outcome = NULL;
        guint begun;

        if (result->error != NULL)
            continue;
        begun = i;
        if (check_interrupt(&execution, i, &failure)) {
            vas_context_progress(context, VAS_PROGRESS_STEP, 0, 0, "%s", step->text);
            if (action_of(&execution, step)->act(run, step, &failure))
                continue;
            begun = is_refusal(failure) ? i : i + 1;
        }
        if (mode == VAS_EXECUTE_EACH) {
            result->outcome = outcome_of_failure(&execution, i, failure);
            result->error = g_steal_pointer(&failure);
            continue;
        }
        if (g_error_matches(failure, VAS_ERROR, VAS_ERROR_TIMED_OUT)) {
            leave_pending(&execution, step->subject, failure);
            if (mode == VAS_EXECUTE_ALL_OR_NONE)
                break;
            continue;
        }
        outcome = take_back(&execution, step->subject, begun, failure);
        if (mode == VAS_EXECUTE_ALL_OR_NONE) {
            g_propagate_error(error, g_steal_pointer(&outcome));
            return FALSE;
        }
        g_clear_error(&result->error);
        result->error = g_steal_pointer(&outcome);
    }
    mark_done(&execution);
    return vas_results_check(results, error);
}
