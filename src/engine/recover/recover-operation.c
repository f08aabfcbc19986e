/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/recover/recover-operation.h"

#include "core/device/device.h"
#include "core/inventory/iommu-group.h"
#include "core/report/result.h"
#include "core/rules/rules-host.h"
#include "core/value/error.h"
#include "engine/base/scan.h"
#include "engine/base/vfio-use.h"
#include "engine/journal/operation.h"
#include "engine/journal/pending.h"
#include "engine/run/rival.h"
#include "engine/steps/detach-steps.h"
#include "engine/steps/host-driver-steps.h"
#include "engine/steps/ports-steps.h"
#include "engine/steps/vf-settings.h"

/* What is to become of one device. */
typedef enum {
    FATE_DROP,    /* it is where it is to be: nothing is to be done */
    FATE_TAKE,    /* whatever of it is in the guest is taken out */
    FATE_PENDING, /* the guest was asked for it, or for what it is held for */
    FATE_SPARE,   /* not ours to look at */
} Fate;

/* An operation on its way out. */
typedef struct {
    const VasRecoverRun *run;
    const VasOperation *operation;
    VasOperation *rest; /* what stays on record */
    GPtrArray *pending; /* VasPendingRelease */
    VasRecovery *recovery;
    GArray *taken;      /* const VasOperationDevice *: one a subject */
    GArray *subjects;   /* VasDetachSubject */
    GPtrArray *results; /* the three go together */
    GPtrArray *vf_plans;
} Work;

