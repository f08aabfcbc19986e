/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/frame/change-options.h"

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
    {0},
};

VasScope
vas_change_options_scope(const VasOptions *options)
{
    return (options->live ? VAS_SCOPE_LIVE : 0) | (options->config ? VAS_SCOPE_CONFIG : 0);
}
