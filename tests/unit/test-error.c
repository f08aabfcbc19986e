/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/error.h"

#include "testing.h"

static const struct {
    VasError code;
    const char *name;
    int exit_status;
} codes[] = {
    {VAS_ERROR_FAILED, "failed", 1},
    {VAS_ERROR_USAGE, "usage", 2},
    {VAS_ERROR_INVALID, "invalid", 2},
    {VAS_ERROR_NOT_FOUND, "not-found", 3},
    {VAS_ERROR_AMBIGUOUS, "ambiguous", 3},
    {VAS_ERROR_IN_USE, "in-use", 4},
    {VAS_ERROR_TAKEN, "taken", 4},
    {VAS_ERROR_NO_SLOT, "no-slot", 4},
    {VAS_ERROR_UNUSABLE, "unusable", 4},
    {VAS_ERROR_UNSUITABLE, "unsuitable", 4},
    {VAS_ERROR_NOT_READY, "not-ready", 4},
    {VAS_ERROR_WRONG_STATE, "wrong-state", 4},
    {VAS_ERROR_CONFLICT, "conflict", 4},
    {VAS_ERROR_MISMATCH, "mismatch", 4},
    {VAS_ERROR_CRITICAL, "critical", 4},
    {VAS_ERROR_LOCKED, "locked", 4},
    {VAS_ERROR_UNPROVEN, "unproven", 4},
    {VAS_ERROR_UNSUPPORTED, "unsupported", 1},
    {VAS_ERROR_DENIED, "denied", 1},
    {VAS_ERROR_UNREACHABLE, "unreachable", 1},
    {VAS_ERROR_TIMED_OUT, "timed-out", 5},
    {VAS_ERROR_PARTIAL, "partial", 6},
    {VAS_ERROR_UNDO_FAILED, "undo-failed", 7},
    {VAS_ERROR_INTERRUPTED, "interrupted", 128},
};

static void
test_names_and_exit_statuses(void)
{
    g_assert_cmpuint(G_N_ELEMENTS(codes), ==, VAS_ERROR_INTERRUPTED + 1);
    for (gsize i = 0; i < G_N_ELEMENTS(codes); i++) {
        g_autoptr(GError) error = g_error_new_literal(VAS_ERROR, codes[i].code, "x");

        g_assert_cmpstr(vas_error_name(codes[i].code), ==, codes[i].name);
        g_assert_cmpint(vas_error_exit_status(error), ==, codes[i].exit_status);
    }
}

static void
test_exit_status_of_other_domains(void)
{
    g_autoptr(GError) option = g_error_new_literal(G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "x");
    g_autoptr(GError) file = g_error_new_literal(G_FILE_ERROR, G_FILE_ERROR_NOENT, "x");

    g_assert_cmpint(vas_error_exit_status(NULL), ==, 0);
    g_assert_cmpint(vas_error_exit_status(option), ==, 2);
    g_assert_cmpint(vas_error_exit_status(file), ==, 1);
}

static GError *
new_detailed(void)
{
    GError *error = g_error_new_literal(VAS_ERROR, VAS_ERROR_IN_USE, "the cause");

    vas_error_set_libvirt(error, 10, 55);
    vas_error_set_hint(&error, "try %d", 1);
    return error;
}

static void
assert_detailed(const GError *error)
{
    g_assert_cmpstr(vas_error_hint(error), ==, "try 1");
    g_assert_cmpint(vas_error_libvirt_domain(error), ==, 10);
    g_assert_cmpint(vas_error_libvirt_code(error), ==, 55);
}

static void
test_detail_survives(void)
{
    g_autoptr(GError) propagated = NULL;
    g_autoptr(GError) copy = NULL;
    g_autoptr(GError) recoded = NULL;

    g_propagate_prefixed_error(&propagated, new_detailed(), "attach: ");
    g_prefix_error(&propagated, "db1: ");
    g_assert_cmpstr(propagated->message, ==, "db1: attach: the cause");
    assert_detailed(propagated);

    copy = g_error_copy(propagated);
    g_clear_error(&propagated);
    assert_detailed(copy);

    recoded = vas_error_recode(copy, VAS_ERROR_CONFLICT);
    g_clear_error(&copy);
    assert_detailed(recoded);
    g_assert_error(recoded, VAS_ERROR, VAS_ERROR_CONFLICT);
    g_assert_cmpstr(recoded->message, ==, "db1: attach: the cause");
}

static void
test_hint_is_replaced(void)
{
    g_autoptr(GError) error = new_detailed();

    vas_error_set_hint(&error, "%s, then %s", vas_error_hint(error), "this");
    g_assert_cmpstr(vas_error_hint(error), ==, "try 1, then this");
}

static void
test_other_domains_have_no_detail(void)
{
    GError *none = NULL;
    g_autoptr(GError) file = g_error_new_literal(G_FILE_ERROR, G_FILE_ERROR_NOENT, "gone");
    g_autoptr(GError) recoded = vas_error_recode(file, VAS_ERROR_NOT_FOUND);

    vas_error_set_hint(NULL, "x");
    vas_error_set_hint(&none, "x");
    vas_error_set_hint(&file, "x");
    vas_error_set_libvirt(file, 1, 2);
    g_assert_null(none);
    g_assert_null(vas_error_hint(NULL));
    g_assert_null(vas_error_hint(file));
    g_assert_cmpint(vas_error_libvirt_code(file), ==, 0);
    g_assert_cmpint(vas_error_libvirt_domain(NULL), ==, 0);
    testing_assert_error(&recoded, VAS_ERROR_NOT_FOUND, "gone");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/error/names-and-exit-statuses", test_names_and_exit_statuses);
    g_test_add_func("/error/exit-status-of-other-domains", test_exit_status_of_other_domains);
    g_test_add_func("/error/detail-survives", test_detail_survives);
    g_test_add_func("/error/hint-is-replaced", test_hint_is_replaced);
    g_test_add_func("/error/other-domains-have-no-detail", test_other_domains_have_no_detail);
    return g_test_run();
}
