/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/verbs/host-driver.h"

#include "core/inventory/iommu-group.h"
#include "core/inventory/selector.h"
#include "core/report/step.h"
#include "core/value/error.h"
#include "engine/base/scan.h"
#include "engine/journal/host-operation.h"
#include "engine/recover/recover-host.h"
#include "engine/run/claim.h"
#include "engine/run/refusal.h"
#include "engine/steps/host-driver-steps.h"
#include "engine/verbs/host-driver-decision.h"
#include "host/pci/driver-binding.h"
#include "host/pci/driver.h"
#include "host/sriov/vf-state.h"

/* Everything that was decided for a command; the last three go together, by subject. */
typedef struct {
    const VasContext *context;
    const VasHostDriverRequest *request;
    VasInventory *inventory;
    VasClaim *claim;
    char *driver;       /* request's, as the kernel calls it */
    GPtrArray *devices; /* const VasDevice */
    GPtrArray *steps;
    GPtrArray *bindings;
    GPtrArray *results;
} HostPlan;

static void
host_plan_clear(HostPlan *plan)
{
    vas_inventory_free(plan->inventory);
    vas_claim_free(plan->claim);
    g_free(plan->driver);
    g_clear_pointer(&plan->devices, g_ptr_array_unref);
    g_clear_pointer(&plan->steps, g_ptr_array_unref);
    g_clear_pointer(&plan->bindings, g_ptr_array_unref);
    g_clear_pointer(&plan->results, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(HostPlan, host_plan_clear)

/* One of the two verbs. */
typedef struct {
    const char *name;
    VasHostDriverDecider decide;
    VasStepKind move;
    VasStepKind prove;
    VasHostOperationKind operation;
} Direction;

static const Direction to_vfio = {"host-detach", vas_host_driver_decide_detach,
                                  VAS_STEP_HOST_DETACH, VAS_STEP_PROVE_HOST_DETACHED,
                                  VAS_HOST_OPERATION_DETACH};
static const Direction to_host = {"host-reattach", vas_host_driver_decide_reattach,
                                  VAS_STEP_HOST_REATTACH, VAS_STEP_PROVE_HOST_REATTACHED,
                                  VAS_HOST_OPERATION_REATTACH};

static VasHostBinding *
read_binding(const VasContext *context, const VasDevice *device, GError **error)
{
    g_autoptr(VasHostBinding) binding = g_new0(VasHostBinding, 1);

    if (!vas_driver_read(context->host, device->address, &binding->driver, error) ||
        !vas_driver_read_override(context->host, device->address, &binding->override, error))
        return NULL;
    return g_steal_pointer(&binding);
}

/* The texts of the steps call the other driver by this name. */
static const char *
counterpart(const HostPlan *plan, const Direction *direction, const VasHostBinding *binding)
{
    if (direction == &to_host)
        return binding->driver != NULL ? binding->driver : "no driver";
    return plan->driver != NULL ? plan->driver : "a VFIO driver";
}

static gboolean
plan_device(HostPlan *plan, const Direction *direction, const VasDevice *device, GError **error)
{
    g_autoptr(VasHostBinding) binding = read_binding(plan->context, device, error);
    g_autoptr(VasAssignment) subject = vas_assignment_new(VAS_ASSIGNMENT_HOSTDEV);
    const VasHostDriverCase c = {plan->context, plan->inventory, plan->request, plan->driver};
    VasResult *result = NULL;
    guint index = plan->results->len;
    gboolean already = FALSE;
    const char *other = NULL;

    if (binding == NULL || !direction->decide(&c, device, binding, &already, error))
        return FALSE;
    subject->has_device = TRUE;
    subject->device = device->address;
    result = vas_result_new(NULL, subject);
    result->driver_before = g_strdup(binding->driver);
    result->driver = g_strdup(binding->driver);
    result->overridden = g_steal_pointer(&binding->overridden);
    g_ptr_array_add(plan->results, result);
    other = counterpart(plan, direction, binding);
    g_ptr_array_add(plan->bindings, g_steal_pointer(&binding));
    if (already) {
        result->outcome = VAS_OUTCOME_ALREADY;
        return TRUE;
    }
    g_ptr_array_add(plan->steps, vas_step_new(direction->move, index, subject, NULL, other));
    g_ptr_array_add(plan->steps, vas_step_new(direction->prove, index, subject, NULL, other));
    return TRUE;
}

/* Nothing is done for @device (NULL: nothing is called @name) when the command is to go on with
 * the others. */
static gboolean
refuse_one(HostPlan *plan, const VasDevice *device, const char *name, GError *refusal,
           GError **error)
{
    if (!plan->request->keep_going || !vas_refusal_spares_others(refusal)) {
        g_propagate_error(error, refusal);
        return FALSE;
    }
    g_ptr_array_add(plan->results, vas_refusal_take_result(NULL, device, name, refusal));
    g_ptr_array_add(plan->bindings, NULL);
    return TRUE;
}

static gboolean
plan_or_refuse(HostPlan *plan, const Direction *direction, const VasDevice *device, GError **error)
{
    GError *refusal = NULL;

    if (plan_device(plan, direction, device, &refusal))
        return TRUE;
    g_prefix_error(&refusal, "%s %s: ", direction->name,
                   vas_host_address_text(device->address).text);
    return refuse_one(plan, device, NULL, refusal, error);
}

/* *ret_device NULL: there is none, and the command goes on. */
static gboolean
find_device(HostPlan *plan, const char *name, VasDevice **ret_device, GError **error)
{
    GError *refusal = NULL;
    VasDevice *device = vas_selector_device(plan->inventory, name, &refusal);

    if (device == NULL && !refuse_one(plan, NULL, name, refusal, error))
        return FALSE;
    if (device != NULL && g_ptr_array_find(plan->devices, device, NULL)) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_USAGE, "%s is named twice",
                    vas_host_address_text(device->address).text);
        return FALSE;
    }
    *ret_device = device;
    return TRUE;
}

