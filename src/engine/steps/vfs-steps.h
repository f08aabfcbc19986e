/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/device/identity.h"
#include "core/journal/vfs-state.h"
#include "engine/run/execute.h"

G_BEGIN_DECLS

/* The steps of `vfs` work on this; all of it is borrowed. The steps set @disturbed. */
typedef struct {
    const VasContext *context;
    VasHostAddress pf;
    VasVfsState before;
    VasVfsState wished;
    const VasIdentity *identity; /* of the PF, for the wish; NULL: not told */
    const char *driver;          /* the PF's, to execute; NULL: none */
    const GArray *vfs;           /* VasHostAddress: the VFs before, to execute */
    guint timeout;               /* seconds to wait for udev and libvirt */
    gboolean only_adds;          /* what is made stays, whatever fails: nothing leads to 0 VFs */
    gboolean disturbed;          /* VFs went or came, or may have */
} VasVfsRun;

/* Adds the steps from the state before to the one that is asked for; none if it is that already. */
void vas_vfs_plan(const VasVfsRun *run, GPtrArray *steps);

/* Runs them, all or nothing unless @only_adds. */
gboolean vas_vfs_execute(VasVfsRun *run, const GPtrArray *steps, GPtrArray *results,
                         GError **error);

/* Takes back the steps of a command that was killed, as far as it came with them. */
gboolean vas_vfs_undo(VasVfsRun *run, GError **error);

G_END_DECLS
