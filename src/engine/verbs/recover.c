/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/verbs/recover.h"

#include "core/inventory/selector.h"
#include "core/value/error.h"
#include "engine/base/scan.h"
#include "engine/command/command.h"
#include "engine/journal/guest-note.h"
#include "engine/journal/operation.h"
#include "engine/journal/pending.h"
#include "engine/journal/proof.h"
#include "engine/journal/record-store.h"
#include "engine/journal/vf-note.h"
#include "engine/recover/recover-host.h"
#include "engine/recover/recover-operation.h"

/* An operation that is not acted on keeps nothing from being put back. */
static gboolean
is_in_operation(const VasContext *context, const VasGuest *guest, VasHostAddress device)
{
    g_autoptr(GPtrArray) operations = vas_operation_list(guest);

    for (guint i = 0; i < operations->len; i++) {
        const VasOperation *operation = g_ptr_array_index(operations, i);

        if (vas_operation_find_device(operation, device) != NULL &&
            vas_proof_accepts(context, guest, operation))
            return TRUE;
    }
    return FALSE;
}

/* Finds VFs whose settings are on record (@notes: VasVfRecord) of a guest that has them no more: it
 * let go of them when nobody looked. VasHostAddress. Returns full. */
static GArray *
find_left_settings(const VasContext *context, const VasGuest *guest, const GPtrArray *notes)
{
    GArray *left = g_array_new(FALSE, FALSE, sizeof(VasHostAddress));

    vas_proof_check_guest(context, guest);
    for (guint i = 0; i < notes->len; i++) {
        const VasVfRecord *vf = g_ptr_array_index(notes, i);

        if (g_str_equal(vf->guest, guest->uuid) &&
            !vas_guest_definition_has_device(guest->live, vf->device) &&
            !vas_guest_definition_has_device(guest->config, vf->device) &&
            !is_in_operation(context, guest, vf->device))
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

static gboolean
has_anything(const VasContext *context, const VasGuest *guest, const GPtrArray *notes)
{
    g_autoptr(GPtrArray) operations = vas_operation_list(guest);
    g_autoptr(GArray) left = find_left_settings(context, guest, notes);

    return operations->len > 0 || left->len > 0 || has_stale_release(guest) ||
           vas_guest_note_exists(context, guest->uuid);
}

/* The guest and what its commands left are claimed already. */
static void
find(const VasCommand *command, const VasInventory *inventory, VasClaimSet *set)
{
    const VasGuest *guest = vas_inventory_find_guest(inventory, command->guest_name);
    g_autoptr(GPtrArray) notes = list_notes(command->context);
    g_autoptr(GArray) left =
        guest != NULL ? find_left_settings(command->context, guest, notes) : NULL;

    for (guint i = 0; left != NULL && i < left->len; i++) {
        const VasDevice *device =
            vas_inventory_find_device(inventory, g_array_index(left, VasHostAddress, i));

        if (device != NULL)
            vas_claim_set_add_device(set, inventory, device, FALSE);
    }
}

static gboolean
decide(VasCommand *command, GError **error)
{
    GArray **left = command->data;
    g_autoptr(GPtrArray) notes = list_notes(command->context);

    (void) error;
    *left = find_left_settings(command->context, command->guest, notes);
    return TRUE;
}

/* Puts right what stands on record and belongs to no unfinished command. */
static gboolean
execute(VasCommand *command, GError **error)
{
    GArray **left = command->data;
    const VasGuest *guest = command->guest;
    g_autoptr(GPtrArray) standing = vas_operation_ids(guest);
    VasRecoverRun run = {
        .context = command->context, .inventory = command->inventory, .guest = guest};

    for (guint i = 0; i < (*left)->len; i++) {
        VasRecovery *recovery = vas_recover_settings(&run, g_array_index(*left, VasHostAddress, i));

        if (recovery != NULL)
            g_ptr_array_add(command->recoveries, recovery);
    }
    vas_guest_note_cut(command->context, guest->uuid, NULL, standing);
    return guest->live == NULL || vas_pending_prune(command->context, guest, error);
}

/* The frame recovers first: no more than what no command left is this verb's own to decide. */
static const VasCommandClass class = {
    .name = "recover",
    .find = find,
    .decide = decide,
    .execute = execute,
};

/* A guest that is gone has taken its records along. */
static gboolean
recover_guest(const VasContext *context, const VasRecoverRequest *request, const char *uuid,
              GPtrArray *recoveries, GError **error)
{
    g_autoptr(GArray) left = NULL;
    g_autoptr(GPtrArray) results = NULL;
    g_autoptr(GPtrArray) steps = NULL;
    g_autoptr(GError) failure = NULL;
    VasCommand command = {.class = &class,
                          .context = context,
                          .data = &left,
                          .guest_name = uuid,
                          .by_uuid = TRUE,
                          .looks_at_all = TRUE,
                          .timeout = request->timeout,
                          .dry_run = request->dry_run,
                          .force_recovery = request->force,
                          .adopt_recovery = request->adopt,
                          .recoveries = recoveries};

    if (vas_command_run(&command, &results, &steps, &failure) ||
        g_error_matches(failure, VAS_ERROR, VAS_ERROR_NOT_FOUND))
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
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
