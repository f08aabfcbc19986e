/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/journal/operation.h"

#include "core/report/result.h"
#include "core/report/step.h"
#include "core/value/error.h"
#include "engine/base/scan-guest.h"
#include "engine/journal/guest-note.h"
#include "engine/journal/proof.h"
#include "engine/journal/record-file.h"
#include "engine/journal/record-store.h"

static const VasScope scopes[] = {VAS_SCOPE_LIVE, VAS_SCOPE_CONFIG};

static VasGuestDefinition *
definition_of(const VasGuest *guest, VasScope scope)
{
    return scope == VAS_SCOPE_LIVE ? guest->live : guest->config;
}

static gboolean
is_over(const VasOperation *operation)
{
    return operation->devices->len == 0 && operation->ports->len == 0;
}

/* Changes by @operation the record that stands in @definition. FALSE: there was nothing to change.
 */
typedef gboolean (*Change)(VasGuestRecord *record, const VasOperation *operation,
                           const VasGuestDefinition *definition);

static gboolean
put_on_record(VasGuestRecord *record, const VasOperation *operation,
              const VasGuestDefinition *definition)
{
    (void) definition;
    vas_guest_record_take_operation(record, vas_operation_copy(operation));
    return TRUE;
}

/* A wish stands beside the element in the config: it comes with what the command has done, and goes
 * when that is gone. What is in the live metadata libvirt has copied from there. An operation that
 * was undone has no wish for its device any more (vas_operation_close, engine/recover). */
static void
settle_wish(VasGuestRecord *record, const VasOperation *rest, VasHostAddress device,
            const VasGuestDefinition *definition)
{
    const VasWish *wish = vas_operation_find_wish(rest, device);
    gboolean is_config = definition->run_id < 0;
    VasWish *taken = NULL;

    if (wish == NULL || !is_config) {
        if (rest->kind == VAS_OPERATION_DETACH &&
            (!vas_guest_definition_has_device(definition, device) ||
             (is_config && vas_operation_is_gone(rest, device))))
            (void) vas_guest_record_drop_wish(record, device);
        return;
    }
    taken = vas_wish_copy(wish);
    taken->is_proven = TRUE;
    vas_guest_record_take_wish(record, taken);
}

/* The part of an operation that has ended is all that @rest, which is left of it, lacks. */
static gboolean
cut_from_record(VasGuestRecord *record, const VasOperation *rest,
                const VasGuestDefinition *definition)
{
    const VasOperation *recorded = vas_guest_record_find_operation(record, rest->id);

    for (guint i = 0; recorded != NULL && i < recorded->devices->len; i++) {
        const VasOperationDevice *device = g_ptr_array_index(recorded->devices, i);

        if (vas_operation_find_device(rest, device->device) == NULL)
            settle_wish(record, rest, device->device, definition);
    }
    return vas_guest_record_cut_operation(record, rest);
}

/* @known: @guest was read just now, and gives up its records for this (vas_record_take); else they
 * are read anew. @written (may be NULL) becomes TRUE once something may have been written. */
static gboolean
change_everywhere(const VasContext *context, const VasGuest *guest, gboolean known, Change change,
                  const VasOperation *operation, gboolean *written, GError **error)
{
    for (guint i = 0; i < G_N_ELEMENTS(scopes); i++) {
        VasGuestDefinition *definition = definition_of(guest, scopes[i]);
        g_autoptr(VasGuestRecord) record = NULL;

        if (definition == NULL)
            continue;
        record = vas_record_take(context, guest, scopes[i], known ? definition : NULL, error);
        if (record == NULL)
            return FALSE;
        if (!change(record, operation, definition))
            continue;
        if (written != NULL)
            *written = TRUE;
        if (!vas_record_store(context, guest, scopes[i], record, error))
            return FALSE;
    }
    return TRUE;
}

