/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/attach.h"

#include "core/error.h"
#include "core/nic-name-effects.h"
#include "core/nic-name.h"
#include "core/rules.h"
#include "core/rules-critical.h"
#include "core/rules-group.h"
#include "core/rules-host.h"
#include "core/rules-rename.h"
#include "core/rules-wish.h"
#include "core/selector.h"
#include "core/step.h"
#include "engine/attach-steps.h"
#include "engine/claim.h"
#include "engine/execute.h"
#include "engine/group-mates.h"
#include "engine/operation.h"
#include "engine/pending.h"
#include "engine/recover.h"
#include "engine/refusal.h"
#include "engine/scan.h"
#include "engine/vf-plan.h"
#include "engine/vfio-use.h"
#include "host/sriov.h"
#include "xml/template.h"

/* One device on its way from what the user asked to the element that libvirt gets. */
typedef struct {
    VasTemplate *template;
    VasAssignmentWish *wish; /* the user's, completed from the template */
} DeviceRequest;

static void
device_request_clear(DeviceRequest *request)
{
    vas_template_free(request->template);
    vas_assignment_wish_free(request->wish);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DeviceRequest, device_request_clear)

static gboolean
prepare_request(const VasContext *context, const VasDevice *device, const VasAssignmentWish *wish,
                DeviceRequest *request, GError **error)
{
    request->wish = vas_assignment_wish_copy(wish);
    /* A template named without --as says itself what it is. */
    if (!wish->has_type && wish->template == NULL) {
        request->wish->has_type = TRUE;
        request->wish->type = vas_rules_default_type(device);
    }
    request->template =
        vas_template_load(context->template_folder, wish->template,
                          request->wish->has_type ? &request->wish->type : NULL, error);
    if (request->template == NULL)
        return FALSE;
    request->wish->has_type = TRUE;
    request->wish->type = vas_template_type(request->template);
    return vas_template_complete_wish(request->template, request->wish, error);
}

/* NULL interface and down are for the rules to judge; what cannot be read is an error. */
static gboolean
read_pf_link(const VasContext *context, const VasDevice *device, VasPfLink *ret_link,
             char **ret_interface, GError **error)
{
    ret_link->known = FALSE;
    if (context->host == NULL || device->kind != VAS_DEVICE_VF)
        return TRUE;
    if (!vas_sriov_read_link(context->host, device->pf, ret_interface, &ret_link->up, error))
        return FALSE;
    ret_link->interface = *ret_interface;
    ret_link->known = TRUE;
    return TRUE;
}

/* A device whose release is pending is neither in nor out. */
static gboolean
check_not_pending(const VasContext *context, const VasGuest *guest, const VasDevice *device,
                  GError **error)
{
    const VasAssignment *live = NULL;
    g_autoptr(GPtrArray) pending = NULL;

    if (guest->live != NULL)
        live = vas_guest_definition_find_device(guest->live, device->address);
    if (live == NULL)
        return TRUE;
    pending = vas_pending_load(context, guest, error);
    if (pending == NULL)
        return FALSE;
    if (vas_pending_find(pending, live) == NULL)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_CONFLICT,
                "guest %s was asked to release it (alias %s) and has not yet", guest->name,
                live->alias);
    vas_error_set_hint(error, "finish that first: virt-assign detach %s %s", guest->name,
                       vas_host_address_text(device->address).text);
    return FALSE;
}

/* *ret_vf_plan (may be NULL: nobody wants to know): what is to be done about its VF settings. */
static VasAttachDecision *
decide_one(const VasContext *context, const VasInventory *inventory, const VasGuest *guest,
           const VasDevice *device, const DeviceRequest *request, VasScope scope,
           const GPtrArray *earlier, VasVfPlan **ret_vf_plan, GError **error)
{
    g_autofree char *interface = NULL;
    VasPfLink link = {0};
    g_autoptr(VasAttachDecision) decision = NULL;

    if (!check_not_pending(context, guest, device, error) ||
        !read_pf_link(context, device, &link, &interface, error))
        return NULL;
    decision = vas_rules_decide_attach(inventory, guest, device, request->wish, scope, &link,
                                       earlier, error);
    if (decision == NULL ||
        (ret_vf_plan != NULL && !vas_vf_plan_attach(context, inventory, guest, decision,
                                                    &request->wish->vf, &link, ret_vf_plan, error)))
        return NULL;
    if ((decision->missing & VAS_SCOPE_LIVE) != 0 &&
        vas_vfio_use_is_unexplained(context, device->address)) {
        vas_vfio_use_refuse(device->address, error);
        return NULL;
    }
    return g_steal_pointer(&decision);
}

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

