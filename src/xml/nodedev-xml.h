/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/device/device.h"

G_BEGIN_DECLS

/* libvirt's node device XML (src/conf/node_device_conf.c, virNodeDeviceDefFormat). */

/* Reads a PCI node device. The VF index and the interface are not in it: vas_inventory_link and
 * vas_nodedev_xml_parse_net give those. Domain, bus, slot and function are decimal there, but
 * hexadecimal in nested addresses. VAS_ERROR_FAILED. Returns full. */
VasDevice *vas_nodedev_xml_parse_pci(const char *xml, GError **error);

/* Reads a network node device: the interface's name and the node device it belongs to. */
gboolean vas_nodedev_xml_parse_net(const char *xml, char **ret_interface, char **ret_parent,
                                   GError **error);

/* The text of <@element> in the capability of type @capability, or, NULL, in the device itself.
 * NULL: it is not there, or @xml is not a node device. Returns full. */
char *vas_nodedev_xml_text(const char *xml, const char *capability, const char *element);

G_END_DECLS
