/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <libxml/tree.h>
#include <libxml/xpath.h>

G_BEGIN_DECLS

/* libxml2, boxed: no network, no entities, no external DTD, no message on stderr, bounded depth and
 * size. Only files of src/xml include this header. */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlDoc, xmlFreeDoc)

/* @what names the text in the error ("domain XML of db1"). VAS_ERROR_FAILED with libxml2's line and
 * message. Returns full. */
xmlDoc *vas_document_parse(const char *text, const char *what, GError **error);

/* Child elements by name; NULL: none. First one, borrowed. */
xmlNode *vas_node_child(const xmlNode *parent, const char *name);
xmlNode *vas_node_next(const xmlNode *sibling, const char *name);
/* The child, appended if there is none. Borrowed. */
xmlNode *vas_node_ensure_child(xmlNode *parent, const char *name);

/* Attribute or text content, stripped. Returns full, NULL: not there. */
char *vas_node_attribute(const xmlNode *node, const char *name);
char *vas_node_text(const xmlNode *node);

/* A number with the base its prefix says (0x10, 10); FALSE if absent, malformed or over @max. */
gboolean vas_node_attribute_uint(const xmlNode *node, const char *name, guint64 max,
                                 guint64 *ret_value);

/* The element alone as text, as it stands in its document. Returns full. */
char *vas_node_serialize(xmlNode *node);

G_END_DECLS
