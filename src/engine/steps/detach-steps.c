/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/steps/detach-steps.h"

#include "core/inventory/iommu-group.h"
#include "core/value/error.h"
#include "engine/base/scan-guest.h"
#include "engine/journal/operation.h"
#include "engine/steps/group-mates.h"
#include "engine/steps/vf-settings.h"

static VasResult *
result_of(const VasDetachRun *run, const VasStep *step)
{
    return g_ptr_array_index(run->results, step->subject);
}

/* A step that follows a wait needs the locks again; what the guest has done by then is not lost. */
static gboolean
regain_locks(const VasDetachRun *run, GError **error)
{
    if (vas_claim_regain(run->claim, error))
        return TRUE;
    vas_error_set_hint(error, "run the same detach again: it goes on from here");
    return FALSE;
}

static gboolean
ask_release(gpointer data, const VasStep *step, GError **error)
{
    VasDetachRun *run = data;

    return regain_locks(run, error) &&
           vas_group_mates_check_idle(run->context, run->inventory, run->guest, VAS_SCOPE_LIVE,
                                      step->assignment, error) &&
           vas_release_ask(run->release, step->assignment, error);
}

static gboolean
await_release(gpointer data, const VasStep *step, GError **error)
{
    VasDetachRun *run = data;

    vas_claim_lend(run->claim);
    return vas_release_await(run->release, step->assignment, error);
}

static gboolean
prove_released(gpointer data, const VasStep *step, GError **error)
{
    VasDetachRun *run = data;
    VasResult *result = result_of(run, step);
    g_autoptr(GError) locked = NULL;

    if (!regain_locks(run, &locked)) {
        g_propagate_error(error, g_error_matches(locked, VAS_ERROR, VAS_ERROR_LOCKED)
                                     ? vas_error_recode(locked, VAS_ERROR_PARTIAL)
                                     : g_steal_pointer(&locked));
        g_prefix_error(error, "the running guest has let go of it, but: ");
        return FALSE;
    }
    g_clear_pointer(&result->driver, g_free);
    return vas_release_prove(run->release, step->assignment, &result->live, &result->driver, error);
}

/* While the locks were lent another command may have finished this one and put the device in again:
 * it took the device over on record then. A record that cannot be read may say so. */
static gboolean
check_not_taken_over(const VasDetachRun *run, const VasGuestDefinition *config, const VasStep *step,
                     GError **error)
{
    const VasResult *result = result_of(run, step);
    const VasOperation *operation = NULL;

    if (run->operation == NULL || !result->has_device)
        return TRUE;
    operation = vas_guest_record_find_operation(config->record, run->operation);
    if (operation != NULL && vas_operation_find_device(operation, result->device) != NULL)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_CONFLICT,
                "another command has taken %s over since, and what it made of the config of guest "
                "%s is left alone",
                vas_host_address_text(result->device).text, run->guest->name);
    return FALSE;
}

/* The element of @wanted in @config (NULL: the guest has none); another device that merely has its
 * MAC or alias by now is left alone. NULL: it is gone. */
static const VasAssignment *
find_in_config(const VasGuestDefinition *config, const VasAssignment *wanted)
{
    const VasAssignment *found = NULL;

    if (config == NULL)
        return NULL;
    if (!wanted->has_device)
        return vas_guest_definition_find_network_nic(config, wanted);
    found = vas_guest_definition_counterpart(config, wanted);
    return found != NULL && vas_assignment_tie(wanted, found) == VAS_TIE_DEVICE ? found : NULL;
}

static VasGuestDefinition *
read_config(const VasDetachRun *run, GError **error)
{
    gint64 deadline = g_get_monotonic_time() + VAS_RECONNECT_SECONDS * G_USEC_PER_SEC;

    return vas_scan_definition_again(run->context, run->guest, VAS_SCOPE_CONFIG, deadline, error);
}

/* Whether the element is gone though libvirt reported @failure, which is taken: the connection may
 * have been lost behind it, or the guest may have no config any more. */
