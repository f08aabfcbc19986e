/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <libxml/tree.h>

G_BEGIN_DECLS

/* libxml2, boxed: no network, no DTD and so no entities, no message on stderr, bounded depth and
 * size, any number of threads at once. Only files of src/xml include this header. */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlDoc, xmlFreeDoc)

/* @what names the text in the error ("domain XML"). White space that only indents is left out of
 * the tree, so that it can be indented anew. VAS_ERROR_FAILED with libxml2's line and message, or
 * with the bound that @text breaks. Returns full. */
xmlDoc *vas_document_parse(const char *text, const char *what, GError **error);

/* Parses the same way; the root has to be <@root>. */
xmlDoc *vas_document_parse_root(const char *text, const char *what, const char *root,
                                GError **error);

/* A document of one empty element. Returns full. */
xmlDoc *vas_document_new(const char *root);

/* Child elements by name, outside any namespace; NULL: none. First one, borrowed. */
xmlNode *vas_node_child(const xmlNode *parent, const char *name);
xmlNode *vas_node_next(const xmlNode *sibling, const char *name);
/* The first child element of that name in the namespace @uri. Borrowed; NULL: none. */
xmlNode *vas_node_child_in(const xmlNode *parent, const char *uri, const char *name);
/* Child elements of any name. */
xmlNode *vas_node_first(const xmlNode *parent);
xmlNode *vas_node_following(const xmlNode *sibling);
gboolean vas_node_is(const xmlNode *node, const char *name);

/* The child, appended if there is none; of several the first stays. Borrowed. */
xmlNode *vas_node_ensure_child(xmlNode *parent, const char *name);
xmlNode *vas_node_append(xmlNode *parent, const char *name);
/* A new child right behind @sibling, NULL: before all others. Borrowed. */
xmlNode *vas_node_insert_behind(xmlNode *parent, xmlNode *sibling, const char *name);
/* Takes all attributes and children from @node. */
void vas_node_clear(xmlNode *node);
/* Takes the comments from @node and from everything below it. */
void vas_node_remove_comments(xmlNode *node);

/* Attribute or text content, stripped. Returns full, NULL: not there. */
char *vas_node_attribute(const xmlNode *node, const char *name);
char *vas_node_text(const xmlNode *node);
gboolean vas_node_attribute_is(const xmlNode *node, const char *name, const char *value);

void vas_node_set_attribute(xmlNode *node, const char *name, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

/* A number with the base its prefix says (0x10, 10); FALSE if absent, malformed or over @max. */
gboolean vas_node_attribute_uint(const xmlNode *node, const char *name, guint64 max,
                                 guint64 *ret_value);
gboolean vas_node_text_uint(const xmlNode *node, guint64 max, guint64 *ret_value);

/* The element alone as text: indented by two, without an XML declaration, with a newline at the
 * end. Returns full. */
char *vas_node_serialize(xmlNode *node);

G_END_DECLS
