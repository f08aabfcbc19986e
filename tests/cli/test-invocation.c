/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/frame/assignment-options.h"
#include "cli/frame/invocation.h"
#include "core/value/error.h"
#include "testing.h"

/* @line is split at blanks. Returns full; NULL with @error. */
static VasInvocation *
parse(const char *line, GError **error)
{
    g_autoptr(VasInvocation) invocation = vas_invocation_new((VasTerminal){0});
    g_auto(GStrv) words = g_strsplit(line, " ", -1);

    if (!vas_invocation_parse(invocation, (const char *const *) words, error))
        return NULL;
    return g_steal_pointer(&invocation);
}

static void
test_global_options(void)
{
    static const char *const lines[] = {
        "-c test:///default --json -q list",
        "list -c test:///default --json -q",
        "--connect=test:///default list --quiet --json",
        "-c other --json -q list -c test:///default",
        "-qc test:///default --json list --",
    };

    for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(VasInvocation) invocation = parse(lines[i], &error);

        g_test_message("%s", lines[i]);
        g_assert_no_error(error);
        g_assert_true(invocation->verb == &vas_verb_list);
        g_assert_cmpstr(invocation->options->uri, ==, "test:///default");
        g_assert_true(invocation->options->json);
        g_assert_true(invocation->options->quiet);
        g_assert_cmpuint(invocation->arguments->len, ==, 1);
    }
}

static void
test_arguments(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(VasInvocation) invocation =
        parse("attach db1 --vlan 100 01:10.0 --live --timeout=0 -- --odd", &error);
    const GPtrArray *arguments = NULL;

    g_assert_no_error(error);
    arguments = invocation->arguments;
    g_assert_cmpuint(arguments->len, ==, 4);
    g_assert_cmpstr(g_ptr_array_index(arguments, 0), ==, "db1");
    g_assert_cmpstr(g_ptr_array_index(arguments, 1), ==, "01:10.0");
    g_assert_cmpstr(g_ptr_array_index(arguments, 2), ==, "--odd");
    g_assert_null(g_ptr_array_index(arguments, 3));
    g_assert_cmpint(invocation->options->vlan, ==, 100);
    g_assert_cmpint(invocation->options->timeout, ==, 0);
    g_assert_true(invocation->options->live);
    g_assert_false(invocation->options->config);
}

static void
test_defaults(void)
{
    g_autoptr(VasInvocation) invocation = parse("attach db1 01:10.0", NULL);

    g_assert_cmpint(invocation->options->timeout, ==, 60);
    g_assert_cmpint(invocation->options->vlan, ==, -1);
    g_assert_null(invocation->options->uri);
}

static void
test_help_needs_no_arguments(void)
{
    static const char *const lines[] = {"attach --help", "--help attach", "attach db1 -h",
                                        "--version"};

    for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(VasInvocation) invocation = parse(lines[i], &error);

        g_assert_no_error(error);
        g_assert_true(invocation->options->help || invocation->options->version);
    }
}

static void
test_completion_words_stay(void)
{
    g_autoptr(VasInvocation) invocation = parse("__complete attach --as", NULL);

    g_assert_true(invocation->verb == &vas_verb_complete);
    g_assert_cmpstr(g_ptr_array_index(invocation->arguments, 1), ==, "--as");
}

