/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/report/recovery.h"

#include "core/value/error.h"

#include "building.h"
#include "testing.h"

static void
test_outcome_names(void)
{
    g_assert_cmpstr(vas_recovery_outcome_name(VAS_RECOVERY_FINISHED), ==, "finished");
    g_assert_cmpstr(vas_recovery_outcome_name(VAS_RECOVERY_UNDONE), ==, "undone");
    g_assert_cmpstr(vas_recovery_outcome_name(VAS_RECOVERY_PENDING), ==, "pending");
    g_assert_cmpstr(vas_recovery_outcome_name(VAS_RECOVERY_FAILED), ==, "failed");
}

static void
add(GPtrArray *recoveries, VasRecoveryOutcome outcome, VasError code, const char *message)
{
    VasRecovery *recovery = vas_recovery_new("attach", "db1", 0);

    recovery->outcome = outcome;
    if (message != NULL)
        recovery->error = g_error_new_literal(VAS_ERROR, (int) code, message);
    g_ptr_array_add(recoveries, recovery);
}

static void
test_error_of_all(void)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify) vas_recovery_free);
    g_autoptr(GError) error = NULL;

    g_assert_null(vas_recoveries_error(all));
    add(all, VAS_RECOVERY_PENDING, VAS_ERROR_TIMED_OUT, "not yet");
    error = vas_recoveries_error(all);
    g_assert_error(error, VAS_ERROR, VAS_ERROR_TIMED_OUT);
    g_assert_cmpstr(error->message, ==, "attach for guest db1 did not end: pending: not yet");
    g_clear_error(&error);
    add(all, VAS_RECOVERY_FAILED, VAS_ERROR_DENIED, "no");
    error = vas_recoveries_error(all);
    g_assert_error(error, VAS_ERROR, VAS_ERROR_DENIED);
    g_assert_cmpstr(
        error->message, ==,
        "2 of 2 unfinished commands: attach for guest db1 did not end: could not be put "
        "right: no");
    g_clear_error(&error);
    add(all, VAS_RECOVERY_UNDONE, VAS_ERROR_FAILED, NULL);
    error = vas_recoveries_error(all);
    g_assert_error(error, VAS_ERROR, VAS_ERROR_PARTIAL);
    g_assert_cmpstr(
        error->message, ==,
        "2 of 3 unfinished commands: attach for guest db1 did not end: could not be put "
        "right: no");
}

/* The exit status is 128 and the signal, whatever else there is. */
static void
test_interrupted(void)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify) vas_recovery_free);
    g_autoptr(GError) error = NULL;

    add(all, VAS_RECOVERY_FINISHED, VAS_ERROR_FAILED, NULL);
    add(all, VAS_RECOVERY_FAILED, VAS_ERROR_DENIED, "no");
    add(all, VAS_RECOVERY_FAILED, VAS_ERROR_INTERRUPTED, "by SIGINT");
    add(all, VAS_RECOVERY_FAILED, VAS_ERROR_INTERRUPTED, "again");
    add(all, VAS_RECOVERY_PENDING, VAS_ERROR_TIMED_OUT, "not yet");
    error = vas_recoveries_error(all);
    g_assert_error(error, VAS_ERROR, VAS_ERROR_INTERRUPTED);
    g_assert_cmpstr(error->message, ==,
                    "4 of 5 unfinished commands: attach for guest db1 did not end: not put right "
                    "yet: by SIGINT");
}

/* A command that is still pending is not a partial success, though others ended well. */
static void
test_one_is_pending(void)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify) vas_recovery_free);
    g_autoptr(GError) error = NULL;

    add(all, VAS_RECOVERY_UNDONE, VAS_ERROR_FAILED, NULL);
    add(all, VAS_RECOVERY_PENDING, VAS_ERROR_TIMED_OUT, "not yet");
    error = vas_recoveries_error(all);
    g_assert_error(error, VAS_ERROR, VAS_ERROR_TIMED_OUT);
    g_assert_cmpstr(
        error->message, ==,
        "1 of 2 unfinished commands: attach for guest db1 did not end: pending: not yet");
}

static void
test_good_ends_are_no_error(void)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify) vas_recovery_free);

    add(all, VAS_RECOVERY_UNDONE, VAS_ERROR_FAILED, NULL);
    add(all, VAS_RECOVERY_FINISHED, VAS_ERROR_FAILED, NULL);
    g_assert_null(vas_recoveries_error(all));
    vas_recovery_free(NULL);
}

static void
test_text(void)
{
    g_autoptr(VasRecovery) of_guest = vas_recovery_new("attach", "db1", 1767323045);
    g_autoptr(VasRecovery) of_host = vas_recovery_new("vfs", NULL, 0);
    VasHostAddress devices[] = {building_host_address("0000:01:10.0"),
                                building_host_address("0000:01:10.2")};
    g_autoptr(GDateTime) start = g_date_time_new_from_unix_local(of_guest->started_at);
    g_autofree char *when = g_date_time_format(start, "%F %T");
    g_autofree char *expected = g_strdup_printf(
        "attach of 0000:01:10.0, 0000:01:10.2 for guest db1, begun %s, did not end: undone", when);
    g_autofree char *text = NULL;

    g_array_append_vals(of_guest->devices, devices, 2);
    of_guest->outcome = VAS_RECOVERY_UNDONE;
    text = vas_recovery_text(of_guest);
    g_assert_cmpstr(text, ==, expected);
    g_clear_pointer(&text, g_free);
    g_array_append_vals(of_host->devices, devices, 1);
    of_host->outcome = VAS_RECOVERY_FAILED;
    of_host->error = g_error_new_literal(VAS_ERROR, VAS_ERROR_FAILED, "no room");
    text = vas_recovery_text(of_host);
    g_assert_cmpstr(text, ==, "vfs of 0000:01:10.0 did not end: could not be put right: no room");
}

static void
test_text_of_what_is_not_known(void)
{
    g_autoptr(VasRecovery) recovery = vas_recovery_new(NULL, "db1", 0);
    g_autofree char *unreadable = NULL;
    g_autofree char *locked = NULL;

    recovery->outcome = VAS_RECOVERY_FAILED;
    recovery->error = g_error_new_literal(VAS_ERROR, VAS_ERROR_FAILED, "no XML");
    unreadable = vas_recovery_text(recovery);
    g_assert_cmpstr(unreadable, ==,
                    "a command for guest db1 did not end: could not be put right: no XML");
    recovery->error->code = VAS_ERROR_LOCKED;
    locked = vas_recovery_text(recovery);
    g_assert_cmpstr(locked, ==, "a command for guest db1 did not end, or still runs: no XML");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/recovery/outcome-names", test_outcome_names);
    g_test_add_func("/recovery/error-of-all", test_error_of_all);
    g_test_add_func("/recovery/interrupted", test_interrupted);
    g_test_add_func("/recovery/one-is-pending", test_one_is_pending);
    g_test_add_func("/recovery/good-ends", test_good_ends_are_no_error);
    g_test_add_func("/recovery/text", test_text);
    g_test_add_func("/recovery/text/not-known", test_text_of_what_is_not_known);
    return g_test_run();
}
