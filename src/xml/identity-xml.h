/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/device/identity.h"

G_BEGIN_DECLS

struct _xmlNode; /* libxml2 */

/* A VasIdentity as text, one element without children, for what outlives a command; by itself or in
 * another element. */
#define VAS_IDENTITY_ELEMENT "identity"

/* The same identity gives the same text. Returns full. */
char *vas_identity_xml_format(const VasIdentity *identity);

/* Reads only what vas_identity_xml_format can have written, in any order. VAS_ERROR_FAILED.
 * Returns full. */
VasIdentity *vas_identity_xml_parse(const char *text, GError **error);

/* The same as a child of @parent. */
void vas_identity_xml_append(struct _xmlNode *parent, const VasIdentity *identity);
/* NULL: a part is missing or malformed. Returns full. */
VasIdentity *vas_identity_xml_read(const struct _xmlNode *node);

G_END_DECLS
