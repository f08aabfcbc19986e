/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/run/rival.h"

#include "core/inventory/inventory.h"
#include "core/value/error.h"
#include "engine/base/scan.h"
#include "engine/journal/operation.h"

#include <string.h>

/* The command whose guest has the lower UUID looks on for this long: the other has only to read all
 * guests and to take back what it wrote. */
#define LOOK_SECONDS 5
#define LOOK_INTERVAL (G_USEC_PER_SEC / 2)

/* Finds the guest with the lowest UUID that has @device; NULL: none. Borrowed. */
static const VasGuest *
find_rival(const VasInventory *others, VasHostAddress device)
{
    const VasGuest *rival = NULL;

    for (guint i = 0; i < others->guests->len; i++) {
        const VasGuest *other = g_ptr_array_index(others->guests, i);

        if (!vas_guest_definition_has_device(other->live, device) &&
            !vas_guest_definition_has_device(other->config, device))
            continue;
        if (rival == NULL || strcmp(other->uuid, rival->uuid) < 0)
            rival = other;
    }
    return rival;
}

/* Finds the running guest, except @but (a UUID; NULL: any), that has @device; NULL: none. Borrowed.
 */
static const VasGuest *
find_holder(const VasInventory *inventory, const char *but, VasHostAddress device)
{
    for (guint i = 0; i < inventory->guests->len; i++) {
        const VasGuest *guest = g_ptr_array_index(inventory->guests, i);

        if (g_strcmp0(guest->uuid, but) != 0 &&
            vas_guest_definition_has_device(guest->live, device))
            return guest;
    }
    return NULL;
}

/* libvirt refused by what it knew (virt-error.c): it did nothing. */
static gboolean
is_refused_untried(const GError *refusal)
{
    return g_error_matches(refusal, VAS_ERROR, VAS_ERROR_WRONG_STATE) ||
           g_error_matches(refusal, VAS_ERROR, VAS_ERROR_UNSUPPORTED);
}

/* Whether @found, which stands where @wanted was to go, was put there by somebody else. What cannot
 * be read is taken for the command's own: the undo reads again. */
static gboolean
is_of_another(const VasContext *context, const VasGuest *now, const char *operation, VasScope scope,
              const VasAssignment *wanted, const VasAssignment *found, const GError *refusal)
{
    gboolean is_own = TRUE;

    if (is_refused_untried(refusal) || g_strcmp0(found->alias, wanted->alias) != 0)
        return TRUE;
    return vas_operation_has_device(context, now, scope, operation, wanted->device, &is_own,
                                    NULL) &&
           !is_own;
}

/* Nobody knows what libvirt did, or will do. */
static gboolean
is_unanswered(const GError *refusal)
{
    return g_error_matches(refusal, VAS_ERROR, VAS_ERROR_UNREACHABLE) ||
           g_error_matches(refusal, VAS_ERROR, VAS_ERROR_TIMED_OUT);
}

static gboolean
is_place_taken(const VasGuestDefinition *definition, const VasAssignment *wanted)
{
    return (wanted->has_guest_address &&
            vas_guest_definition_occupant(definition, wanted->guest_address) != NULL) ||
           (wanted->alias != NULL && vas_guest_definition_has_alias(definition, wanted->alias));
}

static GError *
refuse_for(const VasGuest *holder, VasHostAddress device, const GError *refusal)
{
    GError *error = vas_error_recode(refusal, VAS_ERROR_IN_USE);

    vas_error_set_hint(&error, "free it: virt-assign detach %s %s", holder->word,
                       vas_host_address_text(device).text);
    return error;
}

GError *
vas_rival_explain(const VasContext *context, const VasGuest *guest, const char *operation,
                  VasScope scope, const VasAssignment *wanted, const GError *refusal)
{
    g_autoptr(VasInventory) inventory = NULL;
    const VasGuest *now = NULL;
    const VasGuest *holder = NULL;
    const VasGuestDefinition *definition = NULL;
    const VasAssignment *found = NULL;

    if (!is_unanswered(refusal))
        inventory = vas_scan_guests(context, NULL);
    if (inventory == NULL)
        return g_error_copy(refusal);
    if (!vas_unreadable_check(inventory->unreadable_guests, guest->uuid, NULL))
        return g_error_copy(refusal);
    now = vas_inventory_find_guest(inventory, guest->uuid);
    if (now != NULL)
        definition = scope == VAS_SCOPE_LIVE ? now->live : now->config;
    if (definition == NULL)
        return vas_error_recode(refusal, VAS_ERROR_WRONG_STATE);
    found = vas_guest_definition_find_device(definition, wanted->device);
    if (found != NULL)
        return is_of_another(context, now, operation, scope, wanted, found, refusal)
                   ? vas_error_recode(refusal, VAS_ERROR_IN_USE)
                   : g_error_copy(refusal);
    if (scope == VAS_SCOPE_LIVE)
        holder = find_holder(inventory, guest->uuid, wanted->device);
    if (holder != NULL)
        return refuse_for(holder, wanted->device, refusal);
    return is_place_taken(definition, wanted) ? vas_error_recode(refusal, VAS_ERROR_TAKEN)
                                              : g_error_copy(refusal);
}

GError *
vas_rival_explain_host(const VasContext *context, VasHostAddress device, const GError *refusal)
{
    g_autoptr(VasInventory) inventory = NULL;
    const VasGuest *holder = NULL;

    if (!is_unanswered(refusal))
        inventory = vas_scan_guests(context, NULL);
    if (inventory != NULL)
        holder = find_holder(inventory, NULL, device);
    return holder != NULL ? refuse_for(holder, device, refusal) : g_error_copy(refusal);
}

static gboolean
back_out(const VasGuest *rival, VasHostAddress device, GError **error)
{
    g_set_error(error, VAS_ERROR, VAS_ERROR_IN_USE,
                "guest %s was given %s at the same time, by another command, and keeps it",
                rival->name, vas_host_address_text(device).text);
    vas_error_set_hint(error, "free it: virt-assign detach %s %s", rival->word,
                       vas_host_address_text(device).text);
    return FALSE;
}

gboolean
vas_rival_check(const VasContext *context, const VasGuest *guest, VasHostAddress device,
                VasInventory **guests, GError **error)
{
    gint64 begin = g_get_monotonic_time();
    gint64 deadline = begin + LOOK_SECONDS * G_USEC_PER_SEC;

    for (;;) {
        const VasGuest *rival = NULL;
        gint64 time;

        if (*guests == NULL)
            *guests = vas_scan_other_guests(context, guest, error);
        if (*guests == NULL)
            return FALSE;
        time = g_get_monotonic_time();
        rival = find_rival(*guests, device);
        if (rival == NULL)
            return TRUE;
        if (strcmp(rival->uuid, guest->uuid) < 0 || time >= deadline)
            return back_out(rival, device, error);
        if (!vas_interrupt_check(context->interrupt, error))
            return FALSE;
        vas_context_progress(context, VAS_PROGRESS_WAITING,
                             (guint) ((time - begin) / G_USEC_PER_SEC), LOOK_SECONDS,
                             "waiting for the command that gave %s to guest %s to give it up",
                             vas_host_address_text(device).text, rival->name);
        vas_interrupt_sleep(context->interrupt, MIN(deadline, time + LOOK_INTERVAL));
        g_clear_pointer(guests, vas_inventory_free);
    }
}
