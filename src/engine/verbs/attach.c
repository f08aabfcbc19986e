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
#include "engine/base/host-users.h"
#include "engine/base/pools.h"
#include "engine/command/command.h"
#include "engine/journal/operation.h"
#include "engine/journal/pending.h"
#include "engine/run/refusal.h"
#include "engine/steps/attach-steps.h"
#include "engine/steps/group-mates.h"
#include "engine/verbs/attach-decision.h"
#include "engine/verbs/start-wish.h"

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

    vas_vf_plan_add_first(vf_plan, subject, steps);
    for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
        gboolean is_missing = (decision->missing & parts[i].scope) != 0;
        gboolean is_set_anew =
            parts[i].scope == VAS_SCOPE_LIVE && vf_plan != NULL && vf_plan->was_live;

        if (is_missing)
            g_ptr_array_add(
                steps, vas_step_new(parts[i].attach, subject, decision->assignment, xml, guest));
        if (is_missing && parts[i].scope == VAS_SCOPE_LIVE && decision->vfio_driver != NULL)
            vas_step_set_driver(g_ptr_array_index(steps, steps->len - 1), decision->vfio_driver);
        if (parts[i].scope == VAS_SCOPE_LIVE)
            vas_vf_plan_add_priority(vf_plan, subject, steps);
        if (is_missing || is_set_anew)
            g_ptr_array_add(
                steps, vas_step_new(parts[i].prove, subject, decision->assignment, NULL, guest));
    }
}

/* Predicts what the guest will call the NIC, with the NIC in its definition: one that only the
 * config gets comes with the ports that the config has. */
static void
predict_name(VasResult *result, const VasGuest *guest, const VasAttachDecision *decision)
{
    const VasAssignment *wanted = decision->assignment;
    gboolean is_live = (decision->scope & VAS_SCOPE_LIVE) != 0;
    g_autoptr(VasGuestDefinition) with = vas_nic_name_with(
        is_live ? guest->live : guest->config, wanted,
        decision->missing != 0 ? vas_device_nic_kind(decision->device) : VAS_NIC_NONE);
    const VasNic nic = {.has_guest_address = TRUE,
                        .guest_address = wanted->guest_address,
                        .acpi_index = wanted->acpi_index,
                        .port = decision->device->port,
                        .is_infiniband = vas_device_is_fabric(decision->device)};
    g_autoptr(VasNicName) name = vas_nic_name_of(with, &nic, NULL);
    g_autoptr(VasNicName) older = vas_nic_name_of(with, &nic, vas_naming_scheme_older());

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
    result->live = vas_guest_definition_has_device(guest->live, wanted->device);
    result->config = vas_guest_definition_has_device(guest->config, wanted->device);
    result->driver = g_strdup(decision->device->driver);
    if (vas_device_in_class(decision->device, VAS_CLASS_NET) && wanted->has_guest_address)
        predict_name(result, guest, decision);
    return result;
}

/* Everything that was decided for a command, beside its steps and results. */
typedef struct {
    const VasAttachRequest *request;
    VasCommand command;
    GPtrArray *decisions; /* VasAttachDecision */
    GPtrArray *vf_plans;  /* VasVfPlan, by subject; may be NULL */
} AttachPlan;

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
         (!vas_rules_check_no_vfs(decision->device, error) ||
          !vas_host_users_check(context, decision->device, force, overridden, error))) ||
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
decide_wish(const AttachPlan *plan, const VasAttachDecision *decision, const VasVfWish *settings,
            VasWish **ret_wish, GError **error)
{
    const VasCommand *command = &plan->command;
    const VasStartWishRequest request = {.device = decision->device,
                                         .scope = decision->scope,
                                         .settings = *settings,
                                         .is_required = plan->request->required};

    return vas_start_wish_decide(command->context, command->inventory, command->guest, &request,
                                 ret_wish, error);
}

/* The settings that a guest is to have at each start are set by our hook then. Before, a VF that
 * waits for a guest that is shut off stays as it is; without the hook it gets them now, once. */
static void
leave_to_start(const VasContext *context, const VasGuest *guest, const VasAttachDecision *decision,
               const VasVfWish *settings, VasVfPlan **vf_plan)
{
    if (guest->live == NULL && (decision->scope & VAS_SCOPE_CONFIG) != 0 &&
        !vas_vf_wish_is_empty(settings) && vas_start_wish_has_hook(context))
        g_clear_pointer(vf_plan, vas_vf_plan_free);
}

