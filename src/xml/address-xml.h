/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/value/pci-address.h"
#include "xml/document.h"

G_BEGIN_DECLS

/* The attributes of libvirt's PCI addresses (virPCIDeviceAddressParseXML in
 * src/conf/device_conf.c): domain, bus, slot, function, hexadecimal with 0x or decimal; one that is
 * not there is 0. */

/* FALSE if @address is NULL, has none of them, or one that is malformed or out of range. */
gboolean vas_address_xml_read(const xmlNode *address, VasPciAddress *ret_address);

/* Writes them as libvirt prints them: domain='0x0000' bus='0x02' slot='0x00' function='0x0'. */
void vas_address_xml_write(xmlNode *address, VasPciAddress pci);

/* The host address below @source, which may be NULL: its <address>, of type pci or without a type
 * (<interface> writes it, <hostdev> and node devices do not). */
gboolean vas_address_xml_read_host(const xmlNode *source, VasHostAddress *ret_address);

G_END_DECLS
