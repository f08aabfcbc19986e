/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/report/result.h"

#include "core/value/error.h"

VasResult *
vas_result_new(const char *guest, const VasAssignment *assignment)
{
    VasResult *result = g_new0(VasResult, 1);

    result->guest = g_strdup(guest);
    result->outcome = VAS_OUTCOME_PLANNED;
    result->has_device = assignment->has_device;
    result->device = assignment->device;
    result->alias = g_strdup(assignment->alias);
    result->has_guest_address = assignment->has_guest_address;
    result->guest_address = assignment->guest_address;
    result->has_mac = assignment->has_mac;
    result->mac = assignment->mac;
    return result;
}

void
vas_result_free(VasResult *result)
{
    if (result == NULL)
        return;
    g_free(result->name);
    g_free(result->guest);
    g_free(result->alias);
    g_free(result->driver);
    g_free(result->driver_before);
    g_free(result->predicted_name);
    g_free(result->predicted_older);
    g_free(result->predicted_why);
    vas_wish_free(result->wish);
    g_clear_error(&result->error);
    g_clear_pointer(&result->overridden, g_ptr_array_unref);
    g_free(result);
}

const char *
vas_outcome_name(VasOutcome outcome)
{
    switch (outcome) {
    case VAS_OUTCOME_DONE:
        return "done";
    case VAS_OUTCOME_ALREADY:
        return "already";
    case VAS_OUTCOME_PENDING:
        return "pending";
    case VAS_OUTCOME_FAILED:
        return "failed";
    case VAS_OUTCOME_UNDONE:
        return "undone";
    case VAS_OUTCOME_PLANNED:
        return "planned";
    }
    return "failed";
}

void
vas_results_fail(const GPtrArray *results, const GError *cause)
{
    for (guint i = 0; i < results->len; i++) {
        VasResult *result = g_ptr_array_index(results, i);

        if (result->outcome != VAS_OUTCOME_PLANNED)
            continue;
        result->outcome = VAS_OUTCOME_FAILED;
        result->error = g_error_copy(cause);
    }
}

typedef struct {
    guint done;
    guint pending;
    guint failed;
    guint undone;
    const GError *undo_failure; /* the first of each kind; NULL: none */
    const GError *failure;
    const GError *undone_cause;
    const GError *waiting;
    const GError *interruption; /* a pending one's, or the first */
} Tally;

static void
note_first(const GError **first, const GError *error)
{
    if (*first == NULL)
        *first = error;
}

static void
tally_result(Tally *tally, const VasResult *result)
{
    if (g_error_matches(result->error, VAS_ERROR, VAS_ERROR_UNDO_FAILED))
        note_first(&tally->undo_failure, result->error);
    if (g_error_matches(result->error, VAS_ERROR, VAS_ERROR_INTERRUPTED) &&
        (tally->interruption == NULL || result->outcome == VAS_OUTCOME_PENDING))
        tally->interruption = result->error;
    switch (result->outcome) {
    case VAS_OUTCOME_DONE:
    case VAS_OUTCOME_PLANNED:
        tally->done++;
        break;
    case VAS_OUTCOME_PENDING:
        tally->pending++;
        note_first(&tally->waiting, result->error);
        break;
    case VAS_OUTCOME_FAILED:
        tally->failed++;
        note_first(&tally->failure, result->error);
        break;
    case VAS_OUTCOME_UNDONE:
        tally->undone++;
        note_first(&tally->undone_cause, result->error);
        break;
    case VAS_OUTCOME_ALREADY:
        break;
    }
}

/* @cause stands for @affected of @total devices. Keeps its hint. */
static GError *
error_for_several(const GError *cause, VasError code, guint affected, guint total)
{
    GError *error = vas_error_recode(cause, code);

    if (total > 1)
        g_prefix_error(&error, "%u of %u devices: ", affected, total);
    return error;
}

static VasError
code_of(const GError *error)
{
    return error->domain == VAS_ERROR ? (VasError) error->code : VAS_ERROR_FAILED;
}

GError *
vas_results_error(const GPtrArray *results)
{
    g_autoptr(GError) unexplained =
        g_error_new_literal(VAS_ERROR, VAS_ERROR_FAILED, "no cause is known");
    Tally tally = {0};
    const GError *cause;
    guint not_done;

    for (guint i = 0; i < results->len; i++)
        tally_result(&tally, g_ptr_array_index(results, i));
    not_done = tally.failed + tally.undone;
    if (not_done == 0 && tally.pending == 0)
        return NULL;
    if (tally.interruption != NULL && tally.undo_failure == NULL)
        return error_for_several(tally.interruption, VAS_ERROR_INTERRUPTED,
                                 not_done + tally.pending, results->len);
    if (not_done == 0)
        return error_for_several(tally.waiting != NULL ? tally.waiting : unexplained,
                                 VAS_ERROR_TIMED_OUT, tally.pending, results->len);
    if (tally.undo_failure != NULL)
        return error_for_several(tally.undo_failure, VAS_ERROR_UNDO_FAILED, not_done, results->len);
    /* A failure comes first: the other parts were undone because of it. */
    cause = tally.failure != NULL ? tally.failure : tally.undone_cause;
    if (cause == NULL)
        cause = unexplained;
    if (tally.done > 0 || tally.pending > 0)
        return error_for_several(cause, VAS_ERROR_PARTIAL, not_done, results->len);
    if (tally.failed == 1)
        return g_error_copy(cause);
    return error_for_several(cause, code_of(cause), not_done, results->len);
}

gboolean
vas_results_check(const GPtrArray *results, GError **error)
{
    GError *summary = vas_results_error(results);

    if (summary == NULL)
        return TRUE;
    g_propagate_error(error, summary);
    return FALSE;
}
