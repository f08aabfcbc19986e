/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sweep-private.h"

#include "core/value/error.h"
#include "engine/verbs/recover.h"
#include "fake-clock.h"
#include "fake-private.h"

#include <string.h>

const SweepCall sweep_calls[SWEEP_N_CALLS] = {
    [FAKE_DOMAIN_CAPABILITIES] = {"domain_capabilities", SWEEP_READS | SWEEP_BY_LIBVIRT},
    [FAKE_LIST_NODE_DEVICES] = {"list_node_devices", SWEEP_READS | SWEEP_BY_LIBVIRT},
    [FAKE_NODE_DEVICE_XML] = {"node_device_xml", SWEEP_READS | SWEEP_BY_LIBVIRT},
    [FAKE_DETACH_NODE_DEVICE] = {"detach_node_device", SWEEP_WRITES | SWEEP_BY_LIBVIRT},
    [FAKE_REATTACH_NODE_DEVICE] = {"reattach_node_device", SWEEP_WRITES | SWEEP_BY_LIBVIRT},
    [FAKE_LIST_GUESTS] = {"list_guests", SWEEP_READS | SWEEP_BY_LIBVIRT},
    [FAKE_FIND_GUEST] = {"find_guest", SWEEP_READS | SWEEP_BY_LIBVIRT},
    [FAKE_GUEST_XML] = {"guest_xml", SWEEP_READS | SWEEP_BY_LIBVIRT},
    [FAKE_AGENT_INTERFACES] = {"agent_interfaces", SWEEP_READS | SWEEP_BY_LIBVIRT},
    [FAKE_ATTACH_LIVE] = {"attach (live)", SWEEP_WRITES | SWEEP_BY_LIBVIRT},
    [FAKE_ATTACH_CONFIG] = {"attach (config)", SWEEP_WRITES | SWEEP_BY_LIBVIRT},
    [FAKE_DETACH_LIVE] = {"detach (live)", SWEEP_WRITES | SWEEP_BY_LIBVIRT},
    [FAKE_DETACH_CONFIG] = {"detach (config)", SWEEP_WRITES | SWEEP_BY_LIBVIRT},
    [FAKE_GET_METADATA] = {"get_metadata", SWEEP_READS | SWEEP_BY_LIBVIRT},
    [FAKE_SET_METADATA] = {"set_metadata", SWEEP_WRITES | SWEEP_BY_LIBVIRT},
    [FAKE_WATCH] = {"watch", SWEEP_READS | SWEEP_BY_LIBVIRT},
    [FAKE_REOPEN] = {"reopen", 0},
    [FAKE_READ_VF] = {"read of VF settings", SWEEP_READS},
    [FAKE_WRITE_VF] = {"write of a VF setting", SWEEP_WRITES},
    [FAKE_STEP] = {"step", SWEEP_BEGINS},
    [SWEEP_WRITE_ATTRIBUTE] = {"write to sysfs", SWEEP_WRITES},
};

void
sweep_begin(SweptWorld *swept, const SweptOperation *operation)
{
    *swept = (SweptWorld){0};
    world_set_up(&swept->world, NULL);
    swept->world.fake->pass_time = fake_clock_pass;
    if (operation->set_up != NULL)
        operation->set_up(swept);
    g_assert_no_error(swept->world.error);
    /* No lie is about what was before the operation. */
    for (guint i = 0; i < G_N_ELEMENTS(swept->world.guest->earlier); i++)
        g_clear_pointer(&swept->world.guest->earlier[i], g_free);
}

void
sweep_end(SweptWorld *swept)
{
    sweep_bury(swept);
    g_clear_error(&swept->world.error);
    g_clear_pointer(&swept->sriov, fake_sriov_free);
    g_clear_pointer(&swept->kernel, fake_kernel_free);
    world_tear_down(&swept->world, NULL);
}

/* A command for a guest acts by calls alone; a command for the host changes files between its
 * calls, too: there the steps count. */
static guint
count_of(const SweptWorld *swept, guint call)
{
    if (call == FAKE_STEP && swept->sriov == NULL && swept->kernel == NULL)
        return 0;
    if (call != SWEEP_WRITE_ATTRIBUTE)
        return swept->world.fake->calls[call];
    return swept->sriov != NULL    ? swept->sriov->writes
           : swept->kernel != NULL ? swept->kernel->writes
                                   : 0;
}

void
sweep_learn(Sweep *sweep)
{
    SweptWorld swept;
    g_autofree char *on_record = NULL;

    sweep_begin(&swept, sweep->operation);
    on_record = sweep_picture(&swept);
    sweep->before = sweep_without_operations(on_record);
    for (guint i = 0; i < SWEEP_N_CALLS; i++)
        sweep->counts[i] = count_of(&swept, i);
    if (!sweep->operation->run(&swept))
        g_error("%s: %s", sweep->operation->name, swept.world.error->message);
    for (guint i = 0; i < SWEEP_N_CALLS; i++)
        sweep->counts[i] = count_of(&swept, i) - sweep->counts[i];
    sweep->after = sweep_picture(&swept);
    g_assert_cmpstr(sweep->before, !=, sweep->after);
    sweep_end(&swept);
}

void
sweep_complain(Sweep *sweep, const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list arguments;

    va_start(arguments, format);
    text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_test_message("%s, %s %u %s: %s", sweep->operation->name, sweep_calls[sweep->call].name,
                   sweep->nth, sweep->fault_name, text);
    sweep->complaints++;
}

