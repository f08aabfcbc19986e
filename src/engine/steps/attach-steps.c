/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/steps/attach-steps.h"

#include "core/value/error.h"
#include "engine/base/scan-guest.h"
#include "engine/base/scan.h"
#include "engine/base/vfio-use.h"
#include "engine/journal/operation.h"
#include "engine/run/rival.h"
#include "engine/steps/release.h"
#include "engine/steps/vf-settings.h"
#include "host/pci/driver.h"

static VasResult *
result_of(const VasAttachRun *run, const VasStep *step)
{
    return g_ptr_array_index(run->results, step->subject);
}

static gboolean
send_element(VasAttachRun *run, const VasStep *step, VasScope scope, GError **error)
{
    VasHypervisor *hypervisor = run->context->hypervisor;
    g_autoptr(GError) failure = NULL;

    g_clear_pointer(&run->guests, vas_inventory_free);
    if (hypervisor->attach(hypervisor, run->guest->uuid, step->xml, scope, &failure))
        return TRUE;
    g_propagate_error(error, vas_rival_explain(run->context, run->guest, run->operation, scope,
                                               step->assignment, failure));
    g_prefix_error(error, "%s: ", step->text);
    return FALSE;
}

/* Makes @wanted a wish again, to compare what is there with it. */
static char *
describe_mismatch(const VasAssignment *wanted, const VasAssignment *found)
{
    g_autoptr(VasAssignmentWish) wish = vas_assignment_wish_new();

    wish->has_type = TRUE;
    wish->type = wanted->type;
    wish->has_guest_address = wanted->has_guest_address;
    wish->guest_address = wanted->guest_address;
    wish->alias = g_strdup(wanted->alias);
    wish->has_mac = wanted->has_mac;
    wish->mac = wanted->mac;
    wish->vlan = wanted->vlan;
    wish->acpi_index = wanted->acpi_index;
    wish->boot_order = wanted->boot_order;
    return vas_assignment_wish_mismatch(wish, found);
}

/* Proves that @definition holds the step's device just as it was asked for. */
static gboolean
prove_definition(const VasStep *step, const VasGuestDefinition *definition, GError **error)
{
    const VasAssignment *found =
        vas_guest_definition_find_device(definition, step->assignment->device);
    g_autofree char *mismatch = NULL;

    if (found == NULL) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED,
                    "%s: libvirt reported success, but the device is not there", step->text);
        return FALSE;
    }
    mismatch = describe_mismatch(step->assignment, found);
    if (mismatch == NULL)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED,
                "%s: libvirt reported success, but it came out otherwise: %s", step->text,
                mismatch);
    return FALSE;
}

static gboolean
is_on_vfio(const VasContext *context, VasHostAddress device, const char *driver)
{
    return context->host != NULL ? vas_driver_serves_vfio(context->host, device, driver)
                                 : vas_driver_is_vfio(driver);
}

static gboolean
prove_driver(const VasAttachRun *run, const VasStep *step, GError **error)
{
    VasResult *result = result_of(run, step);

    g_clear_pointer(&result->driver, g_free);
    if (!vas_scan_driver(run->context, step->assignment->device, &result->driver, error))
        return FALSE;
    if (is_on_vfio(run->context, step->assignment->device, result->driver))
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED,
                "%s: the host driver should be a VFIO one, but is %s", step->text,
                result->driver == NULL ? "none" : result->driver);
    return FALSE;
}

static const VasVfPlan *
vf_plan_of(const VasAttachRun *run, const VasStep *step)
{
    return step->subject < run->vf_plans->len ? g_ptr_array_index(run->vf_plans, step->subject)
                                              : NULL;
}

static gboolean
prove_vf_settings(const VasAttachRun *run, const VasStep *step, GError **error)
{
    const VasVfPlan *plan = vf_plan_of(run, step);
    VasResult *result = result_of(run, step);

    if (plan == NULL)
        return TRUE;
    result->has_vf_settings =
        vas_vf_settings_prove(run->context, plan, &result->vf_settings, error);
    if (!result->has_vf_settings)
        g_prefix_error(error, "%s: ", step->text);
    return result->has_vf_settings;
}

/* *ret_own is what this command's own step put into @scope of @now; NULL: nothing. Somebody else's
 * assignment of the device, made meanwhile, is left alone: it has another alias, or the device is
 * another command's on record. */
