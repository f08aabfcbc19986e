/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/recover/recover-binding.h"

#include "core/rules/rules-host.h"
#include "core/value/error.h"
#include "engine/base/vfio-use.h"
#include "engine/journal/wish-file.h"
#include "engine/steps/host-driver-steps.h"
#include "host/files/taken-driver.h"
#include "host/pci/driver-binding.h"
#include "host/pci/driver.h"
#include "host/sriov/vf-state.h"

/* A device of the record as it is. */
typedef struct {
    const VasOperationDevice *before;
    char *driver;   /* NULL: none */
    char *override; /* NULL: none */
    char *wish;     /* for each boot; NULL: none, or of no concern */
} Now;

static void
now_free(gpointer data)
{
    Now *now = data;

    g_free(now->driver);
    g_free(now->override);
    g_free(now->wish);
    g_free(now);
}

static gboolean
is_there(const VasContext *context, const VasOperationDevice *device)
{
    g_autofree char *identity = vas_vf_state_identity(context->host, device->device);

    if (identity != NULL && (device->identity == NULL || g_str_equal(identity, device->identity)))
        return TRUE;
    vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0,
                         "%s, which an unfinished command was to move, is not there any more%s",
                         vas_host_address_text(device->device).text,
                         identity != NULL ? ": another device has its address" : "");
    return FALSE;
}

static gboolean
read_wish(const VasContext *context, Now *now, GError **error)
{
    g_autoptr(VasHostWish) wish = NULL;

    if (!vas_wish_file_read(context->host, &wish, error))
        return FALSE;
    now->wish = g_strdup(vas_host_wish_driver(wish, now->before->device));
    return TRUE;
}

static gboolean
read_now(const VasContext *context, const VasOperation *operation, Now *now, GError **error)
{
    return (!operation->persist || read_wish(context, now, error)) &&
           vas_driver_read(context->host, now->before->device, &now->driver, error) &&
           vas_driver_read_override(context->host, now->before->device, &now->override, error);
}

/* Looks at the devices that are there: GPtrArray of Now. Returns full. */
static GPtrArray *
look(const VasContext *context, const VasOperation *operation, GError **error)
{
    g_autoptr(GPtrArray) devices = g_ptr_array_new_with_free_func(now_free);

    for (guint i = 0; i < operation->devices->len; i++) {
        const VasOperationDevice *device = g_ptr_array_index(operation->devices, i);
        Now *now = NULL;

        if (!is_there(context, device))
            continue;
        now = g_new0(Now, 1);
        now->before = device;
        g_ptr_array_add(devices, now);
        if (!read_now(context, operation, now, error))
            return NULL;
    }
    return g_steal_pointer(&devices);
}

static gboolean
is_as_wished(const VasOperation *operation, const Now *now)
{
    const char *wanted = now->before->wanted;
    gboolean detach = operation->kind == VAS_OPERATION_HOST_DETACH;

    if (operation->persist && g_strcmp0(now->wish, detach ? now->driver : NULL) != 0)
        return FALSE;
    if (detach)
        return operation->driver != NULL ? g_strcmp0(now->driver, operation->driver) == 0
                                         : vas_driver_is_vfio(now->driver);
    return (wanted != NULL ? g_strcmp0(now->driver, wanted) == 0
                           : vas_driver_is_host(now->driver)) &&
           g_strcmp0(now->override, now->before->wanted_override) == 0;
}

static gboolean
is_as_before(const Now *now)
{
    return g_strcmp0(now->driver, now->before->driver) == 0 &&
           g_strcmp0(now->override, now->before->override) == 0;
}

static gboolean
are_all_as_wished(const VasOperation *operation, const GPtrArray *devices)
{
    for (guint i = 0; i < devices->len; i++) {
        if (!is_as_wished(operation, g_ptr_array_index(devices, i)))
            return FALSE;
    }
    return TRUE;
}

/* Looking for the driver may load its module. */
static gboolean
check_driver(const VasContext *context, const Now *now, GError **error)
{
    const char *wanted = now->before->driver;
    g_autofree char *driver = NULL;

    if (wanted == NULL || vas_driver_find(context->host, wanted, &driver, error))
        return TRUE;
    vas_error_set_hint(error, "load the driver's module");
    return FALSE;
}

/* The way back obeys the rules of the command that leads there: host-detach or host-reattach. */
static gboolean
check_move(const VasContext *context, const VasInventory *inventory, const Now *now, GError **error)
{
    VasHostAddress address = now->before->device;
    const VasDevice *device = vas_inventory_find_device(inventory, address);

    if (device == NULL) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND, "libvirt does not know %s",
                    vas_host_address_text(address).text);
        return FALSE;
    }
    if (g_strcmp0(now->driver, now->before->driver) == 0 &&
        vas_inventory_running_holder(inventory, device) == NULL)
        return TRUE;
    if (now->before->driver != NULL && !vas_driver_is_host(now->before->driver)
            ? !vas_rules_check_host_detach(inventory, device, FALSE, NULL, error)
            : !vas_rules_check_host_reattach(inventory, device, error))
        return FALSE;
    return vas_vfio_use_check(context, inventory, inventory, address, error) &&
           check_driver(context, now, error);
}

static gboolean
check_moves(const VasContext *context, const VasInventory *inventory, const GPtrArray *devices,
            GError **error)
{
    for (guint i = 0; i < devices->len; i++) {
        const Now *now = g_ptr_array_index(devices, i);

        if (!is_as_before(now) && !check_move(context, inventory, now, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
put_back(const VasContext *context, const VasOperation *operation, const GPtrArray *devices,
         GError **error)
{
    g_autoptr(GPtrArray) bindings =
        g_ptr_array_new_with_free_func((GDestroyNotify) vas_host_binding_free);
    g_autoptr(GPtrArray) results = g_ptr_array_new_with_free_func((GDestroyNotify) vas_result_free);
    g_autoptr(GPtrArray) steps = g_ptr_array_new_with_free_func((GDestroyNotify) vas_step_free);
    VasHostDriverRun run = {context, operation->driver, bindings, results, operation->persist};

    for (guint i = 0; i < devices->len; i++) {
        const VasOperationDevice *before = ((const Now *) g_ptr_array_index(devices, i))->before;
        VasHostBinding *binding = g_new0(VasHostBinding, 1);

        binding->driver = g_strdup(before->driver);
        binding->override = g_strdup(before->override);
        binding->wish = g_strdup(before->wish);
        (void) vas_host_driver_plan(&run, operation->kind, before->device, binding, FALSE, steps);
    }
    return vas_host_driver_undo(&run, steps, error);
}

static void
forget_taken_drivers(const VasContext *context, const GPtrArray *devices)
{
    for (guint i = 0; i < devices->len; i++)
        vas_taken_driver_forget(context->host,
                                ((const Now *) g_ptr_array_index(devices, i))->before->device);
}

gboolean
vas_recover_binding(const VasContext *context, const VasInventory *inventory,
                    const VasOperation *operation, VasRecoveryOutcome *ret_outcome, GError **error)
{
    g_autoptr(GPtrArray) devices = look(context, operation, error);

    if (devices == NULL)
        return FALSE;
    if (are_all_as_wished(operation, devices)) {
        if (operation->kind == VAS_OPERATION_HOST_REATTACH)
            forget_taken_drivers(context, devices);
        *ret_outcome = VAS_RECOVERY_FINISHED;
        return TRUE;
    }
    *ret_outcome = VAS_RECOVERY_UNDONE;
    return check_moves(context, inventory, devices, error) &&
           put_back(context, operation, devices, error);
}
