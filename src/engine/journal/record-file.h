/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/journal/operation.h"
#include "host/files/record-text.h"

G_BEGIN_DECLS

/* An operation of the host stands in a file of its own: /run/virt-assign/operation-ADDRESS with the
 * address of its first device. */

/* The path of the record that begins with @device. Returns full. */
char *vas_record_file_path(VasHostAddress device);

/* Writes the record of @operation, which has a device. VAS_ERROR_DENIED, VAS_ERROR_FAILED. */
gboolean vas_record_file_write(const VasHost *host, const VasOperation *operation, GError **error);

/* The record that begins with @device; *ret_operation NULL: there is none. VAS_ERROR_UNSUPPORTED: a
 * newer version wrote it; VAS_ERROR_FAILED: it is malformed; VAS_ERROR_DENIED. The message names
 * the file. Full. */
gboolean vas_record_file_read(const VasHost *host, VasHostAddress device,
                              VasOperation **ret_operation, GError **error);

/* Where the record of @operation is: its first device, of those it has now. */
VasHostAddress vas_record_file_device(const VasOperation *operation);

/* Removes the record that begins with @device. One that is not there is fine. */
gboolean vas_record_file_remove(const VasHost *host, VasHostAddress device, GError **error);

/* The first devices of all records there are, GArray of VasHostAddress. VAS_ERROR_DENIED,
 * VAS_ERROR_FAILED: it cannot be told. Returns full. */
GArray *vas_record_file_list(const VasHost *host, GError **error);

G_END_DECLS