static gboolean
find_own(const VasAttachRun *run, const VasStep *step, const VasGuest *now, VasScope scope,
         const VasAssignment **ret_own, GError **error)
{
    const VasGuestDefinition *definition =
        now == NULL ? NULL : (scope == VAS_SCOPE_LIVE ? now->live : now->config);
    const VasAssignment *found =
        vas_guest_definition_find_device(definition, step->assignment->device);
    gboolean is_own = FALSE;

    if (found != NULL && g_strcmp0(found->alias, step->assignment->alias) == 0 &&
        !vas_operation_has_device(run->context, now, scope, run->operation,
                                  step->assignment->device, &is_own, error))
        return FALSE;
    *ret_own = is_own ? found : NULL;
    return TRUE;
}

/* *ret_now is NULL when the guest is gone with all of its definitions, as a transient one is when
 * it stops: there is nothing in it to take back. */
static gboolean
scan_for_undo(const VasAttachRun *run, VasGuest **ret_now, GError **error)
{
    g_autoptr(GError) failure = NULL;

    *ret_now = vas_scan_guest_for_undo(run->context, run->guest->uuid, &failure);
    if (*ret_now != NULL || g_error_matches(failure, VAS_ERROR, VAS_ERROR_NOT_FOUND))
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

static gboolean
attach_live(gpointer data, const VasStep *step, GError **error)
{
    VasAttachRun *run = data;

    if (!send_element(run, step, VAS_SCOPE_LIVE, error))
        return FALSE;
    result_of(run, step)->live = TRUE;
    return TRUE;
}

/* Proves that the device is on the kind of driver it was on. It is not when libvirtd died in the
 * middle of the attach: QEMU may even have the device, and libvirt knows nothing of it. */
static gboolean
prove_back_on_host(const VasAttachRun *run, const VasStep *step, GError **error)
{
    VasHostAddress address = step->assignment->device;
    const VasDevice *before = vas_inventory_find_device(run->inventory, address);
    VasResult *result = result_of(run, step);

    g_clear_pointer(&result->driver, g_free);
    if (!vas_scan_driver(run->context, address, &result->driver, error))
        return FALSE;
    if (!vas_vfio_use_check(run->context, run->inventory, NULL, address, error))
        return FALSE;
    if (!is_on_vfio(run->context, address, result->driver) ||
        g_strcmp0(before->driver, result->driver) == 0 || vas_device_is_on_vfio(before))
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "%s was left on %s",
                vas_host_address_text(address).text, result->driver);
    vas_error_set_hint(error, "give it back: virt-assign host-reattach %s",
                       vas_host_address_text(address).text);
    return FALSE;
}

static gboolean
undo_attach_live(gpointer data, const VasStep *step, GError **error)
{
    VasAttachRun *run = data;
    g_autoptr(VasGuest) now = NULL;
    g_autoptr(VasRelease) release = NULL;
    const VasAssignment *live = NULL;
    VasResult *result = result_of(run, step);
    g_autofree char *driver = NULL;

    if (!scan_for_undo(run, &now, error) || !find_own(run, step, now, VAS_SCOPE_LIVE, &live, error))
        return FALSE;
    if (live != NULL) {
        release = vas_release_new(run->context, run->inventory, now, run->timeout, FALSE, error);
        if (release == NULL || !vas_release_ask(release, live, error) ||
            !vas_release_await(release, live, error) ||
            !vas_release_prove(release, live, &result->live, &driver, error))
            return FALSE;
    }
    result->live = FALSE;
    return prove_back_on_host(run, step, error);
}

static gboolean
prove_live(gpointer data, const VasStep *step, GError **error)
{
    VasAttachRun *run = data;
    g_autoptr(VasGuestDefinition) now =
        vas_scan_definition(run->context, run->guest, VAS_SCOPE_LIVE, error);

    return now != NULL && prove_definition(step, now->run_id >= 0 ? now : NULL, error) &&
           prove_driver(run, step, error) && prove_vf_settings(run, step, error);
}

static gboolean
attach_config(gpointer data, const VasStep *step, GError **error)
{
    VasAttachRun *run = data;

    if (!send_element(run, step, VAS_SCOPE_CONFIG, error))
        return FALSE;
    result_of(run, step)->config = TRUE;
    return TRUE;
}

