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
#include "engine/recover/recover-gone.h"
#include "engine/recover/recover-host.h"
#include "engine/recover/recover-operation.h"
#include "engine/recover/recover.h"
#include "engine/run/crew.h"

/* One guest is recovered with this, by one thread at a time. */
typedef struct {
    const VasRecoverRequest *request;
    const VasGuest *guest; /* as it was before the locks; borrowed */
    VasClaimSet *things;   /* what is claimed for it */
    GPtrArray *recoveries; /* VasRecovery */
} GuestJob;

static void
job_free(gpointer data)
{
    GuestJob *job = data;

    vas_claim_set_free(job->things);
    g_clear_pointer(&job->recoveries, g_ptr_array_unref);
    g_free(job);
}

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

/* A guest that is named by itself may have no more to adopt than what is wished for its devices. */
static gboolean
has_anything(const VasContext *context, const VasRecoverRequest *request, const VasGuest *guest,
             const GPtrArray *notes)
{
    g_autoptr(GPtrArray) operations = vas_operation_list(guest);
    g_autoptr(GArray) left = find_left_settings(context, guest, notes);

    return request->adopt || operations->len > 0 || left->len > 0 || has_stale_release(guest) ||
           vas_guest_note_exists(context, guest->uuid);
}

static void
add_left(const VasContext *context, const VasInventory *inventory, const VasGuest *guest,
         const GPtrArray *notes, VasClaimSet *set)
{
    g_autoptr(GArray) left = find_left_settings(context, guest, notes);

    for (guint i = 0; i < left->len; i++) {
        const VasDevice *device =
            vas_inventory_find_device(inventory, g_array_index(left, VasHostAddress, i));

        if (device != NULL)
            vas_claim_set_add_device(set, inventory, device, FALSE);
    }
}

