/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A program that has this linked in has a g_get_monotonic_time of its own, which all that is linked
 * into it statically calls as well: time that is waited for passes at once. For
 * FakeHypervisor.pass_time. */
void fake_clock_pass(gint64 deadline);

G_END_DECLS