static gboolean
plan_named(HostPlan *plan, const Direction *direction, GError **error)
{
    const char *const *names = plan->request->devices;

    for (guint i = 0; names[i] != NULL; i++) {
        VasDevice *device = NULL;

        if (!find_device(plan, names[i], &device, error))
            return FALSE;
        if (device == NULL)
            continue;
        g_ptr_array_add(plan->devices, device);
        if (!plan_or_refuse(plan, direction, device, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
plan_group_mates(HostPlan *plan, const Direction *direction, GError **error)
{
    guint named = plan->devices->len;

    for (guint i = 0; i < named; i++) {
        g_autoptr(GPtrArray) mates =
            vas_iommu_group_mates(plan->inventory, g_ptr_array_index(plan->devices, i));

        for (guint k = 0; k < mates->len; k++) {
            VasDevice *mate = g_ptr_array_index(mates, k);

            if (g_ptr_array_find(plan->devices, mate, NULL))
                continue;
            g_ptr_array_add(plan->devices, mate);
            if (!plan_or_refuse(plan, direction, mate, error))
                return FALSE;
        }
    }
    return TRUE;
}

static gboolean
find_driver(HostPlan *plan, GError **error)
{
    const char *name = plan->request->driver;

    if (name == NULL)
        return TRUE;
    if (!vas_driver_is_vfio(name)) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID, "%s is not a VFIO driver", name);
        vas_error_set_hint(error, "vfio-pci, or a variant for the device: find "
                                  "/lib/modules/$(uname -r) -name '*vfio*pci*'");
        return FALSE;
    }
    /* Looking for the driver may load its module. */
    if (!plan->request->dry_run)
        return vas_driver_find(plan->context->host, name, &plan->driver, error);
    plan->driver = g_strdup(name);
    return TRUE;
}

/* A VasClaimFinder. */
static void
find_things(const VasInventory *inventory, gconstpointer data, VasClaimSet *set)
{
    const VasHostDriverRequest *request = data;

    for (guint i = 0; request->devices[i] != NULL; i++) {
        const VasDevice *device = vas_selector_device(inventory, request->devices[i], NULL);

        if (device != NULL)
            vas_claim_set_add_device(set, inventory, device, request->whole_group);
    }
}

static gboolean
make_plan(HostPlan *plan, const Direction *direction, GError **error)
{
    plan->devices = g_ptr_array_new();
    plan->steps = g_ptr_array_new_with_free_func((GDestroyNotify) vas_step_free);
    plan->bindings = g_ptr_array_new_with_free_func((GDestroyNotify) vas_host_binding_free);
    plan->results = g_ptr_array_new_with_free_func((GDestroyNotify) vas_result_free);
    if (!vas_context_check_local(plan->context, direction->name, error) ||
        !find_driver(plan, error) ||
        !vas_recover_host_first(plan->context, plan->request->devices, plan->request->whole_group,
                                plan->request->timeout, plan->request->dry_run, error))
        return FALSE;
    plan->claim = vas_claim_take(plan->context, find_things, plan->request, plan->request->timeout,
                                 plan->request->dry_run, &plan->inventory, error);
    return plan->claim != NULL && plan_named(plan, direction, error) &&
           (!plan->request->whole_group || plan_group_mates(plan, direction, error));
}

/* A device is of no use to a guest while a mate of it is on a host driver: we say it now, before
 * QEMU does. */
static void
note_blocking_mates(const HostPlan *plan)
{
    for (guint i = 0; i < plan->devices->len; i++) {
        const VasDevice *device = g_ptr_array_index(plan->devices, i);
        g_autoptr(GPtrArray) mates = vas_iommu_group_mates(plan->inventory, device);

        for (guint k = 0; k < mates->len; k++) {
            const VasDevice *mate = g_ptr_array_index(mates, k);

            if (!g_ptr_array_find(plan->devices, mate, NULL) && vas_iommu_group_is_blocked_by(mate))
                vas_context_progress(plan->context, VAS_PROGRESS_NOTE, 0, 0,
                                     "no guest can use %s while %s, in the same IOMMU group %d, is "
                                     "on %s: --group takes all of it",
                                     vas_host_address_text(device->address).text,
                                     vas_host_address_text(mate->address).text, mate->iommu_group,
                                     mate->driver);
        }
    }
}

static void
describe_device(VasHostOperationDevice *row, const HostPlan *plan, const VasHostBinding *binding)
{
    row->identity = vas_vf_state_identity(plan->context->host, row->device);
    row->driver = g_strdup(binding->driver);
    row->override = g_strdup(binding->override);
    row->wanted = g_strdup(binding->wanted != NULL ? binding->wanted : binding->taken);
    row->wanted_override = g_strdup(binding->keep_override ? binding->override : binding->wanted);
}

static VasHostOperation *
describe_operation(const HostPlan *plan, const Direction *direction)
{
    VasHostOperation *operation = vas_host_operation_new(direction->operation);

    operation->driver = g_strdup(plan->driver);
    for (guint i = 0; i < plan->results->len; i++) {
        const VasResult *result = g_ptr_array_index(plan->results, i);

        if (result->outcome == VAS_OUTCOME_PLANNED)
            describe_device(vas_host_operation_add(operation, result->device), plan,
                            g_ptr_array_index(plan->bindings, i));
    }
    return operation;
}

static gboolean
run_plan(const HostPlan *plan, const Direction *direction, GError **error)
{
    g_autoptr(VasHostOperation) operation = describe_operation(plan, direction);
    gboolean recorded = plan->steps->len > 0 && vas_host_operation_begin(plan->context, operation);
    GError *failure = NULL;

    VasHostDriverRun run = {.context = plan->context,
                            .driver = plan->driver,
                            .bindings = plan->bindings,
                            .results = plan->results};
    VasExecution execution = {.context = plan->context,
                              .steps = plan->steps,
                              .actions = vas_host_driver_actions,
                              .n_actions = vas_host_driver_n_actions,
                              .mode = plan->request->keep_going ? VAS_EXECUTE_EACH_OR_NONE
                                                                : VAS_EXECUTE_ALL_OR_NONE,
                              .run = &run,
                              .results = plan->results};

    (void) vas_execute(&execution, &failure);
    if (recorded)
        vas_host_operation_close(plan->context, operation, plan->results, &failure);
    vas_host_driver_forget_taken(&run);
    if (failure == NULL)
        return TRUE;
    g_propagate_error(error, failure);
    return FALSE;
}

static gboolean
move(const VasContext *context, const VasHostDriverRequest *request, const Direction *direction,
     GPtrArray **ret_results, GPtrArray **ret_steps, GError **error)
{
    g_auto(HostPlan) plan = {.context = context, .request = request};
    gboolean ok;

    if (!make_plan(&plan, direction, error))
        return FALSE;
    if (request->dry_run)
        *ret_steps = g_steal_pointer(&plan.steps);
    ok = request->dry_run ? vas_results_check(plan.results, error)
                          : run_plan(&plan, direction, error);
    if (ok && direction == &to_vfio)
        note_blocking_mates(&plan);
    *ret_results = g_steal_pointer(&plan.results);
    return ok;
}

gboolean
vas_host_detach(const VasContext *context, const VasHostDriverRequest *request,
                GPtrArray **ret_results, GPtrArray **ret_steps, GError **error)
{
    return move(context, request, &to_vfio, ret_results, ret_steps, error);
}

gboolean
vas_host_reattach(const VasContext *context, const VasHostDriverRequest *request,
                  GPtrArray **ret_results, GPtrArray **ret_steps, GError **error)
{
    return move(context, request, &to_host, ret_results, ret_steps, error);
}
