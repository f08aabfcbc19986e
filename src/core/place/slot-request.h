/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/device/device.h"
#include "core/inventory/guest.h"

G_BEGIN_DECLS

/* A request says what an address is wanted for; all of it is borrowed. */
typedef struct {
    const VasDevice *device;          /* NULL: any PCIe function, near no NUMA node */
    const VasGuestDefinition *live;   /* the guest's; NULL: it does not run */
    const VasGuestDefinition *config; /* NULL: it is transient */
    VasScope scope;                   /* those of them that the device is added to */
    const GArray *reserved;           /* VasGuestAddress promised to others; NULL: none */
    gboolean (*suits)(gconstpointer data, VasGuestAddress address); /* such an address is rather
                                         chosen; NULL: any suits */
    gconstpointer data;
} VasSlotRequest;

/* The definition that says where there is room: the live one if the device is added to it. */
const VasGuestDefinition *vas_slot_request_definition(const VasSlotRequest *request);
/* Whether the device goes into the running guest. */
gboolean vas_slot_request_is_hot(const VasSlotRequest *request);
gboolean vas_slot_request_is_express(const VasSlotRequest *request);
gboolean vas_slot_request_suits(const VasSlotRequest *request, VasGuestAddress address);
gboolean vas_slot_request_is_reserved(const VasSlotRequest *request, VasGuestAddress address);

G_END_DECLS
