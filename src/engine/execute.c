/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/execute.h"

#include "core/error.h"

static gboolean
act(const VasExecution *execution, const VasStep *step, GError **error)
{
    for (guint i = 0; i < execution->n_actions; i++) {
        if (execution->actions[i].kind == step->kind)
            return execution->actions[i].act(execution->run, step, error);
    }
    g_assert_not_reached();
}

static gboolean
undo(const VasExecution *execution, const VasStep *step, GError **error)
{
    for (guint i = 0; i < execution->n_actions; i++) {
        const VasStepAction *action = &execution->actions[i];

        if (action->kind != step->kind || action->undo == NULL)
            continue;
        vas_context_progress(execution->context, VAS_PROGRESS_STEP, 0, 0, "undo: %s", step->text);
        return action->undo(execution->run, step, error);
    }
    return TRUE;
}

static gboolean
is_interruption(const GError *cause)
{
    return g_error_matches(cause, VAS_ERROR, VAS_ERROR_INTERRUPTED);
}

/* All subjects share the fate of the one that failed; an interruption is nobody's failure. */
static void
mark_undone(const VasExecution *execution, guint subject, const GError *cause)
{
    guint culprit = is_interruption(cause) ? execution->results->len : subject;

    for (guint i = 0; i < execution->results->len; i++) {
        VasResult *result = g_ptr_array_index(execution->results, i);

        if (result->outcome == VAS_OUTCOME_ALREADY)
            continue;
        result->outcome = i == culprit ? VAS_OUTCOME_FAILED : VAS_OUTCOME_UNDONE;
        result->error = g_error_copy(cause);
    }
}

/* Somebody else had the device or the address first: the step itself did nothing, and what it would
 * find to undo is theirs. */
static gboolean
is_refusal(const GError *cause)
{
    return g_error_matches(cause, VAS_ERROR, VAS_ERROR_IN_USE) ||
           g_error_matches(cause, VAS_ERROR, VAS_ERROR_TAKEN);
}

/* Takes back the first @count steps, the last one first, all of them, whatever fails on the way.
 * Returns full: the first failure, its message the list of all; NULL: everything is as before. */
static GError *
unwind(const VasExecution *execution, guint count)
{
    g_autoptr(GString) left = g_string_new(NULL);
    GError *first = NULL;

    for (guint i = count; i > 0; i--) {
        const VasStep *step = g_ptr_array_index(execution->steps, i - 1);
        VasResult *result = g_ptr_array_index(execution->results, step->subject);
        g_autoptr(GError) failure = NULL;

        if (undo(execution, step, &failure))
            continue;
        g_string_append_printf(left, "%sto undo \"%s\": %s", left->len > 0 ? "; " : "", step->text,
                               failure->message);
        result->outcome = VAS_OUTCOME_FAILED;
        if (first == NULL)
            first = g_steal_pointer(&failure);
    }
    if (first != NULL) {
        g_free(first->message);
        first->message = g_strdup(left->str);
    }
    return first;
}

/* @begun: steps that may have done something. */
static gboolean
fail_all(const VasExecution *execution, guint failed, guint begun, GError *cause, GError **error)
{
    const VasStep *step = g_ptr_array_index(execution->steps, failed);
    g_autoptr(GError) left = NULL;

    mark_undone(execution, step->subject, cause);
    vas_interrupt_shield(execution->context->interrupt);
    if (is_interruption(cause) && begun > 0)
        vas_context_progress(execution->context, VAS_PROGRESS_NOTE, 0, 0,
                             "%s: what was done is being undone", cause->message);
    left = unwind(execution, begun);
    if (left == NULL && is_interruption(cause)) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_INTERRUPTED, "%s: %s", cause->message,
                    begun > 0 ? "what was done is undone" : "nothing was changed");
        g_error_free(cause);
        return FALSE;
    }
    if (left == NULL) {
        g_propagate_error(error, cause);
        return FALSE;
    }
    g_set_error(error, VAS_ERROR, VAS_ERROR_UNDO_FAILED, "%s; and it could not be taken back, %s",
                cause->message, left->message);
    if (vas_error_hint(left) != NULL)
        vas_error_set_hint(error, "%s", vas_error_hint(left));
    g_error_free(cause);
    return FALSE;
}

static gboolean
is_first_of_subject(const VasExecution *execution, guint position)
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
check_interrupt(const VasExecution *execution, guint position, GError **error)
{
    if (execution->mode == VAS_EXECUTE_EACH && !is_first_of_subject(execution, position))
        return TRUE;
    return vas_interrupt_check(execution->context->interrupt, error);
}

/* In EACH mode; a wait that was given up leaves its subject asked for. */
static VasOutcome
outcome_of_failure(const VasExecution *execution, guint position, const GError *failure)
{
    if (g_error_matches(failure, VAS_ERROR, VAS_ERROR_TIMED_OUT))
        return VAS_OUTCOME_PENDING;
    if (!is_interruption(failure))
        return VAS_OUTCOME_FAILED;
    return is_first_of_subject(execution, position) ? VAS_OUTCOME_UNDONE : VAS_OUTCOME_PENDING;
}

/* What was planned and met no error is done. */
static void
mark_done(const VasExecution *execution)
{
    for (guint i = 0; i < execution->results->len; i++) {
        VasResult *result = g_ptr_array_index(execution->results, i);

        if (result->outcome == VAS_OUTCOME_PLANNED)
            result->outcome = VAS_OUTCOME_DONE;
    }
}

gboolean
vas_execute(const VasExecution *execution, GError **error)
{
    GError *summary = NULL;

    for (guint i = 0; i < execution->steps->len; i++) {
        const VasStep *step = g_ptr_array_index(execution->steps, i);
        VasResult *result = g_ptr_array_index(execution->results, step->subject);
        GError *failure = NULL;
        guint begun;

        if (result->error != NULL)
            continue;
        begun = i;
        if (check_interrupt(execution, i, &failure)) {
            vas_context_progress(execution->context, VAS_PROGRESS_STEP, 0, 0, "%s", step->text);
            if (act(execution, step, &failure))
                continue;
            begun = is_refusal(failure) ? i : i + 1;
        }
        if (execution->mode == VAS_EXECUTE_ALL_OR_NONE)
            return fail_all(execution, i, begun, failure, error);
        result->error = failure;
        result->outcome = outcome_of_failure(execution, i, failure);
    }
    mark_done(execution);
    summary = vas_results_error(execution->results);
    if (summary == NULL)
        return TRUE;
    g_propagate_error(error, summary);
    return FALSE;
}