static gboolean
check_gone(const VasDetachRun *run, const VasStep *step, GError *failure, GError **error)
{
    g_autoptr(GError) refusal = failure;
    g_autoptr(VasGuest) after = vas_scan_guest_for_undo(run->context, run->guest->uuid, error);

    if (after == NULL)
        return FALSE;
    if (find_in_config(after->config, step->assignment) == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&refusal));
    return FALSE;
}

/* Removes the element that the config has now: between the decision and this step the guest may
 * have taken its time, and libvirt reports success for an element of the wrong kind while removing
 * nothing (virDomainHostdevFind and virDomainNetFindIdx in src/conf/domain_conf.c). */
static gboolean
remove_from_config(const VasDetachRun *run, const VasStep *step, GError **error)
{
    VasHypervisor *hypervisor = run->context->hypervisor;
    g_autoptr(VasGuestDefinition) before = read_config(run, error);
    g_autoptr(VasGuestDefinition) after = NULL;
    GError *failure = NULL;
    const VasAssignment *config = NULL;

    if (before == NULL)
        return FALSE;
    config = find_in_config(before, step->assignment);
    if (config == NULL)
        return TRUE;
    if (!check_not_taken_over(run, before, step, error))
        return FALSE;
    if (!hypervisor->detach_config(hypervisor, run->guest->uuid, config->element, &failure))
        return check_gone(run, step, failure, error);
    after = read_config(run, error);
    if (after == NULL || find_in_config(after, step->assignment) == NULL)
        return after != NULL;
    g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED,
                "libvirt reported success, but the config still has it");
    return FALSE;
}

static gboolean
detach_config(gpointer data, const VasStep *step, GError **error)
{
    VasDetachRun *run = data;
    VasResult *result = result_of(run, step);
    g_autoptr(GError) failure = NULL;
    gboolean was_live = g_array_index(run->subjects, VasDetachSubject, step->subject).live != NULL;

    if (!regain_locks(run, error) ||
        !vas_group_mates_check_idle(run->context, run->inventory, run->guest, VAS_SCOPE_CONFIG,
                                    step->assignment, error))
        return FALSE;
    if (remove_from_config(run, step, &failure)) {
        result->config = FALSE;
        return TRUE;
    }
    if (!was_live) {
        g_propagate_prefixed_error(error, g_steal_pointer(&failure), "%s: ", step->text);
        return FALSE;
    }
    g_propagate_error(error, vas_error_recode(failure, VAS_ERROR_PARTIAL));
    g_prefix_error(
        error, "released by the running guest, but not removed from its config: %s: ", step->text);
    vas_error_set_hint(error, "remove it with: virt-assign detach %s %s --config", run->guest->word,
                       vas_host_address_text(result->device).text);
    return FALSE;
}

/* The settings come after the config, which would else bring the VF back. Whatever becomes of them,
 * the VF is out of the guest and stays out. */
static gboolean
put_vf_back(gpointer data, const VasStep *step, GError **error)
{
    VasDetachRun *run = data;
    VasResult *result = result_of(run, step);
    g_autoptr(GError) failure = NULL;

    if (!regain_locks(run, error))
        return FALSE;
    if (vas_vf_settings_put_back(run->context, run->inventory, run->guest,
                                 g_ptr_array_index(run->vf_plans, step->subject),
                                 &result->has_vf_settings, &result->vf_settings, &failure))
        return TRUE;
    g_propagate_error(error, vas_error_recode(failure, VAS_ERROR_PARTIAL));
    g_prefix_error(error, "it was taken out, but: %s: ", step->text);
    vas_error_set_hint(error, "run the same detach again");
    return FALSE;
}

/* The request that ends the command's record takes the wish off, too. */
static gboolean
drop_wish(gpointer data, const VasStep *step, GError **error)
{
    (void) data;
    (void) step;
    (void) error;
    return TRUE;
}

static const VasStepAction detach_actions[] = {
    {VAS_STEP_ASK_RELEASE, ask_release, NULL},
    {VAS_STEP_AWAIT_RELEASE, await_release, NULL},
    {VAS_STEP_PROVE_RELEASED, prove_released, NULL},
    {VAS_STEP_PUT_VF_BACK, put_vf_back, NULL},
    {VAS_STEP_DETACH_CONFIG, detach_config, NULL},
    {VAS_STEP_DROP_WISH, drop_wish, NULL},
    {0},
};

