/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/steps/host-driver-steps.h"

#include "core/device/device.h"
#include "core/value/error.h"
#include "engine/journal/wish-file.h"
#include "engine/run/rival.h"
#include "engine/steps/persist.h"
#include "host/files/taken-driver.h"
#include "host/pci/driver-binding.h"
#include "host/pci/driver.h"

void
vas_host_binding_free(VasHostBinding *binding)
{
    if (binding == NULL)
        return;
    g_free(binding->driver);
    g_free(binding->override);
    g_free(binding->expected);
    g_free(binding->wanted);
    g_free(binding->taken);
    g_free(binding->wish);
    g_clear_pointer(&binding->overridden, g_ptr_array_unref);
    g_free(binding);
}

static const VasHostBinding *
binding_of(const VasHostDriverRun *run, const VasStep *step)
{
    return g_ptr_array_index(run->bindings, step->subject);
}

/* Reads the driver that the device is on now, and keeps it in the result. */
static gboolean
read_driver(const VasHostDriverRun *run, const VasStep *step, const char **ret_driver,
            GError **error)
{
    VasResult *result = g_ptr_array_index(run->results, step->subject);
    char *driver = NULL;

    if (!vas_driver_read(run->context->host, step->assignment->device, &driver, error))
        return FALSE;
    g_free(result->driver);
    result->driver = driver;
    *ret_driver = driver;
    return TRUE;
}

static const char *
describe_driver(const char *driver)
{
    return driver != NULL ? driver : "no driver";
}

/* libvirt is asked first, since it keeps guests from the device meanwhile. Before 9.7 it knows no
 * driver by name (qemuNodeDeviceDetachFlags in src/qemu/qemu_driver.c): then what it would do is
 * done here. */
static gboolean
detach(const VasHostDriverRun *run, VasHostAddress device, GError **error)
{
    VasHypervisor *hypervisor = run->context->hypervisor;
    VasPciAddressText name = vas_pci_address_nodedev(device.pci);
    g_autoptr(GError) refusal = NULL;

    if (hypervisor == NULL)
        return vas_driver_bind(run->context->host, device, run->driver, error);
    if (hypervisor->detach_node_device(hypervisor, name.text, run->driver, &refusal))
        return TRUE;
    if (run->driver != NULL && g_error_matches(refusal, VAS_ERROR, VAS_ERROR_UNSUPPORTED))
        return vas_driver_bind(run->context->host, device, run->driver, error);
    g_propagate_error(error, vas_rival_explain_host(run->context, device, refusal));
    return FALSE;
}

/* A user whom libvirt lets take a device need not be root: without the note it is the kernel that
 * chooses the driver again, which is nearly always the same. */
static void
note_driver(const VasHostDriverRun *run, VasHostAddress device, const char *driver)
{
    g_autoptr(GError) failure = NULL;

    if (!vas_driver_is_host(driver) ||
        vas_taken_driver_note(run->context->host, device, driver, &failure))
        return;
    vas_context_progress(run->context, VAS_PROGRESS_NOTE, 0, 0,
                         "host-reattach will give %s to the driver that the kernel chooses: %s",
                         vas_host_address_text(device).text, failure->message);
}

static gboolean
host_detach(gpointer data, const VasStep *step, GError **error)
{
    const VasHostDriverRun *run = data;
    VasHostAddress device = step->assignment->device;
    g_autoptr(GError) failure = NULL;

    note_driver(run, device, binding_of(run, step)->driver);
    if (detach(run, device, &failure))
        return TRUE;
    g_propagate_prefixed_error(error, g_steal_pointer(&failure), "%s: ", step->text);
    return FALSE;
}

static gboolean
prove_host_detached(gpointer data, const VasStep *step, GError **error)
{
    const VasHostDriverRun *run = data;
    const char *driver = NULL;

    if (!read_driver(run, step, &driver, error))
        return FALSE;
    if (run->driver != NULL ? g_strcmp0(driver, run->driver) == 0 : vas_driver_is_vfio(driver))
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "%s: success was reported, but %s is on %s",
                step->text, vas_host_address_text(step->assignment->device).text,
                describe_driver(driver));
    vas_error_set_hint(error, "the kernel's log says why: journalctl -k");
    return FALSE;
}

