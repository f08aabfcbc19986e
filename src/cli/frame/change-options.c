/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/frame/change-options.h"

const VasOption vas_change_options[] = {
    VAS_FLAG_OPTION("config", config, "the persistent definition of the guest; with --live both"),
    VAS_DRY_RUN_OPTION,
    VAS_FLAG_OPTION("live", live, "the running guest; with --config both"),
    {0},
};

VasScope
vas_change_options_scope(const VasOptions *options)
{
    return (options->live ? VAS_SCOPE_LIVE : 0) | (options->config ? VAS_SCOPE_CONFIG : 0);
}