static void
add_missing(GString *text, const char *sign, const char *from, const char *in)
{
    g_auto(GStrv) lines = g_strsplit(from, "\n", -1);
    g_auto(GStrv) others = g_strsplit(in, "\n", -1);

    for (guint i = 0; lines[i] != NULL; i++) {
        if (!g_strv_contains((const char *const *) others, lines[i]))
            g_string_append_printf(text, "\n    %s %s", sign, lines[i]);
    }
}

char *
sweep_difference(const char *wanted, const char *now)
{
    GString *text = g_string_new(NULL);

    add_missing(text, "-", wanted, now);
    add_missing(text, "+", now, wanted);
    return g_string_free(text, FALSE);
}

void
sweep_plan(const Sweep *sweep, SweptWorld *swept)
{
    if (sweep->call != SWEEP_WRITE_ATTRIBUTE) {
        fake_plan_fault(swept->world.fake, (FakeCall) sweep->call, sweep->nth, sweep->fault,
                        VAS_ERROR_FAILED, "a strange thing happened");
    } else if (swept->sriov != NULL) {
        swept->sriov->faulty_write = swept->sriov->writes + sweep->nth;
        swept->sriov->fault = (FakeWriteFault) sweep->fault;
    } else {
        swept->kernel->faulty_write = swept->kernel->writes + sweep->nth;
        swept->kernel->fault = (FakeWriteFault) sweep->fault;
    }
}

void
sweep_finish(Sweep *sweep)
{
    g_free(sweep->before);
    g_free(sweep->after);
    g_test_message("%u faults", sweep->tries);
    g_assert_cmpuint(sweep->tries, >, 0);
    if (sweep->complaints > 0)
        g_test_fail_printf("%u invariants do not hold", sweep->complaints);
}

void
sweep_run_again(Sweep *sweep, SweptWorld *swept)
{
    Fake *fake = (Fake *) swept->world.fake;
    g_autofree char *now = NULL;
    gboolean ok;

    fake->hangs = FALSE;
    fake->cut_off = FALSE;
    fake->disconnected = FALSE;
    g_clear_error(&swept->world.error);
    ok = sweep->operation->run(swept);
    /* Nobody knows whether a request on record went out: the user has to say that it is to be asked
     * again. */
    if (!ok && sweep->operation->goes_on &&
        g_error_matches(swept->world.error, VAS_ERROR, VAS_ERROR_TIMED_OUT)) {
        g_clear_error(&swept->world.error);
        swept->world.ask_again = TRUE;
        ok = sweep->operation->run(swept);
    }
    if (!ok) {
        sweep_complain(sweep, "the same again: %s", swept->world.error->message);
        return;
    }
    now = sweep_picture(swept);
    if (!g_str_equal(now, sweep->after)) {
        g_autofree char *differs = sweep_difference(sweep->after, now);

        sweep_complain(sweep, "the same again is not as after:%s", differs);
    }
}

/* Recovers as a new client does. */
static gboolean
recover(SweptWorld *swept, GPtrArray **ret_recoveries, GError **error)
{
    VasRecoverRequest request = {.timeout = 1};

    sweep_revive(swept);
    return vas_recover(&swept->world.fake->context, &request, ret_recoveries, error);
}

char *
sweep_recover(Sweep *sweep, SweptWorld *swept, gboolean *ret_pending)
{
    g_autoptr(GPtrArray) recoveries = NULL;
    g_autoptr(GPtrArray) further = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *later = NULL;
    char *now = NULL;
    gboolean ok = recover(swept, &recoveries, &error);

    now = sweep_picture(swept);
    *ret_pending = !ok && sweep->operation->goes_on && strstr(now, "<release ") != NULL &&
                   g_error_matches(error, VAS_ERROR, VAS_ERROR_TIMED_OUT);
    if (*ret_pending)
        return now;
    if (!ok)
        sweep_complain(sweep, "recover: %s", error->message);
    if (strstr(now, "<operation ") != NULL || strstr(now, "<release ") != NULL)
        sweep_complain(sweep, "recover leaves a record:\n%s", now);
    if (!ok)
        return now;
    if (!recover(swept, &further, &error))
        sweep_complain(sweep, "recover once more: %s", error->message);
    else if (further->len > 0)
        sweep_complain(sweep, "recover once more found something");
    later = sweep_picture(swept);
    if (!g_str_equal(later, now))
        sweep_complain(sweep, "recover once more changed something");
    return now;
}

/* Each line of it stands in one of the others. */
static gboolean
is_made_of(const char *now, const char *before, const char *after)
{
    g_auto(GStrv) lines = g_strsplit(now, "\n", -1);
    g_auto(GStrv) old = g_strsplit(before, "\n", -1);
    g_auto(GStrv) new = g_strsplit(after, "\n", -1);

    for (guint i = 0; lines[i] != NULL; i++) {
        if (!g_strv_contains((const char *const *) old, lines[i]) &&
            !g_strv_contains((const char *const *) new, lines[i]))
            return FALSE;
    }
    return TRUE;
}

void
sweep_check_recovered(Sweep *sweep, const char *now)
{
    g_autofree char *differs = NULL;

    if (g_str_equal(now, sweep->before) || g_str_equal(now, sweep->after) ||
        (sweep->operation->goes_on && is_made_of(now, sweep->before, sweep->after)))
        return;
    differs = sweep_difference(sweep->before, now);
    sweep_complain(sweep, "recovered, and neither as before nor as after:%s", differs);
}
