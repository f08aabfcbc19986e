/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sweep-private.h"

#include "core/value/error.h"
#include "fake-private.h"

#include <string.h>

static const struct {
    const char *name;
    /* The fault strikes calls of any of these kinds; with SWEEP_BY_LIBVIRT set only libvirt's. */
    guint kinds;
} faults[] = {
    [FAKE_FAILS] = {"fails", SWEEP_READS | SWEEP_WRITES},
    [FAKE_FAILS_LATE] = {"fails-late", SWEEP_WRITES},
    [FAKE_LIES] = {"lies", SWEEP_READS | SWEEP_WRITES},
    [FAKE_DISCONNECTS] = {"disconnects", SWEEP_READS | SWEEP_WRITES | SWEEP_BY_LIBVIRT},
    [FAKE_DISCONNECTS_LATE] = {"disconnects-late", SWEEP_WRITES | SWEEP_BY_LIBVIRT},
    [FAKE_CUTS_OFF] = {"cuts-off", SWEEP_READS | SWEEP_WRITES | SWEEP_BY_LIBVIRT},
    [FAKE_HANGS] = {"hangs", SWEEP_WRITES | SWEEP_BY_LIBVIRT},
    [FAKE_HANGS_LATE] = {"hangs-late", SWEEP_WRITES | SWEEP_BY_LIBVIRT},
};

/* The command need not be able to take anything back: with the connection gone for good, libvirt at
 * it still, or one fault behind another. */
static gboolean
leaves_all(const Sweep *sweep)
{
    return sweep->strike.fault >= FAKE_CUTS_OFF || sweep->first != NULL;
}

/* A lie of what is read can make a failure of what is done. */
static gboolean
is_lied_to(const Sweep *sweep)
{
    return sweep->strike.fault == FAKE_LIES &&
           (sweep_calls[sweep->strike.call].kind & SWEEP_READS) != 0;
}

/* Whether the guest's config has the device of @result, or the NIC that gets one by its MAC. */
static gboolean
config_has(const FakeGuest *guest, const VasResult *result)
{
    g_autofree char *nic = g_strdup_printf("<interface type='network'><mac address='%s'/>",
                                           vas_mac_address_text(result->mac).text);

    for (guint i = 0; result->has_mac && i < guest->config->len; i++) {
        if (g_str_has_prefix(g_ptr_array_index(guest->config, i), nic))
            return TRUE;
    }
    return fake_has(guest, VAS_SCOPE_CONFIG, vas_host_address_text(result->device).text);
}