static void
test_errors(void)
{
    static const struct {
        const char *line;
        VasError code;
        const char *part;
        const char *hint; /* NULL: none */
    } cases[] = {
        {"--json", VAS_ERROR_USAGE, "VERB is missing", "see virt-assign --help"},
        {"--bogus list", VAS_ERROR_USAGE, "unknown option --bogus", "see virt-assign --help"},
        {"list --bogus", VAS_ERROR_USAGE, "unknown option --bogus", "see virt-assign list --help"},
        {"list --mac x", VAS_ERROR_USAGE, "unknown option --mac", "see virt-assign list --help"},
        {"list -7x", VAS_ERROR_USAGE, "list: \"-7x\" is one argument too many",
         "see virt-assign list --help"},
        {"-1 list", VAS_ERROR_USAGE, "unknown option -1", "see virt-assign --help"},
        {"list foo", VAS_ERROR_USAGE, "list: \"foo\" is one argument too many",
         "see virt-assign list --help"},
        {"attach", VAS_ERROR_USAGE, "attach: GUEST is missing", "see virt-assign attach --help"},
        {"attach db1", VAS_ERROR_USAGE, "attach: DEVICE is missing",
         "see virt-assign attach --help"},
        {"list -q -v", VAS_ERROR_USAGE, "--quiet and --verbose exclude each other", NULL},
        {"attach db1 d --mac", VAS_ERROR_USAGE, "missing argument for --mac",
         "see virt-assign attach --help"},
        {"attach db1 d --vlan 4095", VAS_ERROR_INVALID,
         "--vlan: \"4095\" is not a number from 0 to 4094", NULL},
        {"attach db1 d --timeout -1", VAS_ERROR_INVALID, "--timeout: \"-1\" is not a number", NULL},
        {"attach db1 d --timeout 5s", VAS_ERROR_INVALID, "--timeout: \"5s\" is not a number", NULL},
        {"attach db1 d --acpi-index 0", VAS_ERROR_INVALID,
         "--acpi-index: \"0\" is not a number from 1 to 16383", NULL},
        {"attach db1 d --boot-order 99999999999", VAS_ERROR_INVALID, "--boot-order", NULL},
        {"list \377", VAS_ERROR_USAGE, "argument 2 is not UTF-8", NULL},
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;

        g_test_message("%s", cases[i].line);
        g_assert_null(parse(cases[i].line, &error));
        g_assert_cmpstr(vas_error_hint(error), ==, cases[i].hint);
        testing_assert_error(&error, cases[i].code, cases[i].part);
    }
}

static void
test_wish(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(VasInvocation) invocation =
        parse("xml 01:10.0 --as interface --guest-address 02:00.0 --mac 52:54:00:12:34:56 --vlan 0 "
              "--name ua-nic --acpi-index 7 --boot-order 2 --template tuned",
              NULL);
    g_autoptr(VasAssignmentWish) wish = vas_assignment_options_wish(invocation->options, &error);

    g_assert_no_error(error);
    g_assert_true(wish->has_type);
    g_assert_cmpint(wish->type, ==, VAS_ASSIGNMENT_INTERFACE);
    g_assert_true(wish->has_guest_address);
    g_assert_cmpstr(vas_guest_address_text(wish->guest_address).text, ==, "0000:02:00.0");
    g_assert_true(wish->has_mac);
    g_assert_cmpint(wish->vlan, ==, 0);
    g_assert_cmpstr(wish->alias, ==, "ua-nic");
    g_assert_cmpint(wish->acpi_index, ==, 7);
    g_assert_cmpint(wish->boot_order, ==, 2);
    g_assert_cmpstr(wish->template, ==, "tuned");
}

static void
test_empty_wish(void)
{
    g_autoptr(VasInvocation) invocation = parse("xml 01:10.0 --guest-address auto", NULL);
    g_autoptr(VasAssignmentWish) wish = vas_assignment_options_wish(invocation->options, NULL);

    g_assert_false(wish->has_type || wish->has_guest_address || wish->has_mac);
    g_assert_cmpint(wish->vlan, ==, -1);
    g_assert_null(wish->alias);
}

static void
test_wish_errors(void)
{
    static const struct {
        const char *line;
        const char *part;
    } cases[] = {
        {"xml d --mac zz", "--mac: \"zz\" is not a MAC address"},
        {"xml d --guest-address 2:0", "--guest-address: \"2:0\" is not a PCI address"},
        {"xml d --as nic", "--as: \"nic\" is not"},
        {"xml d --name nic.0", "--name: \"ua-nic.0\" cannot be an alias"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(VasInvocation) invocation = parse(cases[i].line, NULL);

        g_assert_null(vas_assignment_options_wish(invocation->options, &error));
        testing_assert_error(&error, VAS_ERROR_INVALID, cases[i].part);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/invocation/global-options", test_global_options);
    g_test_add_func("/invocation/arguments", test_arguments);
    g_test_add_func("/invocation/defaults", test_defaults);
    g_test_add_func("/invocation/help-needs-no-arguments", test_help_needs_no_arguments);
    g_test_add_func("/invocation/completion-words-stay", test_completion_words_stay);
    g_test_add_func("/invocation/errors", test_errors);
    g_test_add_func("/invocation/wish", test_wish);
    g_test_add_func("/invocation/empty-wish", test_empty_wish);
    g_test_add_func("/invocation/wish-errors", test_wish_errors);
    return g_test_run();
}
