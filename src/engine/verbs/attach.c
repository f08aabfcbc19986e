/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/verbs/attach.h"

#include "core/inventory/selector.h"
#include "core/nic/nic-name-effects.h"
#include "core/nic/nic-name.h"
#include "core/report/step.h"
#include "core/rules/rules-critical.h"
#include "core/rules/rules-group.h"
#include "core/rules/rules-host.h"
#include "core/rules/rules-rename.h"
#include "core/value/error.h"
#include "engine/base/scan.h"
#include "engine/journal/operation.h"
#include "engine/recover/recover.h"
#include "engine/run/claim.h"
#include "engine/run/execute.h"
#include "engine/run/refusal.h"
#include "engine/steps/attach-steps.h"
#include "engine/steps/group-mates.h"
#include "engine/verbs/attach-decision.h"

static void
add_steps(GPtrArray *steps, guint subject, const VasAttachDecision *decision,
          const VasVfPlan *vf_plan, const char *xml, const char *guest)
{
    static const struct {
        VasScope scope;
        VasStepKind attach;
        VasStepKind prove;
    } parts[] = {
        {VAS_SCOPE_LIVE, VAS_STEP_ATTACH_LIVE, VAS_STEP_PROVE_LIVE},
        {VAS_SCOPE_CONFIG, VAS_STEP_ATTACH_CONFIG, VAS_STEP_PROVE_CONFIG},
    };

    vas_vf_plan_add_first(vf_plan, subject, guest, steps);
    for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
        gboolean is_missing = (decision->missing & parts[i].scope) != 0;
        gboolean is_set_anew =
            parts[i].scope == VAS_SCOPE_LIVE && vf_plan != NULL && vf_plan->was_live;

        if (is_missing)
            g_ptr_array_add(
                steps, vas_step_new(parts[i].attach, subject, decision->assignment, xml, guest));
        if (parts[i].scope == VAS_SCOPE_LIVE)
            vas_vf_plan_add_priority(vf_plan, subject, steps);
        if (is_missing || is_set_anew)
            g_ptr_array_add(
                steps, vas_step_new(parts[i].prove, subject, decision->assignment, NULL, guest));
    }
    if (decision->missing != 0)
        g_ptr_array_add(
            steps, vas_step_new(VAS_STEP_PROVE_ALONE, subject, decision->assignment, NULL, guest));
}

/* Predicts what the guest will call the NIC, with the NIC in its definition: one that only the
 * config gets comes with the ports that the config has. */
static void
predict_name(VasResult *result, const VasGuest *guest, const VasAttachDecision *decision)
{
    const VasAssignment *wanted = decision->assignment;
    gboolean is_live = (decision->scope & VAS_SCOPE_LIVE) != 0;
    g_autoptr(VasGuestDefinition) with =
        vas_nic_name_with(is_live ? guest->live : guest->config, wanted, decision->missing != 0);
    g_autoptr(VasNicName) name =
        vas_nic_name_predict(with, wanted->guest_address, wanted->acpi_index, NULL);
    g_autoptr(VasNicName) older = vas_nic_name_predict(
        with, wanted->guest_address, wanted->acpi_index, vas_naming_scheme_older());

    if (g_strcmp0(name->name, older->name) != 0)
        result->predicted_older = g_steal_pointer(&older->name);
    result->predicted_name = g_steal_pointer(&name->name);
    result->predicted_why = g_steal_pointer(&name->why);
}

static VasResult *
result_of_decision(const VasGuest *guest, const VasAttachDecision *decision,
                   const VasVfPlan *vf_plan)
{
    VasResult *result = vas_result_new(guest->name, decision->assignment);
    const VasAssignment *wanted = decision->assignment;

    if (vf_plan != NULL)
        result->vf_fields = vf_plan->set | (vf_plan->set_priority ? VAS_VF_VLAN : 0);
    if (decision->missing == 0 && vf_plan == NULL)
        result->outcome = VAS_OUTCOME_ALREADY;
    result->live = guest->live != NULL &&
                   vas_guest_definition_find_device(guest->live, wanted->device) != NULL;
    result->config = guest->config != NULL &&
                     vas_guest_definition_find_device(guest->config, wanted->device) != NULL;
    result->driver = g_strdup(decision->device->driver);
    if (vas_device_in_class(decision->device, VAS_CLASS_NET) && wanted->has_guest_address)
        predict_name(result, guest, decision);
    return result;
}

