/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/device/identity.h"

G_BEGIN_DECLS

/* The text of a VasIdentity, one element without children, for what outlives a command. */

/* The same identity gives the same text. Returns full. */
char *vas_identity_xml_format(const VasIdentity *identity);

/* Reads only what vas_identity_xml_format can have written, in any order. VAS_ERROR_FAILED.
 * Returns full. */
VasIdentity *vas_identity_xml_parse(const char *text, GError **error);

G_END_DECLS
