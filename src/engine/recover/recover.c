/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/recover/recover.h"

#include "core/inventory/selector.h"
#include "core/value/error.h"
#include "engine/base/scan.h"
#include "engine/journal/guest-note.h"
#include "engine/journal/operation.h"
#include "engine/journal/proof.h"
#include "engine/recover/recover-operation.h"

/* One guest is recovered with these. */
typedef struct {
    const VasContext *context;
    const char *uuid;
    const GArray *spare; /* VasHostAddress; NULL: none */
    guint timeout;
    gboolean force;
    gboolean adopt;
    gboolean dry_run;
    GPtrArray *recoveries; /* VasRecovery */
} GuestRecovery;

/* Returns container, of what is borrowed. */
static GPtrArray *
list_operations(const VasContext *context, const VasGuest *guest)
{
    vas_proof_check_guest(context, guest);
    return vas_operation_list(guest);
}

/* Do the locks that were taken tell that the operation's command is over? */
static gboolean
is_within_reach(const VasContext *context, const VasOperation *operation)
{
    return operation->origin == NULL || g_strcmp0(operation->origin, context->origin) == 0;
}

/* Takes @failure, which keeps @operation from being looked at. */
static VasRecovery *
recovery_of_untouched(const VasGuest *guest, const VasOperation *operation, GError *failure)
{
    VasRecovery *recovery = vas_recovery_of_operation(operation, guest);

    recovery->outcome = VAS_RECOVERY_FAILED;
    recovery->error = failure;
    return recovery;
}

static VasRecovery *
recovery_of_distant(const VasGuest *guest, const VasOperation *operation)
{
    GError *failure = NULL;

    g_set_error(&failure, VAS_ERROR, VAS_ERROR_LOCKED,
                "started by %s; whether it still runs cannot be seen from here", operation->origin);
    vas_error_set_hint(&failure,
                       "run recover there; or here with --force, if it is at work no more");
    return recovery_of_untouched(guest, operation, failure);
}

static gboolean
is_accepted(const GuestRecovery *recovery, const VasGuest *guest, const VasOperation *operation)
{
    return recovery->adopt || vas_proof_accepts(recovery->context, guest, operation);
}

static const VasOperation *
find_operation(const VasContext *context, const VasGuest *guest, const char *id)
{
    g_autoptr(GPtrArray) operations = list_operations(context, guest);

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
    const VasOperation *named = guest != NULL ? find_operation(recovery->context, guest, id) : NULL;
    g_autoptr(VasOperation) operation = NULL;
    VasRecoverRun run = {.context = recovery->context,
                         .inventory = inventory,
                         .guest = guest,
                         .timeout = recovery->timeout,
                         .spare = recovery->spare,
                         .only_looks = recovery->dry_run};
    VasRecovery *result = NULL;

    if (inventory == NULL)
        return FALSE;
    if (named == NULL || !is_accepted(recovery, guest, named))
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
    const VasContext *context = recovery->context;
    g_autoptr(GPtrArray) operations = list_operations(context, guest);

    if (recovery->adopt && !vas_proof_adopt(context, guest, !recovery->dry_run, error))
        return FALSE;
    for (guint i = 0; i < operations->len; i++) {
        const VasOperation *operation = g_ptr_array_index(operations, i);

        if (!is_accepted(recovery, guest, operation)) {
            g_ptr_array_add(
                recovery->recoveries,
                recovery_of_untouched(guest, operation, vas_proof_refusal(context, guest)));
            continue;
        }
        if (!recovery->force && !is_within_reach(context, operation)) {
            g_ptr_array_add(recovery->recoveries, recovery_of_distant(guest, operation));
            continue;
        }
        if (!vas_interrupt_check(context->interrupt, error) ||
            (!recovery->dry_run && !vas_operation_let_settle(context, guest, operation, error)) ||
            !recover_one(recovery, operation->id, error))
            return FALSE;
    }
    return TRUE;
}

