/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sweep-private.h"

#include "core/value/error.h"
#include "engine/base/scan.h"
#include "engine/check/check-unfinished.h"
#include "engine/verbs/recover.h"
#include "fake-clock.h"
#include "fake-private.h"

#include <errno.h>
#include <string.h>

const SweepCall sweep_calls[SWEEP_N_CALLS] = {
    [FAKE_DOMAIN_CAPABILITIES] = {"domain_capabilities", SWEEP_READS | SWEEP_BY_LIBVIRT},
    [FAKE_LIST_NODE_DEVICES] = {"list_node_devices", SWEEP_READS | SWEEP_BY_LIBVIRT},
    [FAKE_NODE_DEVICE_XML] = {"node_device_xml", SWEEP_READS | SWEEP_BY_LIBVIRT},
    [FAKE_LIST_NETWORKS] = {"list_networks", SWEEP_READS | SWEEP_BY_LIBVIRT},
    [FAKE_NETWORK_XML] = {"network_xml", SWEEP_READS | SWEEP_BY_LIBVIRT},
    [FAKE_NETWORK_STATE] = {"network_state", SWEEP_READS | SWEEP_BY_LIBVIRT},
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
    [FAKE_CLONE] = {"clone", 0},
    [FAKE_READ_VF] = {"read of VF settings", SWEEP_READS},
    [FAKE_WRITE_VF] = {"write of a VF setting", SWEEP_WRITES},
    [FAKE_STEP] = {"step", SWEEP_BEGINS},
    [SWEEP_WRITE_ATTRIBUTE] = {"write to sysfs", SWEEP_WRITES},
};

/* Writes to the attributes of the fake kernel pass through here. */
static struct {
    VasAttributeWriter write;
    gpointer data;
    guint writes;
    SweepStrike strikes[2];
    guint n_strikes;
} sysfs;

static int
write_attribute(const char *path, const char *text, gpointer data)
{
    (void) data;
    sysfs.writes++;
    for (guint i = 0; i < sysfs.n_strikes; i++) {
        FakeFault fault = sysfs.strikes[i].fault;

        if (sysfs.writes != sysfs.strikes[i].nth)
            continue;
        if (fault == FAKE_FAILS_LATE)
            (void) sysfs.write(path, text, sysfs.data);
        return fault == FAKE_LIES ? 0 : EIO;
    }
    return sysfs.write(path, text, sysfs.data);
}

static void
take_writes(VasHost *host)
{
    memset(&sysfs, 0, sizeof sysfs);
    sysfs.write = host->write_attribute;
    sysfs.data = host->writer_data;
    host->write_attribute = write_attribute;
}

void
sweep_begin(SweptWorld *swept, const SweptOperation *operation)
{
    *swept = (SweptWorld){0};
    world_set_up(&swept->world, NULL);
    swept->world.fake->pass_time = fake_clock_pass;
    if (operation->set_up != NULL)
        operation->set_up(swept);
    g_assert_no_error(swept->world.error);
    take_writes(swept->world.fake->host);
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

gboolean
sweep_is_of_host(const SweptWorld *swept)
{
    return swept->sriov != NULL || swept->kernel != NULL;
}

/* A command for a guest acts by calls alone; a command for the host changes files between its
 * calls, too: there the steps count. */
guint
sweep_count(const SweptWorld *swept, guint call)
{
    if ((call == FAKE_STEP || call == SWEEP_WRITE_ATTRIBUTE) && !sweep_is_of_host(swept))
        return 0;
    return call == SWEEP_WRITE_ATTRIBUTE ? sysfs.writes : swept->world.fake->calls[call];
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
        sweep->counts[i] = sweep_count(&swept, i);
    if (!sweep->operation->run(&swept))
        g_error("%s: %s", sweep->operation->name, swept.world.error->message);
    for (guint i = 0; i < SWEEP_N_CALLS; i++)
        sweep->counts[i] = sweep_count(&swept, i) - sweep->counts[i];
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
    g_test_message("%s, %s %u %s: %s", sweep->operation->name, sweep_calls[sweep->strike.call].name,
                   sweep->strike.nth, sweep->fault_name, text);
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
sweep_plan(SweptWorld *swept, const SweepStrike *strike)
{
    if (strike->call != SWEEP_WRITE_ATTRIBUTE) {
        fake_plan_fault(swept->world.fake, (FakeCall) strike->call, strike->nth, strike->fault,
                        VAS_ERROR_FAILED, "a strange thing happened");
        return;
    }
    g_assert_cmpuint(sysfs.n_strikes, <, G_N_ELEMENTS(sysfs.strikes));
    sysfs.strikes[sysfs.n_strikes++] = *strike;
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
    fake->connection.disconnected = FALSE;
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

/* Operations on record, as a picture has them. A guest's note alone is none: its operation has done
 * nothing, or has ended. */
static const char acted_on[] = "^((live|config) record: +<operation |/run/virt-assign/operation-)";

/* Complains unless check finds what is on record. */
static void
check_is_seen(Sweep *sweep, SweptWorld *swept)
{
    const VasContext *context = &swept->world.fake->context;
    g_autoptr(GPtrArray) findings = vas_findings_new();
    g_autoptr(VasInventory) inventory = NULL;
    g_autoptr(GError) error = NULL;

    sweep_revive(swept);
    inventory = vas_scan(context, &error);
    if (inventory == NULL) {
        sweep_complain(sweep, "check: %s", error->message);
        return;
    }
    for (guint i = 0; i < inventory->guests->len; i++)
        vas_check_unfinished_of_guest(context, g_ptr_array_index(inventory->guests, i), findings);
    vas_check_unfinished_of_host(context, findings);
    if (findings->len == 0)
        sweep_complain(sweep, "check sees nothing of what is on record");
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
    g_autofree char *left = sweep_picture(swept);
    char *now = NULL;
    gboolean ok;

    if (g_regex_match_simple(acted_on, left, G_REGEX_MULTILINE, 0))
        check_is_seen(sweep, swept);
    ok = recover(swept, &recoveries, &error);
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