static void
tell_set_once(const VasCommand *command)
{
    for (guint i = 0; i < command->results->len; i++) {
        const VasWish *wish = ((const VasResult *) g_ptr_array_index(command->results, i))->wish;

        if (wish == NULL || vas_vf_wish_is_empty(&wish->settings) ||
            vas_start_wish_has_hook(command->context))
            continue;
        vas_context_progress(command->context, VAS_PROGRESS_NOTE, 0, 0,
                             "the settings of %s are set now, and not at later starts of %s; to "
                             "have them set at each start: virt-assign hook install",
                             vas_host_address_text(wish->device).text, command->guest->name);
    }
}

static gboolean
plan_one(AttachPlan *plan, const char *name, GError **error)
{
    const VasAttachRequest *request = plan->request;
    const VasCommand *command = &plan->command;
    const VasContext *context = command->context;
    const VasInventory *inventory = command->inventory;
    const VasGuest *guest = command->guest;
    const VasDevice *device = vas_selector_device(inventory, name, error);
    g_auto(VasAttachWish) prepared = {0};
    g_autofree char *xml = NULL;
    g_autoptr(GPtrArray) overridden = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(VasAttachDecision) decision = NULL;
    g_autoptr(VasVfPlan) vf_plan = NULL;
    g_autoptr(VasWish) wish = NULL;
    VasResult *result = NULL;
    guint subject = command->results->len;

    if (device == NULL)
        return FALSE;
    if (!vas_pools_read_about(context, command->inventory, device, error) ||
        !vas_attach_wish_prepare(context, device, request->wish, &prepared, error))
        return FALSE;
    decision = vas_attach_decide(context, inventory, guest, device, &prepared, request->scope,
                                 plan->decisions, &vf_plan, error);
    if (decision == NULL ||
        !vas_rules_check_distinct(inventory, guest, device, request->distinct, plan->decisions,
                                  error) ||
        !check_alone(inventory, guest, decision, request->keep_going, error) ||
        !decide_wish(plan, decision, &prepared.wish->vf, &wish, error) ||
        !check_forcible(context, inventory, guest, decision, plan->decisions, request->force,
                        overridden, error)) {
        g_prefix_error(error, "attach %s to %s: ", vas_host_address_text(device->address).text,
                       guest->name);
        return FALSE;
    }
    xml = vas_template_fill(prepared.template, decision->assignment, error);
    if (xml == NULL)
        return FALSE;
    leave_to_start(context, guest, decision, &prepared.wish->vf, &vf_plan);
    if (decision->missing != 0)
        vas_pools_note(context, inventory, device);
    result = result_of_decision(guest, decision, vf_plan);
    result->overridden = g_steal_pointer(&overridden);
    result->wish = g_steal_pointer(&wish);
    g_ptr_array_add(command->results, result);
    add_steps(command->steps, subject, decision, vf_plan, xml, guest->name);
    g_ptr_array_add(plan->decisions, g_steal_pointer(&decision));
    g_ptr_array_add(plan->vf_plans, g_steal_pointer(&vf_plan));
    return TRUE;
}

/* Nothing is done for a refused device, and the others are decided as if it had not been named. */
static void
add_refused(AttachPlan *plan, const char *name, GError *refusal)
{
    const VasCommand *command = &plan->command;
    const VasDevice *device = vas_selector_device(command->inventory, name, NULL);

    g_ptr_array_add(command->results,
                    vas_refusal_take_result(command->guest, device, name, refusal));
    g_ptr_array_add(plan->vf_plans, NULL);
}

static gboolean
gets_config(const GPtrArray *steps, guint subject)
{
    for (guint i = 0; i < steps->len; i++) {
        const VasStep *step = g_ptr_array_index(steps, i);

        if (step->subject == subject && step->kind == VAS_STEP_ATTACH_CONFIG)
            return TRUE;
    }
    return FALSE;
}

