/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/journal/operation.h"

G_BEGIN_DECLS

struct _xmlNode; /* libxml2 */

/* An <operation> stands in a guest's record (xml/metadata-xml.h), or in a text of its own, for a
 * file of the host's. */

typedef enum {
    VAS_OPERATION_NAMED, /* a guest's metadata says which command it is and which devices and ports
                            it is about; anything else that stands there is passed over */
    VAS_OPERATION_WHOLE, /* a file of root's says what was before, and is to be, too */
} VasOperationForm;

/* It stands at an entry of a guest's metadata; VasOperation.seal. */
#define VAS_SEAL_ATTRIBUTE "seal"

/* NULL: it is malformed. Returns full. */
VasOperation *vas_operation_xml_read(const struct _xmlNode *node, VasOperationForm form);

/* Appends it to @root. Borrowed. */
struct _xmlNode *vas_operation_xml_append(struct _xmlNode *root, const VasOperation *operation,
                                          VasOperationForm form);

/* Reads the text of an operation of the host, which has at least one device. VAS_ERROR_UNSUPPORTED:
 * a newer version wrote it; VAS_ERROR_FAILED: it is malformed. Returns full. */
VasOperation *vas_operation_xml_parse(const char *text, GError **error);

/* The text to store. Returns full. */
char *vas_operation_xml_format(const VasOperation *operation);

/* A record of ours says its version at its root; @what names the record in the error. Errors as of
 * vas_operation_xml_parse. */
gboolean vas_operation_xml_check_version(const struct _xmlNode *root, const char *what,
                                         GError **error);
void vas_operation_xml_set_version(struct _xmlNode *root);

G_END_DECLS
