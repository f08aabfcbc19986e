/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/place/slot-request.h"

const VasGuestDefinition *
vas_slot_request_definition(const VasSlotRequest *request)
{
    return (request->scope & VAS_SCOPE_LIVE) != 0 ? request->live : request->config;
}

gboolean
vas_slot_request_is_hot(const VasSlotRequest *request)
{
    return (request->scope & VAS_SCOPE_LIVE) != 0;
}

gboolean
vas_slot_request_is_express(const VasSlotRequest *request)
{
    return request->device == NULL || request->device->is_express;
}

gboolean
vas_slot_request_suits(const VasSlotRequest *request, VasGuestAddress address)
{
    return request->suits == NULL || request->suits(request->data, address);
}

gboolean
vas_slot_request_is_reserved(const VasSlotRequest *request, VasGuestAddress address)
{
    for (guint i = 0; request->reserved != NULL && i < request->reserved->len; i++) {
        if (vas_guest_address_equal(g_array_index(request->reserved, VasGuestAddress, i), address))
            return TRUE;
    }
    return FALSE;
}
