/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/guest.h"

G_BEGIN_DECLS

/* Reads a domain's XML, live or inactive, as far as assignments depend on it, and passes over the
 * elements that it does not know; each assignment keeps its own element as libvirt printed it.
 * VAS_ERROR_FAILED if it is not a domain. Returns full. */
VasGuestDefinition *vas_domain_xml_parse(const char *xml, GError **error);

G_END_DECLS