/* @now is the guest, read anew, since it may have stopped. */
static gboolean
cut(const VasContext *context, const VasGuest *now, const VasOperation *operation, GError **error)
{
    g_autoptr(GPtrArray) standing = vas_operation_ids(now);

    if (!change_everywhere(context, now, TRUE, cut_from_record, operation, NULL, error))
        return FALSE;
    vas_guest_note_cut(context, now->uuid, operation, standing);
    return TRUE;
}

/* The guest is as it was, in most cases: two requests tell. */
static gboolean
cut_at_once(const VasContext *context, const VasGuest *guest, const VasOperation *operation)
{
    g_autoptr(VasGuest) now = vas_scan_definitions(context, guest, NULL);

    return now != NULL && cut(context, now, operation, NULL);
}

/* The connection may have ended in the middle of the first try, or the guest may be another kind of
 * guest by now. One that is gone has taken its records along, which is not a failure: what is not
 * over of the operation stays in the guest's note (engine/recover/recover-gone). */
static gboolean
cut_anew(const VasContext *context, const VasGuest *guest, const VasOperation *operation,
         GError **error)
{
    g_autoptr(GError) failure = NULL;
    g_autoptr(VasGuest) now = vas_scan_guest_for_undo(context, guest->uuid, &failure);

    if (now != NULL)
        return cut(context, now, operation, error);
    if (!g_error_matches(failure, VAS_ERROR, VAS_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    vas_guest_note_cut(context, guest->uuid, operation, NULL);
    return TRUE;
}

/* Tells where the step makes the device come or go. */
static VasScope
scope_of(const VasStep *step)
{
    switch (step->kind) {
    case VAS_STEP_ATTACH_LIVE:
    case VAS_STEP_ASK_RELEASE:
        return VAS_SCOPE_LIVE;
    case VAS_STEP_ATTACH_CONFIG:
    case VAS_STEP_DETACH_CONFIG:
        return VAS_SCOPE_CONFIG;
    default:
        return 0;
    }
}

VasOperation *
vas_operation_of_steps(VasOperationKind kind, const VasContext *context, const GPtrArray *steps,
                       const GPtrArray *results)
{
    VasOperation *operation = vas_operation_new(kind, context->origin);

    for (guint i = 0; i < steps->len; i++) {
        const VasStep *step = g_ptr_array_index(steps, i);
        const VasResult *result = g_ptr_array_index(results, step->subject);
        VasOperationDevice *device = NULL;

        if (!result->has_device)
            continue;
        device = vas_operation_find_device(operation, result->device);
        if (device == NULL) {
            device = vas_operation_add(operation, result->device);
            device->alias = g_strdup(result->alias);
            device->driver = g_strdup(result->driver);
            device->has_mac = result->has_mac;
            device->mac = result->mac;
        }
        device->scope |= scope_of(step);
        if (step->kind == VAS_STEP_DETACH_CONFIG && !step->assignment->has_device)
            device->network = g_strdup(step->assignment->network);
    }
    return operation;
}

/* A guest without any definition is gone, and goes by no name. */
char *
vas_operation_recover_command(const VasGuest *guest)
{
    gboolean is_there = guest != NULL && (guest->live != NULL || guest->config != NULL);

    return g_strconcat("virt-assign recover", is_there ? " " : NULL, is_there ? guest->word : NULL,
                       NULL);
}

void
vas_operation_note_left(const VasContext *context, const VasGuest *guest, const GError *cause)
{
    g_autofree char *recover = vas_operation_recover_command(guest);

    vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0,
                         "the record of this command stays%s%s until the next command on it, or "
                         "%s: %s",
                         guest != NULL ? " in the metadata of guest " : "",
                         guest != NULL ? guest->name : "", recover, cause->message);
}

void
vas_operation_hint_recover(GError **failure, const VasGuest *guest, const char *when)
{
    const char *hint = vas_error_hint(*failure);
    g_autofree char *recover = vas_operation_recover_command(guest);

    vas_error_set_hint(failure, "%s%s%s", hint != NULL ? hint : when,
                       hint != NULL ? "; then: " : ": ", recover);
}

gboolean
vas_operation_end(const VasContext *context, const VasGuest *guest, const VasOperation *operation)
{
    g_autoptr(GError) failure = NULL;

    if (cut_at_once(context, guest, operation) || cut_anew(context, guest, operation, &failure))
        return TRUE;
    vas_operation_note_left(context, guest, failure);
    return FALSE;
}

/* A user whom libvirt lets take a device need not be root. */
static gboolean
write_file(const VasContext *context, const VasOperation *operation)
{
    g_autoptr(GError) failure = NULL;

    if (vas_record_file_write(context->host, operation, &failure))
        return TRUE;
    vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0,
                         "virt-assign recover will know nothing of this command, should it be "
                         "killed: %s",
                         failure->message);
    return FALSE;
}

