/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli/frame/verb.h"
#include "cli/print/terminal.h"
#include "engine/base/context.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* One run of the program: what was asked, what it works with, what it has to say. */
struct VasInvocation {
    VasOptions *options;
    const VasVerb *verb;       /* NULL: none given */
    GPtrArray *arguments;      /* char *, of the verb; NULL-terminated once parsed */
    char *command;             /* the command line, to tell others what runs */
    VasTerminal terminal;      /* standard output */
    const VasContext *context; /* borrowed; NULL: the verb needs no connection */
    GString *text;             /* the result for people */
    int status;                /* the exit status of a run without an error; 0 at first */
    int signal;                /* that interrupted it; 0: none */
    gboolean has_changed;      /* the verb may change something, and was run */
    JsonBuilder *json;         /* the result with --json: an open object with its "schema" */
};

/* Returns full. */
VasInvocation *vas_invocation_new(VasTerminal terminal);
void vas_invocation_free(VasInvocation *invocation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasInvocation, vas_invocation_free)

/* Reads the command line, NULL-terminated and without the program's name. Global options may stand
 * before and after the verb. VAS_ERROR_USAGE, VAS_ERROR_INVALID. With --help or --version the
 * number of arguments is not looked at. */
gboolean vas_invocation_parse(VasInvocation *invocation, const char *const *words, GError **error);

G_END_DECLS
