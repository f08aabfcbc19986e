/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/check/wish-state.h"

#include "engine/base/wished-device.h"
#include "engine/journal/proof.h"
#include "engine/steps/vf-settings.h"

static VasWishState
look_at(const VasContext *context, const VasInventory *inventory, const VasGuest *guest,
        const VasWish *wish, gboolean is_seal_told)
{
    const VasDevice *device = vas_inventory_find_device(inventory, wish->device);
    VasWishState state = {
        .wish = wish,
        .is_seal_told = is_seal_told,
        .config = vas_guest_definition_find_device(guest->config, wish->device),
        .is_live = vas_guest_definition_has_device(guest->live, wish->device),
        .is_meant = TRUE,
    };

    if (wish->identity != NULL &&
        (device == NULL ||
         !vas_wished_device_is(context, inventory, wish->identity, device, &state.is_meant, NULL)))
        state.is_meant = FALSE;
    if (device != NULL &&
        !vas_vf_settings_read(context, device, &state.has_settings, &state.settings, NULL))
        state.has_settings = FALSE;
    return state;
}

GArray *
vas_wish_states(const VasContext *context, const VasInventory *inventory, const VasGuest *guest)
{
    const VasGuestRecord *record = guest->config != NULL ? guest->config->record : NULL;
    gboolean is_seal_told =
        record != NULL && record->wishes->len > 0 && vas_proof_can_be_had(context);
    GArray *states = g_array_new(FALSE, FALSE, sizeof(VasWishState));

    vas_proof_check_guest(context, guest);
    for (guint i = 0; record != NULL && i < record->wishes->len; i++) {
        VasWishState state =
            look_at(context, inventory, guest, g_ptr_array_index(record->wishes, i), is_seal_told);

        g_array_append_val(states, state);
    }
    return states;
}
