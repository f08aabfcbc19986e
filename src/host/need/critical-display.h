/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/need/critical-use.h"

G_BEGIN_DECLS

/* Adds to @uses (vas_critical_add) the display with the console if it is the only one. */
void vas_critical_find_display(const VasHost *host, GPtrArray *uses);

G_END_DECLS
