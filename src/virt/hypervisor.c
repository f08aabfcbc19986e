/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/hypervisor.h"

#include <string.h>

VasEvent *
vas_event_new(VasEventKind kind, const char *guest, const char *alias)
{
    VasEvent *event = g_new0(VasEvent, 1);

    event->kind = kind;
    event->guest = g_strdup(guest);
    event->alias = g_strdup(alias);
    return event;
}

void
vas_event_free(VasEvent *event)
{
    if (event == NULL)
        return;
    g_free(event->guest);
    g_free(event->alias);
    g_free(event);
}

void
vas_guest_listing_free(VasGuestListing *listing)
{
    if (listing == NULL)
        return;
    g_free(listing->name);
    g_free(listing->uuid);
    g_free(listing);
}

/* @text cut to whole characters of UTF-8. */
static char *
bounded_text(const char *text, gsize limit)
{
    g_autofree char *start = g_strndup(text, limit);
    g_autofree char *valid = g_utf8_make_valid(start, -1);
    gsize length = strlen(valid);

    if (length <= limit)
        return g_steal_pointer(&valid);
    return g_strndup(valid, (gsize) (g_utf8_find_prev_char(valid, valid + limit + 1) - valid));
}

VasAgentInterface *
vas_agent_interface_new(const char *name, const char *mac)
{
    VasAgentInterface *interface;

    if (name == NULL || name[0] == '\0')
        return NULL;
    interface = g_new0(VasAgentInterface, 1);
    interface->name = bounded_text(name, VAS_AGENT_NAME_MAX);
    interface->has_mac = mac != NULL && vas_mac_address_parse(mac, &interface->mac, NULL);
    return interface;
}

void
vas_agent_interface_free(VasAgentInterface *interface)
{
    if (interface == NULL)
        return;
    g_free(interface->name);
    g_free(interface);
}

void
vas_hypervisor_free(VasHypervisor *self)
{
    if (self != NULL)
        self->free(self);
}
