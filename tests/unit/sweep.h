/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fake-kernel.h"
#include "fake-sriov.h"
#include "world.h"

G_BEGIN_DECLS

/* A sweep: an operation runs without a fault first, which tells its calls and what it makes of the
 * world; then, for each of its calls and each way in which that can go wrong, anew in a world of
 * its own. Whatever it was: the world is as before or as after, nothing else is left in it, and
 * what came back says which - or says truly what is left, with the way out. */

typedef struct {
    World world;      /* first: the functions of world.h take it */
    FakeSriov *sriov; /* NULL: not that kernel */
    FakeKernel *kernel;
} SweptWorld;

typedef struct {
    const char *name;
    void (*set_up)(SweptWorld *swept); /* NULL: nothing beyond world_set_up */
    gboolean (*run)(SweptWorld *swept);
    gboolean goes_on;     /* what fails is not undone: the same command goes on from there */
    gboolean adds_up;     /* the same again does as much once more */
    gboolean of_the_host; /* libvirt changes nothing for it */
} SweptOperation;

/* Registers a test "/swept-calls/NAME/FAULT" for each way to go wrong. @operation is borrowed. */
void sweep_add(const SweptOperation *operation);

/* Registers "/killed-calls/NAME": the command ends with each of its calls that changes something,
 * and one of the host with the beginning of each of its steps, too, as if it was killed, and
 * nothing ends with it. What recover makes of that is as before or as after; and so does the same
 * command once more, which recovers first. */
void sweep_add_killed(const SweptOperation *operation);

/* Registers "/swept-pairs/NAME": pairs of faults, chosen by chance and always the same ones. The
 * second, or the death of the command, strikes where the command deals with the first: as a rule,
 * in the undo. The world is as before or as after, or recover, which the user is told of, makes it
 * so.
 */
void sweep_add_pairs(const SweptOperation *operation);

/* Runs @run until the @nth call of @call (FakeCall, or another of sweep-private.h), which is its
 * last and does nothing. FALSE: it has come to its end without. */
gboolean sweep_kill(SweptWorld *swept, gboolean (*run)(SweptWorld *), guint call, guint nth);

/* The next command after a killed one has a connection of its own. */
void sweep_revive(SweptWorld *swept);

/* Tells all of the world that an operation may touch, a line each, to be compared. Returns full. */
char *sweep_picture(SweptWorld *swept);

G_END_DECLS
