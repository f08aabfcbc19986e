/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* An Ethernet address: a value, copied by assignment. */
typedef struct {
    guint8 octets[6];
} VasMacAddress;

typedef struct {
    char text[18];
} VasMacAddressText;

/* Takes "52:54:00:12:34:56" (case ignored, six pairs of hex digits, colons). VAS_ERROR_INVALID. */
gboolean vas_mac_address_parse(const char *text, VasMacAddress *ret_address, GError **error);

/* Lower case with colons. By value: valid to the end of the full expression, or copy it. */
VasMacAddressText vas_mac_address_text(VasMacAddress address);

gboolean vas_mac_address_equal(VasMacAddress a, VasMacAddress b);
gboolean vas_mac_address_is_zero(VasMacAddress address);

/* Whether a NIC may have the address as its own: it is neither multicast (I/G bit, IEEE 802-2014
 * 8.2.2) nor all zero. */
gboolean vas_mac_address_is_unicast(VasMacAddress address);

/* A MAC in QEMU's range 52:54:00 that follows from @seed and @attempt alone: the same request gives
 * the same MAC, in `xml`, in --dry-run and in `attach`. */
VasMacAddress vas_mac_address_from_seed(const char *seed, guint attempt);

G_END_DECLS
