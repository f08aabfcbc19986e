/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Ends the process @seconds from now, with exit status 0, wherever it is by then: whoever runs it
 * waits without end. */
void vas_time_budget_begin(guint seconds);

/* When that happens there is @line, static, on standard error, and the exit status is 1. */
void vas_time_budget_fail_with(const char *line);

G_END_DECLS
