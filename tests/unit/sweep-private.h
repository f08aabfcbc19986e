/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sweep.h"

G_BEGIN_DECLS

/* The files of the sweep share these; tests do not look at them. */

/* Writes to the attributes of a fake kernel count as one call more, behind the port's. */
#define SWEEP_WRITE_ATTRIBUTE FAKE_N_CALLS
#define SWEEP_N_CALLS (FAKE_N_CALLS + 1)

enum {
    SWEEP_READS = 1,      /* it tells something */
    SWEEP_WRITES = 2,     /* it changes something */
    SWEEP_BY_LIBVIRT = 4, /* over the connection, which can be lost */
    SWEEP_BEGINS = 8      /* a step */
};

typedef struct {
    const char *name;
    guint kind;
} SweepCall;

extern const SweepCall sweep_calls[SWEEP_N_CALLS];

/* The @nth call of @call goes wrong. */
typedef struct {
    guint call;
    guint nth;
    FakeFault fault;
} SweepStrike;

typedef struct {
    const SweptOperation *operation;
    const char *fault_name;
    /* These come from the run without a fault. */
    char *before;
    char *after;
    guint counts[SWEEP_N_CALLS];
    /* These are about the run that is looked at. */
    SweepStrike strike;
    const SweepStrike *first; /* it is the second of a pair, behind this one; NULL: the only one */
    guint tries;              /* faults that struck */
    guint complaints;
} Sweep;

void sweep_begin(SweptWorld *swept, const SweptOperation *operation);
void sweep_end(SweptWorld *swept);

/* Lets the commands that were killed in the world of @swept (sweep_kill) come to their end. */
void sweep_bury(SweptWorld *swept);

/* Runs the operation without a fault. */
void sweep_learn(Sweep *sweep);
/* Says at the end how many faults struck; the test fails if there were complaints, or no faults. */
void sweep_finish(Sweep *sweep);

/* The operation has a kernel to do with, not a guest alone. */
gboolean sweep_is_of_host(const SweptWorld *swept);
/* Tells how often the call was made. */
guint sweep_count(const SweptWorld *swept, guint call);
gboolean sweep_can_go_wrong(const SweptOperation *operation, guint call, FakeFault fault);
const char *sweep_fault_name(FakeFault fault);

void sweep_plan(SweptWorld *swept, const SweepStrike *strike);

/* Runs the operation with the fault at the call that is looked at, and with the first one if it is
 * of a pair. */
void sweep_try(Sweep *sweep);
/* The same with the command killed there. FALSE: it has no such call. */
gboolean sweep_try_killed(Sweep *sweep, gboolean recover);

void sweep_complain(Sweep *sweep, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* Tells the lines that @now lacks (-) and those that it has too many (+). Returns full. */
char *sweep_difference(const char *wanted, const char *now);

/* Tells @picture as it would be without what is on record of operations. Returns full. */
char *sweep_without_wishes(const char *picture);
char *sweep_without_operations(const char *picture);

/* Runs recover, and takes a picture of the world behind that. Complains unless recover could, with
 * nothing left of an operation on record, or if it does anything when called again. A release that
 * is still pending is not complained of: TRUE in *@ret_pending. Returns full. */
char *sweep_recover(Sweep *sweep, SweptWorld *swept, gboolean *ret_pending);

/* Complains unless @now, its picture, is as before or after; each line of it if it goes on. */
void sweep_check_recovered(Sweep *sweep, const char *now);

/* Runs the same command again, with all in order: it comes to its end. */
void sweep_run_again(Sweep *sweep, SweptWorld *swept);

G_END_DECLS
