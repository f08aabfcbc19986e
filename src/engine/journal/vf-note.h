/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/journal/vf-record.h"
#include "host/files/record-text.h"

G_BEGIN_DECLS

/* A note keeps what a PF held about a VF in a file of root's, /run/virt-assign/vf-ADDRESS, and
 * nowhere that a guest's owner can write to: root's next command sets what stands there. It goes
 * with the boot, as the VF does. */

/* Writes @record, in the place of an earlier one of its device. VAS_ERROR_DENIED,
 * VAS_ERROR_FAILED. */
gboolean vas_vf_note_write(const VasHost *host, const VasVfRecord *record, GError **error);

/* *ret_record NULL: there is none. VAS_ERROR_DENIED; VAS_ERROR_UNSUPPORTED: a newer version wrote
 * it; VAS_ERROR_FAILED: it is malformed. The message names the file. Full. */
gboolean vas_vf_note_read(const VasHost *host, VasHostAddress device, VasVfRecord **ret_record,
                          GError **error);

/* Removes the note of @device. One that is not there is fine. */
gboolean vas_vf_note_remove(const VasHost *host, VasHostAddress device, GError **error);

/* All notes that can be read, GPtrArray of VasVfRecord: none where the folder cannot be. Returns
 * full. */
GPtrArray *vas_vf_note_list(const VasHost *host);

G_END_DECLS
