/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/report/recovery.h"

#include "core/value/error.h"

VasRecovery *
vas_recovery_new(const char *command, const char *guest, gint64 started_at)
{
    VasRecovery *recovery = g_new0(VasRecovery, 1);

    recovery->command = g_strdup(command);
    recovery->guest = g_strdup(guest);
    recovery->started_at = started_at;
    recovery->devices = g_array_new(FALSE, FALSE, sizeof(VasHostAddress));
    return recovery;
}

void
vas_recovery_free(VasRecovery *recovery)
{
    if (recovery == NULL)
        return;
    g_free(recovery->command);
    g_free(recovery->guest);
    g_array_unref(recovery->devices);
    g_clear_error(&recovery->error);
    g_free(recovery);
}

const char *
vas_recovery_outcome_name(VasRecoveryOutcome outcome)
{
    switch (outcome) {
    case VAS_RECOVERY_FINISHED:
        return "finished";
    case VAS_RECOVERY_UNDONE:
        return "undone";
    case VAS_RECOVERY_PENDING:
        return "pending";
    case VAS_RECOVERY_FAILED:
        return "failed";
    }
    g_assert_not_reached();
}

static gboolean
is_interrupted(const VasRecovery *recovery)
{
    return g_error_matches(recovery->error, VAS_ERROR, VAS_ERROR_INTERRUPTED);
}

/* Whether @recovery counts more than @other: an interruption counts most, then a failure, then a
 * pending one. */
static gboolean
is_worse(const VasRecovery *recovery, const VasRecovery *other)
{
    if (is_interrupted(recovery) || is_interrupted(other))
        return !is_interrupted(other);
    return recovery->outcome > other->outcome;
}

/* The recovery that counts most. */
static const VasRecovery *
find_worst(const GPtrArray *recoveries, guint *ret_wrong)
{
    const VasRecovery *worst = NULL;

    *ret_wrong = 0;
    for (guint i = 0; i < recoveries->len; i++) {
        const VasRecovery *recovery = g_ptr_array_index(recoveries, i);

        if (recovery->outcome < VAS_RECOVERY_PENDING)
            continue;
        (*ret_wrong)++;
        if (worst == NULL || is_worse(recovery, worst))
            worst = recovery;
    }
    return worst;
}

GError *
vas_recoveries_error(const GPtrArray *recoveries)
{
    guint wrong;
    const VasRecovery *worst = find_worst(recoveries, &wrong);
    g_autofree char *text = NULL;
    GError *error = NULL;

    if (worst == NULL)
        return NULL;
    error =
        worst->outcome == VAS_RECOVERY_FAILED && wrong < recoveries->len && !is_interrupted(worst)
            ? vas_error_recode(worst->error, VAS_ERROR_PARTIAL)
            : g_error_copy(worst->error);
    text = vas_recovery_text(worst);
    g_free(error->message);
    error->message = g_steal_pointer(&text);
    if (recoveries->len > 1)
        g_prefix_error(&error, "%u of %u unfinished commands: ", wrong, recoveries->len);
    return error;
}

static char *
devices_text(const GArray *devices)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < devices->len; i++)
        g_string_append_printf(
            text, "%s%s", i > 0 ? ", " : " of ",
            vas_host_address_text(g_array_index(devices, VasHostAddress, i)).text);
    return g_string_free(text, FALSE);
}

/* ", begun 2026-01-02 03:04:05"; "" where nobody knows. Returns full. */
static char *
start_text(gint64 started_at)
{
    g_autoptr(GDateTime) start =
        started_at > 0 ? g_date_time_new_from_unix_local(started_at) : NULL;

    return start != NULL ? g_date_time_format(start, ", begun %F %T,") : g_strdup("");
}

/* Nobody knows whether a command has ended while others' locks keep it from being looked at, or
 * whether there was one at all. */
static const char *
end_text(const VasRecovery *recovery)
{
    static const char *const ends[][2] = {
        {"did not end: finished", "did not end: it would be finished"},
        {"did not end: undone", "did not end: it would be undone"},
        {"did not end: pending", "did not end: it would stay pending"},
        {"did not end: could not be put right", "did not end: could not be put right"},
    };

    if (g_error_matches(recovery->error, VAS_ERROR, VAS_ERROR_LOCKED) ||
        g_error_matches(recovery->error, VAS_ERROR, VAS_ERROR_UNPROVEN))
        return "did not end, or still runs";
    if (is_interrupted(recovery))
        return "did not end: not put right yet";
    return ends[recovery->outcome][recovery->is_planned ? 1 : 0];
}

char *
vas_recovery_text(const VasRecovery *recovery)
{
    g_autofree char *devices = devices_text(recovery->devices);
    g_autofree char *start = start_text(recovery->started_at);
    gboolean of_guest = recovery->guest != NULL;

    return g_strdup_printf("%s%s%s%s%s %s%s%s",
                           recovery->command != NULL ? recovery->command : "a command", devices,
                           of_guest ? " for guest " : "", of_guest ? recovery->guest : "", start,
                           end_text(recovery), recovery->error != NULL ? ": " : "",
                           recovery->error != NULL ? recovery->error->message : "");
}
