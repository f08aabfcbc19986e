/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "world.h"

G_BEGIN_DECLS

#define SEVERAL 3

/* Each of these guests has the device in its live part alone, by an attach that did not end. */
typedef struct {
    const char *guest;
    const char *device;
} SeveralKilled;

extern const SeveralKilled several_killed[SEVERAL];

/* Leaves all of them so. */
void several_leave_attaches(World *world);
void several_leave_attach(World *world, const char *guest, const char *device);

FakeGuest *several_guest(const World *world, guint i);

/* Recovers all guests, with @timeout seconds to wait for each. What came of an earlier one is
 * forgotten. */
gboolean several_recover(World *world, guint timeout);

/* Whether nothing of the guest is on record. */
gboolean several_has_ended(const World *world, guint i);
/* Fails the test unless the attach is undone. */
void several_assert_undone(const World *world, guint i);

G_END_DECLS
