/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/recover/recover-operation.h"

#include "core/device/device.h"
#include "core/report/result.h"
#include "core/rules/rules-host.h"
#include "core/value/error.h"
#include "engine/base/scan.h"
#include "engine/base/vfio-use.h"
#include "engine/journal/operation.h"
#include "engine/journal/pending.h"
#include "engine/recover/recover-fate.h"
#include "engine/steps/host-driver-steps.h"
#include "engine/steps/ports-steps.h"
#include "engine/steps/vf-settings.h"

static void
work_clear(VasRecoverWork *work)
{
    vas_operation_free(work->rest);
    vas_recovery_free(work->recovery);
    g_clear_pointer(&work->pending, g_ptr_array_unref);
    g_clear_pointer(&work->taken, g_array_unref);
    g_clear_pointer(&work->subjects, g_array_unref);
    g_clear_pointer(&work->results, g_ptr_array_unref);
    g_clear_pointer(&work->vf_plans, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(VasRecoverWork, work_clear)

/* QEMU may hold the device without libvirt's knowledge, when libvirt died in the middle: as long as
 * that lasts everything about the device stays as it is, its settings and their record, too. */
static gboolean
check_not_held_elsewhere(const VasRecoverWork *work, const VasOperationDevice *device,
                         GError **error)
{
    return (device->scope & VAS_SCOPE_LIVE) == 0 ||
           vas_guest_definition_has_device(work->run->guest->live, device->device) ||
           vas_vfio_use_check(work->run->context, work->run->inventory, work->run->inventory,
                              device->device, error);
}

static void
add_subject(VasRecoverWork *work, const VasOperationDevice *device)
{
    const VasRecoverRun *run = work->run;
    const VasAssignment *live =
        work->operation->kind == VAS_OPERATION_ATTACH
            ? vas_recover_find_own(run->guest->live, device)
            : vas_guest_definition_find_device(run->guest->live, device->device);
    VasDetachSubject subject = {
        .live = (device->scope & VAS_SCOPE_LIVE) != 0 ? live : NULL,
        .config = vas_recover_find_config(work, device),
    };
    g_autoptr(VasAssignment) known = vas_operation_device_assignment(device);
    VasVfPlan *plan = NULL;
    VasResult *result = NULL;

    if (!vas_recover_stays_in_guest(work, &subject, device->device))
        plan = vas_vf_plan_release(run->context, run->inventory, run->guest, device->device,
                                   subject.live != NULL ? subject.live->type
                                                        : VAS_ASSIGNMENT_INTERFACE);
    g_array_append_val(work->taken, device);
    g_array_append_val(work->subjects, subject);
    result = vas_result_new(run->guest->name, known);
    g_ptr_array_add(work->results, result);
    g_ptr_array_add(work->vf_plans, plan);
    if (!check_not_held_elsewhere(work, device, &result->error))
        result->outcome = VAS_OUTCOME_FAILED;
}

static void
forget(VasRecoverWork *work, VasHostAddress device)
{
    VasOperationDevice *left = vas_operation_find_device(work->rest, device);

    if (left != NULL)
        g_ptr_array_remove(work->rest->devices, left);
}

static void
tell_pending(VasRecoverWork *work, const VasOperationDevice *device)
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
                       work->run->guest->word, vas_host_address_text(device->device).text);
}

/* Reports devices that need no work; beside devices that do, each gets a NOTE of its own. */
static void
tell_staying(const VasRecoverWork *work, const GArray *staying)
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
decide(VasRecoverWork *work)
{
    g_autoptr(GArray) staying = g_array_new(FALSE, FALSE, sizeof(VasHostAddress));
    gboolean is_attach = work->operation->kind == VAS_OPERATION_ATTACH;
    gboolean all_attached = is_attach && vas_recover_all_are_attached(work);

    work->recovery->outcome =
        is_attach && !all_attached ? VAS_RECOVERY_UNDONE : VAS_RECOVERY_FINISHED;
    for (guint i = 0; i < work->operation->devices->len; i++) {
        const VasOperationDevice *device = g_ptr_array_index(work->operation->devices, i);
        VasFate fate = vas_recover_fate(work, device, all_attached);

        if (fate == VAS_FATE_SPARE)
            continue;
        g_array_append_val(fate == VAS_FATE_DROP ? staying : work->recovery->devices,
                           device->device);
        if (fate == VAS_FATE_PENDING)
            tell_pending(work, device);
        else if (fate == VAS_FATE_TAKE)
            add_subject(work, device);
        else
            forget(work, device->device);
    }
    tell_staying(work, staying);
    if (!is_attach && work->taken->len == 0 && work->recovery->outcome == VAS_RECOVERY_FINISHED)
        work->recovery->outcome = VAS_RECOVERY_UNDONE;
}

