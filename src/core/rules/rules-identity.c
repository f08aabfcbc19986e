/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/rules/rules-identity.h"

#include "core/value/error.h"

typedef enum {
    KEYS_TELL_NOTHING, /* no kind of key is known of both */
    KEYS_AGREE,
    KEYS_DIFFER,
} KeyVerdict;

static gboolean
is_same_model(const VasIdentity *a, const VasIdentity *b)
{
    return a->vendor_id == b->vendor_id && a->product_id == b->product_id &&
           (!a->has_subsystem || !b->has_subsystem ||
            (a->subsystem_vendor_id == b->subsystem_vendor_id &&
             a->subsystem_id == b->subsystem_id));
}

/* A serial number is the card's: its functions differ by their number alone, which nobody knows
 * without the place. */
static KeyVerdict
compare_functions(const VasIdentity *a, const VasIdentity *b)
{
    if (a->place == NULL || b->place == NULL)
        return KEYS_TELL_NOTHING;
    return a->function == b->function ? KEYS_AGREE : KEYS_DIFFER;
}

static KeyVerdict
compare_keys(const VasIdentity *a, const VasIdentity *b)
{
    gboolean have_common = FALSE;

    for (guint i = 0; i < VAS_N_CARD_KEYS; i++) {
        if (a->keys[i] == NULL || b->keys[i] == NULL)
            continue;
        if (!g_str_equal(a->keys[i], b->keys[i]))
            return KEYS_DIFFER;
        have_common = TRUE;
    }
    if (!have_common)
        return KEYS_TELL_NOTHING;
    if (a->keys[VAS_CARD_KEY_MAC] != NULL && b->keys[VAS_CARD_KEY_MAC] != NULL)
        return KEYS_AGREE;
    return compare_functions(a, b);
}

/* The device that is in the place of @wished, as its VF @vf_index (-1: not a VF). Where one of the
 * two places is not known, the address stands for it. NULL: nothing is there. */
static const VasIdentified *
find_in_place(const VasIdentity *wished, VasHostAddress address, const GArray *present,
              int vf_index)
{
    for (guint i = 0; i < present->len; i++) {
        const VasIdentified *device = &g_array_index(present, VasIdentified, i);
        const char *place = device->identity->place;

        if (device->identity->vf_index != vf_index)
            continue;
        if (wished->place != NULL && place != NULL
                ? g_str_equal(wished->place, place)
                : vas_host_address_equal(device->address, address))
            return device;
    }
    return NULL;
}

/* Counts the devices that are the one which @wished means by their keys, and prefers the one at
 * @address. */
static guint
count_twins(const VasIdentity *wished, VasHostAddress address, const GArray *present,
            const VasIdentified **ret_twin)
{
    guint count = 0;

    for (guint i = 0; i < present->len; i++) {
        const VasIdentified *device = &g_array_index(present, VasIdentified, i);

        if (device->identity->vf_index != wished->vf_index ||
            !is_same_model(wished, device->identity) ||
            compare_keys(wished, device->identity) != KEYS_AGREE)
            continue;
        if (count++ == 0 || vas_host_address_equal(device->address, address))
            *ret_twin = device;
    }
    return count;
}

/* The PF of a VF that is not there has the VF's keys, or its place. */
static VasIdentityMatch
match_missing_vf(const VasIdentity *wished, VasHostAddress address, const GArray *present)
{
    const VasIdentified *in_place = find_in_place(wished, address, present, -1);

    for (guint i = 0; i < present->len; i++) {
        const VasIdentified *device = &g_array_index(present, VasIdentified, i);

        if (device->identity->vf_index < 0 && compare_keys(wished, device->identity) == KEYS_AGREE)
            return (VasIdentityMatch){VAS_IDENTITY_GONE, device};
    }
    if (in_place != NULL && compare_keys(wished, in_place->identity) == KEYS_DIFFER)
        return (VasIdentityMatch){VAS_IDENTITY_REPLACED, in_place};
    return (VasIdentityMatch){VAS_IDENTITY_GONE, in_place};
}

