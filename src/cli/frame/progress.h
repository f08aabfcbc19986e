/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli/print/terminal.h"
#include "engine/base/context.h"

#include <stdio.h>

G_BEGIN_DECLS

typedef enum {
    VAS_PROGRESS_QUIET,   /* nothing */
    VAS_PROGRESS_NORMAL,  /* what is waited for, and notes */
    VAS_PROGRESS_VERBOSE, /* every step, too */
} VasProgressLevel;

/* Tells people what the engine is at, on a stream that is not for results. */
typedef struct VasProgress VasProgress;

/* @stream is borrowed. Returns full. */
VasProgress *vas_progress_new(FILE *stream, VasTerminal terminal, VasProgressLevel level);
/* Wipes the line that is being rewritten, if there is one. */
void vas_progress_free(VasProgress *progress);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasProgress, vas_progress_free)

/* A VasProgressFunc; @data is the VasProgress. Waiting is one line that is rewritten on a terminal;
 * elsewhere it is a line when it begins and then every 10 s. */
void vas_progress_report(VasProgressKind kind, const char *text, guint elapsed, guint limit,
                         gpointer data);

G_END_DECLS
