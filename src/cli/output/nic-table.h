/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli/print/terminal.h"
#include "core/nic/guest-nics.h"

G_BEGIN_DECLS

/* A guest's NICs (GPtrArray of VasGuestNic), a line each: "NICs: 2" and the table, appended to
 * @text. With @verified what the guest itself calls them stands beside the prediction. */
void vas_nic_table_append(GString *text, const VasTerminal *terminal, const GPtrArray *nics,
                          gboolean verified);

G_END_DECLS
