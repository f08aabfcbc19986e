/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli/frame/options.h"

G_BEGIN_DECLS

typedef struct VasInvocation VasInvocation;

typedef enum {
    VAS_CONNECTION_NONE,  /* or the verb opens its own */
    VAS_CONNECTION_HOST,  /* to nothing but the machine that we run on */
    VAS_CONNECTION_READ,  /* looks only: libvirt's read-only connection does */
    VAS_CONNECTION_WRITE, /* changes guests, unless --dry-run */
    VAS_CONNECTION_ADD,   /* the same, but with --add only */
} VasConnectionNeed;

#define VAS_VERB_MAX_COMPLETERS 2

/* The row of a verb: all that parsing, --help, completion and the tests of the man page know about
 * it. */
typedef struct {
    const char *name;
    const char *arguments; /* "GUEST DEVICE...", words split by single spaces; "" for none */
    int min_arguments;
    int max_arguments;           /* -1: any number */
    const char *summary;         /* one line, without a stop */
    const char *description;     /* paragraphs, split by an empty line */
    const char *const *examples; /* command lines, NULL-terminated */
    const VasOption *options;    /* its own; NULL: none */
    gboolean takes_change_options;
    gboolean takes_assignment_options;
    gboolean changes;   /* something, unless --dry-run: a signal does not just end it */
    gboolean is_hidden; /* in no help; its words are not looked at for options */
    /* Each entry says what that argument can be; the last one goes for all further arguments. */
    VasCompleter completers[VAS_VERB_MAX_COMPLETERS];
    VasConnectionNeed connection;
    /* Adds to invocation->text or, with --json, to invocation->json. */
    gboolean (*run)(VasInvocation *invocation, const char *const *arguments, GError **error);
} VasVerb;

extern const VasVerb vas_verb_list;
extern const VasVerb vas_verb_show;
extern const VasVerb vas_verb_check;
extern const VasVerb vas_verb_names;
extern const VasVerb vas_verb_topology;
extern const VasVerb vas_verb_xml;
extern const VasVerb vas_verb_attach;
extern const VasVerb vas_verb_detach;
extern const VasVerb vas_verb_ports;
extern const VasVerb vas_verb_vfs;
extern const VasVerb vas_verb_host_detach;
extern const VasVerb vas_verb_host_reattach;
extern const VasVerb vas_verb_recover;
extern const VasVerb vas_verb_boot;
extern const VasVerb vas_verb_hook;
extern const VasVerb vas_verb_metrics;
extern const VasVerb vas_verb_complete;
extern const VasVerb vas_verb_hooked;

/* Lists the visible verbs in the order of the help; NULL-terminated. Static. */
const VasVerb *const *vas_verbs(void);

/* Finds hidden verbs too. VAS_ERROR_USAGE for an unknown one; its hint is the most similar verb. */
const VasVerb *vas_verb_find(const char *name, GError **error);

/* The options of @verb (NULL: none yet), its tables one after the other, the global ones last:
 * NULL-terminated array of tables. Returns full, the tables are static. */
const VasOption **vas_verb_option_tables(const VasVerb *verb);

G_END_DECLS
