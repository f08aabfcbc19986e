/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/output/result-text.h"
#include "core/value/error.h"

#define NAME "0000:01:10.0"

static const VasTerminal terminal = {.utf8 = TRUE};

/* Returns full. */
static VasResult *
new_result(VasOutcome outcome, gboolean live, gboolean config)
{
    g_autoptr(VasAssignment) assignment = vas_assignment_new(VAS_ASSIGNMENT_INTERFACE);
    VasResult *result = NULL;

    assignment->has_device = vas_host_address_parse(NAME, &assignment->device, NULL);
    assignment->has_guest_address =
        vas_guest_address_parse("0000:02:00.0", &assignment->guest_address, NULL);
    assignment->has_mac = vas_mac_address_parse("52:54:00:00:00:01", &assignment->mac, NULL);
    assignment->alias = g_strdup("ua-pci_0000_01_10_0");
    result = vas_result_new("db1", assignment);
    result->outcome = outcome;
    result->live = live;
    result->config = config;
    g_free(result->driver);
    result->driver = g_strdup("igbvf");
    return result;
}

/* Takes @result. Returns full. */
static char *
line_of(VasResult *result,
        void (*append)(GString *text, const VasTerminal *terminal, const GPtrArray *results))
{
    g_autoptr(GPtrArray) results = g_ptr_array_new_with_free_func((GDestroyNotify) vas_result_free);
    GString *text = g_string_new(NULL);

    g_ptr_array_add(results, result);
    append(text, &terminal, results);
    return g_string_free(text, FALSE);
}

#define GUEST_SIDE ": guest address 0000:02:00.0, alias ua-pci_0000_01_10_0, MAC 52:54:00:00:00:01"

static void
test_attached(void)
{
    static const struct {
        VasOutcome outcome;
        gboolean live;
        gboolean config;
        const char *predicted_name;
        const char *predicted_older;
        const char *predicted_why;
        const char *line;
        const char *driver; /* NULL: vfio-pci */
    } cases[] = {
        {VAS_OUTCOME_DONE, TRUE, TRUE, "enp2s0", NULL, "why",
         NAME " attached to db1 (live, config)" GUEST_SIDE ", in the guest enp2s0\n"},
        {VAS_OUTCOME_DONE, TRUE, TRUE, "enp2s0", NULL, "why",
         NAME " attached to db1 (live, config)" GUEST_SIDE
              ", in the guest enp2s0, on mlx5_vfio_pci\n",
         "mlx5_vfio_pci"},
        {VAS_OUTCOME_DONE, FALSE, TRUE, "enp2s0", NULL, "why",
         NAME " attached to db1 (config)" GUEST_SIDE ", in the guest enp2s0\n", "igbvf"},
        {VAS_OUTCOME_DONE, TRUE, TRUE, "ens4", "enp4s4", "why",
         NAME " attached to db1 (live, config)" GUEST_SIDE
              ", in the guest ens4 (enp4s4 with systemd before 257)\n"},
        {VAS_OUTCOME_DONE, FALSE, TRUE, NULL, NULL, "it depends",
         NAME " attached to db1 (config)" GUEST_SIDE ", name in the guest unknown: it depends\n"},
        {VAS_OUTCOME_ALREADY, TRUE, FALSE, NULL, NULL, NULL,
         NAME " is already attached to db1 (live)" GUEST_SIDE "\n"},
        {VAS_OUTCOME_PLANNED, FALSE, FALSE, NULL, NULL, NULL, ""},
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        VasResult *result = new_result(cases[i].outcome, cases[i].live, cases[i].config);
        g_autofree char *line = NULL;

        g_free(result->driver);
        result->driver = g_strdup(cases[i].driver != NULL ? cases[i].driver : "vfio-pci");
        result->predicted_name = g_strdup(cases[i].predicted_name);
        result->predicted_older = g_strdup(cases[i].predicted_older);
        result->predicted_why = g_strdup(cases[i].predicted_why);
        line = line_of(result, vas_result_text_attached);
        g_assert_cmpstr(line, ==, cases[i].line);
    }
}

