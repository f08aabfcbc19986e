/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli/print/terminal.h"
#include "core/report/result.h"
#include "core/report/step.h"

G_BEGIN_DECLS

/* These functions append what people read after a verb that changes something: a line for each
 * device that says what was proven, made safe for @terminal. */

/* Nothing is appended for a device that is the only one and failed: the error itself says it all.
 */
void vas_result_text_attached(GString *text, const VasTerminal *terminal, const GPtrArray *results);
void vas_result_text_detached(GString *text, const VasTerminal *terminal, const GPtrArray *results);
void vas_result_text_host_detached(GString *text, const VasTerminal *terminal,
                                   const GPtrArray *results);
void vas_result_text_host_reattached(GString *text, const VasTerminal *terminal,
                                     const GPtrArray *results);

/* "1. attach ..."; @steps is a GPtrArray of VasStep. */
void vas_result_text_booted(GString *text, const VasTerminal *terminal, const GPtrArray *results);
void vas_result_text_steps(GString *text, const VasTerminal *terminal, const GPtrArray *steps);

G_END_DECLS
