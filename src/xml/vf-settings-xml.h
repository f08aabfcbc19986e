/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/value/vf-settings.h"
#include "xml/document.h"

G_BEGIN_DECLS

/* Our own records have what a PF holds about a VF as attributes of @node. */

/* FALSE: one is missing or malformed. */
gboolean vas_vf_settings_xml_read(const xmlNode *node, VasVfSettings *ret_settings);

/* Leaves out a value that the driver does not tell. */
void vas_vf_settings_xml_write(xmlNode *node, const VasVfSettings *settings);

G_END_DECLS
