/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/device/assignment.h"
#include "core/report/result.h"
#include "core/rules/rules-distinct.h"
#include "fake-hypervisor.h"

G_BEGIN_DECLS

/* The tests that attach and detach share this fixture: the fake host with the guest db1, which runs
 * and is persistent, what a command is told, and what came of it. */
typedef struct {
    FakeHypervisor *fake;
    FakeGuest *guest;
    VasAssignmentWish *wish;
    VasScope scope;
    VasDistinct distinct;
    guint timeout;
    guint undo_timeout;
    gboolean whole_group;
    gboolean keep_going;
    gboolean force;
    gboolean ask_again;
    gboolean dry_run;
    GPtrArray *results;
    GPtrArray *steps;
    GError *error; /* none may be left at the end */
} World;

void world_set_up(World *world, gconstpointer data);
void world_tear_down(World *world, gconstpointer data);

/* The arrays are NULL-terminated; what the command before came to is forgotten. */
gboolean run_attach(World *world, const char *const *devices);
gboolean run_detach(World *world, const char *const *subjects);

const VasResult *result_at(const World *world, guint index);

/* Fails the test unless @device is in live and config as given, and on @driver. */
void assert_state(const World *world, const char *device, gboolean live, gboolean config,
                  const char *driver);

G_END_DECLS
