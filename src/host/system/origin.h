/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/system/host.h"

G_BEGIN_DECLS

/* Says who runs a command, for the record of it: the user and the machine, whose locks alone tell
 * whether the command is still at work. A guest that migrates takes its records to other machines,
 * which may be called the same: the machine is told by its /etc/machine-id, hashed as
 * machine-id(5) has it, for that is confidential. @host is the machine we run on. Returns full. */
char *vas_origin(const VasHost *host);

G_END_DECLS
