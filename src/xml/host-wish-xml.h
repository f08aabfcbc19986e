/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/journal/host-wish.h"

G_BEGIN_DECLS

/* The text of /etc/virt-assign/host.xml:
 *
 *   <host xmlns="urn:virt-assign:host:1" version="1">
 *     <pf address="0000:01:00.0">
 *       <vfs count="4" autoprobe="on" driver="igb"/>
 *       <identity vendor="0x8086" product="0x10c9" permanent-mac="..." .../>
 *     </pf>
 *     <device address="0000:03:00.0">
 *       <driver name="vfio-pci"/>
 *     </device>
 *   </host>
 *
 * A wish is an element of its own below its device: there is room for others beside it. The
 * identity (xml/identity-xml.h) may be missing: then the wish is for whatever is at the address. */

/* Takes nothing that it does not know: the file may be written by hand, and a wish that is misspelt
 * would be one that nobody fulfils. VAS_ERROR_UNSUPPORTED: it is of a newer version;
 * VAS_ERROR_INVALID, with the line; VAS_ERROR_FAILED: it is not XML. Returns full. */
VasHostWish *vas_host_wish_xml_parse(const char *text, GError **error);

/* Returns full. */
char *vas_host_wish_xml_format(const VasHostWish *wish);

G_END_DECLS
