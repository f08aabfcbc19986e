/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/value/pci-address.h"
#include "host/system/host.h"

G_BEGIN_DECLS

/* Records are texts of root's in /run/virt-assign (host/files/run-folder.h), one file each. The
 * locks keep two commands from writing one file. */

/* Writes the record called @name, whole or not at all. VAS_ERROR_DENIED; VAS_ERROR_FAILED: it is
 * too long to be read again, too. */
gboolean vas_record_text_write(const VasHost *host, const char *name, const char *text,
                               GError **error);

/* *ret_text NULL: there is none. VAS_ERROR_DENIED, VAS_ERROR_FAILED. Full. */
gboolean vas_record_text_read(const VasHost *host, const char *name, char **ret_text,
                              GError **error);

/* Makes a record of @text; it has to be about @device. Returns full. */
typedef gpointer (*VasRecordParser)(const char *text, VasHostAddress device, GError **error);

/* Reads the record of @device by @parse; *ret_record NULL: there is none. @meaning is "the settings
 * of a VF". VAS_ERROR_DENIED, VAS_ERROR_FAILED, and those of @parse; the message names the file.
 * Full. */
gboolean vas_record_text_parse(const VasHost *host, const char *prefix, VasHostAddress device,
                               VasRecordParser parse, const char *meaning, gpointer *ret_record,
                               GError **error);

/* A record that is not there is fine. */
gboolean vas_record_text_remove(const VasHost *host, const char *name, GError **error);

/* The devices of all records that are called @prefix and the address of one, GArray of
 * VasHostAddress. VAS_ERROR_DENIED, VAS_ERROR_FAILED: it cannot be told. Returns full. */
GArray *vas_record_text_list(const VasHost *host, const char *prefix, GError **error);

/* "@prefix0000:01:10.0". Returns full. */
char *vas_record_text_name(const char *prefix, VasHostAddress device);

G_END_DECLS
