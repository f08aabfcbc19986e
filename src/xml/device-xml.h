/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/value/mac-address.h"
#include "core/value/pci-address.h"
#include "xml/document.h"

G_BEGIN_DECLS

/* The device elements of a domain have these parts in common (virDomainDeviceInfo in
 * src/conf/device_conf.h); a NIC has a MAC as well. A value that is malformed counts as not there:
 * libvirt would not have printed it. */

/* Returns full; NULL: none. */
char *vas_device_xml_alias(const xmlNode *device);

/* Its <address type='pci'>. FALSE if it has none, or one that leaves the choice to libvirt. */
gboolean vas_device_xml_guest_address(const xmlNode *device, VasGuestAddress *ret_address);

/* Whether other functions may share its slot. */
/* Whether libvirt leaves it to others to take @node's device from the host driver and to give it
 * back, as it does unless told otherwise. An NVMe disk has the attribute in its <source>. */
gboolean vas_device_xml_unmanaged(const xmlNode *node);
/* Tells where a device is that is not on PCI: "fe.0.0001" for <address type='ccw'/>, else the type
 * of its address. NULL: it is on PCI, or has no address. Returns full. */
char *vas_device_xml_other_place(const xmlNode *device);
gboolean vas_device_xml_multifunction(const xmlNode *device);

gboolean vas_device_xml_mac(const xmlNode *device, VasMacAddress *ret_mac);

/* 0: none. */
int vas_device_xml_acpi_index(const xmlNode *device);
int vas_device_xml_boot_order(const xmlNode *device);

G_END_DECLS
