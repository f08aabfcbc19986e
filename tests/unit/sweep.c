/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sweep.h"

#include "core/error.h"
#include "fake-clock.h"
#include "fake-private.h"

#include <string.h>

/* Behind the port's calls: the writes to the attributes of a fake kernel. */
#define WRITE_ATTRIBUTE FAKE_N_CALLS
#define N_CALLS (FAKE_N_CALLS + 1)

enum {
    READS = 1,     /* it tells something */
    WRITES = 2,    /* it changes something */
    BY_LIBVIRT = 4 /* over the connection, which can be lost */
};

static const struct {
    const char *name;
    guint kind;
} calls[N_CALLS] = {
    [FAKE_DOMAIN_CAPABILITIES] = {"domain_capabilities", READS | BY_LIBVIRT},
    [FAKE_LIST_NODE_DEVICES] = {"list_node_devices", READS | BY_LIBVIRT},
    [FAKE_NODE_DEVICE_XML] = {"node_device_xml", READS | BY_LIBVIRT},
    [FAKE_DETACH_NODE_DEVICE] = {"detach_node_device", WRITES | BY_LIBVIRT},
    [FAKE_REATTACH_NODE_DEVICE] = {"reattach_node_device", WRITES | BY_LIBVIRT},
    [FAKE_LIST_GUESTS] = {"list_guests", READS | BY_LIBVIRT},
    [FAKE_GUEST_XML] = {"guest_xml", READS | BY_LIBVIRT},
    [FAKE_AGENT_INTERFACES] = {"agent_interfaces", READS | BY_LIBVIRT},
    [FAKE_ATTACH_LIVE] = {"attach (live)", WRITES | BY_LIBVIRT},
    [FAKE_ATTACH_CONFIG] = {"attach (config)", WRITES | BY_LIBVIRT},
    [FAKE_DETACH_LIVE] = {"detach (live)", WRITES | BY_LIBVIRT},
    [FAKE_DETACH_CONFIG] = {"detach (config)", WRITES | BY_LIBVIRT},
    [FAKE_GET_METADATA] = {"get_metadata", READS | BY_LIBVIRT},
    [FAKE_SET_METADATA] = {"set_metadata", WRITES | BY_LIBVIRT},
    [FAKE_WATCH] = {"watch", READS | BY_LIBVIRT},
    [FAKE_REOPEN] = {"reopen", 0},
    [FAKE_READ_VF] = {"read of VF settings", READS},
    [FAKE_WRITE_VF] = {"write of a VF setting", WRITES},
    [WRITE_ATTRIBUTE] = {"write to sysfs", WRITES},
};

static const struct {
    const char *name;
    guint kinds; /* calls that can go wrong so: all of one of them, and of BY_LIBVIRT if set */
} faults[] = {
    [FAKE_FAILS] = {"fails", READS | WRITES},
    [FAKE_FAILS_LATE] = {"fails-late", WRITES},
    [FAKE_LIES] = {"lies", READS | WRITES},
    [FAKE_DISCONNECTS] = {"disconnects", READS | WRITES | BY_LIBVIRT},
    [FAKE_DISCONNECTS_LATE] = {"disconnects-late", WRITES | BY_LIBVIRT},
    [FAKE_CUTS_OFF] = {"cuts-off", READS | WRITES | BY_LIBVIRT},
};

typedef struct {
    const SweptOperation *operation;
    FakeFault fault;
    /* Of the run without a fault. */
    char *before;
    char *after;
    guint counts[N_CALLS];
    /* The run that is looked at. */
    guint call;
    guint nth;
    guint complaints;
} Sweep;

static void
begin(SweptWorld *swept, const SweptOperation *operation)
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

static void
end(SweptWorld *swept)
{
    g_clear_error(&swept->world.error);
    g_clear_pointer(&swept->sriov, fake_sriov_free);
    g_clear_pointer(&swept->kernel, fake_kernel_free);
    world_tear_down(&swept->world, NULL);
}

static guint
count_of(const SweptWorld *swept, guint call)
{
    if (call != WRITE_ATTRIBUTE)
        return swept->world.fake->calls[call];
    return swept->sriov != NULL    ? swept->sriov->writes
           : swept->kernel != NULL ? swept->kernel->writes
                                   : 0;
}

