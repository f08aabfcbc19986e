/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/recover/recover.h"

#include "core/inventory/selector.h"
#include "core/value/error.h"
#include "engine/base/scan.h"
#include "engine/journal/guest-note.h"
#include "engine/journal/operation.h"
#include "engine/journal/pending.h"
#include "engine/journal/record-store.h"
#include "engine/journal/vf-note.h"
#include "engine/recover/recover-host.h"
#include "engine/recover/recover-operation.h"

/* One guest is recovered with these. */
typedef struct {
    const VasContext *context;
    const char *uuid;
    const GArray *spare; /* VasHostAddress; NULL: none */
    guint timeout;
    gboolean force;
    GPtrArray *recoveries; /* VasRecovery */
} GuestRecovery;

/* Do the locks that were taken tell that the operation's command is over? */
static gboolean
is_within_reach(const VasContext *context, const VasOperation *operation)
{
    return operation->origin == NULL || g_strcmp0(operation->origin, context->origin) == 0;
}

static VasRecovery *
recovery_of_distant(const VasGuest *guest, const VasOperation *operation)
{
    VasRecovery *recovery = vas_recovery_new(vas_operation_kind_name(operation->kind), guest->name,
                                             operation->started_at);

    for (guint i = 0; i < operation->devices->len; i++) {
        const VasOperationDevice *device = g_ptr_array_index(operation->devices, i);

        g_array_append_val(recovery->devices, device->device);
    }
    recovery->outcome = VAS_RECOVERY_FAILED;
    g_set_error(&recovery->error, VAS_ERROR, VAS_ERROR_LOCKED,
                "started by %s; whether it still runs cannot be seen from here", operation->origin);
    vas_error_set_hint(&recovery->error,
                       "run recover there; or here with --force, if it is at work no more");
    return recovery;
}

static const VasOperation *
find_operation(const VasGuest *guest, const char *id)
{
    g_autoptr(GPtrArray) operations = vas_operation_list(guest);

    for (guint i = 0; i < operations->len; i++) {
        const VasOperation *operation = g_ptr_array_index(operations, i);

        if (g_str_equal(operation->id, id))
            return operation;
    }
    return NULL;
}

/* The guest is read as it is now; one that is gone has taken its records along. */
static gboolean
recover_one(const GuestRecovery *recovery, const char *id, GError **error)
{
    g_autoptr(VasInventory) inventory = vas_scan_for(recovery->context, recovery->uuid, error);
    const VasGuest *guest =
        inventory != NULL ? vas_inventory_find_guest(inventory, recovery->uuid) : NULL;
    const VasOperation *named = guest != NULL ? find_operation(guest, id) : NULL;
    g_autoptr(VasOperation) operation = NULL;
    VasRecoverRun run = {.context = recovery->context,
                         .inventory = inventory,
                         .guest = guest,
                         .timeout = recovery->timeout,
                         .spare = recovery->spare};
    VasRecovery *result = NULL;

    if (inventory == NULL)
        return FALSE;
    if (named == NULL)
        return TRUE;
    operation = vas_guest_note_complete(recovery->context, guest, named);
    result = vas_recover_operation(&run, operation);
    if (result != NULL)
        g_ptr_array_add(recovery->recoveries, result);
    return TRUE;
}

