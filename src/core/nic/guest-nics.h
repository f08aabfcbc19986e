/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"
#include "core/nic/nic-name.h"

G_BEGIN_DECLS

/* One NIC of a guest: what the running guest and its config say of it, and its names. */
typedef struct {
    const VasNic *live;   /* borrowed; NULL: not in the running guest */
    const VasNic *config; /* borrowed; NULL: not in the config */
    VasNicName *name;     /* where it is now; NULL: no guest address yet */
    VasNicName *next;     /* at the next start; NULL: the guest does not run, or as now, or gone */
    char *actual;         /* what the guest itself calls it; NULL: not asked, or not known */
} VasGuestNic;

void vas_guest_nic_free(VasGuestNic *nic);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasGuestNic, vas_guest_nic_free)

/* The NIC as the running guest has it, else as the config does. Borrowed. */
const VasNic *vas_guest_nic_fact(const VasGuestNic *nic);

/* "NIC 52:54:00:00:00:01", by guest address or alias where there is no MAC. Returns full. */
char *vas_nic_describe(const VasNic *nic);

/* All NICs of @guest, those of the running guest first, in the order of its XML; @scheme NULL as in
 * vas_nic_name_predict. GPtrArray of VasGuestNic, which borrow from @guest. Returns full. */
GPtrArray *vas_guest_nics(const VasGuest *guest, const VasNamingScheme *scheme);

/* Adds the network cards that are plain <hostdev> to the NICs of all guests: their XML does not say
 * that they are NICs, nor their MAC. To be called once, when devices and guests are known. */
void vas_guest_nics_complete(VasInventory *inventory);

G_END_DECLS