/* Puts back what a re-attach, or an attach to the other definition, changed of the settings while
 * the device stays in the guest. */
static gboolean
put_settings_back(const VasRecoverWork *work, guint index, GError **error)
{
    const VasOperationDevice *device =
        g_array_index(work->taken, const VasOperationDevice *, index);
    const VasDetachSubject *subject = &g_array_index(work->subjects, VasDetachSubject, index);
    const VasRecoverRun *run = work->run;
    g_autoptr(VasVfPlan) plan = NULL;

    if (work->operation->kind != VAS_OPERATION_ATTACH || !device->has_settings ||
        !vas_recover_stays_in_guest(work, subject, device->device))
        return TRUE;
    plan = vas_vf_plan_restore(run->context, run->inventory, device);
    return plan == NULL ||
           vas_vf_settings_take_back(run->context, run->inventory, run->guest, plan, error);
}

/* Gives the device back to @before, unless a guest has got it meanwhile: it is that guest's now. */
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

/* libvirt gives a device back to the host when it takes it out of a guest, but not a device that it
 * was about to put in when it died. It does not touch a device that goes into a config only. */
static gboolean
give_back(const VasRecoverWork *work, guint index, GError **error)
{
    const VasOperationDevice *device =
        g_array_index(work->taken, const VasOperationDevice *, index);
    const VasContext *context = work->run->context;
    g_autofree char *driver = NULL;

    if (context->host == NULL || !vas_driver_is_host(device->driver) ||
        (device->scope & VAS_SCOPE_LIVE) == 0 ||
        vas_inventory_find_device(work->run->inventory, device->device) == NULL)
        return TRUE;
    if (!vas_vfio_use_check(context, work->run->inventory, NULL, device->device, error) ||
        !vas_scan_driver(context, device->device, &driver, error))
        return FALSE;
    return vas_driver_is_host(driver) ||
           return_to_host(context, device->device, device->driver, error);
}

static gboolean
run_detach(VasRecoverWork *work, GError **error)
{
    VasDetachRun detach = {.context = work->run->context,
                           .inventory = work->run->inventory,
                           .guest = work->run->guest,
                           .timeout = work->run->timeout,
                           .subjects = work->subjects,
                           .results = work->results,
                           .vf_plans = work->vf_plans};
    g_autoptr(GPtrArray) steps = g_ptr_array_new_with_free_func((GDestroyNotify) vas_step_free);

    vas_detach_plan_steps(&detach, steps);
    return vas_detach_execute(&detach, steps, error);
}

/* Takes @failure. */
static void
fail(VasRecoverWork *work, GError *failure)
{
    gboolean is_waiting = g_error_matches(failure, VAS_ERROR, VAS_ERROR_TIMED_OUT);
    g_autofree char *again = vas_operation_recover_command(work->run->guest);

    /* The hint of a wait is meant for a user who runs a detach: here an attach may be undone. */
    if (is_waiting || g_error_matches(failure, VAS_ERROR, VAS_ERROR_INTERRUPTED))
        vas_error_set_hint(&failure, "try again: %s", again);
    else
        vas_operation_hint_recover(&failure, work->run->guest, "try again");
    work->recovery->outcome = is_waiting ? VAS_RECOVERY_PENDING : VAS_RECOVERY_FAILED;
    g_clear_error(&work->recovery->error);
    work->recovery->error = failure;
}

static void
take_out(VasRecoverWork *work)
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
        if (!put_settings_back(work, i, &failure) || !give_back(work, i, &failure)) {
            fail(work, g_steal_pointer(&failure));
            continue;
        }
        vas_operation_drop_wish(work->rest, result->device);
        if (g_array_index(work->subjects, VasDetachSubject, i).config != NULL)
            vas_operation_note_gone(work->rest, result->device);
        forget(work, result->device);
    }
}

