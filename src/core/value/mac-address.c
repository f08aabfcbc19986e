/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/mac-address.h"

#include "core/value/error.h"

#include <string.h>

/* Two hex digits per octet and a colon between each two. */
#define MAC_TEXT_LENGTH 17

static gboolean
octets_parse(const char *text, guint8 octets[6])
{
    if (strlen(text) != MAC_TEXT_LENGTH)
        return FALSE;
    for (guint i = 0; i < 6; i++) {
        const char *pair = text + 3 * i;

        if (!g_ascii_isxdigit(pair[0]) || !g_ascii_isxdigit(pair[1]))
            return FALSE;
        if (i < 5 && pair[2] != ':')
            return FALSE;
        octets[i] = (guint8) (g_ascii_xdigit_value(pair[0]) << 4 | g_ascii_xdigit_value(pair[1]));
    }
    return TRUE;
}

gboolean
vas_mac_address_parse(const char *text, VasMacAddress *ret_address, GError **error)
{
    VasMacAddress address;

    if (!octets_parse(text, address.octets)) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID, "\"%s\" is not a MAC address", text);
        vas_error_set_hint(error, "write it as 52:54:00:12:34:56");
        return FALSE;
    }
    *ret_address = address;
    return TRUE;
}

VasMacAddressText
vas_mac_address_text(VasMacAddress address)
{
    const guint8 *octets = address.octets;
    VasMacAddressText text;

    g_snprintf(text.text, sizeof text.text, "%02x:%02x:%02x:%02x:%02x:%02x", octets[0], octets[1],
               octets[2], octets[3], octets[4], octets[5]);
    return text;
}

gboolean
vas_mac_address_equal(VasMacAddress a, VasMacAddress b)
{
    return memcmp(a.octets, b.octets, sizeof a.octets) == 0;
}

gboolean
vas_mac_address_is_zero(VasMacAddress address)
{
    return vas_mac_address_equal(address, (VasMacAddress){0});
}

gboolean
vas_mac_address_is_unicast(VasMacAddress address)
{
    return (address.octets[0] & 0x01) == 0 && !vas_mac_address_is_zero(address);
}

VasMacAddress
vas_mac_address_from_seed(const char *seed, guint attempt)
{
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autofree char *text = g_strdup_printf("%s#%u", seed, attempt);
    guint8 digest[32];
    gsize size = sizeof digest;

    g_checksum_update(checksum, (const guint8 *) text, -1);
    g_checksum_get_digest(checksum, digest, &size);
    return (VasMacAddress){{0x52, 0x54, 0x00, digest[0], digest[1], digest[2]}};
}
