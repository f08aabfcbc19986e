/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli/print/terminal.h"
#include "core/report/result.h"
#include "engine/verbs/vfs.h"

G_BEGIN_DECLS

/* Appends what `vfs PF` prints: the PF's numbers, what is made at a boot, and a table of the VFs
 * with the guests that have them. */
void vas_vfs_text_pf(GString *text, const VasTerminal *terminal, const VasPf *pf);

/* Appends what `vfs PF COUNT` prints: a line that says how it is now. */
void vas_vfs_text_change(GString *text, const VasTerminal *terminal, const VasPf *pf,
                         VasOutcome outcome);

G_END_DECLS
