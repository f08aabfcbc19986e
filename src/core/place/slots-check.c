/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/place/slots-check.h"

#include "core/place/slots-advice.h"
#include "core/value/error.h"

#define HINT_ADDRESSES 4

static void
set_free_hint(const VasGuestDefinition *definition, gboolean hot, GError **error)
{
    g_autoptr(GArray) free_addresses = vas_slots_free(definition, hot);
    g_autoptr(GString) text = g_string_new("free: ");
    guint shown = MIN(free_addresses->len, HINT_ADDRESSES);
    VasSlotRequest request = {.live = hot ? definition : NULL,
                              .config = hot ? NULL : definition,
                              .scope = hot ? VAS_SCOPE_LIVE : VAS_SCOPE_CONFIG};
    g_autofree char *places = NULL;
    g_autofree char *way_out = NULL;

    for (guint i = 0; i < shown; i++)
        g_string_append_printf(
            text, "%s%s", i > 0 ? ", " : "",
            vas_guest_address_text(g_array_index(free_addresses, VasGuestAddress, i)).text);
    if (shown > 0) {
        vas_error_set_hint(error, "%s", text->str);
        return;
    }
    places = vas_slots_describe(&request);
    way_out = vas_slots_way_out(&request);
    vas_error_set_hint(error, "none is free: %s; %s", places != NULL ? places : "no port is there",
                       way_out);
}

gboolean
vas_slots_check(const VasGuestDefinition *definition, VasGuestAddress address, gboolean hot,
                GError **error)
{
    if (vas_slots_accept(definition, address, hot, error))
        return TRUE;
    if (error != NULL)
        set_free_hint(definition, hot, error);
    return FALSE;
}