static gboolean
bind_wanted(const VasHost *host, VasHostAddress device, const char *wanted, GError **error)
{
    g_autofree char *driver = NULL;
    g_autofree char *now = NULL;

    if (!vas_driver_find(host, wanted, &driver, error) ||
        !vas_driver_bind(host, device, driver, error) ||
        !vas_driver_read(host, device, &now, error))
        return FALSE;
    if (g_strcmp0(now, driver) == 0)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "%s did not take it: it is on %s", driver,
                describe_driver(now));
    vas_error_set_hint(error, "the kernel's log says why: journalctl -k");
    return FALSE;
}

/* Binds the driver by its name, and leaves the device free for any other again, as it was. */
static gboolean
bind_as_before(const VasHost *host, VasHostAddress device, const char *wanted, GError **error)
{
    g_autoptr(GError) failure = NULL;
    gboolean bound = bind_wanted(host, device, wanted, &failure);

    if (vas_driver_write_override(host, device, NULL, bound ? error : NULL) && bound)
        return TRUE;
    if (failure != NULL)
        g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

/* The driver that host-detach took the device from comes back where the kernel chooses another:
 * somebody had bound it by hand. If it cannot be had any more the kernel's choice is right again.
 */
static gboolean
bring_taken_driver_back(const VasHostDriverRun *run, const VasStep *step, GError **error)
{
    const VasHost *host = run->context->host;
    VasHostAddress device = step->assignment->device;
    const char *taken = binding_of(run, step)->taken;
    g_autoptr(GError) refusal = NULL;
    const char *now = NULL;

    if (!read_driver(run, step, &now, error))
        return FALSE;
    if (taken == NULL || g_strcmp0(now, taken) == 0 ||
        bind_as_before(host, device, taken, &refusal))
        return TRUE;
    vas_context_progress(run->context, VAS_PROGRESS_NOTE, 0, 0,
                         "%s was on %s, which cannot be had again: %s",
                         vas_host_address_text(device).text, taken, refusal->message);
    return vas_driver_probe_anew(host, device, error);
}

/* libvirt always clears the override (virPCIDeviceUnbindFromStub in src/util/virpci.c): a device
 * whose override is to stay, or to be set, goes back without libvirt. */
static gboolean
reattach(const VasHostDriverRun *run, const VasStep *step, GError **error)
{
    VasHypervisor *hypervisor = run->context->hypervisor;
    VasHostAddress device = step->assignment->device;
    const char *driver = NULL;

    if (binding_of(run, step)->keep_override)
        return vas_driver_probe_anew(run->context->host, device, error);
    if (binding_of(run, step)->wanted != NULL)
        return bind_wanted(run->context->host, device, binding_of(run, step)->wanted, error);
    if (!hypervisor->reattach_node_device(hypervisor, vas_pci_address_nodedev(device.pci).text,
                                          error) ||
        !read_driver(run, step, &driver, error))
        return FALSE;
    if (!vas_driver_is_host(driver) && !vas_driver_offer(run->context->host, device, error))
        return FALSE;
    return bring_taken_driver_back(run, step, error);
}

static gboolean
host_reattach(gpointer data, const VasStep *step, GError **error)
{
    const VasHostDriverRun *run = data;
    g_autoptr(GError) failure = NULL;

    if (reattach(run, step, &failure))
        return TRUE;
    g_propagate_prefixed_error(error, g_steal_pointer(&failure), "%s: ", step->text);
    return FALSE;
}

static gboolean
prove_host_reattached(gpointer data, const VasStep *step, GError **error)
{
    const VasHostDriverRun *run = data;
    const VasHostBinding *before = binding_of(run, step);
    VasPciAddressText address = vas_host_address_text(step->assignment->device);
    const char *driver = NULL;

    if (!read_driver(run, step, &driver, error))
        return FALSE;
    if (vas_driver_is_host(driver))
        return TRUE;
    if (driver == NULL && !before->keep_override) {
        vas_context_progress(run->context, VAS_PROGRESS_NOTE, 0, 0,
                             "no host driver takes %s: none that is installed knows it",
                             address.text);
        return TRUE;
    }
    g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "%s: it is on %s", step->text,
                describe_driver(driver));
    if (before->keep_override)
        vas_error_set_hint(error, "its driver_override allows %s only: --clear-override",
                           before->override);
    else
        vas_error_set_hint(error, "the kernel's log says why: journalctl -k");
    return FALSE;
}