VasIdentityMatch
vas_rules_match_identity(const VasIdentity *wished, VasHostAddress address, const GArray *present)
{
    const VasIdentified *in_place = find_in_place(wished, address, present, wished->vf_index);
    const VasIdentified *twin = NULL;
    guint twins = count_twins(wished, address, present, &twin);
    gboolean is_there = FALSE;

    if (twins == 1)
        return (VasIdentityMatch){
            vas_host_address_equal(twin->address, address) ? VAS_IDENTITY_SAME : VAS_IDENTITY_MOVED,
            twin};
    is_there = in_place != NULL && vas_host_address_equal(in_place->address, address);
    /* Keys that several cards have are as good as none. */
    if (twins > 1)
        return (VasIdentityMatch){
            is_there && in_place == twin ? VAS_IDENTITY_PLACE_ONLY : VAS_IDENTITY_AMBIGUOUS, twin};
    if (in_place == NULL)
        return wished->vf_index >= 0 ? match_missing_vf(wished, address, present)
                                     : (VasIdentityMatch){VAS_IDENTITY_GONE, NULL};
    if (!is_same_model(wished, in_place->identity))
        return (VasIdentityMatch){VAS_IDENTITY_OTHER_MODEL, in_place};
    if (compare_keys(wished, in_place->identity) == KEYS_DIFFER)
        return (VasIdentityMatch){VAS_IDENTITY_REPLACED, in_place};
    return (VasIdentityMatch){is_there ? VAS_IDENTITY_PLACE_ONLY : VAS_IDENTITY_MOVED, in_place};
}

/* The most telling key of @identity, or else its place. Returns full. */
static char *
describe_card(const VasIdentity *identity)
{
    for (guint i = 0; i < VAS_N_CARD_KEYS; i++) {
        if (identity->keys[i] != NULL)
            return g_strdup_printf("the card with %s %s", vas_card_key_label(i), identity->keys[i]);
    }
    return g_strdup_printf("the card in %s",
                           identity->place != NULL ? identity->place : "an unknown place");
}

/* Names @identity as it is meant: "8086:10ca, VF 3 of the card with permanent MAC ...". Returns
 * full. */
static char *
describe(const VasIdentity *identity)
{
    g_autofree char *card = describe_card(identity);

    if (identity->vf_index >= 0)
        return g_strdup_printf("%04x:%04x, VF %d of %s", identity->vendor_id, identity->product_id,
                               identity->vf_index, card);
    return g_strdup_printf("%04x:%04x, %s", identity->vendor_id, identity->product_id, card);
}

static void
set_moved(const char *meant, const char *address, const VasIdentified *found, GError **error)
{
    g_set_error(error, VAS_ERROR, VAS_ERROR_MISMATCH,
                "the device that is meant (%s) is not at %s but at %s now", meant, address,
                vas_host_address_text(found->address).text);
    vas_error_set_hint(error, "name it by its new address: %s",
                       vas_host_address_text(found->address).text);
}

static void
set_instead(const char *meant, const char *address, const VasIdentityMatch *match, GError **error)
{
    g_autofree char *instead = describe(match->found->identity);

    g_set_error(error, VAS_ERROR, VAS_ERROR_MISMATCH,
                "%s is not the device that is meant (%s): in its place there is %s (%s), at %s",
                address, meant,
                match->verdict == VAS_IDENTITY_REPLACED ? "another card"
                                                        : "a device of another model",
                instead, vas_host_address_text(match->found->address).text);
    vas_error_set_hint(error, "put the card that is meant back into its slot, or assign the other "
                              "device anew");
}

static void
set_ambiguous(const char *meant, GError **error)
{
    g_set_error(error, VAS_ERROR, VAS_ERROR_MISMATCH,
                "several devices may be the one that is meant (%s): they have the same key, and "
                "its place has none of them",
                meant);
    vas_error_set_hint(error, "give each card a MAC or a serial number of its own, or put the card "
                              "that is meant back into its slot");
}

static void
set_gone(const char *meant, const VasIdentified *pf, GError **error)
{
    g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND,
                "the device that is meant (%s) is not on this host", meant);
    if (pf == NULL) {
        vas_error_set_hint(error, "see whether its card is plugged in and has power: lspci");
        return;
    }
    g_prefix_error(error, "the PF %s has too few VFs: ", vas_host_address_text(pf->address).text);
    vas_error_set_hint(error, "make more of them: virt-assign vfs %s COUNT",
                       vas_host_address_text(pf->address).text);
}

gboolean
vas_rules_check_identity(const VasIdentity *wished, VasHostAddress address, const GArray *present,
                         GError **error)
{
    VasIdentityMatch match = vas_rules_match_identity(wished, address, present);
    VasPciAddressText at = vas_host_address_text(address);
    g_autofree char *meant = describe(wished);

    switch (match.verdict) {
    case VAS_IDENTITY_SAME:
    case VAS_IDENTITY_PLACE_ONLY:
        return TRUE;
    case VAS_IDENTITY_MOVED:
        set_moved(meant, at.text, match.found, error);
        return FALSE;
    case VAS_IDENTITY_REPLACED:
    case VAS_IDENTITY_OTHER_MODEL:
        set_instead(meant, at.text, &match, error);
        return FALSE;
    case VAS_IDENTITY_AMBIGUOUS:
        set_ambiguous(meant, error);
        return FALSE;
    case VAS_IDENTITY_GONE:
        set_gone(meant, match.found, error);
        return FALSE;
    }
    g_assert_not_reached();
}
