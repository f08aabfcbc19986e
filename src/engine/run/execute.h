/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/report/result.h"
#include "core/report/step.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* Runs one step, or takes back what it may have done. An undo finds out for itself how far its step
 * came: it is called for the step that failed as well, since libvirt can report a failure after the
 * device is in (qemuDomainAttachDeviceLiveAndConfig in src/qemu/qemu_driver.c) - unless it failed
 * because somebody else was first (VAS_ERROR_IN_USE, VAS_ERROR_TAKEN). */
typedef gboolean (*VasStepFunc)(gpointer run, const VasStep *step, GError **error);

typedef struct {
    VasStepKind kind;
    VasStepFunc act;
    VasStepFunc undo; /* NULL: there is nothing to take back */
} VasStepAction;

typedef enum {
    VAS_EXECUTE_ALL_OR_NONE,  /* a failure undoes every step so far, of every subject */
    VAS_EXECUTE_EACH_OR_NONE, /* a failure undoes its own subject's steps, the others go on */
    VAS_EXECUTE_EACH,         /* a failure ends its own subject's steps, nothing is undone */
} VasExecuteMode;

/* Runs @steps (VasStep) in order, each as its row of @actions has it (a row for each kind of step,
 * {0} behind the last one) with @run, and gives @results (VasResult, by subject; PLANNED, ALREADY
 * or refused at first) their outcome and error: done, failed, undone, or pending
 * (VAS_ERROR_TIMED_OUT: nothing is undone then, in any mode). The actions keep the results' live
 * and config up to date.
 * FALSE with the error that stands for all: the cause, vas_results_error, or VAS_ERROR_UNDO_FAILED
 * with what is left and the way out.
 *
 * When the context's interrupt is due the step in hand is finished. Then ALL_OR_NONE undoes, which
 * no further signal stops; EACH_OR_NONE undoes the subject in hand and begins with no other; EACH
 * begins with no further subject, and those it has begun with go on until one of their own steps
 * gives up waiting: they are pending. VAS_ERROR_INTERRUPTED. */
gboolean vas_execute(const VasContext *context, const GPtrArray *steps,
                     const VasStepAction *actions, VasExecuteMode mode, gpointer run,
                     GPtrArray *results, GError **error);

/* Takes back all steps of a command that ended nobody knows where, the last one first, whatever
 * fails on the way. The error is the first failure, its message the list of all. */
gboolean vas_execute_undo(const VasContext *context, const GPtrArray *steps,
                          const VasStepAction *actions, gpointer run, GError **error);

G_END_DECLS
