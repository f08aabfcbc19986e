/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/guest-use.h"
#include "xml/document.h"

G_BEGIN_DECLS

/* Reads what @device, an element of <devices>, uses of the host through a host driver: a network
 * interface by macvtap, a block device, a mediated device, a USB device, a SCSI host. NULL: none of
 * these. Returns full. */
VasGuestUse *vas_use_xml_read(const xmlNode *device);

G_END_DECLS
