/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/journal/guest-record.h"

G_BEGIN_DECLS

struct _xmlNode; /* libxml2 */

/* The record in a guest's metadata: small, versioned, one element. */
#define VAS_METADATA_URI "urn:virt-assign:domain:1"
#define VAS_METADATA_PREFIX "virt-assign"

/* @xml: the metadata element as libvirt gives it back (without the namespace declaration), NULL:
 * none, which is an empty record. An element of a newer version is VAS_ERROR_UNSUPPORTED, a
 * malformed one VAS_ERROR_FAILED. Returns full. */
VasGuestRecord *vas_metadata_xml_parse(const char *xml, GError **error);

/* The record as it stands in the <metadata> of @domain, empty without one. NULL: it cannot be read;
 * a command that needs it reads it by itself, and is told why. Returns full. */
VasGuestRecord *vas_metadata_xml_read(const struct _xmlNode *domain);

/* The element to store; NULL for an empty record: there is nothing to keep. Returns full. */
char *vas_metadata_xml_format(const VasGuestRecord *record);

/* One entry says this there, without its seal, which is made of it. Return full. */
char *vas_metadata_xml_format_release(const VasPendingRelease *release);
char *vas_metadata_xml_format_operation(const struct VasOperation *operation);
char *vas_metadata_xml_format_wish(const VasWish *wish);

/* The same as the first two for a file of root's, which says more of an operation
 * (VAS_OPERATION_WHOLE), also of devices that a later one has taken over. */
VasGuestRecord *vas_metadata_xml_parse_note(const char *text, GError **error);
char *vas_metadata_xml_format_note(const VasGuestRecord *record);

G_END_DECLS
