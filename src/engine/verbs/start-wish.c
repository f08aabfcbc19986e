/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/verbs/start-wish.h"

#include "core/report/step.h"
#include "core/value/error.h"
#include "engine/base/device-identity.h"
#include "engine/base/wished-device.h"
#include "engine/journal/proof.h"
#include "host/files/hook-link.h"

/* The wish beside the device's element; a wish without an element means nothing. */
static const VasWish *
find_earlier(const VasContext *context, const VasGuest *guest, VasHostAddress device)
{
    if (!vas_guest_definition_has_device(guest->config, device))
        return NULL;
    vas_proof_check(context, guest->uuid, guest->config->record);
    return vas_guest_record_find_wish(guest->config->record, device);
}

/* The device itself tells in nearly all cases that it is the one. */
static gboolean
check_identity(const VasContext *context, const VasInventory *inventory, const VasGuest *guest,
               const VasDevice *device, const VasIdentity *wished, GError **error)
{
    VasPciAddressText address = vas_host_address_text(device->address);
    VasHostAddress found = device->address;
    g_autofree char *hint = NULL;
    g_autoptr(GError) mismatch = NULL;
    gboolean is_it = FALSE;

    if (!vas_wished_device_is(context, inventory, wished, device, &is_it, error))
        return FALSE;
    if (is_it || vas_wished_device_find(context, wished, device->address, &found, &mismatch))
        return TRUE;
    hint = g_strdup(vas_error_hint(mismatch));
    if (hint != NULL)
        vas_error_set_hint(&mismatch,
                           "%s; or, for the guest to have what is at %s now: virt-assign detach "
                           "%s %s, then attach it again",
                           hint, address.text, guest->word, address.text);
    g_propagate_error(error, g_steal_pointer(&mismatch));
    return FALSE;
}

static gboolean
check_required(const VasWish *wish, const VasStartWishRequest *request, GError **error)
{
    gboolean is_kept = (request->scope & VAS_SCOPE_CONFIG) != 0;

    if (!request->is_required || (is_kept && !vas_vf_wish_is_empty(&wish->settings)))
        return TRUE;
    if (!is_kept)
        g_set_error(error, VAS_ERROR, VAS_ERROR_USAGE,
                    "--required is about each start of the guest, by its config, and the device "
                    "comes into the running guest only");
    else
        g_set_error(error, VAS_ERROR, VAS_ERROR_USAGE,
                    "--required is about settings of a VF that a start may not do without, and "
                    "none is asked for: --trust, --spoof-check, --link-state, --max-rate, --qos");
    return FALSE;
}

static gboolean
is_same(const VasWish *a, const VasWish *b)
{
    return a->is_required == b->is_required && vas_vf_wish_equal(&a->settings, &b->settings) &&
           (a->identity == NULL) == (b->identity == NULL);
}

gboolean
vas_start_wish_decide(const VasContext *context, const VasInventory *inventory,
                      const VasGuest *guest, const VasStartWishRequest *request, VasWish **ret_wish,
                      GError **error)
{
    const VasDevice *device = request->device;
    const VasWish *earlier = find_earlier(context, guest, device->address);
    gboolean asks = request->is_required || !vas_vf_wish_is_empty(&request->settings);
    g_autoptr(VasWish) wish = NULL;

    /* A wish that nothing vouches for gives way to what is asked for, and to nothing else: who
     * cannot read the key would take root's for such a one. */
    if (earlier != NULL && !earlier->is_proven && !asks)
        return TRUE;
    if (earlier != NULL && !earlier->is_proven)
        earlier = NULL;
    if (earlier != NULL && earlier->identity != NULL &&
        !check_identity(context, inventory, guest, device, earlier->identity, error))
        return FALSE;
    wish = earlier != NULL ? vas_wish_copy(earlier) : vas_wish_new(device->address);
    wish->settings = vas_vf_wish_with(&wish->settings, &request->settings);
    wish->is_required = wish->is_required || request->is_required;
    if (!check_required(wish, request, error))
        return FALSE;
    if ((request->scope & VAS_SCOPE_CONFIG) == 0)
        return TRUE;
    if (wish->identity == NULL &&
        !vas_device_identity_read(context, inventory, device, &wish->identity, error))
        return FALSE;
    if (earlier == NULL || !is_same(earlier, wish))
        *ret_wish = g_steal_pointer(&wish);
    return TRUE;
}

gboolean
vas_start_wish_has_hook(const VasContext *context)
{
    g_auto(VasHookLink) link = {0};

    return context->host != NULL && vas_hook_link_read(context->host, &link, NULL) &&
           link.state == VAS_HOOK_LINK_SOUND;
}

void
vas_start_wish_add_step(const VasWish *wish, guint subject, const char *guest, GPtrArray *steps)
{
    g_autofree char *settings = vas_vf_wish_text(&wish->settings);

    vas_step_add_on_host(steps, VAS_STEP_KEEP_WISH, subject, wish->device,
                         "keep for each start of %s which device %s is%s%s%s", guest,
                         vas_host_address_text(wish->device).text,
                         *settings != '\0' ? ", and its settings: " : "", settings,
                         wish->is_required ? " (required)" : "");
}
