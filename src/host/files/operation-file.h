/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/journal/host-operation.h"
#include "host/system/host.h"

G_BEGIN_DECLS

/* The records of the host's commands (core/journal/host-operation.h), one file each:
 * /run/virt-assign/operation-ADDRESS with the address of its first device. The locks keep two
 * commands on one device apart. */

/* The path of the record that begins with @device. Returns full. */
char *vas_operation_file_path(VasHostAddress device);

/* Writes the record of @operation, whole or not at all. VAS_ERROR_DENIED, VAS_ERROR_FAILED. */
gboolean vas_operation_file_write(const VasHost *host, const VasHostOperation *operation,
                                  GError **error);

/* The record that begins with @device; *ret_operation NULL: there is none. VAS_ERROR_UNSUPPORTED: a
 * newer version wrote it; VAS_ERROR_FAILED: it is malformed; VAS_ERROR_DENIED. The message names
 * the file. Full. */
gboolean vas_operation_file_read(const VasHost *host, VasHostAddress device,
                                 VasHostOperation **ret_operation, GError **error);

/* A record that is not there is fine. */
gboolean vas_operation_file_remove(const VasHost *host, VasHostAddress device, GError **error);

/* The first devices of all records there are, GArray of VasHostAddress. VAS_ERROR_DENIED,
 * VAS_ERROR_FAILED: it cannot be told. Returns full. */
GArray *vas_operation_file_list(const VasHost *host, GError **error);

G_END_DECLS
