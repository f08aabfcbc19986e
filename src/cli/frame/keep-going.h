/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli/frame/options.h"

G_BEGIN_DECLS

/* The row of --keep-going, for the verbs that else do all or nothing. */
#define VAS_KEEP_GOING_OPTION                                                                      \
    VAS_FLAG_OPTION("keep-going", keep_going,                                                      \
                    "each device for itself: go on without one that is refused or fails")

/* Checks that the options given to @verb go together. VAS_ERROR_USAGE. */
gboolean vas_keep_going_check(const char *verb, const VasOptions *options, GError **error);

G_END_DECLS