static gboolean
restore(const VasHost *host, VasHostAddress device, const VasHostBinding *before, GError **error)
{
    g_autofree char *driver = NULL;
    g_autofree char *override = NULL;

    if (!vas_driver_read(host, device, &driver, error) ||
        (g_strcmp0(driver, before->driver) != 0 &&
         !vas_driver_bind(host, device, before->driver, error)) ||
        !vas_driver_read_override(host, device, &override, error))
        return FALSE;
    return g_strcmp0(override, before->override) == 0 ||
           vas_driver_write_override(host, device, before->override, error);
}

static gboolean
prove_restored(const VasHost *host, VasHostAddress device, const VasHostBinding *before,
               GError **error)
{
    g_autofree char *driver = NULL;
    g_autofree char *override = NULL;

    if (!vas_driver_read(host, device, &driver, error) ||
        !vas_driver_read_override(host, device, &override, error))
        return FALSE;
    if (g_strcmp0(driver, before->driver) == 0 && g_strcmp0(override, before->override) == 0)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "the kernel left it on %s, driver_override %s",
                describe_driver(driver), override != NULL ? override : "none");
    return FALSE;
}

/* The hint names the verb that leads back to where the device was: writing to bind alone does not
 * while driver_override names another driver (bind_store in drivers/base/bus.c and pci_match_device
 * in drivers/pci/pci-driver.c of Linux). */
static void
hint_way_back(VasPciAddressText device, const char *before, GError **error)
{
    if (vas_driver_is_host(before))
        vas_error_set_hint(error, "give it back: virt-assign host-reattach %s", device.text);
    else if (g_strcmp0(before, "vfio-pci") == 0)
        vas_error_set_hint(error, "take it again: virt-assign host-detach %s", device.text);
    else if (vas_driver_is_vfio(before))
        vas_error_set_hint(error, "take it again: virt-assign host-detach %s --driver %s",
                           device.text, before);
}

/* Driver and driver_override are as before again, whatever the move came to. This does without
 * libvirt, whose connection may be what failed. */
static gboolean
undo_move(gpointer data, const VasStep *step, GError **error)
{
    const VasHostDriverRun *run = data;
    const VasHost *host = run->context->host;
    const VasHostBinding *before = binding_of(run, step);
    VasHostAddress device = step->assignment->device;
    VasPciAddressText address = vas_host_address_text(device);
    g_autoptr(GError) failure = NULL;
    gboolean restored =
        restore(host, device, before, &failure) && prove_restored(host, device, before, &failure);
    const char *driver = NULL;

    (void) read_driver(run, step, &driver, NULL);
    if (restored)
        return TRUE;
    g_propagate_prefixed_error(error, g_steal_pointer(&failure),
                               "put %s back on %s: ", address.text,
                               describe_driver(before->driver));
    hint_way_back(address, before->driver, error);
    return FALSE;
}

/* Without a name given the driver is known only now. */
static gboolean
persist_driver(gpointer data, const VasStep *step, GError **error)
{
    const VasHostDriverRun *run = data;
    const char *driver = NULL;

    return read_driver(run, step, &driver, error) &&
           vas_persist_driver(run->context, step->assignment->device,
                              vas_driver_is_vfio(driver) ? driver : NULL, error);
}

static gboolean
undo_persist_driver(gpointer data, const VasStep *step, GError **error)
{
    const VasHostDriverRun *run = data;

    return vas_persist_driver(run->context, step->assignment->device, binding_of(run, step)->wish,
                              error);
}

static const VasStepAction actions[] = {
    {VAS_STEP_HOST_DETACH, host_detach, undo_move},
    {VAS_STEP_PROVE_HOST_DETACHED, prove_host_detached, NULL},
    {VAS_STEP_HOST_REATTACH, host_reattach, undo_move},
    {VAS_STEP_PROVE_HOST_REATTACHED, prove_host_reattached, NULL},
    {VAS_STEP_PERSIST_DRIVER, persist_driver, undo_persist_driver},
    {0},
};

/* Drops what is noted of the devices that are on a host driver. One that libvirt may still take is
 * recover's. */
static void
forget_taken(const VasHostDriverRun *run)
{
    for (guint i = 0; i < run->results->len; i++) {
        const VasResult *result = g_ptr_array_index(run->results, i);

        if (result->outcome != VAS_OUTCOME_PENDING && vas_driver_is_host(result->driver))
            vas_taken_driver_forget(run->context->host, result->device);
    }
}

