/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli/print/terminal.h"
#include "engine/verbs/ports.h"

G_BEGIN_DECLS

/* Appends what `ports GUEST` prints: a row for each port and bridge, and how many can take a
 * hot-plug. */
void vas_ports_text(GString *text, const VasTerminal *terminal, const VasGuestPorts *ports);

/* Appends what `ports GUEST --add N` prints: a line for each new port, when they are there, and
 * what becomes of the names of NICs. */
void vas_ports_text_added(GString *text, const VasTerminal *terminal, const VasGuestPorts *ports);

G_END_DECLS
