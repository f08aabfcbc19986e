/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli/print/terminal.h"
#include "core/report/finding.h"

G_BEGIN_DECLS

/* Appends what `check` tells people: level, id and summary of each finding in order, below it the
 * evidence and, where it is not all right, what to do, and at the end how many findings there are
 * of each level. */
void vas_check_text(GString *text, const VasTerminal *terminal, const GPtrArray *findings);

/* Appends the findings alone, without their number. */
void vas_check_text_findings(GString *text, const VasTerminal *terminal, const GPtrArray *findings);

G_END_DECLS