/* Until all steps are done an undo may bring any device back to where its note is needed. */
gboolean
vas_host_driver_execute(VasHostDriverRun *run, VasExecuteMode mode, const GPtrArray *steps,
                        GError **error)
{
    gboolean ok = vas_execute(run->context, steps, actions, mode, run, run->results, error);

    forget_taken(run);
    return ok;
}

gboolean
vas_host_driver_undo(VasHostDriverRun *run, const GPtrArray *steps, GError **error)
{
    gboolean ok = vas_execute_undo(run->context, steps, actions, run, error);

    forget_taken(run);
    return ok;
}

static void
plan_move(const VasHostDriverRun *run, VasOperationKind kind, guint index,
          const VasAssignment *subject, const VasHostBinding *binding, GPtrArray *steps)
{
    gboolean detach = kind == VAS_OPERATION_HOST_DETACH;
    const char *target = run->driver != NULL ? run->driver : "a VFIO driver";
    const char *other = detach ? target : describe_driver(binding->driver);
    VasStep *move =
        vas_step_new(detach ? VAS_STEP_HOST_DETACH : VAS_STEP_HOST_REATTACH, index, subject, NULL,
                     binding->expected != NULL ? binding->expected : other);

    move->driver = g_strdup(detach && run->driver != NULL ? run->driver : binding->expected);
    g_ptr_array_add(steps, move);
    g_ptr_array_add(
        steps, vas_step_new(detach ? VAS_STEP_PROVE_HOST_DETACHED : VAS_STEP_PROVE_HOST_REATTACHED,
                            index, subject, NULL, other));
}

/* @driver NULL: nothing is to be wished any more. */
static void
plan_wish(guint index, VasHostAddress device, const char *driver, GPtrArray *steps)
{
    VasPciAddressText address = vas_host_address_text(device);

    if (driver != NULL)
        vas_step_add_on_host(steps, VAS_STEP_PERSIST_DRIVER, index, device,
                             "write into " VAS_WISH_FILE ": %s on %s at each boot", address.text,
                             driver);
    else
        vas_step_add_on_host(steps, VAS_STEP_PERSIST_DRIVER, index, device,
                             "take %s out of " VAS_WISH_FILE, address.text);
}

VasResult *
vas_host_driver_plan(const VasHostDriverRun *run, VasOperationKind kind, VasHostAddress device,
                     VasHostBinding *binding, gboolean is_there, GPtrArray *steps)
{
    gboolean detach = kind == VAS_OPERATION_HOST_DETACH;
    const char *target = run->driver != NULL ? run->driver : "a VFIO driver";
    const char *wish = !detach ? NULL : is_there ? binding->driver : target;
    g_autoptr(VasAssignment) subject = vas_assignment_new(VAS_ASSIGNMENT_HOSTDEV);
    guint index = run->results->len;
    guint before = steps->len;
    VasResult *result = NULL;

    subject->has_device = TRUE;
    subject->device = device;
    result = vas_result_new(NULL, subject);
    result->driver_before = g_strdup(binding->driver);
    result->driver = g_strdup(binding->driver);
    g_ptr_array_add(run->results, result);
    g_ptr_array_add(run->bindings, binding);
    if (!is_there)
        plan_move(run, kind, index, subject, binding, steps);
    if (run->persist && g_strcmp0(wish, binding->wish) != 0)
        plan_wish(index, device, wish, steps);
    if (steps->len == before)
        result->outcome = VAS_OUTCOME_ALREADY;
    return result;
}

gboolean
vas_host_driver_return(const VasContext *context, VasHostAddress device, const char *before,
                       GError **error)
{
    g_autoptr(GPtrArray) bindings =
        g_ptr_array_new_with_free_func((GDestroyNotify) vas_host_binding_free);
    g_autoptr(GPtrArray) results = g_ptr_array_new_with_free_func((GDestroyNotify) vas_result_free);
    g_autoptr(GPtrArray) steps = g_ptr_array_new_with_free_func((GDestroyNotify) vas_step_free);
    g_autoptr(VasHostBinding) binding = g_new0(VasHostBinding, 1);
    VasHostDriverRun run = {.context = context, .bindings = bindings, .results = results};

    binding->taken = g_strdup(before);
    if (!vas_driver_read(context->host, device, &binding->driver, error))
        return FALSE;
    (void) vas_host_driver_plan(&run, VAS_OPERATION_HOST_REATTACH, device,
                                g_steal_pointer(&binding), FALSE, steps);
    return vas_host_driver_execute(&run, VAS_EXECUTE_EACH, steps, error);
}
