/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/run/execute.h"

G_BEGIN_DECLS

/* The steps of `ports --add` work on this; all of it is borrowed. */
typedef struct {
    const VasContext *context;
    const VasGuest *before; /* with a config */
    const GPtrArray *added; /* const VasPciController */
} VasPortsRun;

/* Adds a step for each port, and one that proves them all. */
void vas_ports_plan_steps(const VasPortsRun *run, GPtrArray *steps);

/* Runs the steps, all or none. */
gboolean vas_ports_execute(VasPortsRun *run, const GPtrArray *steps, GPtrArray *results,
                           GError **error);

/* Whether @config has all of @ports (GPtrArray of VasPciController), as they were sent. */
gboolean vas_ports_are_there(const VasGuestDefinition *config, const GPtrArray *ports);

/* Takes back the steps of a command that was killed, as far as it came with them; @run->before is
 * the guest of now. VAS_ERROR_IN_USE: something sits on one of the ports by now. */
gboolean vas_ports_undo(VasPortsRun *run, GError **error);

G_END_DECLS
