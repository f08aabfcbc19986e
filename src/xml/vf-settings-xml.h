/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/value/vf-settings.h"
#include "xml/document.h"

G_BEGIN_DECLS

/* What a PF holds about a VF, as attributes of @node in our own records. */

/* FALSE: one is missing or malformed. */
gboolean vas_vf_settings_xml_read(const xmlNode *node, VasVfSettings *ret_settings);

/* What the driver does not tell is left out. */
void vas_vf_settings_xml_write(xmlNode *node, const VasVfSettings *settings);

G_END_DECLS
