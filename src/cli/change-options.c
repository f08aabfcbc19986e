/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/change-options.h"

/* A day: whoever waits longer wants a later detach, which goes on where this one stopped. */
#define MAX_TIMEOUT (24 * 60 * 60)

const VasOption vas_change_options[] = {
    {
        .name = "config",
        .offset = G_STRUCT_OFFSET(VasOptions, config),
        .help = "the persistent definition of the guest; with --live both",
    },
    {
        .name = "dry-run",
        .offset = G_STRUCT_OFFSET(VasOptions, dry_run),
        .help = "check everything and print the steps, but do nothing",
    },
    {
        .name = "live",
        .offset = G_STRUCT_OFFSET(VasOptions, live),
        .help = "the running guest; with --config both",
    },
    {
        .name = "timeout",
        .kind = VAS_OPTION_NUMBER,
        .offset = G_STRUCT_OFFSET(VasOptions, timeout),
        .minimum = 0,
        .maximum = MAX_TIMEOUT,
        .placeholder = "S",
        .help = "seconds to wait for another command that has the device or the guest, and for the "
                "guest to release a device (60); 0: ask, do not wait",
        .completer = VAS_COMPLETE_NOTHING,
    },
    {0},
};

VasScope
vas_change_options_scope(const VasOptions *options)
{
    return (options->live ? VAS_SCOPE_LIVE : 0) | (options->config ? VAS_SCOPE_CONFIG : 0);
}
