/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/frame/progress.h"

#include <stdlib.h>
#include <string.h>

#define WAIT "waiting for guest db1 to release 0000:01:10.0"

/* Prints the progress of a step, a note, 21 seconds of waiting, the note again
 * and a last step. Returns full, for
 * free. */
static char *
report_all(VasTerminal terminal, VasProgressLevel level)
{
    char *text = NULL;
    gsize size = 0;
    FILE *stream = open_memstream(&text, &size);
    VasProgress *progress = vas_progress_new(stream, terminal, level);

    vas_progress_report(VAS_PROGRESS_STEP, "ask", 0, 0, progress);
    vas_progress_report(VAS_PROGRESS_NOTE, "asked\033 before", 0, 0, progress);
    for (guint second = 0; second <= 21; second++)
        vas_progress_report(VAS_PROGRESS_WAITING, WAIT, second, 60, progress);
    vas_progress_report(VAS_PROGRESS_NOTE, "asked\033 before", 0, 0, progress);
    vas_progress_report(VAS_PROGRESS_STEP, "prove", 0, 0, progress);
    vas_progress_free(progress);
    g_assert_cmpint(fclose(stream), ==, 0);
    return text;
}

static void
test_log(void)
{
    static const struct {
        VasProgressLevel level;
        const char *expected;
    } cases[] = {
        {VAS_PROGRESS_QUIET, ""},
        {VAS_PROGRESS_NORMAL, "note: asked\\x1b before\n" WAIT ": 0 s of at most 60 s\n" WAIT
                              ": 10 s of at most 60 s\n" WAIT ": 20 s of at most 60 s\n"},
        {VAS_PROGRESS_VERBOSE, "ask\nnote: asked\\x1b before\n" WAIT ": 0 s of at most 60 s\n" WAIT
                               ": 10 s of at most 60 s\n" WAIT ": 20 s of at most 60 s\nprove\n"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *text = report_all((VasTerminal){.utf8 = TRUE}, cases[i].level);

        g_assert_cmpstr(text, ==, cases[i].expected);
        free(text);
    }
}

/* The line is rewritten, and wiped in the end. */
static void
test_terminal(void)
{
    const VasTerminal terminal = {.is_terminal = TRUE, .utf8 = TRUE, .width = 80};
    char *text = report_all(terminal, VAS_PROGRESS_NORMAL);

    g_assert_true(g_str_has_prefix(text, "note: asked\\x1b before\n" WAIT
                                         ": 0 s of at most 60 s\r\033[K" WAIT
                                         ": 1 s of at most 60 s\r\033[K"));
    g_assert_true(g_str_has_suffix(text, ": 21 s of at most 60 s\r\033[K"));
    g_assert_null(strchr(strchr(text, '\n') + 1, '\n'));
    free(text);
}

static void
test_narrow_terminal(void)
{
    const VasTerminal terminal = {.is_terminal = TRUE, .utf8 = TRUE, .width = 12};
    char *text = report_all(terminal, VAS_PROGRESS_NORMAL);

    g_assert_nonnull(strstr(text, "\nwaiting fo…\r\033[K"));
    free(text);
}

static void
test_step_after_waiting(void)
{
    const VasTerminal terminal = {.is_terminal = TRUE, .utf8 = TRUE, .width = 80};
    char *text = report_all(terminal, VAS_PROGRESS_VERBOSE);

    g_assert_true(g_str_has_suffix(text, ": 21 s of at most 60 s\r\033[Kprove\n"));
    free(text);
}

/* Two guests are waited for at once, then the first one once more. */
static void
test_log_of_two(void)
{
    char *text = NULL;
    gsize size = 0;
    FILE *stream = open_memstream(&text, &size);
    VasProgress *progress =
        vas_progress_new(stream, (VasTerminal){.utf8 = TRUE}, VAS_PROGRESS_NORMAL);

    for (guint second = 0; second <= 11; second++) {
        vas_progress_report(VAS_PROGRESS_WAITING, "db1", second, 60, progress);
        vas_progress_report(VAS_PROGRESS_WAITING, "web3", second, 60, progress);
    }
    vas_progress_report(VAS_PROGRESS_WAITING, "db1", 0, 60, progress);
    vas_progress_free(progress);
    g_assert_cmpint(fclose(stream), ==, 0);
    g_assert_cmpstr(text, ==,
                    "db1: 0 s of at most 60 s\nweb3: 0 s of at most 60 s\n"
                    "db1: 10 s of at most 60 s\nweb3: 10 s of at most 60 s\n"
                    "db1: 0 s of at most 60 s\n");
    free(text);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/progress/log", test_log);
    g_test_add_func("/progress/log-of-two", test_log_of_two);
    g_test_add_func("/progress/terminal", test_terminal);
    g_test_add_func("/progress/narrow-terminal", test_narrow_terminal);
    g_test_add_func("/progress/step-after-waiting", test_step_after_waiting);
    return g_test_run();
}