static gboolean
write_metadata(const VasContext *context, const VasGuest *guest, const VasOperation *operation,
               GError **error)
{
    g_autoptr(VasOperation) nothing = NULL;
    g_autoptr(GError) failure = NULL;
    gboolean is_written = FALSE;

    if (vas_guest_note_put(context, guest, operation))
        vas_proof_prepare(context);
    if (change_everywhere(context, guest, TRUE, put_on_record, operation, &is_written, &failure))
        return TRUE;
    g_prefix_error(&failure,
                   "put the command on record in the metadata of guest %s: ", guest->name);
    g_propagate_error(error, g_steal_pointer(&failure));
    nothing = vas_operation_copy(operation);
    g_ptr_array_set_size(nothing->devices, 0);
    g_ptr_array_set_size(nothing->ports, 0);
    g_ptr_array_set_size(nothing->wishes, 0);
    if (is_written)
        (void) vas_operation_end(context, guest, nothing);
    else
        vas_guest_note_cut(context, guest->uuid, nothing, NULL);
    return FALSE;
}

/* A record with more could not be read again. */
static gboolean
check_size(const VasOperation *operation, GError **error)
{
    if (operation->devices->len + operation->ports->len <= VAS_OPERATION_GUEST_PARTS_MAX)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_USAGE,
                "one command can be about %d devices or ports of a guest at most",
                VAS_OPERATION_GUEST_PARTS_MAX);
    vas_error_set_hint(error, "use several commands");
    return FALSE;
}

gboolean
vas_operation_begin(const VasContext *context, const VasGuest *guest, const VasOperation *operation,
                    gboolean *ret_recorded, GError **error)
{
    gboolean is_recorded = !is_over(operation);

    if (is_recorded && guest == NULL)
        is_recorded = write_file(context, operation);
    else if (is_recorded &&
             (!check_size(operation, error) || !write_metadata(context, guest, operation, error)))
        return FALSE;
    *ret_recorded = is_recorded;
    return TRUE;
}

gboolean
vas_operation_let_settle(const VasContext *context, const VasGuest *guest,
                         const VasOperation *operation, GError **error)
{
    return change_everywhere(context, guest, FALSE, put_on_record, operation, NULL, error);
}

gboolean
vas_operation_has_device(const VasContext *context, const VasGuest *guest, VasScope scope,
                         const char *id, VasHostAddress device, gboolean *ret_has, GError **error)
{
    g_autoptr(VasGuestRecord) record = vas_record_load(context, guest, scope, error);
    const VasOperation *operation = NULL;

    if (record == NULL)
        return FALSE;
    operation = vas_guest_record_find_operation(record, id);
    *ret_has = operation != NULL && vas_operation_find_device(operation, device) != NULL;
    return TRUE;
}

/* Devices share their fate, unless each is for itself: without those that were taken back, recover
 * would take what could not be taken back for all of the command, and for done. */
static gboolean
is_left_over(const VasOperation *operation, const VasOperationDevice *device,
             const GPtrArray *results)
{
    for (guint i = 0; operation->each_alone && i < results->len; i++) {
        const VasResult *result = g_ptr_array_index(results, i);

        if (result->has_device && vas_host_address_equal(result->device, device->device))
            return result->outcome == VAS_OUTCOME_PENDING ||
                   g_error_matches(result->error, VAS_ERROR, VAS_ERROR_UNDO_FAILED);
    }
    return TRUE;
}