/* The guest and what its commands left are claimed already. */
static void
find(const VasCommand *command, const VasInventory *inventory, VasClaimSet *set)
{
    const VasGuest *guest = vas_inventory_find_guest(inventory, command->guest_name);
    g_autoptr(GPtrArray) notes = list_notes(command->context);

    if (guest != NULL)
        add_left(command->context, inventory, guest, notes, set);
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

/* A guest that is gone has taken its records along. No guest is begun with after a signal. FALSE:
 * libvirt is lost. */
static gboolean
recover_guest(const VasContext *context, const GuestJob *job)
{
    const VasRecoverRequest *request = job->request;
    g_autoptr(GArray) left = NULL;
    g_autoptr(GPtrArray) results = NULL;
    g_autoptr(GPtrArray) steps = NULL;
    GError *failure = NULL;
    gboolean is_lost;
    VasCommand command = {.class = &class,
                          .context = context,
                          .data = &left,
                          .guest_name = job->guest->uuid,
                          .by_uuid = TRUE,
                          .looks_at_all = TRUE,
                          .timeout = request->timeout,
                          .dry_run = request->dry_run,
                          .force_recovery = request->force,
                          .adopt_recovery = request->adopt,
                          .recoveries = job->recoveries};

    if (vas_interrupt_check(context->interrupt, &failure) &&
        vas_command_run(&command, &results, &steps, &failure))
        return TRUE;
    if (g_error_matches(failure, VAS_ERROR, VAS_ERROR_NOT_FOUND)) {
        g_error_free(failure);
        return TRUE;
    }
    is_lost = g_error_matches(failure, VAS_ERROR, VAS_ERROR_UNREACHABLE);
    g_ptr_array_add(job->recoveries, vas_recovery_of_failure(job->guest, failure));
    return !is_lost;
}

/* A VasCrewFunc. @data is a team (GPtrArray of GuestJob). */
static gboolean
recover_team(const VasContext *context, gpointer data)
{
    const GPtrArray *team = data;
    gboolean is_connected = TRUE;

    for (guint i = 0; i < team->len; i++)
        is_connected = recover_guest(context, g_ptr_array_index(team, i));
    return is_connected;
}

static GuestJob *
job_new(const VasRecoverRequest *request, const VasGuest *guest)
{
    GuestJob *job = g_new0(GuestJob, 1);

    job->request = request;
    job->guest = guest;
    job->things = vas_claim_set_new();
    job->recoveries = g_ptr_array_new_with_free_func((GDestroyNotify) vas_recovery_free);
    return job;
}

static gboolean
stands_in_the_way(const GPtrArray *team, const GuestJob *job)
{
    for (guint i = 0; i < team->len; i++) {
        const GuestJob *other = g_ptr_array_index(team, i);

        if (vas_claim_set_conflicts(other->things, job->things))
            return TRUE;
    }
    return FALSE;
}

/* Guests that would wait for each other's devices come into one team, which is worked on one guest
 * after the other: none of them spends its timeout on another one. */
static void
add_to_team(GPtrArray *teams, GuestJob *job)
{
    GPtrArray *team = g_ptr_array_new();

    for (guint i = 0; i < teams->len;) {
        GPtrArray *other = g_ptr_array_index(teams, i);

        if (!stands_in_the_way(other, job)) {
            i++;
            continue;
        }
        g_ptr_array_extend(team, other, NULL, NULL);
        g_ptr_array_remove_index(teams, i);
    }
    g_ptr_array_add(team, job);
    g_ptr_array_add(teams, team);
}

/* Makes a job for each guest to look at (@jobs: GuestJob), in the order of the guests, and teams of
 * them (@teams: GPtrArray of GuestJob); a guest with a record that cannot be read counts as failed.
 */
static gboolean
find_jobs(const VasContext *context, const VasInventory *inventory,
          const VasRecoverRequest *request, GPtrArray *jobs, GPtrArray *teams, GError **error)
{
    g_autoptr(GPtrArray) notes = list_notes(context);
    const char *name = request->guest;
    const VasGuest *named = name != NULL ? vas_selector_guest(inventory, name, error) : NULL;

    if (name != NULL && named == NULL)
        return FALSE;
    for (guint i = 0; i < inventory->guests->len; i++) {
        const VasGuest *guest = g_ptr_array_index(inventory->guests, i);
        GuestJob *job = NULL;
        GError *failure = NULL;

        if (named != NULL && guest != named)
            continue;
        job = job_new(request, guest);
        g_ptr_array_add(jobs, job);
        if (!vas_record_check_readable(context, guest, &failure)) {
            g_ptr_array_add(job->recoveries, vas_recovery_of_failure(guest, failure));
        } else if (has_anything(context, request, guest, notes)) {
            vas_recover_add_things(inventory, guest, job->things);
            add_left(context, inventory, guest, notes, job->things);
            add_to_team(teams, job);
        }
    }
    return TRUE;
}

static void
gather(const GPtrArray *jobs, GPtrArray *recoveries)
{
    for (guint i = 0; i < jobs->len; i++) {
        GuestJob *job = g_ptr_array_index(jobs, i);

        g_ptr_array_extend_and_steal(recoveries, g_steal_pointer(&job->recoveries));
    }
}

/* Puts right what belongs to no guest that there is. */
static gboolean
recover_rest(const VasContext *context, const VasInventory *inventory, guint timeout,
             GPtrArray *recoveries, GError **error)
{
    vas_recover_gone(context, inventory, timeout, recoveries);
    vas_recover_forget_drivers(context);
    return vas_recover_host(context, NULL, timeout, recoveries, error);
}

gboolean
vas_recover(const VasContext *context, const VasRecoverRequest *request, GPtrArray **ret_recoveries,
            GError **error)
{
    g_autoptr(VasInventory) inventory = vas_scan(context, error);
    g_autoptr(GPtrArray) jobs = g_ptr_array_new_with_free_func(job_free);
    g_autoptr(GPtrArray) teams = g_ptr_array_new_with_free_func((GDestroyNotify) g_ptr_array_unref);
    GPtrArray *recoveries = NULL;
    g_autoptr(GError) failure = NULL;

    if (inventory == NULL || !find_jobs(context, inventory, request, jobs, teams, error))
        return FALSE;
    if (!vas_crew_run(context, teams, recover_team, error)) {
        const GPtrArray *team = g_ptr_array_index(teams, 0);
        const GuestJob *first = g_ptr_array_index(team, 0);

        vas_error_set_hint(error,
                           "nothing was changed; one guest alone needs no further connection: "
                           "virt-assign recover %s",
                           first->guest->word);
        return FALSE;
    }
    recoveries = g_ptr_array_new_with_free_func((GDestroyNotify) vas_recovery_free);
    gather(jobs, recoveries);
    if (request->guest == NULL)
        (void) recover_rest(context, inventory, request->timeout, recoveries, &failure);
    if (failure == NULL)
        failure = vas_recoveries_error(recoveries);
    *ret_recoveries = recoveries;
    if (failure == NULL)
        return TRUE;
    vas_interrupt_claim(context->interrupt, &failure);
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}
