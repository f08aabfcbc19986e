/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/guest.h"

G_BEGIN_DECLS

/* Reads a domain's XML, live or inactive, as far as assignments depend on it. What it does not know
 * it passes over; each assignment keeps its own element as libvirt printed it. VAS_ERROR_FAILED if
 * it is no domain. Returns full. */
VasGuestDefinition *vas_domain_xml_parse(const char *xml, GError **error);

G_END_DECLS