static void
add_step(GPtrArray *steps, VasStepKind kind, guint subject, const VasAssignment *assignment,
         const char *xml, const char *guest)
{
    g_ptr_array_add(steps, vas_step_new(kind, subject, assignment, xml, guest));
}

static gboolean
is_mate(const VasDetachSubject *subject)
{
    const VasAssignment *side = subject->live != NULL ? subject->live : subject->config;

    return side != NULL && vas_assignment_is_mate(side);
}

/* Plans for the mates (@mates), or for all other subjects. All requests go out before the first
 * wait: guests with native PCIe hot-plug take five seconds each (attention button, PCI Express Base
 * 6.7.1.5), together no longer. */
static void
plan_steps(GPtrArray *steps, const GArray *subjects, const GPtrArray *vf_plans, gboolean mates,
           const char *guest)
{
    for (guint i = 0; i < subjects->len; i++) {
        const VasDetachSubject *subject = &g_array_index(subjects, VasDetachSubject, i);

        if (subject->live != NULL && is_mate(subject) == mates)
            add_step(steps, VAS_STEP_ASK_RELEASE, i, subject->live, subject->live->element, guest);
    }
    for (guint i = 0; i < subjects->len; i++) {
        const VasDetachSubject *subject = &g_array_index(subjects, VasDetachSubject, i);

        if (is_mate(subject) != mates)
            continue;
        if (subject->live != NULL) {
            add_step(steps, VAS_STEP_AWAIT_RELEASE, i, subject->live, NULL, guest);
            add_step(steps, VAS_STEP_PROVE_RELEASED, i, subject->live, NULL, guest);
        }
        if (subject->config != NULL)
            add_step(steps, VAS_STEP_DETACH_CONFIG, i, subject->config, subject->config->element,
                     guest);
        vas_vf_plan_add_put_back(g_ptr_array_index(vf_plans, i), i, steps);
    }
}

/* With the element in the config goes what is wished for the device; somebody else may have taken
 * the element out, and left the wish. */
static void
plan_wishes(const VasDetachRun *run, GPtrArray *steps)
{
    const VasGuestDefinition *config = run->guest->config;

    for (guint i = 0; config != NULL && i < run->subjects->len; i++) {
        const VasDetachSubject *subject = &g_array_index(run->subjects, VasDetachSubject, i);
        const VasResult *result = g_ptr_array_index(run->results, i);

        if (result->has_device &&
            (subject->config != NULL || !vas_guest_definition_has_device(config, result->device)) &&
            vas_guest_record_find_wish(config->record, result->device) != NULL)
            vas_step_add_on_host(steps, VAS_STEP_DROP_WISH, i, result->device,
                                 "drop what is kept of %s for each start of %s",
                                 vas_host_address_text(result->device).text, run->guest->name);
    }
}

void
vas_detach_plan_steps(const VasDetachRun *run, GPtrArray *steps)
{
    plan_steps(steps, run->subjects, run->vf_plans, FALSE, run->guest->name);
    plan_steps(steps, run->subjects, run->vf_plans, TRUE, run->guest->name);
    plan_wishes(run, steps);
}

static gboolean
any_is_live(const GArray *subjects)
{
    for (guint i = 0; i < subjects->len; i++) {
        if (g_array_index(subjects, VasDetachSubject, i).live != NULL)
            return TRUE;
    }
    return FALSE;
}

gboolean
vas_detach_execute(VasDetachRun *run, const GPtrArray *steps, GError **error)
{
    g_autoptr(VasRelease) release = NULL;
    g_autoptr(GError) failure = NULL;

    if (any_is_live(run->subjects)) {
        release = vas_release_new(run->context, run->inventory, run->guest, run->timeout,
                                  run->ask_again, &failure);
        if (release == NULL) {
            vas_results_fail(run->results, failure);
            g_propagate_error(error, g_steal_pointer(&failure));
            return FALSE;
        }
        run->release = release;
    }
    return vas_execute(run->context, steps, detach_actions, VAS_EXECUTE_EACH, run, run->results,
                       error);
}
