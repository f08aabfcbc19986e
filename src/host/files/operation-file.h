/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/value/pci-address.h"
#include "host/system/host.h"

G_BEGIN_DECLS

/* The records of the host's commands (core/journal/operation.h) are texts, one file each:
 * /run/virt-assign/operation-ADDRESS with the address of its first device. The locks keep two
 * commands on one device apart. */

/* The path of the record that begins with @device. Returns full. */
char *vas_operation_file_path(VasHostAddress device);

/* Writes the record that begins with @device, whole or not at all. VAS_ERROR_DENIED,
 * VAS_ERROR_FAILED: it is too long to be read again, too. */
gboolean vas_operation_file_write(const VasHost *host, VasHostAddress device, const char *text,
                                  GError **error);

/* The record that begins with @device; *ret_text NULL: there is none. VAS_ERROR_DENIED,
 * VAS_ERROR_FAILED. Full. */
gboolean vas_operation_file_read(const VasHost *host, VasHostAddress device, char **ret_text,
                                 GError **error);

/* A record that is not there is fine. */
gboolean vas_operation_file_remove(const VasHost *host, VasHostAddress device, GError **error);

/* The first devices of all records there are, GArray of VasHostAddress. VAS_ERROR_DENIED,
 * VAS_ERROR_FAILED: it cannot be told. Returns full. */
GArray *vas_operation_file_list(const VasHost *host, GError **error);

G_END_DECLS
