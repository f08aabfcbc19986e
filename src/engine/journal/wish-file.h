/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/journal/host-wish.h"
#include "host/system/host.h"

G_BEGIN_DECLS

/* One file of root's says what the host is to have after each boot (xml/host-wish-xml.h); an
 * administrator may write it, too. */
#define VAS_WISH_FILE "/etc/virt-assign/host.xml"

/* Without the file nothing is wished. VAS_ERROR_DENIED: others than root may write it, too, or it
 * cannot be read; VAS_ERROR_FAILED, and those of vas_host_wish_xml_parse. Full. */
gboolean vas_wish_file_read(const VasHost *host, VasHostWish **ret_wish, GError **error);

/* Puts @wish in its place, whole or not at all; without wishes there is no file. The caller has its
 * lock. VAS_ERROR_DENIED, VAS_ERROR_FAILED. */
gboolean vas_wish_file_write(const VasHost *host, const VasHostWish *wish, GError **error);

G_END_DECLS
