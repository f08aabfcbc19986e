/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/pool.h"

G_BEGIN_DECLS

/* Reads a network. *ret_pool (full) is NULL unless its VFs go to guests as they are.
 * VAS_ERROR_FAILED if @xml is not a <network>, or one whose pool cannot be read. */
gboolean vas_network_xml_parse(const char *xml, VasPool **ret_pool, GError **error);

G_END_DECLS