/* What the guest will call the NIC, with it in the definition: what only the config gets comes with
 * the ports that the config has. */
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

/* What is in the guest already is not taken from the host any more. @overridden is what @force
 * overrode (char *). */
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
    g_auto(DeviceRequest) prepared = {0};
    g_autofree char *xml = NULL;
    g_autoptr(GPtrArray) overridden = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(VasAttachDecision) decision = NULL;
    g_autoptr(VasVfPlan) vf_plan = NULL;
    VasResult *result = NULL;
    guint subject = plan->results->len;

    if (device == NULL)
        return FALSE;
    if (!prepare_request(context, device, request->wish, &prepared, error))
        return FALSE;
    decision = decide_one(context, inventory, guest, device, &prepared, request->scope,
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

/* Nothing is done for it, and the others are decided as if it had not been named. */
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

/* What could not be taken back stays on record for recover. */
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
    if (!vas_operation_begin(run->context, run->guest, operation, run->results, error))
        return FALSE;
    (void) vas_execute(&execution, &failure);
    return vas_operation_close(run->context, run->guest, operation, run->results, failure, error);
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
        VasAttachRun run = {context,      inventory,
                            guest,        MAX(request->timeout, request->undo_timeout),
                            plan.results, plan.vf_plans};

        ok = run_steps(&run, request->keep_going, plan.steps, error);
    }
    *ret_results = g_steal_pointer(&plan.results);
    return ok;
}

/* Without a guest only what the user, the template and the device say is known. */
static VasAssignment *
assignment_without_guest(const VasDevice *device, const VasAssignmentWish *wish, GError **error)
{
    VasAssignment *assignment = NULL;

    if (!vas_rules_check_wish(device, wish, error))
        return NULL;
    assignment = vas_assignment_new(wish->type);
    assignment->has_device = TRUE;
    assignment->device = device->address;
    assignment->alias =
        wish->alias != NULL ? g_strdup(wish->alias) : vas_alias_for_device(device->address);
    assignment->has_guest_address = wish->has_guest_address;
    assignment->guest_address = wish->guest_address;
    assignment->has_mac = wish->has_mac;
    assignment->mac = wish->mac;
    assignment->vlan = wish->vlan;
    assignment->acpi_index = wish->acpi_index;
    assignment->boot_order = wish->boot_order;
    return assignment;
}

static VasAssignment *
assignment_for_guest(const VasContext *context, const VasInventory *inventory,
                     const char *guest_name, const VasDevice *device, const DeviceRequest *request,
                     GError **error)
{
    const VasGuest *guest = vas_selector_guest(inventory, guest_name, error);
    g_autoptr(VasAttachDecision) decision = NULL;

    if (guest == NULL)
        return NULL;
    decision = decide_one(context, inventory, guest, device, request, 0, NULL, NULL, error);
    return decision == NULL ? NULL : g_steal_pointer(&decision->assignment);
}

char *
vas_attach_preview(const VasContext *context, const char *guest, const char *device_name,
                   const VasAssignmentWish *wish, VasAssignment **ret_assignment, GError **error)
{
    g_autoptr(VasInventory) inventory = vas_scan(context, error);
    g_auto(DeviceRequest) request = {0};
    g_autoptr(VasAssignment) assignment = NULL;
    const VasDevice *device = NULL;
    char *xml = NULL;

    if (inventory == NULL)
        return NULL;
    device = vas_selector_device(inventory, device_name, error);
    if (device == NULL || !prepare_request(context, device, wish, &request, error))
        return NULL;
    assignment = guest == NULL
                     ? assignment_without_guest(device, request.wish, error)
                     : assignment_for_guest(context, inventory, guest, device, &request, error);
    if (assignment == NULL)
        return NULL;
    xml = vas_template_fill(request.template, assignment, error);
    if (xml != NULL)
        *ret_assignment = g_steal_pointer(&assignment);
    return xml;
}
