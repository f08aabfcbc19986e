/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* Asks rtnetlink for the MAC that the card itself has for @interface (IFLA_PERM_ADDRESS, since
 * Linux 5.6): a bond or an administrator changes the MAC in use, not this one. A
 * VasPermanentMacReader; @data is not used. FALSE: there is none, or no such interface in the
 * caller's network namespace. */
gboolean vas_permanent_mac_read(const char *interface, VasMacAddress *ret_mac, gpointer data);

struct nlmsghdr;

/* Takes it out of @link (RTM_NEWLINK). FALSE: it is not in there, or not an Ethernet address. */
gboolean vas_permanent_mac_from_link(struct nlmsghdr *link, VasMacAddress *ret_mac);

G_END_DECLS
