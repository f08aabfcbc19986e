/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/run/execute.h"
#include "engine/steps/pf.h"

G_BEGIN_DECLS

/* The steps of `vfs` work on this; all of it is borrowed. The steps set @disturbed. */
typedef struct {
    const VasContext *context;
    const VasPf *before;
    guint count;           /* as it is to be */
    guint timeout;         /* seconds to wait for udev and libvirt */
    gboolean autoprobe;    /* as it is to be */
    const VasVfRule *rule; /* as it is to be; NULL: none */
    gboolean disturbed;    /* VFs went or came, or may have */
} VasVfsRun;

/* Adds the steps from the state before to the one that is asked for; none if it is that already. */
void vas_vfs_plan(const VasVfsRun *run, GPtrArray *steps);

/* Runs them, all or nothing. */
gboolean vas_vfs_execute(VasVfsRun *run, const GPtrArray *steps, GPtrArray *results,
                         GError **error);

/* The undo consists of these; each puts one thing back, unless it is as it was already. */
gboolean vas_vfs_restore_rule(const VasHost *host, VasHostAddress pf, const VasVfRule *rule,
                              GError **error);
gboolean vas_vfs_restore_autoprobe(const VasHost *host, VasHostAddress pf, gboolean autoprobe,
                                   GError **error);
gboolean vas_vfs_restore_count(const VasHost *host, VasHostAddress pf, guint count, GError **error);

G_END_DECLS