static void
learn(Sweep *sweep)
{
    SweptWorld swept;

    begin(&swept, sweep->operation);
    sweep->before = sweep_picture(&swept);
    for (guint i = 0; i < N_CALLS; i++)
        sweep->counts[i] = count_of(&swept, i);
    if (!sweep->operation->run(&swept))
        g_error("%s: %s", sweep->operation->name, swept.world.error->message);
    for (guint i = 0; i < N_CALLS; i++)
        sweep->counts[i] = count_of(&swept, i) - sweep->counts[i];
    sweep->after = sweep_picture(&swept);
    g_assert_cmpstr(sweep->before, !=, sweep->after);
    end(&swept);
}

static void complain(Sweep *sweep, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
complain(Sweep *sweep, const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list arguments;

    va_start(arguments, format);
    text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_test_message("%s, %s %u %s: %s", sweep->operation->name, calls[sweep->call].name, sweep->nth,
                   faults[sweep->fault].name, text);
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

/* What @now has not (-) and has too much (+). Returns full. */
static char *
difference(const char *wanted, const char *now)
{
    GString *text = g_string_new(NULL);

    add_missing(text, "-", wanted, now);
    add_missing(text, "+", now, wanted);
    return g_string_free(text, FALSE);
}

/* What the results say of the guest is so. */
static void
check_results(Sweep *sweep, const SweptWorld *swept)
{
    const GPtrArray *results = swept->world.results;

    for (guint i = 0; results != NULL && i < results->len; i++) {
        const VasResult *result = g_ptr_array_index(results, i);
        VasPciAddressText device = vas_host_address_text(result->device);

        if (!result->has_device || result->guest == NULL)
            continue;
        if (result->live != fake_has(swept->world.guest, VAS_SCOPE_LIVE, device.text))
            complain(sweep, "the result of %s says live: %d, and it is not so", device.text,
                     result->live);
        if (result->config != fake_has(swept->world.guest, VAS_SCOPE_CONFIG, device.text))
            complain(sweep, "the result of %s says config: %d, and it is not so", device.text,
                     result->config);
    }
}

static void
check_outcomes(Sweep *sweep, const SweptWorld *swept, gboolean ok)
{
    const GPtrArray *results = swept->world.results;

    for (guint i = 0; results != NULL && i < results->len; i++) {
        const VasResult *result = g_ptr_array_index(results, i);
        gboolean fine =
            result->outcome == VAS_OUTCOME_DONE || result->outcome == VAS_OUTCOME_ALREADY;

        if (ok && !fine)
            complain(sweep, "success, with an outcome of %s", vas_outcome_name(result->outcome));
        if (!fine && result->error == NULL)
            complain(sweep, "%s without an error", vas_outcome_name(result->outcome));
        if (!ok && !sweep->operation->goes_on && result->outcome == VAS_OUTCOME_DONE)
            complain(sweep, "failure of all, with an outcome of done");
    }
}

/* Neither as before nor as after is right only if it is said, with what to do. */
static void
check_between(Sweep *sweep, SweptWorld *swept, const char *now)
{
    const GError *error = swept->world.error;
    gboolean says_so = g_error_matches(error, VAS_ERROR, VAS_ERROR_UNDO_FAILED);
    g_autofree char *differs = NULL;

    if (sweep->operation->goes_on)
        says_so = says_so || g_error_matches(error, VAS_ERROR, VAS_ERROR_PARTIAL) ||
                  (g_error_matches(error, VAS_ERROR, VAS_ERROR_TIMED_OUT) &&
                   strstr(now, "<release ") != NULL);
    if (says_so && vas_error_hint(error) == NULL)
        complain(sweep, "no hint with: %s", error->message);
    if (says_so && (sweep->operation->goes_on || sweep->fault == FAKE_CUTS_OFF))
        return;
    differs = difference(sweep->before, now);
    complain(sweep, "neither as before nor as after, with %s: %s%s", vas_error_name(error->code),
             error->message, differs);
}

/* A lie of what is read can make a failure of what is done. */
static gboolean
may_be_done(const Sweep *sweep)
{
    return sweep->fault == FAKE_CUTS_OFF ||
           (sweep->fault == FAKE_LIES && (calls[sweep->call].kind & READS) != 0);
}

/* The same again, with all in order: it comes to its end. */
static void
check_again(Sweep *sweep, SweptWorld *swept)
{
    Fake *fake = (Fake *) swept->world.fake;
    g_autofree char *now = NULL;

    fake->cut_off = FALSE;
    fake->disconnected = FALSE;
    g_clear_error(&swept->world.error);
    if (!sweep->operation->run(swept)) {
        complain(sweep, "the same again: %s", swept->world.error->message);
        return;
    }
    now = sweep_picture(swept);
    if (!g_str_equal(now, sweep->after)) {
        g_autofree char *differs = difference(sweep->after, now);

        complain(sweep, "the same again is not as after:%s", differs);
    }
}

static void
check_failure(Sweep *sweep, SweptWorld *swept, const char *now)
{
    const GError *error = swept->world.error;

    if (error == NULL || *error->message == '\0') {
        complain(sweep, "failure without a message");
        return;
    }
    if (g_str_equal(now, sweep->before)) {
        if (g_error_matches(error, VAS_ERROR, VAS_ERROR_UNDO_FAILED) &&
            sweep->fault != FAKE_CUTS_OFF)
            complain(sweep, "all is as before, with: %s", error->message);
    } else if (g_str_equal(now, sweep->after)) {
        if (!may_be_done(sweep))
            complain(sweep, "all is done, with %s: %s", vas_error_name(error->code),
                     error->message);
    } else {
        check_between(sweep, swept, now);
    }
}

static void
run_once(Sweep *sweep)
{
    SweptWorld swept;
    g_autofree char *now = NULL;
    gboolean ok;

    begin(&swept, sweep->operation);
    if (sweep->call != WRITE_ATTRIBUTE) {
        fake_plan_fault(swept.world.fake, (FakeCall) sweep->call, sweep->nth, sweep->fault,
                        VAS_ERROR_FAILED, "a strange thing happened");
    } else if (swept.sriov != NULL) {
        swept.sriov->faulty_write = swept.sriov->writes + sweep->nth;
        swept.sriov->fault = (FakeWriteFault) sweep->fault;
    } else {
        swept.kernel->faulty_write = swept.kernel->writes + sweep->nth;
        swept.kernel->fault = (FakeWriteFault) sweep->fault;
    }
    ok = sweep->operation->run(&swept);
    now = sweep_picture(&swept);
    if (ok && !g_str_equal(now, sweep->after)) {
        g_autofree char *differs = difference(sweep->after, now);

        complain(sweep, "success, and not as after:%s", differs);
    } else if (!ok) {
        check_failure(sweep, &swept, now);
    }
    check_outcomes(sweep, &swept, ok);
    check_results(sweep, &swept);
    if (!ok && swept.world.error != NULL &&
        (sweep->operation->goes_on || g_str_equal(now, sweep->before)))
        check_again(sweep, &swept);
    end(&swept);
}

/* A scan asks for each node device, with several threads: one is as good as the other. */
static guint
stride(guint call)
{
    return call == FAKE_NODE_DEVICE_XML ? 7 : 1;
}

/* Of the metadata libvirt has told no lies. */
static gboolean
can_go_wrong(guint call, FakeFault fault)
{
    guint kind = calls[call].kind;
    guint wanted = faults[fault].kinds;

    if ((kind & wanted & (READS | WRITES)) == 0 || (wanted & BY_LIBVIRT & ~kind) != 0)
        return FALSE;
    if (fault != FAKE_LIES)
        return TRUE;
    return call != FAKE_NODE_DEVICE_XML && call != FAKE_GET_METADATA && call != FAKE_SET_METADATA &&
           call != FAKE_READ_VF;
}

static void
test_sweep(gconstpointer data)
{
    Sweep sweep = *(const Sweep *) data;

    learn(&sweep);
    for (sweep.call = 0; sweep.call < N_CALLS; sweep.call++) {
        for (sweep.nth = 1; sweep.nth <= sweep.counts[sweep.call];
             sweep.nth += stride(sweep.call)) {
            if (can_go_wrong(sweep.call, sweep.fault))
                run_once(&sweep);
        }
    }
    g_free(sweep.before);
    g_free(sweep.after);
    if (sweep.complaints > 0)
        g_test_fail_printf("%u invariants do not hold", sweep.complaints);
}

void
sweep_add(const SweptOperation *operation)
{
    for (guint i = 0; i < G_N_ELEMENTS(faults); i++) {
        g_autofree char *path =
            g_strdup_printf("/swept-calls/%s/%s", operation->name, faults[i].name);
        Sweep *sweep = g_new0(Sweep, 1);

        sweep->operation = operation;
        sweep->fault = (FakeFault) i;
        g_test_add_data_func_full(path, sweep, test_sweep, g_free);
    }
}