/* A mate has no settings: the guest does not see it. @first is the first of the mates. */
static gboolean
decide_wishes_of_mates(const VasCommand *command, guint first, GError **error)
{
    for (guint i = first; i < command->results->len; i++) {
        VasResult *result = g_ptr_array_index(command->results, i);
        const VasStartWishRequest request = {
            .device = vas_inventory_find_device(command->inventory, result->device),
            .scope = VAS_SCOPE_CONFIG,
            .settings = VAS_VF_WISH_NOTHING};

        if (gets_config(command->steps, i) &&
            !vas_start_wish_decide(command->context, command->inventory, command->guest, &request,
                                   &result->wish, error))
            return FALSE;
    }
    return TRUE;
}

static void
add_wish_steps(const VasCommand *command)
{
    for (guint i = 0; i < command->results->len; i++) {
        const VasResult *result = g_ptr_array_index(command->results, i);

        if (result->wish != NULL)
            vas_start_wish_add_step(result->wish, i, command->guest->name, command->steps);
    }
}

static gboolean
decide(VasCommand *command, GError **error)
{
    AttachPlan *plan = command->data;
    const VasAttachRequest *request = plan->request;
    guint named;

    for (guint i = 0; request->devices[i] != NULL; i++) {
        GError *refusal = NULL;

        if (plan_one(plan, request->devices[i], &refusal))
            continue;
        if (!request->keep_going || !vas_refusal_spares_others(refusal)) {
            g_propagate_error(error, refusal);
            return FALSE;
        }
        add_refused(plan, request->devices[i], refusal);
    }
    named = command->results->len;
    if (!vas_group_mates_plan_attach(command->context, command->inventory, command->guest,
                                     plan->decisions, request->whole_group, request->force,
                                     command->steps, command->results, error) ||
        !decide_wishes_of_mates(command, named, error))
        return FALSE;
    vas_attach_plan_alone(command->steps, command->guest->name);
    add_wish_steps(command);
    return TRUE;
}

static gboolean
record(VasCommand *command, GError **error)
{
    const AttachPlan *plan = command->data;

    /* A record of a release that has since happened must not be taken for one of the device that
     * comes now. */
    if (command->guest->live != NULL && !vas_pending_prune(command->context, command->guest, error))
        return FALSE;
    command->operation = vas_operation_of_steps(VAS_OPERATION_ATTACH, command->context,
                                                command->steps, command->results);
    command->operation->each_alone = plan->request->keep_going;
    vas_vf_plans_keep(plan->vf_plans, command->operation);
    for (guint i = 0; i < command->results->len; i++) {
        const VasResult *result = g_ptr_array_index(command->results, i);

        if (result->wish != NULL)
            g_ptr_array_add(command->operation->wishes, vas_wish_copy(result->wish));
    }
    return TRUE;
}

static gboolean
execute(VasCommand *command, GError **error)
{
    const AttachPlan *plan = command->data;
    VasAttachRun run = {.context = command->context,
                        .inventory = command->inventory,
                        .guest = command->guest,
                        .timeout = MAX(plan->request->timeout, plan->request->undo_timeout),
                        .results = command->results,
                        .vf_plans = plan->vf_plans,
                        .operation = command->operation->id};

    if (!vas_attach_execute(
            &run, plan->request->keep_going ? VAS_EXECUTE_EACH_OR_NONE : VAS_EXECUTE_ALL_OR_NONE,
            command->steps, error))
        return FALSE;
    tell_set_once(command);
    return TRUE;
}

static const VasCommandClass class = {
    .name = "attach",
    .decide = decide,
    .record = record,
    .execute = execute,
};

gboolean
vas_attach(const VasContext *context, const VasAttachRequest *request, GPtrArray **ret_results,
           GPtrArray **ret_steps, GError **error)
{
    g_autoptr(GPtrArray) decisions =
        g_ptr_array_new_with_free_func((GDestroyNotify) vas_attach_decision_free);
    g_autoptr(GPtrArray) vf_plans =
        g_ptr_array_new_with_free_func((GDestroyNotify) vas_vf_plan_free);
    AttachPlan plan = {.request = request,
                       .command = {.class = &class,
                                   .context = context,
                                   .data = &plan,
                                   .guest_name = request->guest,
                                   .devices = request->devices,
                                   .whole_group = request->whole_group,
                                   .looks_at_all = request->distinct != VAS_DISTINCT_NONE,
                                   .timeout = request->timeout,
                                   .dry_run = request->dry_run},
                       .decisions = decisions,
                       .vf_plans = vf_plans};

    return vas_command_run(&plan.command, ret_results, ret_steps, error);
}