static gboolean
undo_attach_config(gpointer data, const VasStep *step, GError **error)
{
    VasAttachRun *run = data;
    VasHypervisor *hypervisor = run->context->hypervisor;
    g_autoptr(VasGuest) now = NULL;
    g_autoptr(VasGuest) after = NULL;
    g_autoptr(GError) failure = NULL;
    const VasAssignment *config = NULL;

    if (!scan_for_undo(run, &now, error) ||
        !find_own(run, step, now, VAS_SCOPE_CONFIG, &config, error))
        return FALSE;
    if (config != NULL) {
        (void) hypervisor->detach_config(hypervisor, run->guest->uuid, config->element, &failure);
        if (!scan_for_undo(run, &after, error) ||
            !find_own(run, step, after, VAS_SCOPE_CONFIG, &config, error))
            return FALSE;
    }
    result_of(run, step)->config = config != NULL;
    if (config == NULL)
        return TRUE;
    if (failure == NULL)
        failure = g_error_new_literal(VAS_ERROR, VAS_ERROR_FAILED,
                                      "libvirt reported success, but the config still has it");
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

static gboolean
record_vf(gpointer data, const VasStep *step, GError **error)
{
    VasAttachRun *run = data;

    return vas_vf_settings_record(run->context, vf_plan_of(run, step), error);
}

/* The scan is for the connection only: the PF's settings are put back whether there is a guest or
 * not. */
static gboolean
undo_record_vf(gpointer data, const VasStep *step, GError **error)
{
    VasAttachRun *run = data;
    g_autoptr(VasGuest) now = NULL;

    return scan_for_undo(run, &now, error) &&
           vas_vf_settings_take_back(run->context, run->inventory, run->guest,
                                     vf_plan_of(run, step), error);
}

/* No later step proves the settings for a guest that is shut off: reading them here is the proof.
 */
static gboolean
set_vf(gpointer data, const VasStep *step, GError **error)
{
    VasAttachRun *run = data;
    const VasVfPlan *plan = vf_plan_of(run, step);
    VasResult *result = result_of(run, step);

    result->has_vf_settings =
        vas_vf_settings_set(run->context, plan, error) &&
        vas_vf_state_read(run->context->host, &plan->vf, &result->vf_settings, error);
    return result->has_vf_settings;
}

static gboolean
set_vf_priority(gpointer data, const VasStep *step, GError **error)
{
    VasAttachRun *run = data;

    return vas_vf_settings_set_priority(run->context, vf_plan_of(run, step), error);
}

static gboolean
prove_config(gpointer data, const VasStep *step, GError **error)
{
    VasAttachRun *run = data;
    g_autoptr(VasGuestDefinition) now =
        vas_scan_definition(run->context, run->guest, VAS_SCOPE_CONFIG, error);

    return now != NULL && prove_definition(step, now, error);
}

static gboolean
prove_alone(gpointer data, const VasStep *step, GError **error)
{
    VasAttachRun *run = data;

    return vas_rival_check(run->context, run->guest, step->assignment->device, &run->guests, error);
}

/* @first is the first of the steps that prove it. */
static gboolean
is_planned_alone(const GPtrArray *steps, guint first, guint subject)
{
    for (guint i = first; i < steps->len; i++) {
        if (((const VasStep *) g_ptr_array_index(steps, i))->subject == subject)
            return TRUE;
    }
    return FALSE;
}

void
vas_attach_plan_alone(GPtrArray *steps, const char *guest)
{
    guint others = steps->len;

    for (guint i = 0; i < others; i++) {
        const VasStep *step = g_ptr_array_index(steps, i);

        if ((step->kind == VAS_STEP_ATTACH_LIVE || step->kind == VAS_STEP_ATTACH_CONFIG) &&
            !is_planned_alone(steps, others, step->subject))
            g_ptr_array_add(steps, vas_step_new(VAS_STEP_PROVE_ALONE, step->subject,
                                                step->assignment, NULL, guest));
    }
}

/* The wish is on record with the command since before its first step, and comes to stand by itself
 * with the request that ends the record. */
static gboolean
keep_wish(gpointer data, const VasStep *step, GError **error)
{
    (void) data;
    (void) step;
    (void) error;
    return TRUE;
}

/* The undo of the record puts the PF's settings back, too, when the VF is the host's again. */
static const VasStepAction actions[] = {
    {VAS_STEP_RECORD_VF, record_vf, undo_record_vf},
    {VAS_STEP_SET_VF, set_vf, NULL},
    {VAS_STEP_ATTACH_LIVE, attach_live, undo_attach_live},
    {VAS_STEP_SET_VF_PRIORITY, set_vf_priority, NULL},
    {VAS_STEP_PROVE_LIVE, prove_live, NULL},
    {VAS_STEP_ATTACH_CONFIG, attach_config, undo_attach_config},
    {VAS_STEP_PROVE_CONFIG, prove_config, NULL},
    {VAS_STEP_PROVE_ALONE, prove_alone, NULL},
    {VAS_STEP_KEEP_WISH, keep_wish, NULL},
    {0},
};

gboolean
vas_attach_execute(VasAttachRun *run, VasExecuteMode mode, const GPtrArray *steps, GError **error)
{
    gboolean ok = vas_execute(run->context, steps, actions, mode, run, run->results, error);

    g_clear_pointer(&run->guests, vas_inventory_free);
    return ok;
}