static void
test_detached(void)
{
    static const struct {
        VasOutcome outcome;
        gboolean live;
        gboolean config;
        const char *line;
    } cases[] = {
        {VAS_OUTCOME_DONE, FALSE, FALSE,
         NAME " detached from db1: not in the running guest, not in its config, now on igbvf\n"},
        {VAS_OUTCOME_DONE, FALSE, TRUE,
         NAME " released by db1, now on igbvf; still in its config\n"},
        {VAS_OUTCOME_DONE, TRUE, FALSE,
         NAME " removed from the config of db1; still in the running guest\n"},
        {VAS_OUTCOME_ALREADY, FALSE, FALSE,
         NAME
         " is already out of db1: not in the running guest, not in its config, now on igbvf\n"},
        {VAS_OUTCOME_ALREADY, FALSE, TRUE,
         NAME " is not in the running db1, now on igbvf; still in its config\n"},
        {VAS_OUTCOME_ALREADY, TRUE, FALSE,
         NAME " is not in the config of db1; still in the running guest\n"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        VasResult *result = new_result(cases[i].outcome, cases[i].live, cases[i].config);
        g_autofree char *line = line_of(result, vas_result_text_detached);

        g_assert_cmpstr(line, ==, cases[i].line);
    }
}

/* The error itself says it for one device; of several each has its line. */
static void
test_failures(void)
{
    g_autoptr(GPtrArray) results = g_ptr_array_new_with_free_func((GDestroyNotify) vas_result_free);
    g_autoptr(GString) text = g_string_new(NULL);
    VasResult *failed = new_result(VAS_OUTCOME_PENDING, TRUE, TRUE);

    failed->error = g_error_new(VAS_ERROR, VAS_ERROR_TIMED_OUT, "not released");
    g_ptr_array_add(results, failed);
    vas_result_text_detached(text, &terminal, results);
    g_assert_cmpstr(text->str, ==, "");
    g_ptr_array_add(results, new_result(VAS_OUTCOME_UNDONE, FALSE, FALSE));
    vas_result_text_detached(text, &terminal, results);
    g_assert_cmpstr(text->str, ==,
                    NAME " pending: not released\n" NAME " undone: no cause is known\n");
}

static void
test_steps(void)
{
    g_autoptr(GPtrArray) steps = g_ptr_array_new_with_free_func((GDestroyNotify) vas_step_free);
    g_autoptr(VasAssignment) assignment = vas_assignment_new(VAS_ASSIGNMENT_INTERFACE);
    g_autoptr(GString) text = g_string_new(NULL);

    g_ptr_array_add(steps, vas_step_new(VAS_STEP_ATTACH_LIVE, 0, assignment, NULL, "db1"));
    g_ptr_array_add(steps, vas_step_new(VAS_STEP_PROVE_LIVE, 0, assignment, NULL, "db1"));
    vas_result_text_steps(text, &terminal, steps);
    g_assert_true(g_str_has_prefix(text->str, "1. "));
    g_assert_nonnull(g_strstr_len(text->str, -1, "\n2. "));
    g_assert_true(g_str_has_suffix(text->str, "\n"));
}

static void
test_host(void)
{
    static const struct {
        VasOutcome outcome;
        const char *before;
        const char *now;
        const char *detached;
        const char *reattached;
    } cases[] = {
        {VAS_OUTCOME_DONE, "igbvf", "vfio-pci",
         NAME " detached from the host: was on igbvf, now on vfio-pci\n",
         NAME " given back to the host: was on igbvf, now on vfio-pci\n"},
        {VAS_OUTCOME_DONE, NULL, NULL,
         NAME " detached from the host: was on no driver, now on no driver\n",
         NAME " given back to the host: was on no driver, now on no driver\n"},
        {VAS_OUTCOME_ALREADY, "igbvf", "igbvf",
         NAME " is already detached from the host: on igbvf\n",
         NAME " is already the host's: on igbvf\n"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        for (guint way = 0; way < 2; way++) {
            VasResult *result = new_result(cases[i].outcome, FALSE, FALSE);
            g_autofree char *line = NULL;

            g_free(result->driver);
            result->driver = g_strdup(cases[i].now);
            result->driver_before = g_strdup(cases[i].before);
            line = line_of(result, way == 0 ? vas_result_text_host_detached
                                            : vas_result_text_host_reattached);
            g_assert_cmpstr(line, ==, way == 0 ? cases[i].detached : cases[i].reattached);
        }
    }
}

/* A colour, the C1 control that begins one, a right-to-left override, a line break, no UTF-8. */
#define HOSTILE "a\x1b[31m\xc2\x9b\xe2\x80\xae\n\xff"
#define HARMLESS "a\\x1b[31m\\u009b\\u202e \xef\xbf\xbd"

static void
test_hostile_names(void)
{
    g_autoptr(GPtrArray) results = g_ptr_array_new_with_free_func((GDestroyNotify) vas_result_free);
    g_autoptr(GPtrArray) steps = g_ptr_array_new_with_free_func((GDestroyNotify) vas_step_free);
    g_autoptr(VasAssignment) assignment = vas_assignment_new(VAS_ASSIGNMENT_HOSTDEV);
    g_autoptr(GString) text = g_string_new(NULL);
    VasResult *done = NULL;
    VasResult *failed = NULL;

    assignment->alias = g_strdup(HOSTILE);
    done = vas_result_new(HOSTILE, assignment);
    done->outcome = VAS_OUTCOME_DONE;
    done->live = TRUE;
    done->predicted_name = g_strdup(HOSTILE);
    failed = vas_result_new(HOSTILE, assignment);
    failed->outcome = VAS_OUTCOME_FAILED;
    failed->error = g_error_new_literal(VAS_ERROR, VAS_ERROR_FAILED, HOSTILE);
    g_ptr_array_add(results, done);
    g_ptr_array_add(results, failed);
    vas_result_text_attached(text, &terminal, results);
    g_assert_cmpstr(text->str, ==,
                    HARMLESS " attached to " HARMLESS " (live): alias " HARMLESS
                             ", in the guest " HARMLESS "\n" HARMLESS " failed: " HARMLESS "\n");
    g_string_truncate(text, 0);
    g_ptr_array_add(steps, vas_step_new(VAS_STEP_ASK_RELEASE, 0, assignment, NULL, HOSTILE));
    vas_result_text_steps(text, &terminal, steps);
    g_assert_cmpstr(text->str, ==, "1. ask running " HARMLESS " to release " HARMLESS "\n");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/result-text/attached", test_attached);
    g_test_add_func("/result-text/detached", test_detached);
    g_test_add_func("/result-text/host", test_host);
    g_test_add_func("/result-text/failures", test_failures);
    g_test_add_func("/result-text/steps", test_steps);
    g_test_add_func("/result-text/hostile-names", test_hostile_names);
    return g_test_run();
}
