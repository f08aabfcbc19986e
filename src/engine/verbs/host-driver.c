/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/verbs/host-driver.h"

#include "core/inventory/iommu-group.h"
#include "core/inventory/selector.h"
#include "core/report/step.h"
#include "core/value/error.h"
#include "engine/base/device-identity.h"
#include "engine/base/pools.h"
#include "engine/command/command.h"
#include "engine/journal/wish-file.h"
#include "engine/run/refusal.h"
#include "engine/steps/host-driver-steps.h"
#include "engine/steps/persist.h"
#include "engine/verbs/host-driver-decision.h"
#include "host/pci/driver-binding.h"
#include "host/pci/driver.h"
#include "host/sriov/vf-state.h"
#include "host/system/boot-unit.h"

/* One of the two verbs. */
typedef struct {
    VasHostDriverDecider decide;
    VasOperationKind operation;
} Direction;

static const Direction to_vfio = {vas_host_driver_decide_detach, VAS_OPERATION_HOST_DETACH};
static const Direction to_host = {vas_host_driver_decide_reattach, VAS_OPERATION_HOST_REATTACH};

/* Everything that was decided for a command; the bindings go together with the command's results,
 * by subject. */
typedef struct {
    const VasHostDriverRequest *request;
    const Direction *direction;
    VasCommand command;
    char *driver;          /* the request's, as the kernel calls it */
    GPtrArray *devices;    /* const VasDevice */
    GPtrArray *identities; /* VasIdentity of each, if the wishes are to say it; NULL: not told */
    VasHostDriverRun run;
} HostPlan;

static VasHostBinding *
read_binding(const VasContext *context, const VasDevice *device, GError **error)
{
    g_autoptr(VasHostBinding) binding = g_new0(VasHostBinding, 1);

    if (!vas_driver_read(context->host, device->address, &binding->driver, error) ||
        !vas_driver_read_override(context->host, device->address, &binding->override, error))
        return NULL;
    return g_steal_pointer(&binding);
}

static gboolean
read_wish(const HostPlan *plan, const VasDevice *device, VasHostBinding *binding, GError **error)
{
    g_autoptr(VasHostWish) wish = NULL;

    if (!vas_wish_file_read(plan->command.context->host, &wish, error))
        return FALSE;
    binding->wish = g_strdup(vas_host_wish_driver(wish, device->address));
    return TRUE;
}

static gboolean
plan_device(HostPlan *plan, const VasDevice *device, GError **error)
{
    g_autoptr(VasHostBinding) binding = read_binding(plan->command.context, device, error);
    const VasHostDriverCase c = {plan->command.context, plan->command.inventory, plan->request,
                                 plan->driver};
    g_autoptr(GPtrArray) overridden = NULL;
    VasResult *result = NULL;
    gboolean already = FALSE;
    gboolean leaves = plan->direction == &to_vfio;

    if (binding == NULL || (plan->request->persist && !read_wish(plan, device, binding, error)) ||
        (leaves &&
         !vas_pools_read_about(plan->command.context, plan->command.inventory, device, error)) ||
        !plan->direction->decide(&c, device, binding, &already, error))
        return FALSE;
    overridden = g_steal_pointer(&binding->overridden);
    result = vas_host_driver_plan(&plan->run, plan->direction->operation, device->address,
                                  g_steal_pointer(&binding), already, plan->command.steps);
    result->overridden = g_steal_pointer(&overridden);
    if (leaves && !already)
        vas_pools_note(plan->command.context, plan->command.inventory, device);
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
    g_ptr_array_add(plan->command.results, vas_refusal_take_result(NULL, device, name, refusal));
    g_ptr_array_add(plan->run.bindings, NULL);
    return TRUE;
}

static gboolean
plan_or_refuse(HostPlan *plan, const VasDevice *device, GError **error)
{
    GError *refusal = NULL;

    if (plan_device(plan, device, &refusal))
        return TRUE;
    g_prefix_error(&refusal, "%s %s: ", plan->command.class->name,
                   vas_host_address_text(device->address).text);
    return refuse_one(plan, device, NULL, refusal, error);
}

