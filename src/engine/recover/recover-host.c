/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/recover/recover-host.h"

#include "core/inventory/iommu-group.h"
#include "core/inventory/selector.h"
#include "core/value/error.h"
#include "engine/base/scan.h"
#include "engine/journal/operation.h"
#include "engine/journal/record-file.h"
#include "engine/recover/recover-binding.h"
#include "engine/recover/recover-operation.h"
#include "engine/recover/recover-vfs.h"
#include "engine/recover/recover.h"

static VasHostAddress
device_of(const VasOperation *operation, guint i)
{
    return ((const VasOperationDevice *) g_ptr_array_index(operation->devices, i))->device;
}

/* @devices is NULL when every device counts. */
static gboolean
is_about(const VasOperation *operation, const GArray *devices)
{
    for (guint i = 0; devices != NULL && i < operation->devices->len; i++) {
        if (vas_host_addresses_have(devices, device_of(operation, i)))
            return TRUE;
    }
    return devices == NULL;
}

/* A VasClaimFinder. */
static void
find_things(const VasInventory *inventory, gconstpointer data, VasClaimSet *set)
{
    vas_recover_add_devices(inventory, data, set);
}

/* Takes @error. A command that still runs was waited for in vain, which does not say anything about
 * what it left. */
static void
take_failed(GPtrArray *recoveries, VasRecovery *recovery, GError *error)
{
    if (!g_error_matches(error, VAS_ERROR, VAS_ERROR_LOCKED) &&
        !g_error_matches(error, VAS_ERROR, VAS_ERROR_INTERRUPTED))
        vas_operation_hint_recover(&error, NULL, "when the cause is gone");
    recovery->outcome = VAS_RECOVERY_FAILED;
    recovery->error = error;
    g_ptr_array_add(recoveries, recovery);
}

/* The caller holds the locks, and has read @inventory after that. */
static void
recover(const VasContext *context, const VasInventory *inventory, const VasOperation *operation,
        GPtrArray *recoveries)
{
    VasRecovery *recovery = vas_recovery_of_operation(operation, NULL);
    GError *failure = NULL;
    gboolean done =
        operation->kind == VAS_OPERATION_VFS
            ? vas_recover_vfs(context, inventory, operation, &recovery->outcome, &failure)
            : vas_recover_binding(context, inventory, operation, &recovery->outcome, &failure);

    if (done && vas_record_file_remove(context->host, vas_record_file_device(operation), &failure))
        g_ptr_array_add(recoveries, recovery);
    else
        take_failed(recoveries, recovery, failure);
}

/* A record that cannot be read is known by its first device only. */
static void
add_unreadable(VasHostAddress first, const GArray *devices, GError *failure, GPtrArray *recoveries)
{
    VasRecovery *recovery = NULL;

    if (devices != NULL && !vas_host_addresses_have(devices, first)) {
        g_error_free(failure);
        return;
    }
    recovery = vas_recovery_new(NULL, NULL, 0);
    g_array_append_val(recovery->devices, first);
    take_failed(recoveries, recovery, failure);
}

/* Reads the record with the locks held; *ret_operation NULL: its command has ended meanwhile. */
static VasClaim *
claim_record(const VasContext *context, guint timeout, VasOperation **operation,
             VasInventory **ret_inventory, GError **error)
{
    for (;;) {
        g_autoptr(VasInventory) inventory = NULL;
        g_autoptr(VasOperation) now = NULL;
        g_autoptr(VasClaim) claim = vas_claim_take(context, NULL, find_things, *operation, timeout,
                                                   FALSE, &inventory, error);
        gboolean same;

        if (claim == NULL ||
            !vas_record_file_read(context->host, vas_record_file_device(*operation), &now, error))
            return NULL;
        same = now == NULL || g_str_equal(now->id, (*operation)->id);
        vas_operation_free(*operation);
        *operation = g_steal_pointer(&now);
        if (!same)
            continue;
        *ret_inventory = g_steal_pointer(&inventory);
        return g_steal_pointer(&claim);
    }
}

static void
recover_record(const VasContext *context, VasHostAddress first, const GArray *devices,
               guint timeout, GPtrArray *recoveries)
{
    g_autoptr(VasOperation) operation = NULL;
    g_autoptr(VasInventory) inventory = NULL;
    g_autoptr(VasClaim) claim = NULL;
    GError *failure = NULL;

    if (!vas_record_file_read(context->host, first, &operation, &failure)) {
        add_unreadable(first, devices, failure, recoveries);
        return;
    }
    if (operation == NULL || !is_about(operation, devices))
        return;
    if (vas_interrupt_check(context->interrupt, &failure))
        claim = claim_record(context, timeout, &operation, &inventory, &failure);
    if (claim == NULL)
        take_failed(recoveries, vas_recovery_of_operation(operation, NULL), failure);
    else if (operation != NULL)
        recover(context, inventory, operation, recoveries);
}