static void
recover_ports(VasRecoverWork *work)
{
    const VasRecoverRun *run = work->run;
    const VasGuestDefinition *config = run->guest->config;
    VasPortsRun ports = {run->context, run->guest, work->operation->ports};
    GError *failure = NULL;

    if (config == NULL || vas_ports_are_there(config, work->operation->ports)) {
        g_ptr_array_set_size(work->rest->ports, 0);
        return;
    }
    work->recovery->outcome = VAS_RECOVERY_UNDONE;
    if (run->only_looks)
        return;
    if (vas_ports_undo(&ports, &failure))
        g_ptr_array_set_size(work->rest->ports, 0);
    else
        fail(work, failure);
}

VasRecovery *
vas_recovery_of_operation(const VasOperation *operation, const VasGuest *guest)
{
    VasRecovery *recovery =
        vas_recovery_new(vas_operation_kind_name(operation->kind),
                         guest != NULL ? guest->name : NULL, operation->started_at);

    for (guint i = 0; i < operation->devices->len; i++) {
        const VasOperationDevice *device = g_ptr_array_index(operation->devices, i);

        g_array_append_val(recovery->devices, device->device);
    }
    return recovery;
}

/* A command that still runs was waited for in vain, and says so itself. */
VasRecovery *
vas_recovery_of_failure(const VasGuest *guest, GError *failure)
{
    VasRecovery *recovery = vas_recovery_new(NULL, guest->name, 0);

    if (!g_error_matches(failure, VAS_ERROR, VAS_ERROR_LOCKED))
        vas_operation_hint_recover(&failure, guest, "try again");
    recovery->outcome = VAS_RECOVERY_FAILED;
    recovery->error = failure;
    return recovery;
}

static gboolean
work_begin(VasRecoverWork *work, const VasRecoverRun *run, const VasOperation *operation)
{
    GError *failure = NULL;

    work->run = run;
    work->operation = operation;
    work->rest = vas_operation_copy(operation);
    work->recovery = vas_recovery_new(vas_operation_kind_name(operation->kind), run->guest->name,
                                      operation->started_at);
    work->recovery->is_planned = run->only_looks;
    work->taken = g_array_new(FALSE, FALSE, sizeof(const VasOperationDevice *));
    work->subjects = g_array_new(FALSE, TRUE, sizeof(VasDetachSubject));
    work->results = g_ptr_array_new_with_free_func((GDestroyNotify) vas_result_free);
    work->vf_plans = g_ptr_array_new_with_free_func((GDestroyNotify) vas_vf_plan_free);
    if (run->guest->live == NULL) {
        work->pending = g_ptr_array_new();
        return TRUE;
    }
    work->pending = vas_pending_load(run->context, run->guest, run->only_looks, &failure);
    if (work->pending != NULL)
        return TRUE;
    fail(work, failure);
    work->recovery->outcome = VAS_RECOVERY_FAILED;
    return FALSE;
}

VasRecovery *
vas_recover_operation(const VasRecoverRun *run, const VasOperation *operation)
{
    g_auto(VasRecoverWork) work = {0};

    if (!work_begin(&work, run, operation))
        return g_steal_pointer(&work.recovery);
    if (operation->kind == VAS_OPERATION_PORTS)
        recover_ports(&work);
    else
        decide(&work);
    if (operation->kind != VAS_OPERATION_PORTS && work.recovery->devices->len == 0 &&
        operation->devices->len > 0)
        return NULL;
    if (run->only_looks)
        return g_steal_pointer(&work.recovery);
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
    if (!vas_vf_settings_put_back(run->context, run->inventory, run->guest, plan, &is_told,
                                  &settings, &recovery->error)) {
        recovery->outcome = VAS_RECOVERY_FAILED;
        vas_operation_hint_recover(&recovery->error, run->guest, "try again");
    }
    return plan->is_outdated && recovery->outcome != VAS_RECOVERY_FAILED
               ? NULL
               : g_steal_pointer(&recovery);
}
