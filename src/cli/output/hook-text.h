/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli/print/terminal.h"
#include "engine/verbs/hook.h"

G_BEGIN_DECLS

/* Appends a line: whether libvirt calls the program, and which. */
void vas_hook_text_status(GString *text, const VasTerminal *terminal, const VasHookStatus *status);

G_END_DECLS
