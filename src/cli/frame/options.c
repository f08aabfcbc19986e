/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/frame/options.h"

#include "core/value/error.h"

#include <string.h>

const VasOption vas_global_options[] = {
    {
        .name = "connect",
        .letter = 'c',
        .kind = VAS_OPTION_TEXT,
        .offset = G_STRUCT_OFFSET(VasOptions, uri),
        .placeholder = "URI",
        .help = "the libvirt to connect to; without it libvirt chooses (LIBVIRT_DEFAULT_URI)",
        .completer = VAS_COMPLETE_NOTHING,
    },
    {
        .name = "help",
        .letter = 'h',
        .offset = G_STRUCT_OFFSET(VasOptions, help),
        .help = "print this help, or that of the verb, and exit",
    },
    VAS_FLAG_OPTION("json", json, "print one JSON object instead of text, on errors too"),
    {
        .name = "quiet",
        .letter = 'q',
        .offset = G_STRUCT_OFFSET(VasOptions, quiet),
        .help = "say nothing on standard error but errors",
    },
    {
        .name = "verbose",
        .letter = 'v',
        .offset = G_STRUCT_OFFSET(VasOptions, verbose),
        .help = "say every step on standard error",
    },
    VAS_FLAG_OPTION("version", version, "print the version and exit"),
    {0},
};

VasOptions *
vas_options_new(void)
{
    VasOptions *options = g_new0(VasOptions, 1);

    options->max_rate = -1;
    options->qos = -1;
    options->vlan = -1;
    options->timeout = VAS_TIMEOUT_DEFAULT;
    return options;
}

void
vas_options_free(VasOptions *options)
{
    if (options == NULL)
        return;
    g_free(options->uri);
    g_free(options->class_name);
    g_free(options->guest);
    g_free(options->id);
    g_free(options->pf);
    g_free(options->as);
    g_free(options->format);
    g_free(options->guest_address);
    g_free(options->guest_name);
    g_free(options->link_state);
    g_free(options->mac);
    g_free(options->name);
    g_free(options->spoof_check);
    g_free(options->template);
    g_free(options->trust);
    g_free(options->autoprobe);
    g_free(options->driver);
    g_free(options->output);
    g_free(options->scheme);
    g_free(options);
}

gboolean
vas_option_read_on_off(const char *name, const char *value, int *ret_value, GError **error)
{
    if (value == NULL)
        return TRUE;
    if (strcmp(value, "on") != 0 && strcmp(value, "off") != 0) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID, "--%s: \"%s\" is not on or off", name,
                    value);
        return FALSE;
    }
    *ret_value = strcmp(value, "on") == 0;
    return TRUE;
}

const VasOption *
vas_option_find(const VasOption *table, const char *name)
{
    for (const VasOption *option = table; option->name != NULL; option++) {
        if (g_str_has_prefix(name, "--") && strcmp(name + 2, option->name) == 0)
            return option;
        if (option->letter != '\0' && name[0] == '-' && name[1] == option->letter &&
            name[2] == '\0')
            return option;
    }
    return NULL;
}

static gboolean
store_number(const VasOption *option, const char *value, int *ret_number, GError **error)
{
    gint64 number;

    if (!g_ascii_string_to_signed(value, 10, option->minimum, option->maximum, &number, NULL)) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID,
                    "--%s: \"%s\" is not a number from %d to %d", option->name, value,
                    option->minimum, option->maximum);
        return FALSE;
    }
    *ret_number = (int) number;
    return TRUE;
}

gboolean
vas_option_store(const VasOption *option, const char *value, VasOptions *options, GError **error)
{
    gpointer target = G_STRUCT_MEMBER_P(options, option->offset);

    switch (option->kind) {
    case VAS_OPTION_NUMBER:
        return store_number(option, value, target, error);
    case VAS_OPTION_TEXT: {
        char **text = target;

        g_free(*text);
        *text = g_strdup(value);
        return TRUE;
    }
    case VAS_OPTION_FLAG:
        break;
    }
    *(gboolean *) target = TRUE;
    return TRUE;
}