static gboolean
recover_operations(const GuestRecovery *recovery, const VasGuest *guest, GError **error)
{
    g_autoptr(GPtrArray) operations = vas_operation_list(guest);

    for (guint i = 0; i < operations->len; i++) {
        const VasOperation *operation = g_ptr_array_index(operations, i);

        if (!recovery->force && !is_within_reach(recovery->context, operation)) {
            g_ptr_array_add(recovery->recoveries, recovery_of_distant(guest, operation));
            continue;
        }
        if (!vas_interrupt_check(recovery->context->interrupt, error) ||
            !vas_operation_let_settle(recovery->context, guest, operation, error) ||
            !recover_one(recovery, operation->id, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
is_in_guest(const VasGuest *guest, VasHostAddress device)
{
    return (guest->live != NULL && vas_guest_definition_find_device(guest->live, device) != NULL) ||
           (guest->config != NULL &&
            vas_guest_definition_find_device(guest->config, device) != NULL);
}

static gboolean
is_in_operation(const VasGuest *guest, VasHostAddress device)
{
    g_autoptr(GPtrArray) operations = vas_operation_list(guest);

    for (guint i = 0; i < operations->len; i++) {
        if (vas_operation_find_device(g_ptr_array_index(operations, i), device) != NULL)
            return TRUE;
    }
    return FALSE;
}

/* Finds VFs whose settings are on record (@notes: VasVfRecord) of a guest that has them no more: it
 * let go of them when nobody looked. VasHostAddress. Returns full. */
static GArray *
find_left_settings(const VasGuest *guest, const GPtrArray *notes)
{
    GArray *left = g_array_new(FALSE, FALSE, sizeof(VasHostAddress));

    for (guint i = 0; i < notes->len; i++) {
        const VasVfRecord *vf = g_ptr_array_index(notes, i);

        if (g_str_equal(vf->guest, guest->uuid) && !is_in_guest(guest, vf->device) &&
            !is_in_operation(guest, vf->device))
            g_array_append_val(left, vf->device);
    }
    return left;
}

/* VasVfRecord. Returns full. */
static GPtrArray *
list_notes(const VasContext *context)
{
    return context->host != NULL ? vas_vf_note_list(context->host) : g_ptr_array_new();
}

static gboolean
has_stale_release(const VasGuest *guest)
{
    const VasGuestRecord *record = guest->live != NULL ? guest->live->record : NULL;

    return record != NULL && record->releases->len > 0;
}

/* Recovers what stands on record and belongs to no unfinished command. */
static gboolean
recover_leftovers(const GuestRecovery *recovery, GError **error)
{
    g_autoptr(VasInventory) inventory = vas_scan_for(recovery->context, recovery->uuid, error);
    const VasGuest *guest =
        inventory != NULL ? vas_inventory_find_guest(inventory, recovery->uuid) : NULL;
    g_autoptr(GPtrArray) notes = list_notes(recovery->context);
    g_autoptr(GArray) left = guest != NULL ? find_left_settings(guest, notes) : NULL;
    g_autoptr(GPtrArray) standing = NULL;
    VasRecoverRun run = {.context = recovery->context, .inventory = inventory, .guest = guest};

    if (guest == NULL)
        return inventory != NULL;
    for (guint i = 0; i < left->len; i++) {
        VasRecovery *result = vas_recover_settings(&run, g_array_index(left, VasHostAddress, i));

        if (result != NULL)
            g_ptr_array_add(recovery->recoveries, result);
    }
    standing = vas_operation_ids(guest);
    vas_guest_note_cut(recovery->context, guest->uuid, NULL, standing);
    return guest->live == NULL || vas_pending_prune(recovery->context, guest, error);
}

static gboolean
has_anything(const VasContext *context, const VasGuest *guest, const GPtrArray *notes)
{
    g_autoptr(GPtrArray) operations = vas_operation_list(guest);
    g_autoptr(GArray) left = find_left_settings(guest, notes);

    return operations->len > 0 || left->len > 0 || has_stale_release(guest) ||
           vas_guest_note_exists(context, guest->uuid);
}

static void
add_device(const VasInventory *inventory, VasHostAddress address, VasClaimSet *set)
{
    const VasDevice *device = vas_inventory_find_device(inventory, address);

    if (device != NULL)
        vas_claim_set_add_device(set, inventory, device, FALSE);
}

void
vas_recover_add_things(const VasInventory *inventory, const VasGuest *guest, VasClaimSet *set)
{
    g_autoptr(GPtrArray) operations = vas_operation_list(guest);

    vas_claim_set_add_guest(set, guest);
    for (guint i = 0; i < operations->len; i++) {
        const VasOperation *operation = g_ptr_array_index(operations, i);

        for (guint k = 0; k < operation->devices->len; k++) {
            const VasOperationDevice *device = g_ptr_array_index(operation->devices, k);

            add_device(inventory, device->device, set);
        }
    }
}

/* A VasClaimFinder; @data is a GuestRecovery. */
static void
find_things(const VasInventory *inventory, gconstpointer data, VasClaimSet *set)
{
    const GuestRecovery *recovery = data;
    const VasGuest *guest = vas_inventory_find_guest(inventory, recovery->uuid);
    g_autoptr(GPtrArray) notes = list_notes(recovery->context);
    g_autoptr(GArray) left = guest != NULL ? find_left_settings(guest, notes) : NULL;

    if (guest == NULL)
        return;
    vas_recover_add_things(inventory, guest, set);
    for (guint i = 0; i < left->len; i++)
        add_device(inventory, g_array_index(left, VasHostAddress, i), set);
}

static gboolean
recover_guest(const VasContext *context, const VasRecoverRequest *request, const char *uuid,
              GPtrArray *recoveries, GError **error)
{
    GuestRecovery recovery = {.context = context,
                              .uuid = uuid,
                              .timeout = request->timeout,
                              .force = request->force,
                              .recoveries = recoveries};
    g_autoptr(VasInventory) inventory = NULL;
    g_autoptr(VasClaim) claim =
        vas_claim_take(context, find_things, &recovery, request->timeout, FALSE, &inventory, error);
    const VasGuest *guest = claim != NULL ? vas_inventory_find_guest(inventory, uuid) : NULL;

    if (guest == NULL)
        return claim != NULL && vas_unreadable_check(inventory->unreadable_guests, uuid, error);
    return recover_operations(&recovery, guest, error) && recover_leftovers(&recovery, error);
}

/* Takes @failure. */
static VasRecovery *
recovery_of_failure(const VasGuest *guest, GError *failure)
{
    VasRecovery *recovery = vas_recovery_new(NULL, guest->name, 0);

    recovery->outcome = VAS_RECOVERY_FAILED;
    recovery->error = failure;
    return recovery;
}

/* Finds the UUIDs of the guests to look at; a guest with a record that cannot be read counts as
 * failed. Returns full. */
static GPtrArray *
find_guests(const VasContext *context, const VasInventory *inventory, const char *name,
            GPtrArray *recoveries, GError **error)
{
    g_autoptr(GPtrArray) uuids = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) notes = list_notes(context);
    const VasGuest *named = name != NULL ? vas_selector_guest(inventory, name, error) : NULL;

    if (name != NULL && named == NULL)
        return NULL;
    for (guint i = 0; i < inventory->guests->len; i++) {
        const VasGuest *guest = g_ptr_array_index(inventory->guests, i);

        GError *failure = NULL;

        if (named != NULL && guest != named)
            continue;
        if (!vas_record_check_readable(context, guest, &failure))
            g_ptr_array_add(recoveries, recovery_of_failure(guest, failure));
        else if (has_anything(context, guest, notes))
            g_ptr_array_add(uuids, g_strdup(guest->uuid));
    }
    return g_steal_pointer(&uuids);
}

gboolean
vas_recover(const VasContext *context, const VasRecoverRequest *request, GPtrArray **ret_recoveries,
            GError **error)
{
    g_autoptr(VasInventory) inventory = vas_scan(context, error);
    g_autoptr(GPtrArray) uuids = NULL;
    g_autoptr(GPtrArray) recoveries =
        g_ptr_array_new_with_free_func((GDestroyNotify) vas_recovery_free);
    g_autoptr(GError) failure = NULL;

    if (inventory == NULL)
        return FALSE;
    uuids = find_guests(context, inventory, request->guest, recoveries, error);
    if (uuids == NULL)
        return FALSE;
    for (guint i = 0; i < uuids->len && failure == NULL; i++) {
        const char *uuid = g_ptr_array_index(uuids, i);

        /* No guest is begun with after a signal. A failure with one guest does not keep the others
         * from being recovered. */
        if ((vas_interrupt_check(context->interrupt, &failure) &&
             recover_guest(context, request, uuid, recoveries, &failure)) ||
            g_error_matches(failure, VAS_ERROR, VAS_ERROR_UNREACHABLE))
            continue;
        g_ptr_array_add(recoveries, recovery_of_failure(vas_inventory_find_guest(inventory, uuid),
                                                        g_steal_pointer(&failure)));
    }
    if (failure == NULL && request->guest == NULL)
        (void) vas_recover_host(context, NULL, request->timeout, recoveries, &failure);
    if (failure == NULL)
        failure = vas_recoveries_error(recoveries);
    *ret_recoveries = g_steal_pointer(&recoveries);
    if (failure == NULL)
        return TRUE;
    vas_interrupt_claim(context->interrupt, &failure);
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

/* Finds the devices that a command names and that are still in the guest: the command goes on with
 * these by itself, but finds nothing to do for one that is out. VasHostAddress. Returns full. */
static GArray *
find_spared(const VasInventory *inventory, const VasGuest *guest, const char *const *own)
{
    GArray *spare = g_array_new(FALSE, FALSE, sizeof(VasHostAddress));

    for (guint i = 0; own != NULL && own[i] != NULL; i++) {
        const VasAssignment *live = NULL;
        const VasAssignment *config = NULL;

        if (!vas_selector_assignment(inventory, guest, own[i], &live, &config, NULL))
            continue;
        if (live != NULL && live->has_device)
            g_array_append_val(spare, live->device);
        if (config != NULL && config->has_device)
            g_array_append_val(spare, config->device);
    }
    return spare;
}

/* Tells how an earlier recovery went. *ret_changed: it may have changed something; where it is
 * pending for one device, others may be out. FALSE with @error if it failed. */
static gboolean
tell(const VasContext *context, const GPtrArray *recoveries, gboolean *ret_changed, GError **error)
{
    gboolean changed = FALSE;

    for (guint i = 0; i < recoveries->len; i++) {
        const VasRecovery *recovery = g_ptr_array_index(recoveries, i);
        g_autofree char *text = vas_recovery_text(recovery);

        if (recovery->outcome == VAS_RECOVERY_PENDING) {
            changed = TRUE;
            continue;
        }
        if (recovery->outcome == VAS_RECOVERY_FAILED &&
            !g_error_matches(recovery->error, VAS_ERROR, VAS_ERROR_LOCKED)) {
            g_propagate_error(error, g_error_copy(recovery->error));
            g_prefix_error(error, "an earlier %s for guest %s did not end and is in the way: ",
                           recovery->command, recovery->guest);
            return FALSE;
        }
        changed = changed || recovery->outcome != VAS_RECOVERY_FAILED;
        vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0, "%s", text);
    }
    *ret_changed = changed;
    return TRUE;
}

static void
tell_unfinished(const VasContext *context, const VasGuest *guest, const GPtrArray *operations)
{
    for (guint i = 0; i < operations->len; i++) {
        const VasOperation *operation = g_ptr_array_index(operations, i);

        vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0,
                             "an earlier %s for guest %s did not end: it is finished or undone "
                             "first, or by virt-assign recover %s",
                             vas_operation_kind_name(operation->kind), guest->name, guest->word);
    }
}

gboolean
vas_recover_first(const VasContext *context, const char *name, const char *const *own,
                  guint timeout, gboolean dry_run, VasInventory **inventory, GError **error)
{
    const VasGuest *guest = vas_selector_guest(*inventory, name, NULL);
    g_autoptr(GPtrArray) operations = guest != NULL ? vas_operation_list(guest) : NULL;
    g_autoptr(GArray) spare = NULL;
    g_autoptr(GPtrArray) recoveries =
        g_ptr_array_new_with_free_func((GDestroyNotify) vas_recovery_free);
    GuestRecovery recovery = {.context = context, .timeout = timeout, .recoveries = recoveries};
    gboolean is_changed = FALSE;

    if (guest == NULL || operations->len == 0)
        return TRUE;
    if (dry_run) {
        tell_unfinished(context, guest, operations);
        return TRUE;
    }
    spare = find_spared(*inventory, guest, own);
    recovery.uuid = guest->uuid;
    recovery.spare = spare;
    if (!recover_operations(&recovery, guest, error) ||
        !tell(context, recoveries, &is_changed, error))
        return FALSE;
    if (is_changed) {
        VasInventory *now = vas_scan(context, error);

        if (now == NULL)
            return FALSE;
        vas_inventory_free(*inventory);
        *inventory = now;
    }
    return TRUE;
}
