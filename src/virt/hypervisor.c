/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/hypervisor.h"

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

void
vas_hypervisor_free(VasHypervisor *self)
{
    if (self != NULL)
        self->free(self);
}
