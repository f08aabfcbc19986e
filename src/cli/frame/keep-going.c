/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/frame/keep-going.h"

#include "core/value/error.h"

gboolean
vas_keep_going_check(const char *verb, const VasOptions *options, GError **error)
{
    if (!options->keep_going || !options->group)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_USAGE,
                "%s: --group and --keep-going exclude each other", verb);
    vas_error_set_hint(error, "the members of an IOMMU group are of use together only: give each "
                              "group a command of its own");
    return FALSE;
}
