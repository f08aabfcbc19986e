/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/journal/wish.h"
#include "xml/document.h"

G_BEGIN_DECLS

/* A VasWish as an element of a guest's metadata; its settings are attributes, a setting that is not
 * asked for is left out, and its identity is a child (xml/identity-xml.h). */

/* Reads all but the seal: nothing vouches for the wish yet. NULL: a part is missing or malformed.
 * Returns full. */
VasWish *vas_wish_xml_read(const xmlNode *node);

/* Leaves out the seal, which is made of the element. Returns the element, borrowed. */
xmlNode *vas_wish_xml_append(xmlNode *root, const VasWish *wish);

G_END_DECLS
