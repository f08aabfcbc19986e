/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/base/scan-guest.h"

#include "core/value/error.h"
#include "xml/domain-xml.h"

VasGuestDefinition *
vas_scan_definition(const VasContext *context, const VasGuest *guest, VasScope scope,
                    GError **error)
{
    VasHypervisor *hypervisor = context->hypervisor;
    g_autofree char *xml = hypervisor->guest_xml(hypervisor, guest->uuid, scope, error);
    VasGuestDefinition *definition = NULL;

    if (xml == NULL)
        return NULL;
    definition = vas_domain_xml_parse(xml, error);
    if (definition == NULL)
        g_prefix_error(error, "guest %s: ", guest->name);
    return definition;
}

VasGuest *
vas_scan_listed_guest(const VasContext *context, const VasGuestListing *listing, GError **error)
{
    g_autoptr(VasGuest) guest = vas_guest_new(listing->name, listing->uuid);

    guest->run_id = listing->run_id;
    guest->state = listing->state;
    guest->persistent = listing->persistent;
    if (listing->state != VAS_GUEST_SHUT_OFF) {
        guest->live = vas_scan_definition(context, guest, VAS_SCOPE_LIVE, error);
        if (guest->live == NULL)
            return NULL;
        guest->live->guest = guest->word;
    }
    if (guest->persistent) {
        guest->config = vas_scan_definition(context, guest, VAS_SCOPE_CONFIG, error);
        if (guest->config == NULL)
            return NULL;
        guest->config->guest = guest->word;
    }
    return g_steal_pointer(&guest);
}

VasGuest *
vas_scan_guest(const VasContext *context, const char *uuid, GError **error)
{
    VasHypervisor *hypervisor = context->hypervisor;
    g_autoptr(VasGuestListing) listing = hypervisor->find_guest(hypervisor, uuid, error);

    return listing != NULL ? vas_scan_listed_guest(context, listing, error) : NULL;
}

/* Whether to read once more behind @failure, which is taken: with a lost connection opened again.
 */
static gboolean
can_try_again(const VasContext *context, GError *failure, gint64 deadline, GError **error)
{
    g_autoptr(GError) first = failure;

    if (g_error_matches(first, VAS_ERROR, VAS_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&first));
        return FALSE;
    }
    return !g_error_matches(first, VAS_ERROR, VAS_ERROR_UNREACHABLE) ||
           vas_context_reconnect(context, deadline, error);
}

VasGuest *
vas_scan_guest_again(const VasContext *context, const char *uuid, gint64 deadline, GError **error)
{
    GError *failure = NULL;
    VasGuest *now = vas_scan_guest(context, uuid, &failure);

    if (now != NULL || !can_try_again(context, failure, deadline, error))
        return now;
    return vas_scan_guest(context, uuid, error);
}

VasGuestDefinition *
vas_scan_definition_again(const VasContext *context, const VasGuest *guest, VasScope scope,
                          gint64 deadline, GError **error)
{
    GError *failure = NULL;
    VasGuestDefinition *now = vas_scan_definition(context, guest, scope, &failure);

    if (now != NULL || !can_try_again(context, failure, deadline, error))
        return now;
    return vas_scan_definition(context, guest, scope, error);
}

VasGuest *
vas_scan_guest_for_undo(const VasContext *context, const char *uuid, GError **error)
{
    gint64 deadline = g_get_monotonic_time() + VAS_RECONNECT_SECONDS * G_USEC_PER_SEC;

    return vas_scan_guest_again(context, uuid, deadline, error);
}

VasGuest *
vas_scan_definitions(const VasContext *context, const VasGuest *guest, GError **error)
{
    g_autoptr(VasGuest) now = vas_guest_new(guest->name, guest->uuid);

    now->live = vas_scan_definition(context, guest, VAS_SCOPE_LIVE, error);
    if (now->live == NULL)
        return NULL;
    now->run_id = now->live->run_id;
    if (now->run_id < 0)
        g_clear_pointer(&now->live, vas_guest_definition_free);
    if (guest->config == NULL)
        return g_steal_pointer(&now);
    now->config = vas_scan_definition(context, guest, VAS_SCOPE_CONFIG, error);
    return now->config != NULL ? g_steal_pointer(&now) : NULL;
}