/* *ret_device NULL: there is none, and the command goes on. */
static gboolean
find_device(HostPlan *plan, const char *name, VasDevice **ret_device, GError **error)
{
    GError *refusal = NULL;
    VasDevice *device = vas_selector_device(plan->command.inventory, name, &refusal);

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
plan_named(HostPlan *plan, GError **error)
{
    const char *const *names = plan->request->devices;

    for (guint i = 0; names[i] != NULL; i++) {
        VasDevice *device = NULL;

        if (!find_device(plan, names[i], &device, error))
            return FALSE;
        if (device == NULL)
            continue;
        g_ptr_array_add(plan->devices, device);
        if (!plan_or_refuse(plan, device, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
plan_group_mates(HostPlan *plan, GError **error)
{
    guint named = plan->devices->len;

    for (guint i = 0; i < named; i++) {
        g_autoptr(GPtrArray) mates =
            vas_iommu_group_mates(plan->command.inventory, g_ptr_array_index(plan->devices, i));

        for (guint k = 0; k < mates->len; k++) {
            VasDevice *mate = g_ptr_array_index(mates, k);

            if (g_ptr_array_find(plan->devices, mate, NULL))
                continue;
            g_ptr_array_add(plan->devices, mate);
            if (!plan_or_refuse(plan, mate, error))
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
        return vas_driver_find(plan->command.context->host, name, &plan->driver, error);
    plan->driver = g_strdup(name);
    return TRUE;
}

/* A network card tells its MAC only while its host driver has it. */
static gboolean
read_identities(HostPlan *plan, GError **error)
{
    for (guint i = 0; i < plan->devices->len; i++) {
        VasIdentity *identity = NULL;

        if (!vas_device_identity_read(plan->command.context, plan->command.inventory,
                                      g_ptr_array_index(plan->devices, i), &identity, error))
            return FALSE;
        g_ptr_array_add(plan->identities, identity);
    }
    return TRUE;
}

static gboolean
decide(VasCommand *command, GError **error)
{
    HostPlan *plan = command->data;

    if (!find_driver(plan, error))
        return FALSE;
    plan->run.context = command->context;
    plan->run.driver = plan->driver;
    plan->run.results = command->results;
    plan->run.persist = plan->request->persist;
    return plan_named(plan, error) &&
           (!plan->request->whole_group || plan_group_mates(plan, error)) &&
           (!plan->request->persist || plan->direction != &to_vfio || read_identities(plan, error));
}

/* A device is of no use to a guest while a mate of it is on a host driver: we say it now, before
 * QEMU does. */
static void
note_blocking_mates(const HostPlan *plan)
{
    for (guint i = 0; i < plan->devices->len; i++) {
        const VasDevice *device = g_ptr_array_index(plan->devices, i);
        g_autoptr(GPtrArray) mates = vas_iommu_group_mates(plan->command.inventory, device);

        for (guint k = 0; k < mates->len; k++) {
            const VasDevice *mate = g_ptr_array_index(mates, k);

            if (!g_ptr_array_find(plan->devices, mate, NULL) && vas_iommu_group_is_blocked_by(mate))
                vas_context_progress(plan->command.context, VAS_PROGRESS_NOTE, 0, 0,
                                     "no guest can use %s while %s, in the same IOMMU group %d, is "
                                     "on %s: --group takes all of it",
                                     vas_host_address_text(device->address).text,
                                     vas_host_address_text(mate->address).text, mate->iommu_group,
                                     mate->driver);
        }
    }
}

static void
describe_device(VasOperationDevice *row, const HostPlan *plan, const VasHostBinding *binding)
{
    row->identity = vas_vf_state_identity(plan->command.context->host, row->device);
    row->driver = g_strdup(binding->driver);
    row->override = g_strdup(binding->override);
    row->wanted = g_strdup(binding->wanted != NULL ? binding->wanted : binding->taken);
    row->wish = g_strdup(binding->wish);
    row->wanted_override = g_strdup(binding->keep_override ? binding->override : binding->wanted);
}

/* Nothing but boot puts the device on the driver again. */
static void
note_unit(const VasCommand *command)
{
    const HostPlan *plan = command->data;

    if (plan->request->persist && !vas_boot_unit_is_enabled(command->context->host))
        vas_context_progress(
            command->context, VAS_PROGRESS_NOTE, 0, 0,
            "a unit does it at each boot, once it is enabled: systemctl enable " VAS_BOOT_UNIT);
}

/* A refused device has no binding, and nothing is done to it. */
static gboolean
record(VasCommand *command, GError **error)
{
    const HostPlan *plan = command->data;
    VasOperation *operation =
        vas_operation_new(plan->direction->operation, command->context->origin);

    (void) error;
    operation->each_alone = plan->request->keep_going;
    operation->driver = g_strdup(plan->driver);
    operation->persist = plan->request->persist;
    for (guint i = 0; i < command->results->len; i++) {
        const VasResult *result = g_ptr_array_index(command->results, i);

        if (result->outcome == VAS_OUTCOME_PLANNED)
            describe_device(vas_operation_add(operation, result->device), plan,
                            g_ptr_array_index(plan->run.bindings, i));
    }
    command->operation = operation;
    return TRUE;
}

static gboolean
execute(VasCommand *command, GError **error)
{
    HostPlan *plan = command->data;

    return vas_host_driver_execute(
        &plan->run, plan->request->keep_going ? VAS_EXECUTE_EACH_OR_NONE : VAS_EXECUTE_ALL_OR_NONE,
        command->steps, error);
}

/* The wishes are on record: without an identity each is as good as one by hand. */
static void
identify(const HostPlan *plan)
{
    for (guint i = 0; i < plan->identities->len; i++) {
        const VasDevice *device = g_ptr_array_index(plan->devices, i);
        const VasIdentity *identity = g_ptr_array_index(plan->identities, i);
        g_autoptr(GError) failure = NULL;

        if (identity != NULL && !vas_persist_identity(plan->command.context, FALSE, device->address,
                                                      identity, &failure))
            vas_context_progress(plan->command.context, VAS_PROGRESS_NOTE, 0, 0,
                                 "the wish does not say which card %s is: %s",
                                 vas_host_address_text(device->address).text, failure->message);
    }
}

static gboolean
conclude_detach(VasCommand *command, GError **error)
{
    (void) error;
    if (!command->dry_run)
        identify(command->data);
    note_blocking_mates(command->data);
    note_unit(command);
    return TRUE;
}

static const VasCommandClass host_detach = {
    .name = "host-detach",
    .decide = decide,
    .record = record,
    .execute = execute,
    .conclude = conclude_detach,
};

static const VasCommandClass host_reattach = {
    .name = "host-reattach",
    .decide = decide,
    .record = record,
    .execute = execute,
};

static const VasCommandClass boot = {
    .name = "boot",
    .leaves_records = TRUE,
    .decide = decide,
    .execute = execute,
};

static gboolean
move(HostPlan *plan, GPtrArray **ret_results, GPtrArray **ret_steps, GError **error)
{
    gboolean ok;

    plan->devices = g_ptr_array_new();
    plan->identities = g_ptr_array_new_with_free_func((GDestroyNotify) vas_identity_free);
    plan->run.bindings = g_ptr_array_new_with_free_func((GDestroyNotify) vas_host_binding_free);
    plan->command.data = plan;
    plan->command.devices = plan->request->devices;
    plan->command.whole_group = plan->request->whole_group;
    plan->command.timeout = plan->request->timeout;
    plan->command.dry_run = plan->request->dry_run;
    ok = vas_command_run(&plan->command, ret_results, ret_steps, error);
    g_free(plan->driver);
    g_ptr_array_unref(plan->devices);
    g_ptr_array_unref(plan->identities);
    g_ptr_array_unref(plan->run.bindings);
    return ok;
}

gboolean
vas_host_detach(const VasContext *context, const VasHostDriverRequest *request,
                GPtrArray **ret_results, GPtrArray **ret_steps, GError **error)
{
    HostPlan plan = {.request = request,
                     .direction = &to_vfio,
                     .command = {.class = &host_detach, .context = context}};

    return move(&plan, ret_results, ret_steps, error);
}

gboolean
vas_host_reattach(const VasContext *context, const VasHostDriverRequest *request,
                  GPtrArray **ret_results, GPtrArray **ret_steps, GError **error)
{
    HostPlan plan = {.request = request,
                     .direction = &to_host,
                     .command = {.class = &host_reattach, .context = context}};

    return move(&plan, ret_results, ret_steps, error);
}

gboolean
vas_host_driver_boot(const VasContext *context, const VasHostDriverRequest *request,
                     GPtrArray **ret_results, GPtrArray **ret_steps, GError **error)
{
    HostPlan plan = {
        .request = request, .direction = &to_vfio, .command = {.class = &boot, .context = context}};

    return move(&plan, ret_results, ret_steps, error);
}
