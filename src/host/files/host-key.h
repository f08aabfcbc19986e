/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* The host's key, /etc/virt-assign/key, seals what we write where others may write, too. Root alone
 * can read it; hosts among which guests move have the same. */

/* Reads the key; *ret_key NULL: there is none. VAS_ERROR_DENIED: it is open to others, not the
 * user's own or a link, too; VAS_ERROR_FAILED: it is too short, too. Full. */
gboolean vas_host_key_read(const VasHost *host, char **ret_key, GError **error);

/* Reads the key, which is made if there is none. Errors as of vas_host_key_read. Returns full. */
char *vas_host_key_have(const VasHost *host, GError **error);

G_END_DECLS
