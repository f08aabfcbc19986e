/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/recover/recover-gone.h"

#include "core/value/error.h"
#include "engine/journal/guest-note.h"
#include "engine/journal/operation.h"
#include "engine/journal/vf-note.h"
#include "engine/recover/recover-operation.h"
#include "engine/recover/recover.h"
#include "host/files/taken-driver.h"
#include "host/sriov/vf-state.h"

/* A guest that cannot be read is left out of @inventory, and is there all the same. */
static void
add_if_gone(GPtrArray *gone, const VasInventory *inventory, const char *uuid)
{
    if (vas_inventory_find_guest(inventory, uuid) != NULL ||
        !vas_unreadable_check(inventory->unreadable_guests, uuid, NULL))
        return;
    for (guint i = 0; i < gone->len; i++) {
        if (g_str_equal(((const VasGuest *) g_ptr_array_index(gone, i))->uuid, uuid))
            return;
    }
    g_ptr_array_add(gone, vas_guest_new(uuid, uuid));
}

/* VasGuest, each without a definition. Returns full. */
static GPtrArray *
find_gone(const VasContext *context, const VasInventory *inventory, const GPtrArray *vf_notes)
{
    GPtrArray *gone = g_ptr_array_new_with_free_func((GDestroyNotify) vas_guest_free);
    g_auto(GStrv) noted = vas_guest_note_list(context);

    for (guint i = 0; noted[i] != NULL; i++)
        add_if_gone(gone, inventory, noted[i]);
    for (guint i = 0; i < vf_notes->len; i++)
        add_if_gone(gone, inventory, ((const VasVfRecord *) g_ptr_array_index(vf_notes, i))->guest);
    return gone;
}

/* A VasClaimFinder. */
static void
find_things(const VasInventory *inventory, gconstpointer data, VasClaimSet *set)
{
    const VasContext *context = data;
    g_autoptr(GPtrArray) vf_notes = vas_vf_note_list(context->host);
    g_autoptr(GPtrArray) gone = find_gone(context, inventory, vf_notes);

    for (guint i = 0; i < gone->len; i++) {
        const VasGuest *guest = g_ptr_array_index(gone, i);
        g_autoptr(GPtrArray) operations = vas_guest_note_operations(context, guest->uuid, NULL);

        vas_claim_set_add_guest(set, guest);
        for (guint k = 0; operations != NULL && k < operations->len; k++)
            vas_recover_add_devices(inventory, g_ptr_array_index(operations, k), set);
        for (guint k = 0; k < vf_notes->len; k++) {
            const VasVfRecord *vf = g_ptr_array_index(vf_notes, k);
            const VasDevice *device = vas_inventory_find_device(inventory, vf->device);

            if (device != NULL && g_str_equal(vf->guest, guest->uuid))
                vas_claim_set_add_device(set, inventory, device, FALSE);
        }
    }
}

static void
take(GPtrArray *recoveries, VasRecovery *recovery)
{
    if (recovery != NULL)
        g_ptr_array_add(recoveries, recovery);
}

/* The settings come last: the undo of a command puts back its VF's, with their note. */
static void
recover_guest(const VasRecoverRun *run, GPtrArray *recoveries)
{
    GError *failure = NULL;
    g_autoptr(GPtrArray) operations =
        vas_guest_note_operations(run->context, run->guest->uuid, &failure);
    g_autoptr(GPtrArray) vf_notes = NULL;

    vas_context_progress(run->context, VAS_PROGRESS_NOTE, 0, 0,
                         "there is no guest %s any more: what is on record of it is put right, and "
                         "dropped",
                         run->guest->uuid);
    if (operations == NULL)
        take(recoveries, vas_recovery_of_failure(run->guest, failure));
    for (guint i = 0; operations != NULL && i < operations->len; i++)
        take(recoveries, vas_recover_operation(run, g_ptr_array_index(operations, i)));
    vf_notes = vas_vf_note_list(run->context->host);
    for (guint i = 0; i < vf_notes->len; i++) {
        const VasVfRecord *vf = g_ptr_array_index(vf_notes, i);

        if (g_str_equal(vf->guest, run->guest->uuid))
            take(recoveries, vas_recover_settings(run, vf->device));
    }
}

void
vas_recover_forget_drivers(const VasContext *context)
{
    g_autoptr(GArray) noted = context->host != NULL ? vas_taken_driver_list(context->host) : NULL;

    for (guint i = 0; noted != NULL && i < noted->len; i++) {
        VasHostAddress device = g_array_index(noted, VasHostAddress, i);
        g_autofree char *identity = vas_vf_state_identity(context->host, device);

        if (identity != NULL)
            continue;
        vas_taken_driver_forget(context->host, device);
        vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0,
                             "%s is not there any more: the driver that it was taken from is noted "
                             "no longer",
                             vas_host_address_text(device).text);
    }
}

void
vas_recover_gone(const VasContext *context, const VasInventory *inventory, guint timeout,
                 GPtrArray *recoveries)
{
    gboolean is_asked = context->host != NULL && context->virsh == NULL;
    g_autoptr(GPtrArray) vf_notes = is_asked ? vas_vf_note_list(context->host) : NULL;
    g_autoptr(GPtrArray) gone = is_asked ? find_gone(context, inventory, vf_notes) : NULL;
    g_autoptr(GPtrArray) still_gone = NULL;
    g_autoptr(VasInventory) now = NULL;
    g_autoptr(VasClaim) claim = NULL;
    GError *failure = NULL;

    if (gone == NULL || gone->len == 0)
        return;
    claim = vas_claim_take(context, NULL, find_things, context, timeout, FALSE, &now, &failure);
    if (claim == NULL) {
        take(recoveries, vas_recovery_of_failure(g_ptr_array_index(gone, 0), failure));
        return;
    }
    still_gone = find_gone(context, now, vf_notes);
    for (guint i = 0; i < still_gone->len; i++) {
        const VasRecoverRun run = {.context = context,
                                   .inventory = now,
                                   .guest = g_ptr_array_index(still_gone, i),
                                   .timeout = timeout};

        recover_guest(&run, recoveries);
    }
}
