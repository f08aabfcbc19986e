/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/run/rival.h"

#include "core/inventory/inventory.h"
#include "core/value/error.h"
#include "engine/base/scan.h"

#include <string.h>

/* How long the one with the lower UUID looks on: the other has but to read all guests and to take
 * back what it wrote. */
#define LOOK_SECONDS 5
#define LOOK_INTERVAL (G_USEC_PER_SEC / 2)

static gboolean
has_device(const VasGuestDefinition *definition, VasHostAddress device)
{
    return definition != NULL && vas_guest_definition_find_device(definition, device) != NULL;
}

/* The one with the lowest UUID but @guest; NULL: none. Borrowed. */
static const VasGuest *
find_rival(const VasInventory *inventory, const VasGuest *guest, VasHostAddress device)
{
    const VasGuest *rival = NULL;

    for (guint i = 0; i < inventory->guests->len; i++) {
        const VasGuest *other = g_ptr_array_index(inventory->guests, i);

        if (g_str_equal(other->uuid, guest->uuid) ||
            (!has_device(other->live, device) && !has_device(other->config, device)))
            continue;
        if (rival == NULL || strcmp(other->uuid, rival->uuid) < 0)
            rival = other;
    }
    return rival;
}

static gboolean
back_out(const VasGuest *rival, VasHostAddress device, GError **error)
{
    g_set_error(error, VAS_ERROR, VAS_ERROR_IN_USE,
                "guest %s was given %s at the same time, by another command, and keeps it",
                rival->name, vas_host_address_text(device).text);
    vas_error_set_hint(error, "free it: virt-assign detach %s %s", rival->name,
                       vas_host_address_text(device).text);
    return FALSE;
}

gboolean
vas_rival_check(const VasContext *context, const VasGuest *guest, VasHostAddress device,
                GError **error)
{
    gint64 begin = g_get_monotonic_time();
    gint64 deadline = begin + LOOK_SECONDS * G_USEC_PER_SEC;

    for (;;) {
        g_autoptr(VasInventory) now = vas_scan_guests(context, error);
        const VasGuest *rival = NULL;
        gint64 time = g_get_monotonic_time();

        if (now == NULL)
            return FALSE;
        rival = find_rival(now, guest, device);
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
    }
}