static void
work_clear(Work *work)
{
    vas_operation_free(work->rest);
    vas_recovery_free(work->recovery);
    g_clear_pointer(&work->pending, g_ptr_array_unref);
    g_clear_pointer(&work->taken, g_array_unref);
    g_clear_pointer(&work->subjects, g_array_unref);
    g_clear_pointer(&work->results, g_ptr_array_unref);
    g_clear_pointer(&work->vf_plans, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, work_clear)

static const VasAssignment *
find_in(const VasGuestDefinition *definition, VasHostAddress device)
{
    return definition != NULL ? vas_guest_definition_find_device(definition, device) : NULL;
}

/* What the command put there; somebody else's assignment of the device has another alias. */
static const VasAssignment *
find_own(const VasGuestDefinition *definition, const VasOperationDevice *device)
{
    const VasAssignment *found = find_in(definition, device->device);

    return found != NULL && g_strcmp0(found->alias, device->alias) == 0 ? found : NULL;
}

static gboolean
is_named(const VasRecoverRun *run, VasHostAddress device)
{
    for (guint i = 0; run->spare != NULL && i < run->spare->len; i++) {
        if (vas_host_address_equal(g_array_index(run->spare, VasHostAddress, i), device))
            return TRUE;
    }
    return FALSE;
}

/* Who detaches what an attach has not put into the guest would leave it on the driver that it was
 * brought to. */
static gboolean
is_spared(const Work *work, VasHostAddress device)
{
    const VasGuest *guest = work->run->guest;

    return is_named(work->run, device) &&
           (work->operation->kind == VAS_OPERATION_DETACH || find_in(guest->live, device) != NULL ||
            find_in(guest->config, device) != NULL);
}

static gboolean
is_pending(const Work *work, const VasAssignment *live)
{
    return live != NULL && vas_pending_find(work->pending, live) != NULL;
}

/* Of a guest that has stopped libvirt has taken back what it set itself. */
static gboolean
has_settings_of(const VasRecoverRun *run, const VasOperationDevice *device)
{
    const VasDevice *known = vas_inventory_find_device(run->inventory, device->device);
    gboolean is_live = find_in(run->guest->live, device->device) != NULL;
    guint fields = is_live ? device->concerned : device->concerned & ~VAS_VF_OF_LIBVIRT;
    gboolean is_told = FALSE;
    VasVfSettings now;

    if (!device->has_settings)
        return TRUE;
    return known != NULL && vas_vf_settings_read(run->context, known, &is_told, &now, NULL) &&
           is_told && (vas_vf_settings_differ(&now, &device->target) & fields) == 0;
}

/* Whether an attach has come to its end with the device; a run that has ended since has taken
 * nothing from it but what it had live. */
static gboolean
is_attached(const Work *work, const VasOperationDevice *device)
{
    const VasRecoverRun *run = work->run;
    const VasGuest *guest = run->guest;
    gboolean wants_live = (device->scope & VAS_SCOPE_LIVE) != 0 && guest->live != NULL;
    gboolean wants_config = (device->scope & VAS_SCOPE_CONFIG) != 0;

    if (device->scope != 0 && !wants_live && !wants_config)
        return FALSE;
    if ((wants_live && find_own(guest->live, device) == NULL) ||
        (wants_config && find_own(guest->config, device) == NULL) ||
        is_pending(work, find_in(guest->live, device->device)))
        return FALSE;
    return has_settings_of(run, device) &&
           (device->scope == 0 || vas_rival_check(run->context, guest, device->device, NULL));
}

static gboolean
all_are_attached(const Work *work)
{
    for (guint i = 0; i < work->operation->devices->len; i++) {
        if (!is_attached(work, g_ptr_array_index(work->operation->devices, i)))
            return FALSE;
    }
    return TRUE;
}

/* Whether a detach takes the device out of the config, now that it is out of the running guest. */
static gboolean
leaves_config(const Work *work, VasHostAddress address)
{
    const VasOperationDevice *device = vas_operation_find_device(work->operation, address);

    return device != NULL && (device->scope & VAS_SCOPE_CONFIG) != 0 && !is_spared(work, address) &&
           find_in(work->run->guest->live, address) == NULL;
}

/* Whether a device that @mate is held for is, and stays, in @definition, one of the guest's. */
static gboolean
is_mate_needed(const Work *work, const VasAssignment *mate, const VasGuestDefinition *definition)
{
    const VasInventory *inventory = work->run->inventory;
    const VasDevice *device = vas_inventory_find_device(inventory, mate->device);
    g_autoptr(GPtrArray) members = device != NULL ? vas_iommu_group_mates(inventory, device) : NULL;

    for (guint i = 0; members != NULL && i < members->len; i++) {
        const VasDevice *member = g_ptr_array_index(members, i);
        const VasAssignment *other = find_in(definition, member->address);

        if (other != NULL && !vas_assignment_is_mate(other) &&
            !(definition == work->run->guest->config && leaves_config(work, member->address)))
            return TRUE;
    }
    return FALSE;
}

/* The mates of a device that is out are to go as well, asked for or not: no guest sees them. */
static gboolean
is_mate_left_behind(const Work *work, const VasAssignment *live)
{
    return vas_assignment_is_mate(live) && !is_mate_needed(work, live, work->run->guest->live);
}

/* Whether @live is a mate, and the guest was asked for a device that it is held for. */
static gboolean
is_mate_of_pending(const Work *work, const VasAssignment *live)
{
    const VasInventory *inventory = work->run->inventory;
    const GPtrArray *assignments = work->run->guest->live->assignments;

    for (guint i = 0; vas_assignment_is_mate(live) && i < assignments->len; i++) {
        const VasAssignment *other = g_ptr_array_index(assignments, i);

        if (is_pending(work, other) && vas_iommu_group_is_shared(inventory, live, other))
            return TRUE;
    }
    return FALSE;
}

static Fate
fate_of_detached(const Work *work, const VasOperationDevice *device)
{
    const VasAssignment *live = (device->scope & VAS_SCOPE_LIVE) != 0
                                    ? find_in(work->run->guest->live, device->device)
                                    : NULL;

    if (live == NULL || is_mate_left_behind(work, live))
        return FATE_TAKE;
    return is_pending(work, live) || is_mate_of_pending(work, live) ? FATE_PENDING : FATE_DROP;
}

static Fate
fate_of(const Work *work, const VasOperationDevice *device, gboolean all_attached)
{
    if (is_spared(work, device->device))
        return FATE_SPARE;
    if (work->operation->kind == VAS_OPERATION_DETACH)
        return fate_of_detached(work, device);
    return all_attached || (work->operation->each_alone && is_attached(work, device)) ? FATE_DROP
                                                                                      : FATE_TAKE;
}

/* The side of the config that a detach was to take out, or an attach has put in. */
static const VasAssignment *
find_config(const Work *work, const VasOperationDevice *device)
{
    const VasGuestDefinition *config = work->run->guest->config;
    g_autoptr(VasAssignment) wanted = NULL;
    const VasAssignment *found = NULL;

    if (config == NULL || (device->scope & VAS_SCOPE_CONFIG) == 0)
        return NULL;
    if (work->operation->kind == VAS_OPERATION_ATTACH)
        return find_own(config, device);
    wanted = vas_operation_device_assignment(device);
    found = vas_guest_definition_counterpart(config, wanted);
    return found != NULL && vas_assignment_is_mate(found) && is_mate_needed(work, found, config)
               ? NULL
               : found;
}

static gboolean
stays_in_guest(const Work *work, const VasDetachSubject *subject, VasHostAddress device)
{
    const VasGuest *guest = work->run->guest;

    return find_in(guest->live, device) != subject->live ||
           (work->operation->kind == VAS_OPERATION_ATTACH &&
            find_in(guest->config, device) != subject->config);
}

/* By QEMU as well, of which libvirt knows nothing when it died in the middle: as long as that lasts
 * all of it stays as it is, its settings and the record of them, too. */
static gboolean
is_held_elsewhere(const Work *work, const VasOperationDevice *device)
{
    return (device->scope & VAS_SCOPE_LIVE) != 0 &&
           find_in(work->run->guest->live, device->device) == NULL &&
           vas_vfio_use_is_unexplained(work->run->context, device->device);
}

static void
add_subject(Work *work, const VasOperationDevice *device)
{
    const VasRecoverRun *run = work->run;
    const VasAssignment *live = work->operation->kind == VAS_OPERATION_ATTACH
                                    ? find_own(run->guest->live, device)
                                    : find_in(run->guest->live, device->device);
    VasDetachSubject subject = {
        .live = (device->scope & VAS_SCOPE_LIVE) != 0 ? live : NULL,
        .config = find_config(work, device),
    };
    g_autoptr(VasAssignment) known = vas_operation_device_assignment(device);
    VasVfPlan *plan = NULL;
    VasResult *result = NULL;

    if (!stays_in_guest(work, &subject, device->device))
        plan = vas_vf_plan_release(run->context, run->inventory, run->guest, device->device,
                                   subject.live != NULL ? subject.live->type
                                                        : VAS_ASSIGNMENT_INTERFACE);
    g_array_append_val(work->taken, device);
    g_array_append_val(work->subjects, subject);
    result = vas_result_new(run->guest->name, known);
    g_ptr_array_add(work->results, result);
    g_ptr_array_add(work->vf_plans, plan);
    if (is_held_elsewhere(work, device)) {
        result->outcome = VAS_OUTCOME_FAILED;
        (void) vas_vfio_use_refuse(device->device, &result->error);
    }
}

static void
forget(Work *work, VasHostAddress device)
{
    VasOperationDevice *left = vas_operation_find_device(work->rest, device);

    if (left != NULL)
        g_ptr_array_remove(work->rest->devices, left);
}

static void
tell_pending(Work *work, const VasOperationDevice *device)
{
    work->recovery->outcome = VAS_RECOVERY_PENDING;
    if (work->recovery->error != NULL)
        return;
    g_set_error(&work->recovery->error, VAS_ERROR, VAS_ERROR_TIMED_OUT,
                "guest %s was asked to release %s and has not yet", work->run->guest->name,
                vas_host_address_text(device->device).text);
    vas_error_set_hint(&work->recovery->error,
                       "wait on: virt-assign detach %s %s; add --ask-again if the guest missed the "
                       "request (it was booting) or never got it (the command was killed first)",
                       work->run->guest->name, vas_host_address_text(device->device).text);
}

/* What nothing is done about. Next to others of its command for which that is not so it has another
 * end than they. */
static void
tell_staying(const Work *work, const GArray *staying)
{
    gboolean is_alone = work->recovery->devices->len == 0;
    gboolean is_attach = work->operation->kind == VAS_OPERATION_ATTACH;

    for (guint i = 0; i < staying->len; i++) {
        VasHostAddress device = g_array_index(staying, VasHostAddress, i);

        if (is_alone)
            g_array_append_val(work->recovery->devices, device);
        else
            vas_context_progress(work->run->context, VAS_PROGRESS_NOTE, 0, 0,
                                 "%s stays in guest %s: %s", vas_host_address_text(device).text,
                                 work->run->guest->name,
                                 is_attach ? "its attach had come to an end"
                                           : "the guest had not been asked for it");
    }
}

static void
decide(Work *work)
{
    g_autoptr(GArray) staying = g_array_new(FALSE, FALSE, sizeof(VasHostAddress));
    gboolean is_attach = work->operation->kind == VAS_OPERATION_ATTACH;
    gboolean all_attached = is_attach && all_are_attached(work);

    work->recovery->outcome =
        is_attach && !all_attached ? VAS_RECOVERY_UNDONE : VAS_RECOVERY_FINISHED;
    for (guint i = 0; i < work->operation->devices->len; i++) {
        const VasOperationDevice *device = g_ptr_array_index(work->operation->devices, i);
        Fate fate = fate_of(work, device, all_attached);

        if (fate == FATE_SPARE)
            continue;
        g_array_append_val(fate == FATE_DROP ? staying : work->recovery->devices, device->device);
        if (fate == FATE_PENDING)
            tell_pending(work, device);
        else if (fate == FATE_TAKE)
            add_subject(work, device);
        else
            forget(work, device->device);
    }
    tell_staying(work, staying);
    if (!is_attach && work->taken->len == 0 && work->recovery->outcome == VAS_RECOVERY_FINISHED)
        work->recovery->outcome = VAS_RECOVERY_UNDONE;
}

/* What a re-attach, or one to the other definition, changed of the settings while the device stays
 * in the guest. */
static gboolean
put_settings_back(const Work *work, guint index, GError **error)
{
    const VasOperationDevice *device =
        g_array_index(work->taken, const VasOperationDevice *, index);
    const VasDetachSubject *subject = &g_array_index(work->subjects, VasDetachSubject, index);
    const VasRecoverRun *run = work->run;
    g_autoptr(VasVfPlan) plan = NULL;

    if (work->operation->kind != VAS_OPERATION_ATTACH || !device->has_settings ||
        !stays_in_guest(work, subject, device->device))
        return TRUE;
    plan = vas_vf_plan_restore(run->context, run->inventory, device);
    return plan == NULL || vas_vf_settings_take_back(run->context, run->guest, plan, error);
}

/* Back to @before, unless a guest has got the device meanwhile: it is that one's now. */
static gboolean
return_to_host(const VasContext *context, VasHostAddress address, const char *before,
               GError **error)
{
    g_autoptr(VasInventory) now = vas_scan(context, error);
    const VasDevice *device = NULL;

    if (now == NULL)
        return FALSE;
    device = vas_inventory_find_device(now, address);
    if (device == NULL || vas_inventory_running_holder(now, device) != NULL)
        return TRUE;
    return vas_rules_check_host_reattach(now, device, error) &&
           vas_host_driver_return(context, address, before, error);
}

/* libvirt gives a device back to the host when it takes it out of a guest, but not one that it was
 * about to put in when it died. It touches none of those that go into a config only. */
static gboolean
give_back(const Work *work, guint index, GError **error)
{
    const VasOperationDevice *device =
        g_array_index(work->taken, const VasOperationDevice *, index);
    const VasDetachSubject *subject = &g_array_index(work->subjects, VasDetachSubject, index);
    const VasContext *context = work->run->context;
    g_autofree char *driver = NULL;

    if (context->host == NULL || !vas_driver_is_host(device->driver) ||
        (device->scope & VAS_SCOPE_LIVE) == 0 ||
        find_in(work->run->guest->live, device->device) != subject->live ||
        vas_inventory_find_device(work->run->inventory, device->device) == NULL)
        return TRUE;
    if (vas_vfio_use_is_unexplained(context, device->device))
        return vas_vfio_use_refuse(device->device, error);
    if (!vas_scan_driver(context, device->device, &driver, error))
        return FALSE;
    return vas_driver_is_host(driver) ||
           return_to_host(context, device->device, device->driver, error);
}

static gboolean
run_detach(Work *work, GError **error)
{
    VasDetachRun detach = {.context = work->run->context,
                           .inventory = work->run->inventory,
                           .guest = work->run->guest,
                           .timeout = work->run->timeout,
                           .subjects = work->subjects,
                           .results = work->results,
                           .vf_plans = work->vf_plans};
    g_autoptr(GPtrArray) steps = vas_detach_plan_steps(&detach);

    return vas_detach_execute(&detach, steps, error);
}

static void
fail(Work *work, GError *failure)
{
    gboolean is_waiting = g_error_matches(failure, VAS_ERROR, VAS_ERROR_TIMED_OUT);
    /* The hint of a wait is for who runs a detach: here an attach may be undone. */
    gboolean has_waited = is_waiting || g_error_matches(failure, VAS_ERROR, VAS_ERROR_INTERRUPTED);
    const char *hint = has_waited ? NULL : vas_error_hint(failure);

    work->recovery->outcome = is_waiting ? VAS_RECOVERY_PENDING : VAS_RECOVERY_FAILED;
    g_clear_error(&work->recovery->error);
    if (hint != NULL)
        vas_error_set_hint(&failure, "%s; then: virt-assign recover %s", hint,
                           work->run->guest->name);
    else
        vas_error_set_hint(&failure, "try again: virt-assign recover %s", work->run->guest->name);
    work->recovery->error = failure;
}

static void
take_out(Work *work)
{
    GError *failure = NULL;

    if (work->taken->len == 0)
        return;
    if (!run_detach(work, &failure))
        fail(work, g_steal_pointer(&failure));
    for (guint i = 0; i < work->taken->len; i++) {
        const VasResult *result = g_ptr_array_index(work->results, i);

        if (result->error != NULL || result->outcome == VAS_OUTCOME_PLANNED)
            continue;
        if (!put_settings_back(work, i, &failure) || !give_back(work, i, &failure))
            fail(work, g_steal_pointer(&failure));
        else
            forget(work, result->device);
    }
}

static void
recover_ports(Work *work)
{
    const VasRecoverRun *run = work->run;
    const VasGuestDefinition *config = run->guest->config;
    GError *failure = NULL;

    if (config == NULL || vas_ports_are_there(config, work->operation->ports)) {
        g_ptr_array_set_size(work->rest->ports, 0);
        return;
    }
    work->recovery->outcome = VAS_RECOVERY_UNDONE;
    if (vas_ports_take_out(run->context, run->guest, work->operation->ports, &failure))
        g_ptr_array_set_size(work->rest->ports, 0);
    else
        fail(work, failure);
}

static gboolean
work_begin(Work *work, const VasRecoverRun *run, const VasOperation *operation)
{
    work->run = run;
    work->operation = operation;
    work->rest = vas_operation_copy(operation);
    work->recovery = vas_recovery_new(vas_operation_kind_name(operation->kind), run->guest->name,
                                      operation->started_at);
    work->taken = g_array_new(FALSE, FALSE, sizeof(const VasOperationDevice *));
    work->subjects = g_array_new(FALSE, TRUE, sizeof(VasDetachSubject));
    work->results = g_ptr_array_new_with_free_func((GDestroyNotify) vas_result_free);
    work->vf_plans = g_ptr_array_new_with_free_func((GDestroyNotify) vas_vf_plan_free);
    if (run->guest->live == NULL) {
        work->pending = g_ptr_array_new();
        return TRUE;
    }
    work->pending = vas_pending_load(run->context, run->guest, &work->recovery->error);
    return work->pending != NULL;
}

VasRecovery *
vas_recover_operation(const VasRecoverRun *run, const VasOperation *operation)
{
    g_auto(Work) work = {0};

    if (!work_begin(&work, run, operation)) {
        work.recovery->outcome = VAS_RECOVERY_FAILED;
        return g_steal_pointer(&work.recovery);
    }
    if (operation->kind == VAS_OPERATION_PORTS)
        recover_ports(&work);
    else
        decide(&work);
    if (operation->kind != VAS_OPERATION_PORTS && work.recovery->devices->len == 0 &&
        operation->devices->len > 0)
        return NULL;
    take_out(&work);
    (void) vas_operation_end(run->context, run->guest, work.rest);
    return g_steal_pointer(&work.recovery);
}

VasRecovery *
vas_recover_settings(const VasRecoverRun *run, VasHostAddress device)
{
    g_autoptr(VasRecovery) recovery = vas_recovery_new("release", run->guest->name, 0);
    g_autoptr(VasVfPlan) plan = vas_vf_plan_release(run->context, run->inventory, run->guest,
                                                    device, VAS_ASSIGNMENT_INTERFACE);
    gboolean is_told = FALSE;
    VasVfSettings settings;

    if (plan == NULL)
        return NULL;
    g_array_append_val(recovery->devices, device);
    if (!vas_vf_settings_put_back(run->context, run->guest, plan, &is_told, &settings,
                                  &recovery->error))
        recovery->outcome = VAS_RECOVERY_FAILED;
    return g_steal_pointer(&recovery);
}
