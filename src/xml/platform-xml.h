/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/guest.h"
#include "xml/document.h"

G_BEGIN_DECLS

/* Reads what <domain> says about the machine that the guest gets, beside its devices. */
void vas_platform_xml_read(const xmlNode *domain, VasGuestPlatform *platform);

G_END_DECLS
