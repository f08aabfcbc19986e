/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/journal/operation.h"
#include "xml/document.h"

G_BEGIN_DECLS

/* The <operation> of a guest's record (xml/metadata-xml.h). */

/* NULL: it is malformed. Returns full. */
VasOperation *vas_operation_xml_read(const xmlNode *node);

/* Appends it to @root. */
void vas_operation_xml_append(xmlNode *root, const VasOperation *operation);

G_END_DECLS