/* Takes off @operation what was wished for devices that it did not come to its end with. */
static void
drop_undone_wishes(VasOperation *operation, const GPtrArray *results, gboolean has_failed)
{
    if (has_failed && !operation->each_alone)
        g_ptr_array_set_size(operation->wishes, 0);
    for (guint i = 0; i < results->len; i++) {
        const VasResult *result = g_ptr_array_index(results, i);

        if (result->error != NULL && result->has_device)
            vas_operation_drop_wish(operation, result->device);
    }
}

/* Takes off @operation all that has ended: what stays is what could not be undone, and what libvirt
 * may still do. */
static void
cut_ended(VasOperation *operation, const GPtrArray *results, gboolean is_open)
{
    if (!is_open)
        g_ptr_array_set_size(operation->ports, 0);
    for (guint i = operation->devices->len; i > 0; i--) {
        if (!is_open ||
            !is_left_over(operation, g_ptr_array_index(operation->devices, i - 1), results))
            g_ptr_array_remove_index(operation->devices, i - 1);
    }
}

static gboolean
any_is_pending(const GPtrArray *results)
{
    for (guint i = 0; i < results->len; i++) {
        if (((const VasResult *) g_ptr_array_index(results, i))->outcome == VAS_OUTCOME_PENDING)
            return TRUE;
    }
    return FALSE;
}

/* FALSE: @rest could not be written, so that nothing is on record any more. */
static gboolean
replace_file(const VasContext *context, const VasOperation *operation, const VasOperation *rest)
{
    g_autoptr(GError) failure = NULL;

    if (rest->devices->len == operation->devices->len)
        return TRUE;
    if (!vas_record_file_remove(context->host, vas_record_file_device(operation), &failure))
        vas_operation_note_left(context, NULL, failure);
    return is_over(rest) || write_file(context, rest);
}

void
vas_operation_close(const VasContext *context, const VasGuest *guest, const VasOperation *operation,
                    const GPtrArray *results, GError **failure)
{
    gboolean undo_failed = g_error_matches(*failure, VAS_ERROR, VAS_ERROR_UNDO_FAILED);
    gboolean is_pending = any_is_pending(results);
    g_autoptr(VasOperation) rest = vas_operation_copy(operation);

    drop_undone_wishes(rest, results, *failure != NULL);
    cut_ended(rest, results, undo_failed || is_pending);
    if (guest != NULL)
        (void) vas_operation_end(context, guest, rest);
    else if (!replace_file(context, operation, rest))
        return;
    if (undo_failed || is_pending)
        vas_operation_hint_recover(
            failure, guest, undo_failed ? "try again to take it back" : "when it has come back");
}

/* A proven one takes the place of another that bears its id. */
static void
list_once(GPtrArray *list, VasOperation *operation)
{
    for (guint i = 0; i < list->len; i++) {
        const VasOperation *listed = g_ptr_array_index(list, i);

        if (!g_str_equal(listed->id, operation->id))
            continue;
        if (!listed->is_proven)
            list->pdata[i] = operation;
        return;
    }
    g_ptr_array_add(list, operation);
}

GPtrArray *
vas_operation_list(const VasGuest *guest)
{
    GPtrArray *list = g_ptr_array_new();

    for (guint i = 0; i < G_N_ELEMENTS(scopes); i++) {
        const VasGuestDefinition *definition = definition_of(guest, scopes[i]);
        const VasGuestRecord *record = definition != NULL ? definition->record : NULL;

        for (guint k = 0; record != NULL && k < record->operations->len; k++)
            list_once(list, g_ptr_array_index(record->operations, k));
    }
    return list;
}

GPtrArray *
vas_operation_ids(const VasGuest *guest)
{
    GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) operations = vas_operation_list(guest);

    for (guint i = 0; i < operations->len; i++)
        g_ptr_array_add(ids, g_strdup(((const VasOperation *) operations->pdata[i])->id));
    return ids;
}
