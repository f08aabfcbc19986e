/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A completer says what completion offers for a word. */
typedef enum {
    VAS_COMPLETE_UNSET,   /* in a row: forgotten; the test of the rows finds it */
    VAS_COMPLETE_NOTHING, /* free text or a number: there is nothing to offer */
    VAS_COMPLETE_FILE,    /* the shell itself does files */
    VAS_COMPLETE_GUEST,
    VAS_COMPLETE_DEVICE,
    VAS_COMPLETE_FREE_DEVICE,
    VAS_COMPLETE_PF,
    VAS_COMPLETE_DEVICE_OR_GUEST,
    VAS_COMPLETE_PF_OR_GUEST,
    VAS_COMPLETE_ASSIGNMENT,    /* of the guest that the first argument names */
    VAS_COMPLETE_GUEST_ADDRESS, /* free in the guest that the first argument names */
    VAS_COMPLETE_CLASS,
    VAS_COMPLETE_TYPE,
    VAS_COMPLETE_FORMAT,
    VAS_COMPLETE_HOOK,
    VAS_COMPLETE_PICTURE,
    VAS_COMPLETE_ON_OFF,
    VAS_COMPLETE_LINK_STATE,
    VAS_COMPLETE_SCHEME,
} VasCompleter;

typedef enum {
    VAS_OPTION_FLAG,
    VAS_OPTION_TEXT,
    VAS_OPTION_NUMBER,
} VasOptionKind;

/* All options of one run have their values here; one that the verb does not know stays at its
 * default. */
typedef struct {
    gboolean help;
    gboolean json;
    gboolean quiet;
    gboolean verbose;
    gboolean version;
    char *uri;

    gboolean assigned;
    gboolean free;
    gboolean tree;
    char *class_name;
    char *guest;
    char *id;
    char *pf;

    char *as;
    char *format;
    char *guest_address;
    char *guest_name;
    char *link_state;
    char *mac;
    char *name;
    char *spoof_check;
    char *template;
    char *trust;
    int acpi_index; /* 0: none */
    int boot_order; /* 0: none */
    int max_rate;   /* -1: none */
    int qos;        /* -1: none */
    int vlan;       /* -1: none */

    int add; /* 0: none */
    gboolean adopt;
    gboolean ask_again;
    char *autoprobe;
    gboolean clear_override;
    gboolean config;
    gboolean distinct_card;
    gboolean required;
    gboolean distinct_pf;
    char *driver;
    gboolean dry_run;
    gboolean force;
    int free_places; /* 0: none */
    gboolean group;
    gboolean keep_going;
    gboolean live;
    char *output;
    gboolean persist;
    char *scheme;
    int timeout;
    gboolean verify;
} VasOptions;

/* The row of an option; a table of them, sorted by name, ends with a row whose name is NULL. */
typedef struct {
    const char *name; /* without the dashes */
    char letter;      /* '\0': none */
    VasOptionKind kind;
    gsize offset;            /* of its value in VasOptions */
    int minimum, maximum;    /* of a number */
    const char *placeholder; /* NULL for a flag */
    const char *help;
    VasCompleter completer;
} VasOption;

/* These make rows without a letter; @member is the value's in VasOptions. */
#define VAS_FLAG_OPTION(option, member, text)                                                      \
    {                                                                                              \
        .name = option, .offset = G_STRUCT_OFFSET(VasOptions, member), .help = text,               \
    }
#define VAS_TEXT_OPTION(option, member, value, words, text)                                        \
    {                                                                                              \
        .name = option, .kind = VAS_OPTION_TEXT, .offset = G_STRUCT_OFFSET(VasOptions, member),    \
        .placeholder = value, .help = text, .completer = words,                                    \
    }
#define VAS_NUMBER_OPTION(option, member, least, most, value, text)                                \
    {                                                                                              \
        .name = option, .kind = VAS_OPTION_NUMBER, .offset = G_STRUCT_OFFSET(VasOptions, member),  \
        .minimum = least, .maximum = most, .placeholder = value, .help = text,                     \
        .completer = VAS_COMPLETE_NOTHING,                                                         \
    }

#define VAS_DRY_RUN_OPTION                                                                         \
    VAS_FLAG_OPTION("dry-run", dry_run, "check everything and print the steps, but do nothing")

/* This row of --timeout is for verbs that wait for other commands only. No command holds a lock for
 * longer than its own --timeout, an hour where vfs waits. */
#define VAS_TIMEOUT_MAX (60 * 60)
#define VAS_TIMEOUT_DEFAULT 60
#define VAS_WAITING_OPTION(thing)                                                                  \
    VAS_NUMBER_OPTION("timeout", timeout, 0, VAS_TIMEOUT_MAX, "S",                                 \
                      "seconds to wait for another command that has " thing " (60); 0: do not")

/* Every verb takes these, before or after its name. */
extern const VasOption vas_global_options[];

VasOptions *vas_options_new(void);
void vas_options_free(VasOptions *options);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasOptions, vas_options_free)

/* The row for @name as it stands on the command line ("--mac", "-c"); NULL: not in @table. */
const VasOption *vas_option_find(const VasOption *table, const char *name);

/* Reads "on" or "off", the value of --@name, as 1 and 0; NULL leaves *ret_value alone.
 * VAS_ERROR_INVALID. */
gboolean vas_option_read_on_off(const char *name, const char *value, int *ret_value,
                                GError **error);

/* Puts @value (NULL for a flag) where @option says; the last one of several counts.
 * VAS_ERROR_INVALID when a number is expected and @value is not one, or is out of range. */
gboolean vas_option_store(const VasOption *option, const char *value, VasOptions *options,
                          GError **error);

G_END_DECLS