/* Complains unless the guest is as the results say. */
static void
check_results(Sweep *sweep, const SweptWorld *swept)
{
    const GPtrArray *results = swept->world.results;

    for (guint i = 0; results != NULL && i < results->len; i++) {
        const VasResult *result = g_ptr_array_index(results, i);
        VasPciAddressText device = vas_host_address_text(result->device);

        /* A command cannot know with the connection gone for good, or when it was lied to. */
        if (!result->has_device || result->guest == NULL ||
            ((leaves_all(sweep) || is_lied_to(sweep)) && result->error != NULL))
            continue;
        if (result->live != fake_has(swept->world.guest, VAS_SCOPE_LIVE, device.text))
            sweep_complain(sweep, "the result of %s says live: %d, and it is not so", device.text,
                           result->live);
        if (result->config != config_has(swept->world.guest, result))
            sweep_complain(sweep, "the result of %s says config: %d, and it is not so", device.text,
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
            sweep_complain(sweep, "success, with an outcome of %s",
                           vas_outcome_name(result->outcome));
        if (!fine && result->error == NULL)
            sweep_complain(sweep, "%s without an error", vas_outcome_name(result->outcome));
        if (!ok && !sweep->operation->goes_on && result->outcome == VAS_OUTCOME_DONE)
            sweep_complain(sweep, "failure of all, with an outcome of done");
    }
}

static gboolean
is_told(const SweptWorld *swept)
{
    const char *way_out =
        sweep_is_of_host(swept) ? "virt-assign recover" : "virt-assign recover db1";
    const GPtrArray *notes = swept->world.fake->notes;
    const char *hint = swept->world.error != NULL ? vas_error_hint(swept->world.error) : NULL;

    for (guint i = 0; i < notes->len; i++) {
        if (strstr(g_ptr_array_index(notes, i), way_out) != NULL)
            return TRUE;
    }
    return hint != NULL && strstr(hint, way_out) != NULL;
}

/* A world that is neither as before nor as after is right only if that is said, with what to do,
 * and recover knows of it. */
static void
check_between(Sweep *sweep, SweptWorld *swept, const char *now, gboolean is_on_record)
{
    const GError *error = swept->world.error;
    gboolean says_so = g_error_matches(error, VAS_ERROR, VAS_ERROR_UNDO_FAILED) ||
                       (sweep->strike.fault >= FAKE_HANGS &&
                        g_error_matches(error, VAS_ERROR, VAS_ERROR_TIMED_OUT)) ||
                       (sweep->first != NULL && is_told(swept));
    g_autofree char *differs = NULL;

    if (sweep->operation->goes_on)
        says_so = says_so || g_error_matches(error, VAS_ERROR, VAS_ERROR_PARTIAL) ||
                  (leaves_all(sweep) && is_told(swept)) || is_lied_to(sweep) ||
                  (g_error_matches(error, VAS_ERROR, VAS_ERROR_TIMED_OUT) &&
                   strstr(now, "<release ") != NULL);
    if (says_so && vas_error_hint(error) == NULL && !is_told(swept))
        sweep_complain(sweep, "no hint with: %s", error->message);
    if (says_so && (sweep->operation->goes_on || (leaves_all(sweep) && is_on_record)))
        return;
    differs = sweep_difference(sweep->before, now);
    sweep_complain(sweep, "neither as before nor as after, with %s: %s%s",
                   vas_error_name(error->code), error->message, differs);
}

/* The error tells of something that would be left: not put back, asked for, or done for some -
 * which of a detach may be nothing more than that the others were not tried. */
static gboolean
tells_of_changes(const Sweep *sweep, const GError *error)
{
    return g_error_matches(error, VAS_ERROR, VAS_ERROR_UNDO_FAILED) ||
           g_error_matches(error, VAS_ERROR, VAS_ERROR_TIMED_OUT) ||
           (!sweep->operation->goes_on && g_error_matches(error, VAS_ERROR, VAS_ERROR_PARTIAL));
}

static gboolean
may_be_done(const Sweep *sweep)
{
    return leaves_all(sweep) || sweep->operation->goes_on || is_lied_to(sweep);
}

static void
check_failure(Sweep *sweep, SweptWorld *swept, const char *now, gboolean is_on_record)
{
    const GError *error = swept->world.error;

    if (error == NULL || *error->message == '\0') {
        sweep_complain(sweep, "failure without a message");
        return;
    }
    if (g_str_equal(now, sweep->before)) {
        if (tells_of_changes(sweep, error) && !leaves_all(sweep))
            sweep_complain(sweep, "all is as before, with %s: %s", vas_error_name(error->code),
                           error->message);
    } else if (g_str_equal(now, sweep->after)) {
        if (!may_be_done(sweep))
            sweep_complain(sweep, "all is done, with %s: %s", vas_error_name(error->code),
                           error->message);
    } else {
        check_between(sweep, swept, now, is_on_record);
    }
}

/* An operation that stays on record is told, and stays only if the connection is gone for good - or
 * a detach is not at its end; recover sees to it. */
static void
check_record(Sweep *sweep, SweptWorld *swept)
{
    g_autofree char *now = NULL;
    gboolean is_pending = FALSE;

    if (!sweep->operation->goes_on && !leaves_all(sweep))
        sweep_complain(sweep, "an operation stays on record");
    else if (!sweep->operation->goes_on && !is_told(swept))
        sweep_complain(sweep, "an operation stays on record, and nobody is told");
    now = sweep_recover(sweep, swept, &is_pending);
    if (!is_pending)
        sweep_check_recovered(sweep, now);
    if (sweep->operation->goes_on || g_str_equal(now, sweep->before))
        sweep_run_again(sweep, swept);
}

/* An operation that is left on record settles its wishes when it ends: they are no part of what has
 * to be so before. */
static void
check_world(Sweep *sweep, SweptWorld *swept, const char *on_record, gboolean ok)
{
    g_autofree char *without = sweep_without_operations(on_record);
    gboolean is_left = !g_str_equal(without, on_record);
    g_autofree char *now = is_left ? sweep_without_wishes(without) : g_strdup(without);
    char *before = sweep->before;
    char *after = sweep->after;

    if (is_left) {
        sweep->before = sweep_without_wishes(before);
        sweep->after = sweep_without_wishes(after);
    }
    if (ok && !g_str_equal(now, sweep->after)) {
        g_autofree char *differs = sweep_difference(sweep->after, now);

        sweep_complain(sweep, "success, and not as after:%s", differs);
    } else if (!ok) {
        check_failure(sweep, swept, now, is_left);
    }
    if (is_left) {
        g_free(sweep->before);
        g_free(sweep->after);
        sweep->before = before;
        sweep->after = after;
    }
}

void
sweep_try(Sweep *sweep)
{
    SweptWorld swept;
    g_autofree char *on_record = NULL;
    g_autofree char *now = NULL;
    gboolean ok;

    sweep->tries++;
    sweep_begin(&swept, sweep->operation);
    if (sweep->first != NULL)
        sweep_plan(&swept, sweep->first);
    sweep_plan(&swept, &sweep->strike);
    ok = sweep->operation->run(&swept);
    on_record = sweep_picture(&swept);
    now = sweep_without_operations(on_record);
    check_world(sweep, &swept, on_record, ok);
    if (((Fake *) swept.world.fake)->connection.watched != NULL)
        sweep_complain(sweep, "the guest is still watched");
    check_outcomes(sweep, &swept, ok);
    check_results(sweep, &swept);
    if (!g_str_equal(now, on_record))
        check_record(sweep, &swept);
    else if (!ok && swept.world.error != NULL &&
             (sweep->operation->goes_on || g_str_equal(now, sweep->before)))
        sweep_run_again(sweep, &swept);
    sweep_end(&swept);
}

/* A scan asks for each node device, with several threads: one is as good as the other. */
static guint
stride(guint call)
{
    return call == FAKE_NODE_DEVICE_XML ? 7 : 1;
}

/* libvirt has told no lies of the metadata and of networks, and a detach believes that what is not
 * listed is gone. */
gboolean
sweep_can_go_wrong(const SweptOperation *operation, guint call, FakeFault fault)
{
    gboolean is_list =
        call == FAKE_LIST_NODE_DEVICES || call == FAKE_LIST_GUESTS || call == FAKE_FIND_GUEST;
    guint kind = sweep_calls[call].kind;
    guint wanted = faults[fault].kinds;

    if ((kind & wanted & (SWEEP_READS | SWEEP_WRITES)) == 0 ||
        (wanted & SWEEP_BY_LIBVIRT & ~kind) != 0)
        return FALSE;
    if (fault != FAKE_LIES)
        return TRUE;
    return call != FAKE_NODE_DEVICE_XML && call != FAKE_NETWORK_XML && call != FAKE_NETWORK_STATE &&
           call != FAKE_GET_METADATA && call != FAKE_SET_METADATA && call != FAKE_READ_VF &&
           !(is_list && operation->goes_on);
}

static void
test_sweep(gconstpointer data)
{
    Sweep sweep = *(const Sweep *) data;

    sweep_learn(&sweep);
    for (sweep.strike.call = 0; sweep.strike.call < SWEEP_N_CALLS; sweep.strike.call++) {
        for (sweep.strike.nth = 1; sweep.strike.nth <= sweep.counts[sweep.strike.call];
             sweep.strike.nth += stride(sweep.strike.call)) {
            if (sweep_can_go_wrong(sweep.operation, sweep.strike.call, sweep.strike.fault))
                sweep_try(&sweep);
        }
    }
    sweep_finish(&sweep);
}

const char *
sweep_fault_name(FakeFault fault)
{
    return faults[fault].name;
}

void
sweep_add(const SweptOperation *operation)
{
    for (guint i = 0; i < G_N_ELEMENTS(faults); i++) {
        g_autofree char *path =
            g_strdup_printf("/swept-calls/%s/%s", operation->name, faults[i].name);
        Sweep *sweep = NULL;

        if (operation->of_the_host && (i == FAKE_DISCONNECTS_LATE || i >= FAKE_HANGS))
            continue;
        sweep = g_new0(Sweep, 1);
        sweep->operation = operation;
        sweep->strike.fault = (FakeFault) i;
        sweep->fault_name = faults[i].name;
        g_test_add_data_func_full(path, sweep, test_sweep, g_free);
    }
}
