/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/report/result.h"

#include "core/value/error.h"

#include "building.h"
#include "testing.h"

static void
test_outcome_names(void)
{
    g_assert_cmpstr(vas_outcome_name(VAS_OUTCOME_DONE), ==, "done");
    g_assert_cmpstr(vas_outcome_name(VAS_OUTCOME_ALREADY), ==, "already");
    g_assert_cmpstr(vas_outcome_name(VAS_OUTCOME_PENDING), ==, "pending");
    g_assert_cmpstr(vas_outcome_name(VAS_OUTCOME_FAILED), ==, "failed");
    g_assert_cmpstr(vas_outcome_name(VAS_OUTCOME_UNDONE), ==, "undone");
    g_assert_cmpstr(vas_outcome_name(VAS_OUTCOME_PLANNED), ==, "planned");
}

static void
test_new_says_what_is_known(void)
{
    g_autoptr(VasAssignment) assignment = vas_assignment_new(VAS_ASSIGNMENT_INTERFACE);
    g_autoptr(VasResult) result = NULL;

    assignment->has_device = TRUE;
    assignment->device = building_host_address("0000:01:10.0");
    assignment->alias = g_strdup("ua-x");
    assignment->has_guest_address = TRUE;
    assignment->guest_address = building_guest_address("0000:02:00.0");
    assignment->has_mac = TRUE;
    assignment->mac = building_mac("52:54:00:00:00:01");
    result = vas_result_new("db1", assignment);
    g_assert_cmpstr(result->guest, ==, "db1");
    g_assert_cmpstr(result->alias, ==, "ua-x");
    g_assert_cmpstr(vas_host_address_text(result->device).text, ==, "0000:01:10.0");
    g_assert_cmpstr(vas_guest_address_text(result->guest_address).text, ==, "0000:02:00.0");
    g_assert_cmpstr(vas_mac_address_text(result->mac).text, ==, "52:54:00:00:00:01");
    g_assert_cmpint(result->outcome, ==, VAS_OUTCOME_PLANNED);
    g_assert_false(result->live || result->config);
    vas_result_free(NULL);
}

/* Each letter a result: d(one), a(lready), p(ending), f(ailed: IN_USE "held"), u(ndone: FAILED
 * "taken back"), x (failed: UNDO_FAILED "stuck"), i (nterrupted before it began), w (aiting when
 * interrupted: pending), ? (failed, nobody knows why). */
static GPtrArray *
results_of(const char *letters)
{
    GPtrArray *results = g_ptr_array_new_with_free_func((GDestroyNotify) vas_result_free);

    for (const char *letter = letters; *letter != '\0'; letter++) {
        VasResult *result = g_new0(VasResult, 1);

        g_ptr_array_add(results, result);
        switch (*letter) {
        case 'd':
            result->outcome = VAS_OUTCOME_DONE;
            break;
        case 'n':
            break;
        case 'a':
            result->outcome = VAS_OUTCOME_ALREADY;
            break;
        case 'p':
            result->outcome = VAS_OUTCOME_PENDING;
            result->error = g_error_new_literal(VAS_ERROR, VAS_ERROR_TIMED_OUT, "not released");
            vas_error_set_hint(&result->error, "later");
            break;
        case 'f':
            result->outcome = VAS_OUTCOME_FAILED;
            result->error = g_error_new_literal(VAS_ERROR, VAS_ERROR_IN_USE, "held");
            vas_error_set_hint(&result->error, "free it");
            break;
        case 'u':
            result->outcome = VAS_OUTCOME_UNDONE;
            result->error = g_error_new_literal(VAS_ERROR, VAS_ERROR_FAILED, "taken back");
            break;
        case 'x':
            result->outcome = VAS_OUTCOME_FAILED;
            result->error = g_error_new_literal(VAS_ERROR, VAS_ERROR_UNDO_FAILED, "stuck");
            break;
        case 'i':
        case 'w':
            result->outcome = *letter == 'w' ? VAS_OUTCOME_PENDING : VAS_OUTCOME_UNDONE;
            result->error = g_error_new_literal(VAS_ERROR, VAS_ERROR_INTERRUPTED,
                                                *letter == 'w' ? "asked" : "not begun");
            break;
        case '?':
            result->outcome = VAS_OUTCOME_FAILED;
            break;
        default:
            g_assert_not_reached();
        }
    }
    return results;
}

static void
test_error_for_all(void)
{
    static const struct {
        const char *letters;
        int code; /* -1: no error */
        const char *message;
    } cases[] = {
        {"", -1, NULL},
        {"d", -1, NULL},
        {"da", -1, NULL},
        {"p", VAS_ERROR_TIMED_OUT, "not released"},
        {"dp", VAS_ERROR_TIMED_OUT, "1 of 2 devices: not released"},
        {"ppa", VAS_ERROR_TIMED_OUT, "2 of 3 devices: not released"},
        {"f", VAS_ERROR_IN_USE, "held"},
        {"fa", VAS_ERROR_IN_USE, "held"},
        {"uf", VAS_ERROR_IN_USE, "held"},
        {"u", VAS_ERROR_FAILED, "taken back"},
        {"ff", VAS_ERROR_IN_USE, "2 of 2 devices: held"},
        {"df", VAS_ERROR_PARTIAL, "1 of 2 devices: held"},
        {"n", -1, NULL},
        {"nf", VAS_ERROR_PARTIAL, "1 of 2 devices: held"},
        {"fdf", VAS_ERROR_PARTIAL, "2 of 3 devices: held"},
        {"pf", VAS_ERROR_PARTIAL, "1 of 2 devices: held"},
        {"x", VAS_ERROR_UNDO_FAILED, "stuck"},
        {"fx", VAS_ERROR_UNDO_FAILED, "2 of 2 devices: stuck"},
        {"dfx", VAS_ERROR_UNDO_FAILED, "2 of 3 devices: stuck"},
        {"i", VAS_ERROR_INTERRUPTED, "not begun"},
        {"iw", VAS_ERROR_INTERRUPTED, "2 of 2 devices: asked"},
        {"diwa", VAS_ERROR_INTERRUPTED, "2 of 4 devices: asked"},
        {"fw", VAS_ERROR_INTERRUPTED, "2 of 2 devices: asked"},
        {"xw", VAS_ERROR_UNDO_FAILED, "1 of 2 devices: stuck"},
        {"?", VAS_ERROR_FAILED, "no cause is known"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GPtrArray) results = results_of(cases[i].letters);
        g_autoptr(GError) error = vas_results_error(results);

        if (cases[i].code < 0) {
            g_assert_no_error(error);
            continue;
        }
        g_assert_error(error, VAS_ERROR, cases[i].code);
        g_assert_cmpstr(error->message, ==, cases[i].message);
    }
}

static void
test_error_keeps_the_hint(void)
{
    g_autoptr(GPtrArray) one = results_of("f");
    g_autoptr(GPtrArray) several = results_of("df");
    g_autoptr(GError) error_of_one = vas_results_error(one);
    g_autoptr(GError) error_of_several = vas_results_error(several);

    g_assert_cmpstr(vas_error_hint(error_of_one), ==, "free it");
    g_assert_cmpstr(vas_error_hint(error_of_several), ==, "free it");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/result/outcome-names", test_outcome_names);
    g_test_add_func("/result/new-says-what-is-known", test_new_says_what_is_known);
    g_test_add_func("/result/error-for-all", test_error_for_all);
    g_test_add_func("/result/error-keeps-the-hint", test_error_keeps_the_hint);
    return g_test_run();
}
