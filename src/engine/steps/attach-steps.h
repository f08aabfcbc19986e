/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"
#include "engine/run/execute.h"

G_BEGIN_DECLS

/* The attach steps work on this; all of it is borrowed, except @guests, which is their own. */
typedef struct {
    const VasContext *context;
    const VasInventory *inventory;
    const VasGuest *guest;
    guint timeout; /* seconds, for the release of what has to be undone */
    GPtrArray *results;
    GPtrArray *vf_plans;   /* VasVfPlan by subject; NULL, or beyond its end: none */
    const char *operation; /* the id that the command has on record of the guest */
    VasInventory *guests;  /* all of them, read behind the last write; NULL: not yet */
} VasAttachRun;

/* Adds the steps that prove of each device in @steps that no other guest was given it. They come
 * behind all others: one reading of the guests, behind the last write, serves all devices. */
void vas_attach_plan_alone(GPtrArray *steps, const char *guest);

/* Runs the steps. */
gboolean vas_attach_execute(VasAttachRun *run, VasExecuteMode mode, const GPtrArray *steps,
                            GError **error);

G_END_DECLS