void
vas_recover_add_devices(const VasInventory *inventory, const VasOperation *operation,
                        VasClaimSet *set)
{
    for (guint i = 0; i < operation->devices->len; i++) {
        const VasOperationDevice *named = g_ptr_array_index(operation->devices, i);
        const VasDevice *device = vas_inventory_find_device(inventory, named->device);

        if (device != NULL)
            vas_claim_set_add_device(set, inventory, device, FALSE);
    }
}

void
vas_recover_add_things(const VasInventory *inventory, const VasGuest *guest, VasClaimSet *set)
{
    g_autoptr(GPtrArray) operations = vas_operation_list(guest);

    vas_claim_set_add_guest(set, guest);
    for (guint i = 0; i < operations->len; i++)
        vas_recover_add_devices(inventory, g_ptr_array_index(operations, i), set);
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

/* Whether nothing was tried, and a command can begin all the same. */
static gboolean
is_let_be(const VasRecovery *recovery)
{
    return g_error_matches(recovery->error, VAS_ERROR, VAS_ERROR_LOCKED) ||
           g_error_matches(recovery->error, VAS_ERROR, VAS_ERROR_UNPROVEN);
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
        const char *hint = vas_error_hint(recovery->error);

        if (recovery->outcome == VAS_RECOVERY_PENDING) {
            changed = TRUE;
            continue;
        }
        if (recovery->outcome == VAS_RECOVERY_FAILED && !is_let_be(recovery)) {
            g_propagate_error(error, g_error_copy(recovery->error));
            g_prefix_error(error, "an earlier %s for guest %s did not end and is in the way: ",
                           recovery->command, recovery->guest);
            return FALSE;
        }
        changed = changed || recovery->outcome != VAS_RECOVERY_FAILED;
        vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0, "%s%s%s", text,
                             hint != NULL ? "; " : "", hint != NULL ? hint : "");
    }
    *ret_changed = changed;
    return TRUE;
}

static void
tell_unfinished(const VasContext *context, const VasGuest *guest, const GPtrArray *operations)
{
    for (guint i = 0; i < operations->len; i++) {
        const VasOperation *operation = g_ptr_array_index(operations, i);
        gboolean is_proven = vas_proof_accepts(context, guest, operation);

        vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0,
                             "an earlier %s for guest %s did not end: it is %s virt-assign recover "
                             "%s%s",
                             vas_operation_kind_name(operation->kind), guest->name,
                             is_proven ? "finished or undone first, or by"
                                       : "let be, as its record is not known to be ours, until",
                             is_proven ? "" : "--adopt ", guest->word);
    }
}

gboolean
vas_recover_first(const VasContext *context, const VasGuest *guest, const VasRecoverFirst *how,
                  VasInventory **inventory, GError **error)
{
    g_autoptr(GPtrArray) operations = list_operations(context, guest);
    g_autoptr(GArray) spare = NULL;
    g_autoptr(GPtrArray) to_tell =
        g_ptr_array_new_with_free_func((GDestroyNotify) vas_recovery_free);
    GuestRecovery recovery = {.context = context,
                              .uuid = guest->uuid,
                              .timeout = how->timeout,
                              .force = how->force,
                              .adopt = how->adopt,
                              .dry_run = how->dry_run,
                              .recoveries = how->recoveries != NULL ? how->recoveries : to_tell};
    gboolean is_changed = how->recoveries != NULL;

    if (operations->len == 0)
        return !how->adopt || vas_proof_adopt(context, guest, !how->dry_run, error);
    if (how->dry_run && how->recoveries == NULL) {
        tell_unfinished(context, guest, operations);
        return TRUE;
    }
    spare = find_spared(*inventory, guest, how->own);
    recovery.spare = spare;
    if (!recover_operations(&recovery, guest, error) ||
        (how->recoveries == NULL && !tell(context, to_tell, &is_changed, error)))
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
