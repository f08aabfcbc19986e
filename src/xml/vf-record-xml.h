/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/journal/vf-record.h"

G_BEGIN_DECLS

/* The text of a VasVfRecord, for a file of root's. */

/* Returns full. */
char *vas_vf_record_xml_format(const VasVfRecord *record);

/* VAS_ERROR_UNSUPPORTED: a newer version wrote it; VAS_ERROR_FAILED: it is malformed. Returns full.
 */
VasVfRecord *vas_vf_record_xml_parse(const char *text, GError **error);

G_END_DECLS