gboolean
vas_recover_host(const VasContext *context, const GArray *devices, guint timeout,
                 GPtrArray *recoveries, GError **error)
{
    g_autoptr(GArray) firsts = NULL;

    if (context->host == NULL)
        return TRUE;
    firsts = vas_record_file_list(context->host, error);
    for (guint i = 0; firsts != NULL && i < firsts->len; i++)
        recover_record(context, g_array_index(firsts, VasHostAddress, i), devices, timeout,
                       recoveries);
    return firsts != NULL;
}

/* A command for @device meets the records of its relatives, too: `vfs` of a PF takes its VFs, and a
 * command for a VF needs the PF's others to have come to rest. */
static void
add_with_relatives(GArray *devices, const VasInventory *inventory, const VasDevice *device,
                   gboolean whole_group)
{
    g_autoptr(GPtrArray) mates = vas_iommu_group_mates(inventory, device);

    g_array_append_val(devices, device->address);
    if (device->kind == VAS_DEVICE_VF)
        g_array_append_val(devices, device->pf);
    g_array_append_vals(devices, device->vfs->data, device->vfs->len);
    for (guint i = 0; whole_group && i < mates->len; i++) {
        const VasDevice *mate = g_ptr_array_index(mates, i);

        g_array_append_val(devices, mate->address);
    }
}

/* A name that fits nothing adds nothing: the command's own decision refuses it later. What a guest
 * has is not on its way any more. */
static GArray *
find_named(const VasContext *context, const char *const *names, gboolean whole_group,
           GError **error)
{
    g_autoptr(VasInventory) inventory = vas_scan(context, error);
    GArray *devices = NULL;

    if (inventory == NULL)
        return NULL;
    devices = g_array_new(FALSE, FALSE, sizeof(VasHostAddress));
    for (guint i = 0; names[i] != NULL; i++) {
        const VasDevice *device = vas_selector_device(inventory, names[i], NULL);

        if (device != NULL && vas_inventory_running_holder(inventory, device) == NULL)
            add_with_relatives(devices, inventory, device, whole_group);
    }
    return devices;
}

static void
note_unfinished(const VasContext *context, const GArray *firsts, const GArray *devices)
{
    for (guint i = 0; i < firsts->len; i++) {
        VasHostAddress first = g_array_index(firsts, VasHostAddress, i);
        g_autoptr(VasOperation) operation = NULL;

        if (vas_record_file_read(context->host, first, &operation, NULL) && operation != NULL &&
            is_about(operation, devices))
            vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0,
                                 "an earlier %s of %s did not end, or still runs: "
                                 "virt-assign recover puts it right",
                                 vas_operation_kind_name(operation->kind),
                                 vas_host_address_text(first).text);
    }
}

static gboolean
recover_and_tell(const VasContext *context, const GArray *devices, guint timeout, GError **error)
{
    g_autoptr(GPtrArray) recoveries =
        g_ptr_array_new_with_free_func((GDestroyNotify) vas_recovery_free);
    GError *failure = NULL;

    if (!vas_recover_host(context, devices, timeout, recoveries, error))
        return FALSE;
    for (guint i = 0; i < recoveries->len; i++) {
        const VasRecovery *recovery = g_ptr_array_index(recoveries, i);
        g_autofree char *text = vas_recovery_text(recovery);

        if (recovery->outcome != VAS_RECOVERY_FAILED)
            vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0, "%s", text);
    }
    failure = vas_recoveries_error(recoveries);
    if (failure == NULL)
        return TRUE;
    g_propagate_error(error, failure);
    return FALSE;
}

/* Most commands find no record: that costs them no scan. */
gboolean
vas_recover_host_first(const VasContext *context, const char *const *names, gboolean whole_group,
                       guint timeout, gboolean dry_run, GError **error)
{
    g_autoptr(GError) refusal = NULL;
    g_autoptr(GArray) firsts = NULL;
    g_autoptr(GArray) devices = NULL;

    if (context->host == NULL)
        return TRUE;
    firsts = vas_record_file_list(context->host, &refusal);
    if (firsts == NULL)
        vas_context_progress(context, VAS_PROGRESS_STEP, 0, 0, "%s", refusal->message);
    if (firsts == NULL || firsts->len == 0)
        return TRUE;
    devices = find_named(context, names, whole_group, error);
    if (devices == NULL)
        return FALSE;
    if (!dry_run)
        return recover_and_tell(context, devices, timeout, error);
    note_unfinished(context, firsts, devices);
    return TRUE;
}