/* Everything that was decided for a command: its lists go together. */
typedef struct {
    GPtrArray *decisions; /* VasAttachDecision */
    GPtrArray *vf_plans;  /* VasVfPlan, one a device; may be NULL */
    GPtrArray *steps;     /* VasStep */
    GPtrArray *results;   /* VasResult, one a device, of those refused as well */
} AttachPlan;

static void
attach_plan_clear(AttachPlan *plan)
{
    g_clear_pointer(&plan->decisions, g_ptr_array_unref);
    g_clear_pointer(&plan->vf_plans, g_ptr_array_unref);
    g_clear_pointer(&plan->steps, g_ptr_array_unref);
    g_clear_pointer(&plan->results, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(AttachPlan, attach_plan_clear)

/* A device that is in the guest already is not taken from the host any more. @overridden is what
 * @force overrode (char *). */
static gboolean
check_forcible(const VasContext *context, const VasInventory *inventory, const VasGuest *guest,
               const VasAttachDecision *decision, const GPtrArray *earlier, gboolean force,
               GPtrArray *overridden, GError **error)
{
    if (decision->missing == 0)
        return TRUE;
    if (!vas_rules_check_critical(inventory, decision->device, force, overridden, error) ||
        ((decision->missing & VAS_SCOPE_LIVE) != 0 &&
         !vas_rules_check_no_vfs(decision->device, error)) ||
        !vas_rules_check_renames(guest, decision, earlier, force, overridden, error))
        return FALSE;
    vas_context_tell_overridden(context, decision->device->address, overridden);
    return TRUE;
}

/* A device that may have to do without the others has to be alone in its IOMMU group as well. */
static gboolean
check_alone(const VasInventory *inventory, const VasGuest *guest, const VasAttachDecision *decision,
            gboolean keep_going, GError **error)
{
    g_autoptr(GPtrArray) nothing = g_ptr_array_new();

    return !keep_going || vas_rules_check_group(inventory, guest, decision, nothing, FALSE, error);
}

static gboolean
plan_one(const VasContext *context, const VasInventory *inventory, const VasGuest *guest,
         const char *name, const VasAttachRequest *request, AttachPlan *plan, GError **error)
{
    const VasDevice *device = vas_selector_device(inventory, name, error);
    g_auto(VasAttachWish) prepared = {0};
    g_autofree char *xml = NULL;
    g_autoptr(GPtrArray) overridden = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(VasAttachDecision) decision = NULL;
    g_autoptr(VasVfPlan) vf_plan = NULL;
    VasResult *result = NULL;
    guint subject = plan->results->len;

    if (device == NULL)
        return FALSE;
    if (!vas_attach_wish_prepare(context, device, request->wish, &prepared, error))
        return FALSE;
    decision = vas_attach_decide(context, inventory, guest, device, &prepared, request->scope,
                                 plan->decisions, &vf_plan, error);
    if (decision == NULL ||
        !vas_rules_check_distinct(inventory, guest, device, request->distinct, plan->decisions,
                                  error) ||
        !check_alone(inventory, guest, decision, request->keep_going, error) ||
        !check_forcible(context, inventory, guest, decision, plan->decisions, request->force,
                        overridden, error)) {
        g_prefix_error(error, "attach %s to %s: ", vas_host_address_text(device->address).text,
                       guest->name);
        return FALSE;
    }
    xml = vas_template_fill(prepared.template, decision->assignment, error);
    if (xml == NULL)
        return FALSE;
    result = result_of_decision(guest, decision, vf_plan);
    result->overridden = g_steal_pointer(&overridden);
    g_ptr_array_add(plan->results, result);
    add_steps(plan->steps, subject, decision, vf_plan, xml, guest->name);
    g_ptr_array_add(plan->decisions, g_steal_pointer(&decision));
    g_ptr_array_add(plan->vf_plans, g_steal_pointer(&vf_plan));
    return TRUE;
}

/* Nothing is done for a refused device, and the others are decided as if it had not been named. */
static void
add_refused(const VasInventory *inventory, const VasGuest *guest, const char *name, GError *refusal,
            AttachPlan *plan)
{
    const VasDevice *device = vas_selector_device(inventory, name, NULL);

    g_ptr_array_add(plan->results, vas_refusal_take_result(guest, device, name, refusal));
    g_ptr_array_add(plan->vf_plans, NULL);
}

static gboolean
plan_all(const VasContext *context, const VasInventory *inventory, const VasGuest *guest,
         const VasAttachRequest *request, AttachPlan *plan, GError **error)
{
    plan->decisions = g_ptr_array_new_with_free_func((GDestroyNotify) vas_attach_decision_free);
    plan->vf_plans = g_ptr_array_new_with_free_func((GDestroyNotify) vas_vf_plan_free);
    plan->steps = g_ptr_array_new_with_free_func((GDestroyNotify) vas_step_free);
    plan->results = g_ptr_array_new_with_free_func((GDestroyNotify) vas_result_free);
    for (guint i = 0; request->devices[i] != NULL; i++) {
        const char *name = request->devices[i];
        GError *refusal = NULL;

        if (plan_one(context, inventory, guest, name, request, plan, &refusal))
            continue;
        if (!request->keep_going || !vas_refusal_spares_others(refusal)) {
            g_propagate_error(error, refusal);
            return FALSE;
        }
        add_refused(inventory, guest, name, refusal, plan);
    }
    return TRUE;
}

/* A VasClaimFinder. */
static void
find_things(const VasInventory *inventory, gconstpointer data, VasClaimSet *set)
{
    const VasAttachRequest *request = data;
    const VasGuest *guest = vas_selector_guest(inventory, request->guest, NULL);

    if (guest != NULL)
        vas_recover_add_things(inventory, guest, set);
    for (guint i = 0; request->devices[i] != NULL; i++) {
        const VasDevice *device = vas_selector_device(inventory, request->devices[i], NULL);

        if (device != NULL)
            vas_claim_set_add_device(set, inventory, device, request->whole_group);
    }
}

/* Everything that could not be taken back stays on record for recover. */
static gboolean
run_steps(VasAttachRun *run, gboolean keep_going, const GPtrArray *steps, GError **error)
{
    VasExecution execution = {.context = run->context,
                              .steps = steps,
                              .actions = vas_attach_actions,
                              .n_actions = vas_attach_n_actions,
                              .mode =
                                  keep_going ? VAS_EXECUTE_EACH_OR_NONE : VAS_EXECUTE_ALL_OR_NONE,
                              .run = run,
                              .results = run->results};
    g_autoptr(VasOperation) operation =
        vas_operation_of_steps(VAS_OPERATION_ATTACH, run->context, steps, run->results);
    GError *failure = NULL;

    operation->each_alone = keep_going;
    vas_vf_plans_keep(run->vf_plans, operation);
    run->operation = operation->id;
    if (vas_operation_begin(run->context, run->guest, operation, &failure)) {
        (void) vas_execute(&execution, &failure);
        vas_operation_cut_ended(operation, run->guest, run->results, &failure);
        (void) vas_operation_end(run->context, run->guest, operation);
    } else {
        vas_results_fail(run->results, failure);
    }
    if (failure == NULL)
        return TRUE;
    g_propagate_error(error, failure);
    return FALSE;
}

gboolean
vas_attach(const VasContext *context, const VasAttachRequest *request, GPtrArray **ret_results,
           GPtrArray **ret_steps, GError **error)
{
    g_autoptr(VasInventory) inventory = NULL;
    g_autoptr(VasClaim) claim = vas_claim_take(context, find_things, request, request->timeout,
                                               request->dry_run, &inventory, error);
    g_auto(AttachPlan) plan = {0};
    const VasGuest *guest = NULL;
    gboolean ok = TRUE;

    if (claim == NULL || !vas_recover_first(context, request->guest, NULL, request->timeout,
                                            request->dry_run, &inventory, error))
        return FALSE;
    guest = vas_selector_guest(inventory, request->guest, error);
    if (guest == NULL || !plan_all(context, inventory, guest, request, &plan, error) ||
        !vas_group_mates_plan_attach(context, inventory, guest, plan.decisions,
                                     request->whole_group, request->force, plan.steps, plan.results,
                                     error))
        return FALSE;
    if (request->dry_run) {
        *ret_steps = g_steal_pointer(&plan.steps);
        ok = vas_results_check(plan.results, error);
    } else {
        VasAttachRun run = {.context = context,
                            .inventory = inventory,
                            .guest = guest,
                            .timeout = MAX(request->timeout, request->undo_timeout),
                            .results = plan.results,
                            .vf_plans = plan.vf_plans};

        ok = run_steps(&run, request->keep_going, plan.steps, error);
    }
    *ret_results = g_steal_pointer(&plan.results);
    return ok;
}
